// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit/audit_log.h"

#include "models/store/audit/incarnation.h"

#include <charconv>

namespace yarrow {

namespace {

constexpr std::size_t kDigestSize = 32;
constexpr std::size_t kMaxText = 64U * 1024U; // of a reason or detail; the server takes no more

/// Builds the canonical content and hashes it behind the previous hash.
class Canonical
{
public:
    Canonical() { m_text.reserve(512); }

    Canonical& add(std::string_view field)
    {
        char length[20];
        const auto end = std::to_chars(std::begin(length), std::end(length), field.size()).ptr;
        m_text.append(length, end).append(1, ':').append(field).append(1, ',');
        return *this;
    }
    Canonical& add(std::int64_t number) { return add(std::string_view(std::to_string(number))); }

    [[nodiscard]] crypto::Digest hashAfter(std::string_view previous) const
    {
        crypto::Bytes joined;
        joined.reserve(previous.size() + m_text.size());
        joined.insert(joined.end(), previous.begin(), previous.end());
        joined.insert(joined.end(), m_text.begin(), m_text.end());
        return crypto::sha256(joined);
    }

private:
    std::string m_text;
};

std::string_view viewOf(const std::optional<crypto::Digest>& digest)
{
    if (!digest)
        return {};
    return {reinterpret_cast<const char*>(digest->data()), digest->size()};
}

/// The text, or as many of its first characters as may be kept.
std::string_view fitting(std::string_view text)
{
    if (text.size() <= kMaxText)
        return text;
    std::size_t end = kMaxText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) // inside a character
        --end;
    return text.substr(0, end);
}

std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return crypto::bytesOf(text);
}

constexpr const char* kAllColumns =
    "SELECT a.seq, a.incarnation, a.at, a.account, a.role, a.device, a.action, a.category, a.resource_type, "
    "a.resource_id, coalesce(k.patient, ''), a.outcome, a.before_digest, a.after_digest, a.reason, a.detail, "
    "a.previous, a.hash FROM audit a LEFT JOIN patient_key k ON k.pk = a.patient ORDER BY a.seq";

crypto::Digest recomputed(const Query& row)
{
    Canonical canonical;
    canonical.add(row.integer(0));
    for (int column = 1; column <= 15; ++column)
        canonical.add(column == 12 || column == 13 ? row.blob(column) : row.text(column));
    return canonical.hashAfter(row.blob(16));
}

/// Whether the row is the first of an incarnation that goes on from that entry.
bool isContinuation(const Query& row, const ChainHead& follows)
{
    return row.text(6) == auditActionCode(AuditAction::IncarnationBegun) &&
           row.text(15).ends_with(' ' + AuditLog::continuation(follows));
}

} // namespace

void AuditLog::append(Connection& connection, const Clock& clock, const Actor& actor, const AuditEvent& event,
                      const Keys& keys)
{
    // Of the database, not of what a program read when it began: another one may have begun a new
    // incarnation.
    const std::string incarnation = incarnation::current(connection);
    std::string previous(kDigestSize, '\0');
    std::int64_t seq = 1;
    {
        Query last(connection, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
        if (last.step()) {
            seq = last.integer(0) + 1;
            previous = std::string(last.blob(1));
        }
    }
    const std::string_view reason = fitting(event.reason);
    const std::string_view detail = fitting(event.detail);
    const std::string at = formatInstant(clock.now());
    const auto hash = Canonical()
                          .add(seq)
                          .add(incarnation)
                          .add(at)
                          .add(actor.account.text())
                          .add(roleCode(actor.role))
                          .add(actor.device)
                          .add(auditActionCode(event.action))
                          .add(auditCategoryCode(event.category))
                          .add(event.resourceType)
                          .add(event.resourceId)
                          .add(event.patient)
                          .add(auditOutcomeCode(event.outcome))
                          .add(viewOf(event.before))
                          .add(viewOf(event.after))
                          .add(reason)
                          .add(detail)
                          .hashAfter(previous);
    const auto blobOrNull = [](const std::optional<crypto::Digest>& digest) {
        return digest ? std::optional<std::span<const std::uint8_t>>(*digest) : std::nullopt;
    };
    Query insert(
        connection,
        "INSERT INTO audit (seq, incarnation, at, account, role, device, action, category, resource_type, "
        "resource_id, patient, resource, outcome, before_digest, after_digest, reason, detail, previous, "
        "hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(seq, incarnation, at, actor.account.text(), roleCode(actor.role), actor.device,
                auditActionCode(event.action), auditCategoryCode(event.category), event.resourceType,
                event.resourceId, keys.patient, keys.resource, auditOutcomeCode(event.outcome),
                blobOrNull(event.before), blobOrNull(event.after), reason, detail, bytesOf(previous),
                std::span<const std::uint8_t>(hash));
    insert.run();
}

Result<AuditLog::Verification> AuditLog::verify(Connection& connection)
{
    return guarded([&]() -> Result<Verification> {
        Verification result;
        std::string previous(kDigestSize, '\0');
        std::string incarnation;
        std::int64_t expected = 1;
        // AUTOINCREMENT remembers the last number ever given, so a chain cut at its end is shorter than that.
        // Read first: what is appended while we walk only makes the chain longer.
        std::int64_t given = 0;
        {
            Query last(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
            if (last.step())
                given = last.integer(0);
        }
        Query row(connection, kAllColumns);
        while (row.step()) {
            const std::int64_t seq = row.integer(0);
            const auto hash = recomputed(row);
            const std::string_view stored = row.blob(17);
            if (seq != expected || row.blob(16) != previous || viewOf(hash) != stored) {
                result.firstBroken = std::min(seq, expected);
                return result;
            }
            if (row.text(1) != incarnation) {
                if (!incarnation.empty() &&
                    !isContinuation(row, {incarnation, seq - 1, crypto::toHex(bytesOf(previous))})) {
                    result.firstBroken = seq;
                    return result;
                }
                incarnation = row.string(1);
            }
            previous = std::string(stored);
            ++result.entries;
            ++expected;
        }
        if (given >= expected)
            result.firstBroken = expected;
        return result;
    });
}

namespace {

#define YARROW_ENTRY_COLUMNS                                                                                 \
    "SELECT a.seq, a.incarnation, a.at, a.account, a.role, a.device, a.action, a.category, "                 \
    "a.resource_type, "                                                                                      \
    "a.resource_id, coalesce(k.patient, ''), a.outcome, a.before_digest, a.after_digest, a.reason, "         \
    "a.detail, "                                                                                             \
    "a.hash, coalesce(u.user_name, ''), a.previous FROM audit a LEFT JOIN patient_key k ON k.pk = "          \
    "a.patient "                                                                                             \
    "LEFT JOIN account u ON u.id = a.account "

/// The query that uses the index which fits the filter.
const char* entriesSql(const AuditLog::Filter& filter)
{
    if (!filter.resourceId.empty())
        return YARROW_ENTRY_COLUMNS
            "WHERE a.resource = (SELECT pk FROM resource WHERE type = ?5 AND id = ?4) "
            "AND a.at >= ?1 AND (?2 = '' OR a.account = ?2) AND (?3 = '' OR k.patient = ?3) "
            "ORDER BY a.seq";
    if (!filter.patient.empty())
        return YARROW_ENTRY_COLUMNS "WHERE a.patient = (SELECT pk FROM patient_key WHERE patient = ?3) "
                                    "AND a.at >= ?1 AND (?2 = '' OR a.account = ?2) AND ?4 = '' AND ?5 = '' "
                                    "ORDER BY a.seq";
    return YARROW_ENTRY_COLUMNS
        "WHERE a.at >= ?1 AND (?2 = '' OR a.account = ?2) AND ?3 = '' AND ?4 = '' AND ?5 = '' "
        "ORDER BY a.seq";
}

AuditEntry readEntry(const Query& row)
{
    AuditEntry entry;
    entry.seq = row.integer(0);
    entry.incarnation = row.string(1);
    entry.at = row.string(2);
    entry.account = row.string(3);
    entry.role = row.string(4);
    entry.device = row.string(5);
    entry.action = row.string(6);
    entry.category = row.string(7);
    entry.resourceType = row.string(8);
    entry.resourceId = row.string(9);
    entry.patient = row.string(10);
    entry.outcome = row.string(11);
    entry.beforeDigest = crypto::toHex(bytesOf(row.blob(12)));
    entry.afterDigest = crypto::toHex(bytesOf(row.blob(13)));
    entry.reason = row.string(14);
    entry.detail = row.string(15);
    entry.hash = crypto::toHex(bytesOf(row.blob(16)));
    entry.userName = row.string(17);
    entry.previous = crypto::toHex(bytesOf(row.blob(18)));
    return entry;
}

} // namespace

Result<void> AuditLog::forEach(Connection& connection, const Filter& filter,
                               const std::function<bool(const AuditEntry&)>& visit)
{
    return guarded([&]() -> Result<void> {
        Query row(connection, entriesSql(filter));
        row.bind(filter.since, filter.account, filter.patient, filter.resourceId, filter.resourceType);
        while (row.step()) {
            if (!visit(readEntry(row)))
                break;
        }
        return {};
    });
}

Result<void> AuditLog::forEachBehind(Connection& connection, std::int64_t seq,
                                     const std::function<bool(const AuditEntry&)>& visit)
{
    return guarded([&]() -> Result<void> {
        Query row(connection, YARROW_ENTRY_COLUMNS "WHERE a.seq > ? ORDER BY a.seq");
        row.bind(seq);
        while (row.step()) {
            if (!visit(readEntry(row)))
                break;
        }
        return {};
    });
}

std::string AuditLog::continuation(const ChainHead& follows)
{
    return "follows=" + follows.incarnation + " entry=" + std::to_string(follows.seq) +
           " hash=" + follows.hash;
}

} // namespace yarrow
