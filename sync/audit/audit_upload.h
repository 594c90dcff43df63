// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/audit/incarnation.h"
#include "sync/engine/sync_session.h"

#include <vector>

namespace yarrow::sync {

/// Brings the audit chain to our server, in order, each entry until it is acknowledged: the server verifies
/// and keeps it. Is itself never audited. Nothing that goes wrong here keeps records from being exchanged; it
/// is in the report.
class AuditUpload
{
public:
    /// `secrets`: the OS key store, with the device's key; nullptr where there is none: no checkpoint is
    /// signed then. Both outlive this.
    AuditUpload(SyncSession& session, DeviceSecretStore* secrets)
        : m_session(session)
        , m_secrets(secrets)
    {}

    /// At the beginning of a cycle, before anything is sent. When there are entries that the server may not
    /// have: compares the chain with what the server has of it. Where that is not the beginning of ours, this
    /// workstation was restored or copied, and a new incarnation begins (in the database). A server that lost
    /// entries is sent them again.
    void compare();

    /// At the end of a cycle, unless comparing failed: sends what waits, within the bounds of one cycle,
    /// signs the head from time to time, and lets the key store remember it.
    void upload();

private:
    /// Consecutive entries of one incarnation.
    struct Batch
    {
        std::vector<AuditEntry> entries;
        std::optional<ChainHead> follows; ///< where the incarnation begins with it, and is not the first
        std::size_t bytes = 0;
    };
    [[nodiscard]] Result<Batch> batchBehind(std::int64_t seq);
    [[nodiscard]] Step<void> sendEntries();
    [[nodiscard]] Step<void> sendBatch(const Batch& batch);
    [[nodiscard]] Step<void> signHead();
    void remember();

    enum class Known { Here, Nowhere, Elsewhere };
    struct ServerChain
    {
        Known known = Known::Nowhere;
        ChainHead head;         ///< when it is Here; seq 0: before the first entry
        std::int64_t gapAt = 0; ///< the entry that came before those in front of it; 0: none did
    };
    [[nodiscard]] Step<ServerChain> chainAtServer(const std::string& incarnation);
    [[nodiscard]] bool isAllAcknowledged();
    [[nodiscard]] Step<void> compareWithServer();
    void begin(const std::string& from, incarnation::Departure departure);
    [[nodiscard]] std::int64_t acknowledgedSeq() const noexcept
    {
        return m_acknowledged ? m_acknowledged->head.seq : 0;
    }
    void acknowledge(const std::optional<ChainHead>& head);
    void acknowledgeNothingOf(const std::string& incarnation);
    void save();

    [[nodiscard]] Step<HttpResponse> send(Method method, const std::string& path, std::string body = {});
    void noteBreak(const Json& answer);
    void conclude(const Result<Step<void>>& done);

    SyncSession& m_session;
    DeviceSecretStore* m_secrets;
    std::optional<AcknowledgedHead> m_acknowledged;
    bool m_isCompared = false;  ///< in this cycle, and with success
    bool m_hasAdvanced = false; ///< in this cycle
};

} // namespace yarrow::sync
