// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"
#include "sync/transport/transport.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace yarrow::simulation {

/// What a workstation has sent, and must know of when it starts again: whatever ends the program, an edit
/// that was on its way is either settled, or its upload is known. What was forgotten is sent as something new
/// on top of what it did itself.
class SentUploads
{
public:
    /// Before a request goes out.
    void sending(Connection& connection, const sync::HttpRequest& request);
    /// When the program ends, with what it knows at that moment.
    void ending(Connection& connection);
    /// The operation of an upload that is unknown now though its edits wait as before; empty: there is none.
    [[nodiscard]] std::string forgotten(Connection& connection);
    /// The disk is another one.
    void clear() { m_sent.clear(), m_owed.clear(); }

private:
    struct Sent
    {
        std::int64_t resource = 0; ///< pk
        std::int64_t upTo = 0;     ///< edit.seq
    };
    struct Outbox
    {
        std::set<std::string> pushes;               ///< operations
        std::map<std::int64_t, std::int64_t> edits; ///< by resource the first edit.seq

        explicit Outbox(Connection& connection);
        [[nodiscard]] bool waits(const Sent& sent) const;
    };
    void dropAbandoned(const Outbox& outbox);

    std::map<std::string, Sent> m_sent; ///< by operation
    std::map<std::string, Sent> m_owed; ///< to be known after the next start
};

} // namespace yarrow::simulation
