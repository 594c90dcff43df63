// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/push_plan.h"
#include "sync/engine/write_failures.h"
#include "sync/foreign/dialect.h"
#include "sync/foreign/wire_records.h"
#include "sync/protocol/write_bundle.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// Sends what waits to a FHIR server that is not ours: one record after the other, what is referred to first.
/// Such a server knows no operations, so what became of an upload without an answer is found in the record.
/// Where it ignores If-Match, the record is read before and its history after a write, and what somebody
/// else's version had changed in between is put back, in the transaction that acknowledges the write. A cycle
/// of new records that refer to each other is sent one by one too: a server that checks references refuses
/// it, and it is told in quarantine.
///
/// A record that the server answers with 5xx keeps no other from being sent: it stays under way, and is tried
/// behind all others; see WriteFailures.
class ForeignPusher
{
public:
    ForeignPusher(SyncSession& session, const Dialect& dialect)
        : m_session(session)
        , m_dialect(dialect)
        , m_failures(session)
    {}
    /// Before the pull; without what was to be created under an id of the server's: the pull may bring it.
    [[nodiscard]] Step<void> settle();
    [[nodiscard]] Step<bool> push(); ///< whether something was sent or settled

private:
    /// What an upload has become at the server.
    struct Stored
    {
        ServerVersion version;
        std::optional<ServerVersion> passedOver; ///< what stood there and nobody here had seen
    };

    /// By POST, under an id that the server gives.
    [[nodiscard]] bool isCreation(const SyncRecord& record, const Push& push) const;
    /// The server itself refuses the write when the record is not what it was made from.
    [[nodiscard]] bool isGuarded(const SyncRecord& record) const;

    [[nodiscard]] Step<void> settleOne(std::int64_t pk);
    [[nodiscard]] Step<std::optional<Stored>> findStored(const SyncRecord& record);
    /// Finds the id the server has given, and keeps it.
    [[nodiscard]] Step<bool> findCreated(const SyncRecord& record);
    [[nodiscard]] static std::optional<Stored> inHistory(const std::vector<ServerVersion>& history,
                                                         const SyncRecord& record, std::string_view answered);

    [[nodiscard]] Step<void> sendOne(const PushItem& item);
    /// Whether the server has not acknowledged it.
    [[nodiscard]] bool isWaiting(const PushItem& item) const;
    /// False when the server has another version than the one that was edited.
    [[nodiscard]] Step<bool> isUnchanged(const SyncRecord& record, const PushItem& item);
    [[nodiscard]] HttpRequest requestOf(const SyncRecord& record, const PushItem& item);
    [[nodiscard]] Step<void> takeAnswer(const SyncRecord& record, const PushItem& item,
                                        const HttpResponse& response);
    /// The version that the answer to a write says was stored; nothing when it does not say all of it.
    [[nodiscard]] std::optional<ServerVersion> storedBy(const WriteAnswer& answer, const PushItem& item);
    void acknowledge(std::int64_t pk, const Stored& stored, bool readsAgain);
    void takeRefusal(const SyncRecord& record, const PushItem& item, const WriteAnswer& answer);
    void quarantine(std::int64_t pk, std::int64_t upTo, const outbox::Refusal& refusal);
    [[nodiscard]] Step<bool> settleUnderWay(bool failing);
    [[nodiscard]] Step<bool> sendReady(std::span<const std::int64_t> ready);
    /// Whether others may go on; then it is kept to be told at the end.
    [[nodiscard]] bool passesOver(std::int64_t pk, const Stop& trouble);

    SyncSession& m_session;
    const Dialect& m_dialect;
    std::set<std::int64_t> m_troubles; ///< records that nothing more is tried for in this cycle
    std::optional<Stop> m_news;        ///< what passed over one of them and was not known before
    WriteFailures m_failures;
    int m_failuresInARow = 0;
};

} // namespace yarrow::sync
