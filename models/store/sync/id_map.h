// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/store/db/connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace yarrow {

/// Ids of records that a server would not take under ours. The map holds on the wire only: what is stored
/// here, and the audit, keep the ids they were made with. Lives for one transaction; throws
/// SQLite::Exception.
class IdMap
{
public:
    explicit IdMap(Connection& connection);

    /// The id at the server, the id here; the same text when it is not mapped.
    [[nodiscard]] std::string remote(std::string_view type, std::string_view local);
    [[nodiscard]] std::string local(std::string_view type, std::string_view remote);
    void add(const std::string& type, const std::string& local, const std::string& remote);

    /// The document with its own id and all references as the server, or as we, call them.
    [[nodiscard]] Json toWire(Json document);
    [[nodiscard]] Json fromWire(Json document);

private:
    Connection& m_connection;
    bool m_isEmpty; ///< the usual case: nothing to look up
};

} // namespace yarrow
