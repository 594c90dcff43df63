// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/push_plan.h"
#include "sync/foreign/dialect.h"
#include "sync/foreign/wire_records.h"
#include "sync/protocol/write_bundle.h"

#include <optional>
#include <string>

namespace yarrow::sync {

/// Sends what waits to a FHIR server that is not ours: one record after the other, what is referred to first.
/// Such a server knows no operations, so what became of an upload without an answer is found in the record.
/// Where it ignores If-Match, the record is read before and its history after a write, and what somebody
/// else's version had changed in between is put back. A cycle of new records that refer to each other is sent
/// one by one too: a server that checks references refuses it, and it is told in quarantine.
class ForeignPusher
{
public:
    ForeignPusher(SyncSession& session, const Dialect& dialect)
        : m_session(session)
        , m_dialect(dialect)
    {}
    [[nodiscard]] Step<void> settle();
    [[nodiscard]] Step<bool> push(); ///< whether something was sent

private:
    [[nodiscard]] Step<void> settleOne(const SyncRecord& record);
    [[nodiscard]] Step<std::optional<ServerVersion>> findSent(const SyncRecord& record);
    [[nodiscard]] Step<bool> findCreated(const SyncRecord& record);
    [[nodiscard]] Step<void> sendOne(const PushItem& item);
    /// False when the server has another version than the one that was edited.
    [[nodiscard]] Step<bool> isUnchanged(const PushItem& item);
    [[nodiscard]] HttpRequest requestOf(const PushItem& item);
    [[nodiscard]] Step<void> takeAnswer(const PushItem& item, const HttpResponse& response);
    [[nodiscard]] Step<void> putBackPassedOver(const PushItem& item, const std::string& version,
                                               const std::optional<std::string>& base);

    SyncSession& m_session;
    const Dialect& m_dialect;
};

} // namespace yarrow::sync
