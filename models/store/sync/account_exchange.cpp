// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/account_exchange.h"

#include "models/store/audit/audit_log.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/sync/outbox.h"

#include <algorithm>

namespace yarrow {
namespace {

/// An account with what the exchange knows of it.
struct Row
{
    Account account;
    std::string atServer; ///< JSON; empty: the server never listed it
    bool isChanged = false;
    bool hasNewPassword = false;
    std::string verifier;
    std::int64_t verifierVersion = 0;
    std::int64_t slotFloor = 0;
};

std::vector<Row> allRows(Connection& connection)
{
    std::vector<Row> rows;
    Query query(connection, "SELECT id, user_name, display_name, role, active, coalesce(at_server, ''), "
                            "changed_by IS NOT NULL, password_by IS NOT NULL, coalesce(verifier, ''), "
                            "verifier_version, slot_floor FROM account ORDER BY pk");
    while (query.step()) {
        Row row;
        row.account = {AccountId::known(query.string(0)), query.string(1), query.string(2),
                       roleFromCode(query.text(3)).value_or(Role::Receptionist), query.integer(4) != 0};
        row.atServer = query.string(5);
        row.isChanged = query.integer(6) != 0;
        row.hasNewPassword = query.integer(7) != 0;
        row.verifier = query.string(8);
        row.verifierVersion = query.integer(9);
        row.slotFloor = query.integer(10);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string jsonOf(const std::string& userName, const std::string& displayName, Role role, bool active)
{
    Json json = Json::object();
    json.set("user", userName);
    json.set("name", displayName);
    json.set("role", roleCode(role));
    json.set("active", active);
    return json.dump();
}

std::string jsonOf(const RemoteAccount& remote)
{
    return jsonOf(remote.userName, remote.displayName, remote.role, remote.active);
}

/// What the server last said; nothing when that cannot be understood.
std::optional<Account> parsed(const std::string& atServer, const AccountId& id)
{
    std::optional<Account> account;
    const auto json = Json::parse(atServer);
    if (!json)
        return account;
    if (const auto role = roleFromCode((*json)["role"].string()))
        account = Account{id, std::string((*json)["user"].string()), std::string((*json)["name"].string()),
                          *role, (*json)["active"].boolean().value_or(true)};
    return account;
}

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

void audit(Connection& connection, const Clock& clock, const ClinicIdentity& clinic, AuditAction action,
           AuditCategory category, std::string detail, AuditOutcome outcome = AuditOutcome::Success)
{
    AuditEvent event{action, category};
    event.outcome = outcome;
    event.detail = std::move(detail);
    Actor actor;
    actor.device = clinic.device;
    AuditLog::append(connection, clock, actor, event, {});
}

template <class T>
T merged(const T& base, const T& mine, const T& theirs)
{
    return mine == base ? theirs : theirs == base ? mine : theirs;
}

/// What stands when both sides may have changed it.
Account mergedAccount(const Row& row, const RemoteAccount& remote)
{
    Account result = row.account;
    result.userName = remote.userName; // is given by the server alone
    const auto base = row.isChanged ? parsed(row.atServer, row.account.id) : std::nullopt;
    if (!base) {
        if (row.isChanged && row.atServer.empty())
            return result; // met by its name just now: what was wanted here stands
        result.displayName = remote.displayName;
        result.role = remote.role;
        result.active = remote.active;
        return result;
    }
    result.displayName = merged(base->displayName, row.account.displayName, remote.displayName);
    result.role = merged(base->role, row.account.role, remote.role);
    if (row.account.active == base->active || remote.active == base->active)
        result.active = merged(base->active, row.account.active, remote.active);
    else
        result.active = row.account.active && remote.active;
    return result;
}

bool isAs(const Account& account, const RemoteAccount& remote)
{
    return account.displayName == remote.displayName && account.role == remote.role &&
           account.active == remote.active;
}

std::string differenceOf(const Account& before, const Account& after)
{
    std::string text = after.id.text();
    if (before.userName != after.userName || before.displayName != after.displayName)
        text += ", name";
    if (before.role != after.role)
        text.append(", ").append(roleCode(before.role)).append(" now ").append(roleCode(after.role));
    if (before.active != after.active)
        text += after.active ? ", enabled" : ", disabled";
    return text + ", at the server";
}

/// What the server's list is taken over with.
class Taking
{
public:
    Taking(Connection& connection, const Clock& clock, const ClinicIdentity& clinic)
        : m_connection(connection)
        , m_clock(clock)
        , m_clinic(clinic)
        , m_rows(allRows(connection))
    {}

    /// Those that the server had and has no more, as after a restore from a backup, are offered again.
    void offerLost(const std::vector<RemoteAccount>& accounts, const std::string& author)
    {
        for (Row& row : m_rows) {
            const std::string remote = outbox::serverAccount(m_connection, row.account.id.text());
            const bool isThere = std::any_of(accounts.begin(), accounts.end(),
                                             [&](const auto& one) { return one.id == remote; });
            if (row.atServer.empty() || isThere)
                continue;
            Query(m_connection, "UPDATE account SET at_server = NULL, changed_by = coalesce(changed_by, ?) "
                                "WHERE id = ?")
                .bind(author, row.account.id.text())
                .run();
            row.atServer.clear();
            row.isChanged = true;
            m_changed = true;
        }
    }

    void take(const RemoteAccount& remote)
    {
        const Row* row = rowOf(remote);
        row == nullptr ? add(remote) : bringTogether(*row, remote);
    }

    [[nodiscard]] bool hasChanged() const noexcept { return m_changed; }

private:
    [[nodiscard]] const Row* rowOf(const RemoteAccount& remote)
    {
        const std::string local = outbox::localAccount(m_connection, remote.id);
        auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                  [&](const Row& row) { return row.account.id.text() == local; });
        if (found == m_rows.end()) {
            found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) {
                return row.atServer.empty() && sameName(row.account.userName, remote.userName);
            });
            if (found != m_rows.end())
                Query(m_connection, "INSERT OR REPLACE INTO server_account (account, remote) VALUES (?, ?)")
                    .bind(found->account.id.text(), remote.id)
                    .run();
        }
        return found == m_rows.end() ? nullptr : &*found;
    }

    /// Whoever else has the name is about to get another one: names are unique at the server too.
    void freeName(const std::string& userName, const std::string& id)
    {
        Query(m_connection, "UPDATE account SET user_name = id WHERE user_name = ? AND id <> ?")
            .bind(userName, id)
            .run();
    }

    void add(const RemoteAccount& remote)
    {
        if (!AccountId::parse(remote.id))
            return;
        freeName(remote.userName, remote.id);
        Query(m_connection, "INSERT INTO account (id, user_name, display_name, role, active, created_at, "
                            "at_server, verifier, verifier_version, slot_floor) "
                            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, ''), ?9, ?9)")
            .bind(remote.id, remote.userName, remote.displayName, roleCode(remote.role), remote.active,
                  formatInstant(m_clock.now()), jsonOf(remote), remote.verifier, remote.verifierVersion)
            .run();
        audit(m_connection, m_clock, m_clinic, AuditAction::AccountAdded, AuditCategory::Administration,
              remote.id + " as " + std::string(roleCode(remote.role)) + ", at the server");
        m_changed = true;
    }

    void bringTogether(const Row& row, const RemoteAccount& remote)
    {
        const Account now = mergedAccount(row, remote);
        if (!(now.userName == row.account.userName && now.displayName == row.account.displayName &&
              now.role == row.account.role && now.active == row.account.active)) {
            freeName(now.userName, now.id.text());
            Query(m_connection,
                  "UPDATE account SET user_name = ?2, display_name = ?3, role = ?4, active = ?5 "
                  "WHERE id = ?1")
                .bind(now.id.text(), now.userName, now.displayName, roleCode(now.role), now.active)
                .run();
            audit(m_connection, m_clock, m_clinic, AuditAction::AccountChanged, AuditCategory::Administration,
                  differenceOf(row.account, now));
            m_changed = true;
        }
        Query(m_connection, "UPDATE account SET at_server = ?2 WHERE id = ?1")
            .bind(now.id.text(), jsonOf(remote))
            .run();
        if (row.isChanged && isAs(now, remote))
            Query(m_connection, "UPDATE account SET changed_by = NULL WHERE id = ?")
                .bind(now.id.text())
                .run();
        if (!row.hasNewPassword)
            takeVerifier(row, remote);
    }

    void takeVerifier(const Row& row, const RemoteAccount& remote)
    {
        if (row.verifierVersion == remote.verifierVersion && row.verifier == remote.verifier)
            return;
        // The passwords from before the first meeting were chosen here, each for itself: from then on a newer
        // one of the clinic's counts. The same verifier under a greater number was told twice, after a lost
        // answer.
        const bool isReplaced = !row.atServer.empty() && remote.verifierVersion > row.verifierVersion &&
                                remote.verifier != row.verifier;
        const std::int64_t floor =
            isReplaced ? std::max(row.slotFloor + 1, remote.verifierVersion) : row.slotFloor;
        Query(m_connection,
              "UPDATE account SET verifier = nullif(?2, ''), verifier_version = ?3, slot_floor = ?4 "
              "WHERE id = ?1")
            .bind(row.account.id.text(), remote.verifier, remote.verifierVersion, floor)
            .run();
        if (!isReplaced)
            return;
        audit(m_connection, m_clock, m_clinic, AuditAction::PasswordChanged, AuditCategory::Authentication,
              row.account.id.text() + ", at the server");
        m_changed = true;
    }

    Connection& m_connection;
    const Clock& m_clock;
    const ClinicIdentity& m_clinic;
    std::vector<Row> m_rows;
    bool m_changed = false;
};

/// The account is as the server has it. One that it does not have stays this workstation's own, unless the
/// one who made or changed it was not allowed to: their password would open the clinic.
void takeBack(Connection& connection, const AccountChange& change, const AccountRefusal& refusal)
{
    const std::string id = change.wanted.id.text();
    Query(connection, "UPDATE account SET changed_by = NULL WHERE id = ?").bind(id).run();
    std::string atServer;
    {
        Query query(connection, "SELECT coalesce(at_server, '') FROM account WHERE id = ?");
        if (query.bind(id).step())
            atServer = query.string(0);
    }
    if (const auto there = parsed(atServer, change.wanted.id)) {
        Query(connection, "UPDATE account SET display_name = ?2, role = ?3, active = ?4 WHERE id = ?1")
            .bind(id, there->displayName, roleCode(there->role), there->active)
            .run();
        return;
    }
    // Who was here before the clinic had a server is not shut out by somebody whom the server does not know.
    if (refusal.isOfAuthor)
        Query(connection, "UPDATE account SET active = 0 WHERE id = ?1 AND (?2 OR created_at > "
                          "(SELECT enrolled_at FROM server_link))")
            .bind(id, refusal.code == "author-disabled")
            .run();
    else // a password cannot be told of it
        Query(connection, "UPDATE account SET password_by = NULL WHERE id = ?").bind(id).run();
}

/// The key slot that was made with it goes, and what the server has counts again.
void takeBackPassword(Connection& connection, const AccountChange& change)
{
    Query(connection, "UPDATE account SET slot_floor = max(slot_floor, verifier_version) + 1, "
                      "verifier = NULL, password_by = NULL "
                      "WHERE id = ?1 AND password_by IS NOT NULL AND coalesce(verifier, '') = ?2")
        .bind(change.wanted.id.text(), change.verifier)
        .run();
    Query(connection, "UPDATE server_link SET accounts_tag = ''").run(); // to have the list again
}

} // namespace

std::string accountsTag(Connection& connection)
{
    Query query(connection, "SELECT accounts_tag FROM server_link");
    return query.step() ? query.string(0) : std::string();
}

std::vector<AccountChange> accountChanges(Connection& connection)
{
    std::vector<AccountChange> changes;
    {
        Query query(connection,
                    "SELECT id, user_name, display_name, role, active, at_server IS NULL, "
                    "coalesce(changed_by, ''), CASE WHEN password_by IS NULL THEN '' ELSE coalesce(verifier, "
                    "'') END, "
                    "coalesce(password_by, '') FROM account "
                    "WHERE changed_by IS NOT NULL OR password_by IS NOT NULL ORDER BY active DESC, pk");
        while (query.step()) {
            AccountChange change;
            change.wanted = {AccountId::known(query.string(0)), query.string(1), query.string(2),
                             roleFromCode(query.text(3)).value_or(Role::Receptionist), query.integer(4) != 0};
            change.isNew = query.integer(5) != 0;
            change.author = query.string(6);
            change.verifier = query.string(7);
            change.passwordAuthor = query.string(8);
            changes.push_back(std::move(change));
        }
    }
    for (AccountChange& change : changes) {
        change.remote = outbox::serverAccount(connection, change.wanted.id.text());
        for (std::string* author : {&change.author, &change.passwordAuthor}) {
            if (!author->empty())
                *author = outbox::serverAccount(connection, *author);
        }
    }
    return changes;
}

bool takeAccounts(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                  const std::vector<RemoteAccount>& accounts, const std::string& tag)
{
    std::string enroller;
    {
        Query query(connection, "SELECT account FROM server_link");
        if (query.step())
            enroller = query.string(0);
    }
    Taking taking(connection, clock, clinic);
    taking.offerLost(accounts, enroller);
    for (const RemoteAccount& remote : accounts)
        taking.take(remote);
    Query(connection, "UPDATE server_link SET accounts_tag = ?").bind(tag).run();
    return taking.hasChanged();
}

void accountTold(Connection& connection, const AccountChange& change)
{
    const Account& told = change.wanted;
    Query(connection, "UPDATE account SET at_server = ?2, refusal = '', changed_by = CASE "
                      "WHEN display_name = ?3 AND role = ?4 AND active = ?5 THEN NULL ELSE changed_by END "
                      "WHERE id = ?1")
        .bind(told.id.text(), jsonOf(told.userName, told.displayName, told.role, told.active),
              told.displayName, roleCode(told.role), told.active)
        .run();
}

void passwordTold(Connection& connection, const AccountChange& change, std::int64_t version)
{
    Query(connection, "UPDATE account SET refusal = '', verifier_version = ?2, password_by = "
                      "CASE WHEN verifier = ?3 THEN NULL ELSE password_by END WHERE id = ?1")
        .bind(change.wanted.id.text(), version, change.verifier)
        .run();
}

void accountRefused(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                    const AccountChange& change, const AccountRefusal& refusal)
{
    const std::string id = change.wanted.id.text();
    const bool isOfAccount = refusal.part == AccountRefusal::Part::Account;
    Query(connection, "UPDATE account SET refusal = ?2 WHERE id = ?1").bind(id, refusal.code).run();
    if (isOfAccount)
        takeBack(connection, change, refusal);
    // Who may not change the account may not have set the password either; otherwise that is told on its own.
    if (!isOfAccount || (refusal.isOfAuthor && change.passwordAuthor == change.author))
        takeBackPassword(connection, change);
    audit(connection, clock, clinic, AuditAction::AccountChanged, AuditCategory::Administration,
          id + ", refused by the server: " + refusal.code, AuditOutcome::MinorFailure);
}

std::string accountVerifier(Connection& connection, const AccountId& account)
{
    Query query(connection, "SELECT coalesce(verifier, '') FROM account WHERE id = ?");
    return query.bind(account.text()).step() ? query.string(0) : std::string();
}

std::int64_t supersedePassword(Connection& connection, const AccountId& account, const std::string& verifier,
                               const AccountId& by)
{
    Query(connection, "UPDATE account SET slot_floor = max(slot_floor, verifier_version) + 1, refusal = '', "
                      "verifier = CASE WHEN ?2 = '' THEN verifier ELSE ?2 END, "
                      "password_by = CASE WHEN ?2 = '' THEN NULL ELSE ?3 END WHERE id = ?1")
        .bind(account.text(), verifier, by.text())
        .run();
    const auto standing = accountStanding(connection, account);
    return standing ? standing->slotFloor : 0;
}

Result<void> removeOutdatedSlots(Connection& connection, const Profile& profile, const KdfCost& cost)
{
    const QString path = QString::fromStdString(profile.keyFile().string());
    auto keyFile = KeySlotFile::load(path, cost);
    if (!keyFile)
        return fail(keyFile.error());
    bool isChanged = false;
    for (const SlotInfo& slot : keyFile->slots()) {
        if (slot.kind != SlotKind::Password)
            continue;
        const auto standing = accountStanding(connection, slot.userId);
        if (!standing || (standing->active && slot.verifierVersion >= standing->slotFloor))
            continue;
        if (keyFile->removePasswordSlot(
                slot.userId)) // the very last way to the key stays: signing in refuses it
            isChanged = true;
    }
    return isChanged ? keyFile->save(path) : Result<void>();
}

std::optional<AccountStanding> accountStanding(Connection& connection, const AccountId& account)
{
    Query query(connection, "SELECT active, role, slot_floor FROM account WHERE id = ?");
    std::optional<AccountStanding> standing;
    if (query.bind(account.text()).step())
        standing =
            AccountStanding{query.integer(0) != 0, roleFromCode(query.text(1)).value_or(Role::Receptionist),
                            query.integer(2)};
    return standing;
}

} // namespace yarrow
