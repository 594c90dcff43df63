// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/key_file_change.h"

#include "core/crypto.h"
#include "models/store/audit/audit_log.h"
#include "models/store/keys/atomic_file.h"
#include "models/store/keys/key_file_tuning.h"
#include "models/store/sync/account_exchange.h"

#include <algorithm>

namespace yarrow {
namespace {

QString pathOf(const Profile& profile)
{
    return QString::fromStdString(profile.keyFile().string());
}

crypto::Digest digestOf(std::string_view text)
{
    return crypto::sha256(crypto::bytesOf(text));
}

/// The enumerator that has the code. Codes are this program's own: a newer database is refused.
template <class Enum>
Enum withCode(std::string_view code, Enum last, std::string_view (*codeOf)(Enum) noexcept)
{
    for (int i = 0; i < static_cast<int>(last); ++i) {
        if (codeOf(static_cast<Enum>(i)) == code)
            return static_cast<Enum>(i);
    }
    return last;
}

void note(CommandScope& scope, const KeyFileChange& what, const crypto::Digest& digest)
{
    const KeyFileChange::Superseded superseded = what.superseded.value_or(KeyFileChange::Superseded());
    Query(scope.connection,
          "INSERT OR REPLACE INTO key_file_change (pk, digest, account, role, device, action, category, "
          "detail, superseded, slot_floor, verifier) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(std::span<const std::uint8_t>(digest), scope.actor.account.text(), roleCode(scope.actor.role),
              scope.actor.device, auditActionCode(what.event.action), auditCategoryCode(what.event.category),
              what.event.detail, superseded.account.text(), superseded.slotFloor, superseded.verifier)
        .run();
}

/// Nothing: none is under way.
std::optional<crypto::Digest> notedDigest(Connection& connection)
{
    std::optional<crypto::Digest> digest;
    Query row(connection, "SELECT digest FROM key_file_change WHERE pk = 1");
    if (row.step()) {
        const std::string_view bytes = row.blob(0);
        std::copy(bytes.begin(), bytes.end(), digest.emplace().begin());
    }
    return digest;
}

/// The note becomes what it stands for.
void finish(Connection& connection, const Clock& clock)
{
    Actor actor;
    AuditEvent event{AuditAction::AccountChanged};
    std::string superseded;
    std::string verifier;
    std::int64_t slotFloor = 0;
    {
        Query row(connection, "SELECT account, role, device, action, category, detail, superseded, "
                              "slot_floor, verifier FROM key_file_change WHERE pk = 1");
        if (!row.step())
            return;
        actor.account = AccountId::known(row.string(0));
        actor.role = roleFromCode(row.text(1)).value_or(Role::Receptionist);
        actor.device = row.string(2);
        event.action = withCode(row.text(3), AuditAction::DeletionsAllowed, &auditActionCode);
        event.category = withCode(row.text(4), AuditCategory::Administration, &auditCategoryCode);
        event.detail = row.string(5);
        superseded = row.string(6);
        slotFloor = row.integer(7);
        verifier = row.string(8);
    }
    if (!superseded.empty())
        supersedePassword(connection, AccountId::known(superseded), slotFloor, verifier, actor.account);
    AuditLog::append(connection, clock, actor, event, {});
}

} // namespace

void settleKeyFileChange(Connection& connection, const Clock& clock, const Profile& profile)
{
    const auto noted = notedDigest(connection);
    if (!noted)
        return;
    const auto text = readSmallFile(pathOf(profile), tuning::kMaxKeyFileBytes);
    if (!text)
        return; // what became of it cannot be told now
    if (digestOf(*text) == *noted)
        finish(connection, clock);
    Query(connection, "DELETE FROM key_file_change").run();
}

Result<void> settleKeyFileChangeAlone(Connection& connection, const Clock& clock, const Profile& profile)
{
    return guarded([&] {
        if (!notedDigest(connection))
            return;
        Transaction transaction(connection);
        settleKeyFileChange(connection, clock, profile);
        transaction.commit();
    });
}

Result<KeySlotFile> changeKeyFile(CommandScope& scope, const Profile& profile, const KdfCost& cost,
                                  const KeyFileChange& what,
                                  const std::function<Result<void>(KeySlotFile&)>& change)
{
    const QString path = pathOf(profile);
    Connection& connection = scope.connection;
    return guarded([&]() -> Result<KeySlotFile> {
        auto before = KeySlotFile::load(path, cost);
        if (!before)
            return before;
        KeySlotFile after = *before;
        if (auto changed = change(after); !changed)
            return fail(changed.error());
        const crypto::Digest digest = digestOf(after.text());
        {
            Transaction transaction(connection);
            settleKeyFileChange(connection, scope.clock, profile);
            note(scope, what, digest);
            transaction.commit();
        }
        Transaction transaction(connection);
        const auto now = KeySlotFile::load(path, cost);
        if (!now)
            return now;
        if (!(*now == *before) || notedDigest(connection) != digest)
            return fail(ErrorCode::Stale, "key file");
        if (auto saved = after.save(path); !saved)
            return fail(saved.error());
        const auto told = guarded([&] {
            settleKeyFileChange(connection, scope.clock, profile);
            transaction.commit();
        });
        if (!told) {
            static_cast<void>(before->save(path)); // what is not in the audit has not happened
            return fail(told.error());
        }
        return after;
    });
}

} // namespace yarrow
