// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit/incarnation.h"

#include "models/store/audit/audit_log.h"
#include "models/store/records/record_numbers.h"
#include "models/store/sync/server_link.h"

#include <charconv>

namespace yarrow {
namespace incarnation {
namespace {

QString secretName(const std::string& databaseId, const std::string& incarnation)
{
    return QStringLiteral("audit-head/") + QString::fromStdString(databaseId + '/' + incarnation);
}

std::optional<ChainHead> headOf(Query& row)
{
    if (!row.step())
        return std::nullopt;
    return ChainHead{row.string(0), row.integer(1), crypto::toHex(crypto::bytesOf(row.blob(2)))};
}

} // namespace

std::string_view departureCode(Departure departure) noexcept
{
    switch (departure) {
    case Departure::Behind:
        return "restored";
    case Departure::Forked:
        return "copied";
    case Departure::Elsewhere:
        return "moved";
    }
    bug("unknown departure", __FILE__, __LINE__);
}

std::string current(Connection& connection)
{
    Query row(connection, "SELECT incarnation FROM clinic WHERE pk = 1");
    if (!row.step())
        throw SQLite::Exception("clinic", SQLITE_CORRUPT);
    return row.string(0);
}

std::optional<ChainHead> head(Connection& connection)
{
    Query row(connection, "SELECT incarnation, seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    return headOf(row);
}

std::optional<ChainHead> entryAt(Connection& connection, std::int64_t seq)
{
    Query row(connection, "SELECT incarnation, seq, hash FROM audit WHERE seq = ?");
    return headOf(row.bind(seq));
}

std::optional<std::int64_t> firstBehind(Connection& connection, std::int64_t after,
                                        const std::string& incarnation)
{
    Query row(connection, "SELECT seq FROM audit WHERE seq > ? AND incarnation = ? ORDER BY seq LIMIT 1");
    if (!row.bind(after, incarnation).step())
        return std::nullopt;
    return row.integer(0);
}

std::optional<Departure> departureFrom(Connection& connection, const ChainHead& remembered)
{
    const auto here = entryAt(connection, remembered.seq);
    if (!here)
        return Departure::Behind;
    if (here->hash != remembered.hash)
        return Departure::Forked;
    return std::nullopt;
}

void begin(Connection& connection, const Clock& clock, IdSource& ids, const Actor& actor,
           const std::string& from, Departure departure)
{
    if (current(connection) != from)
        return;
    const auto old = head(connection);
    Query(connection, "UPDATE clinic SET incarnation = ? WHERE pk = 1").bind(ids.next()).run();
    record_numbers::discardBlocks(connection);
    AuditEvent event{AuditAction::IncarnationBegun, AuditCategory::Administration};
    event.detail = departureCode(departure);
    if (old)
        event.detail += ' ' + AuditLog::continuation(*old);
    AuditLog::append(connection, clock, actor, event, {});
}

std::string departureOf(const AuditEntry& entry)
{
    if (entry.action != auditActionCode(AuditAction::IncarnationBegun))
        return {};
    return entry.detail.substr(0, entry.detail.find(' '));
}

Result<ChainHead> remembered(DeviceSecretStore& secrets, const std::string& databaseId,
                             const std::string& incarnation)
{
    const auto secret = secrets.read(secretName(databaseId, incarnation));
    if (!secret)
        return fail(secret.error());
    const std::string_view text = secret->view(); // "12 <hash>"
    ChainHead head{incarnation, 0, {}};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.seq);
    if (error != std::errc() || end == text.data() + text.size() || *end != ' ')
        return fail(ErrorCode::KeyStoreUnavailable, "the entry is not Yarrow's");
    head.hash = std::string(end + 1, text.data() + text.size());
    return head;
}

Result<void> remember(DeviceSecretStore& secrets, const std::string& databaseId, const ChainHead& head)
{
    return secrets.write(secretName(databaseId, head.incarnation),
                         SecretBytes(std::string_view(std::to_string(head.seq) + ' ' + head.hash)));
}

void settleAtSignIn(Connection& connection, const Clock& clock, IdSource& ids, DeviceSecretStore* secrets,
                    ClinicIdentity& clinic, const Actor& actor)
{
    const auto link = readServerLink(connection);
    if (!secrets || !link || link->kind != ServerLink::Kind::Yarrow)
        return;
    std::optional<Departure> departure;
    if (const auto known = remembered(*secrets, clinic.databaseId, clinic.incarnation)) {
        departure = departureFrom(connection, *known);
    } else if (known.error().code == ErrorCode::NotFound) {
        const auto acknowledged = acknowledgedHead(connection);
        if (acknowledged && acknowledged->isInKeyStore &&
            acknowledged->head.incarnation == clinic.incarnation)
            departure = Departure::Elsewhere;
    }
    if (!departure)
        return;
    Transaction transaction(connection);
    begin(connection, clock, ids, actor, clinic.incarnation, *departure);
    transaction.commit();
    clinic.incarnation = current(connection);
}

} // namespace incarnation

std::optional<AcknowledgedHead> acknowledgedHead(Connection& connection)
{
    Query row(connection, "SELECT incarnation, seq, hash, signed, in_key_store FROM audit_acknowledged");
    if (!row.step())
        return std::nullopt;
    return AcknowledgedHead{
        {row.string(0), row.integer(1), row.string(2)}, row.integer(3), row.integer(4) != 0};
}

void setAcknowledgedHead(Connection& connection, const std::optional<AcknowledgedHead>& acknowledged)
{
    if (!acknowledged) {
        Query(connection, "DELETE FROM audit_acknowledged").run();
        return;
    }
    Query(connection, "INSERT OR REPLACE INTO audit_acknowledged (pk, incarnation, seq, hash, signed, "
                      "in_key_store) VALUES (1, ?, ?, ?, ?, ?)")
        .bind(acknowledged->head.incarnation, acknowledged->head.seq, acknowledged->head.hash,
              acknowledged->signedSeq, acknowledged->isInKeyStore)
        .run();
}

} // namespace yarrow
