// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/id.h"
#include "core/json.h"
#include "models/domain/role.h"
#include "models/store/db/connection.h"
#include "models/store/records/record_store.h"

#include <string>
#include <string_view>

namespace yarrow {

/// Who acts on what: handed to every command. All of it belongs to the thread that owns the connection.
struct CommandScope
{
    Connection& connection;
    const Clock& clock;
    IdSource& ids;
    ClinicIdentity clinic;
    Actor actor;
};

/// One transaction of a command: what it writes and the audit of it stand or fall together.
class UnitOfWork
{
public:
    explicit UnitOfWork(CommandScope& scope)
        : m_transaction(scope.connection)
        , m_records(scope.connection, scope.clock, scope.clinic, scope.actor)
    {}
    [[nodiscard]] RecordStore& records() noexcept { return m_records; }
    void commit() { m_transaction.commit(); }

private:
    Transaction m_transaction;
    RecordStore m_records;
};

/// Forbidden, and an audit entry that says so, unless the acting user's role allows the operation. `context`
/// names what was wanted (a type or Type/id).
[[nodiscard]] Result<void> require(CommandScope& scope, Operation operation, Area area,
                                   std::string_view resourceType, std::string_view resourceId = {});

/// Audits something that changes no record, in a transaction of its own.
[[nodiscard]] Result<void> auditOnly(CommandScope& scope, const AuditEvent& event);

/// The area of the document as it is stored; nothing when there is none (never made, or deleted). What may be
/// done with a record is decided by it: the type alone leaves open whether a Device is clinic equipment or an
/// implant.
[[nodiscard]] Result<std::optional<Area>> storedArea(const std::optional<StoredRecord>& record);

/// The stored document. A body that is not JSON is DatabaseDamaged.
[[nodiscard]] Result<Json> parseBody(const StoredRecord& record);

} // namespace yarrow
