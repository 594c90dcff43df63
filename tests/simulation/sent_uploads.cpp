// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/sent_uploads.h"

#include <utility>

namespace yarrow::simulation {

SentUploads::Outbox::Outbox(Connection& connection)
{
    Query known(connection, "SELECT op FROM push");
    while (known.step())
        pushes.insert(known.string(0));
    Query waiting(connection, "SELECT resource, min(seq) FROM edit GROUP BY resource");
    while (waiting.step())
        edits[waiting.integer(0)] = waiting.integer(1);
}

bool SentUploads::Outbox::waits(const Sent& sent) const
{
    const auto first = edits.find(sent.resource);
    return first != edits.end() && first->second <= sent.upTo;
}

/// Refused, or overtaken: what waits will be another upload.
void SentUploads::dropAbandoned(const Outbox& outbox)
{
    std::erase_if(m_sent, [&](const auto& entry) {
        return !outbox.pushes.contains(entry.first) && outbox.waits(entry.second);
    });
}

void SentUploads::sending(Connection& connection, const sync::HttpRequest& request)
{
    dropAbandoned(Outbox(connection));
    if (request.method == sync::Method::Get)
        return;
    Query pushes(connection, "SELECT op, resource, up_to FROM push");
    while (pushes.step()) {
        const std::string operation = pushes.string(0);
        if (request.body.find(operation) != std::string::npos ||
            request.headers.find("Yarrow-Operation") == operation)
            m_sent[operation] = {pushes.integer(1), pushes.integer(2)};
    }
}

void SentUploads::ending(Connection& connection)
{
    dropAbandoned(Outbox(connection));
    m_owed = m_sent;
}

std::string SentUploads::forgotten(Connection& connection)
{
    const Outbox outbox(connection);
    for (const auto& [operation, sent] : std::exchange(m_owed, {})) {
        if (outbox.waits(sent) && !outbox.pushes.contains(operation))
            return operation;
    }
    return {};
}

} // namespace yarrow::simulation
