// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/entry.h"

#include "server/auth/crypto.h"

namespace yarrow::server::audit {
namespace {

void addNetstring(std::string& text, const std::string& field)
{
    text.append(std::to_string(field.size())).append(1, ':').append(field).append(1, ',');
}

} // namespace

std::string canonicalContent(const Entry& entry)
{
    std::string text;
    text.reserve(512);
    addNetstring(text, std::to_string(entry.seq));
    for (const std::string* field :
         {&entry.incarnation, &entry.at, &entry.account, &entry.role, &entry.device, &entry.action,
          &entry.category, &entry.resourceType, &entry.resourceId, &entry.patient, &entry.outcome,
          &entry.beforeDigest, &entry.afterDigest, &entry.reason, &entry.detail})
        addNetstring(text, *field);
    return text;
}

std::string hashOf(const Entry& entry)
{
    return crypto::sha256(entry.previous + canonicalContent(entry));
}

std::string fingerprintOf(const Entry& entry)
{
    std::string text = canonicalContent(entry);
    addNetstring(text, entry.previous);
    addNetstring(text, entry.hash);
    return crypto::sha256(text);
}

} // namespace yarrow::server::audit
