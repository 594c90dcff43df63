// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/foreign/dialect.h"
#include "sync/foreign/wire_records.h"

#include <string>
#include <vector>

namespace yarrow::sync {

/// Takes what is new at a FHIR server that is not ours, the best way it offers.
///
/// Histories are newest first, so the cursor advances only behind the last page, to the greatest lastUpdated
/// that came. Elsewhere the time is asked for with `ge` and an overlap, since servers stamp before they
/// commit; what is known already is passed over by its version. Where deletions are never shown, the ids are
/// compared from time to time: a record that is missing is read, 410 deletes it, 404 only when it was missing
/// twice.
class ForeignPuller
{
public:
    ForeignPuller(SyncSession& session, const Dialect& dialect)
        : m_session(session)
        , m_dialect(dialect)
    {}
    [[nodiscard]] Step<void> pull();
    [[nodiscard]] Step<void> refetch();
    [[nodiscard]] static bool mayPush() noexcept { return true; }

private:
    [[nodiscard]] Step<void> pullFeeds();
    [[nodiscard]] Step<void> pullFeed(const std::string& feed);
    [[nodiscard]] std::string addressOf(const std::string& feed, const outbox::Checkpoint& checkpoint) const;
    [[nodiscard]] Step<void> take(FeedPage page, const std::string& feed, outbox::Checkpoint& checkpoint,
                                  std::string& newest);
    [[nodiscard]] Step<void> compareIds(const std::string& type);
    [[nodiscard]] Step<void> settleMissing(std::int64_t pk, bool missingTwice);
    [[nodiscard]] Step<void> brake(std::int64_t more);

    SyncSession& m_session;
    const Dialect& m_dialect;
    std::int64_t m_removed = 0;
};

} // namespace yarrow::sync
