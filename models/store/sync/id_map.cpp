// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/id_map.h"

#include "models/fhir/references.h"

namespace yarrow {
namespace {

template <class Rename>
Json renamed(Json document, Rename&& rename)
{
    const std::string type(document["resourceType"].string());
    if (const std::string id = rename(type, document["id"].string()); id != document["id"].string())
        document.set("id", id);
    fhir::forEachReference(document, [&](std::string& text) {
        const auto reference = fhir::parseReference(text);
        if (!reference)
            return;
        const std::string id = rename(reference->type, reference->id);
        if (id != reference->id)
            text = std::string(reference->type) + "/" + id;
    });
    return document;
}

} // namespace

IdMap::IdMap(Connection& connection)
    : m_connection(connection)
    , m_isEmpty(!Query(connection, "SELECT 1 FROM remote_id LIMIT 1").step())
{}

std::string IdMap::remote(std::string_view type, std::string_view local)
{
    if (!m_isEmpty) {
        Query query(m_connection, "SELECT remote FROM remote_id WHERE type = ? AND local = ?");
        if (query.bind(type, local).step())
            return query.string(0);
    }
    return std::string(local);
}

std::string IdMap::local(std::string_view type, std::string_view remote)
{
    if (!m_isEmpty) {
        Query query(m_connection, "SELECT local FROM remote_id WHERE type = ? AND remote = ?");
        if (query.bind(type, remote).step())
            return query.string(0);
    }
    return std::string(remote);
}

void IdMap::add(const std::string& type, const std::string& local, const std::string& remote)
{
    if (local == remote)
        return;
    Query(m_connection, "INSERT OR REPLACE INTO remote_id (type, local, remote) VALUES (?, ?, ?)")
        .bind(type, local, remote)
        .run();
    m_isEmpty = false;
}

Json IdMap::toWire(Json document)
{
    if (m_isEmpty)
        return document;
    return renamed(std::move(document),
                   [this](std::string_view type, std::string_view id) { return remote(type, id); });
}

Json IdMap::fromWire(Json document)
{
    if (m_isEmpty)
        return document;
    return renamed(std::move(document),
                   [this](std::string_view type, std::string_view id) { return local(type, id); });
}

} // namespace yarrow
