// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "models/store/records/record_store.h"
#include "models/store/sync/outbox.h"
#include "models/store/sync/server_link.h"
#include "sync/engine/reconciler.h"
#include "sync/engine/sync_report.h"
#include "sync/engine/tunables.h"
#include "sync/protocol/write_bundle.h"
#include "sync/transport/transport.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <string>

namespace yarrow::sync {

/// Why a step of a cycle could not go on.
struct Stop
{
    Obstacle obstacle = Obstacle::None;
    std::string detail;
    std::optional<std::chrono::seconds> retryAfter;
    // Of a 5xx, the server's words.
    int status = 0;
    std::string code = {};
    std::string outcome = {};
};

template <class T>
using Step = tl::expected<T, Stop>;

[[nodiscard]] inline tl::unexpected<Stop> stop(Obstacle obstacle, std::string detail = {})
{
    return tl::unexpected<Stop>(Stop{obstacle, std::move(detail), std::nullopt});
}
[[nodiscard]] inline tl::unexpected<Stop> stop(Stop why)
{
    return tl::unexpected<Stop>(std::move(why));
}

/// What the steps of one cycle share.
struct SyncSession
{
    Connection& connection;
    const Clock& clock;
    IdSource& ids;
    const ClinicIdentity& clinic;
    Transport& transport;
    const std::atomic_bool& cancelled;
    std::function<void(std::chrono::milliseconds)> pause;
    ServerLink link;
    SyncReport report = {};
    bool deletionsAllowed = false; ///< the brake on deletions is off for this cycle
    bool deletionsAsked = false;   ///< a person was asked about deletions and has not answered: none is taken
    std::string accountsTag = {};  ///< the state of the server's accounts that the feed named; empty: none

    /// Sends a FHIR request, its address below the FHIR base. Stops at what concerns the whole exchange: no
    /// answer, 401, 429, 5xx; also 403 unless the caller `takesForbidden`. Other answers are the caller's.
    [[nodiscard]] Step<HttpResponse> send(HttpRequest request, bool takesForbidden = false);
    /// The same for an address that is not below the FHIR base.
    [[nodiscard]] Step<HttpResponse> ask(const HttpRequest& request, bool takesForbidden = false);

    /// A request under way, while the caller does something else than sending; where the transport cannot do
    /// that, it is sent when it is waited for.
    using Answer = tl::expected<HttpResponse, TransportError>;
    using Pending = std::future<Answer>;
    [[nodiscard]] Pending begin(HttpRequest request);
    /// Waits for it. Stops at the same as send() does.
    [[nodiscard]] Step<HttpResponse> finish(Pending pending, bool takesForbidden = false);
};

/// An answer 5xx as what stops a step.
[[nodiscard]] Stop serverError(const WriteAnswer& answer);

/// A look at records outside of a transaction: people may change them right afterwards.
[[nodiscard]] inline SyncRecords look(const SyncSession& session)
{
    return {session.connection, session.clock,
            session.link.kind == ServerLink::Kind::Yarrow ? VersionOrder::Sequence
                                                          : VersionOrder::LastUpdated};
}

/// One transaction of the exchange.
class SyncWork
{
public:
    explicit SyncWork(SyncSession& session)
        : m_transaction(session.connection)
        , m_records(session.connection, session.clock,
                    session.link.kind == ServerLink::Kind::Yarrow ? VersionOrder::Sequence
                                                                  : VersionOrder::LastUpdated)
        , m_reconciler(session.connection, session.clock, session.clinic, m_records)
    {}
    [[nodiscard]] SyncRecords& records() noexcept { return m_records; }
    [[nodiscard]] Reconciler& reconciler() noexcept { return m_reconciler; }
    void commit()
    {
        m_records.finish();
        m_transaction.commit();
        Connection::giveWay();
    }

private:
    Transaction m_transaction;
    SyncRecords m_records;
    Reconciler m_reconciler;
};

/// Whether a transaction with so many entries in it takes more. At every `look` of them one that a person
/// waits for ends; none grows beyond tunables::kTransactionEntries.
[[nodiscard]] inline bool takesMore(std::size_t entries, std::size_t look)
{
    return entries < tunables::kTransactionEntries && (entries % look != 0 || !Connection::isAwaited());
}

/// Whether what stopped is a matter of one record or request: the server answers, and others may go on.
[[nodiscard]] constexpr bool isAboutOne(Obstacle obstacle) noexcept
{
    return obstacle == Obstacle::Refused || obstacle == Obstacle::ServerError;
}

/// The server has erased the record: nothing of it stays here. Audited where something did, and in the
/// report.
void eraseRecord(SyncSession& session, SyncWork& work, const ServerVersion& version, std::int64_t sweep = 0);

/// Adds to the report what bringing a record together gave.
void count(SyncReport& report, const Reconciler::Outcome& outcome);

/// The time a server asks to wait (RFC 9110, 10.2.3): seconds, or until a date, by its own clock (`Date`).
[[nodiscard]] std::optional<std::chrono::seconds> retryAfterOf(const HttpResponse& response);

} // namespace yarrow::sync
