// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_session.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace yarrow::sync {

/// Writes that the server answers with an error of its own (5xx). Those that failed in an earlier cycle are
/// tried behind all others, and end no cycle any more. One that goes on failing while the server takes others
/// rests in quarantine with the server's words, for longer each time; then it is sent again by itself. While
/// the server takes nothing from anybody, no write rests. Lives for one cycle.
class WriteFailures
{
public:
    explicit WriteFailures(SyncSession& session);

    /// Failed in an earlier cycle, and not at the server since. resource.pk.
    [[nodiscard]] bool isKnown(std::int64_t record) const { return m_known.contains(record); }

    /// In which order they are tried: the one that failed least often first.
    [[nodiscard]] std::size_t turnOf(std::int64_t record) const { return m_known.at(record); }

    /// The server took or refused a write: it is not down as a whole.
    void noteAnswer() noexcept { m_hasAnswered = true; }

    /// An upload failed once more; `records` is the whole of its unit. Whether it rests now, and nothing of
    /// it is under way.
    bool note(SyncWork& work, const std::vector<std::int64_t>& records, const Stop& failure);

    /// What failed for the first time; then the cycle was no complete one.
    [[nodiscard]] const std::optional<Stop>& news() const noexcept { return m_news; }

    /// The writes whose rest is over are sent again.
    static void release(SyncSession& session);

private:
    [[nodiscard]] bool isToRest(const outbox::WriteFailure& failure,
                                const std::vector<std::int64_t>& records) const;

    SyncSession& m_session;
    std::map<std::int64_t, std::size_t> m_known; ///< with its turn
    std::set<std::int64_t> m_failed;             ///< in this cycle
    bool m_hasAnswered = false;
    std::optional<Stop> m_news;
};

} // namespace yarrow::sync
