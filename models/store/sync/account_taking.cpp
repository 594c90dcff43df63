// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/account_exchange.h"
#include "models/store/sync/account_state.h"
#include "models/store/sync/outbox.h"

#include <algorithm>

// Taking over what the server lists.

namespace yarrow {
namespace accounts {

std::string jsonOf(const std::string& userName, const std::string& displayName, Role role, bool active)
{
    Json json = Json::object();
    json.set("user", userName);
    json.set("name", displayName);
    json.set("role", roleCode(role));
    json.set("active", active);
    return json.dump();
}

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

void auditOf(Connection& connection, const Clock& clock, const ClinicIdentity& clinic, AuditAction action,
             AuditCategory category, std::string detail, AuditOutcome outcome)
{
    AuditEvent event{action, category};
    event.outcome = outcome;
    event.detail = std::move(detail);
    Actor actor;
    actor.device = clinic.device;
    AuditLog::append(connection, clock, actor, event, {});
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
    return text;
}

} // namespace accounts

namespace {

using accounts::auditOf;
using accounts::differenceOf;
using accounts::jsonOf;
using accounts::parsed;

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
    bool isMadeHere = false; ///< after the enrolment, by somebody at this workstation
    bool isRefused = false;
};

std::vector<Row> allRows(Connection& connection)
{
    std::vector<Row> rows;
    Query query(connection, "SELECT id, user_name, display_name, role, active, coalesce(at_server, ''), "
                            "changed_by IS NOT NULL, password_by IS NOT NULL, coalesce(verifier, ''), "
                            "verifier_version, slot_floor, "
                            "coalesce(created_at > (SELECT enrolled_at FROM server_link), 0), refusal <> '' "
                            "FROM account ORDER BY pk");
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
        row.isMadeHere = row.atServer.empty() && query.integer(11) != 0;
        row.isRefused = query.integer(12) != 0;
        rows.push_back(std::move(row));
    }
    return rows;
}

/// `epoch`: the server's; after its restore from a backup it has another one.
std::string jsonOf(const RemoteAccount& remote, const std::string& epoch)
{
    auto json = Json::parse(jsonOf(remote.userName, remote.displayName, remote.role, remote.active));
    json->set("epoch", epoch);
    json->set("verifierVersion", remote.verifierVersion);
    return json->dump();
}

/// Whether the server may have forgotten what it said last.
bool wentBack(const std::string& atServer, const RemoteAccount& remote, const std::string& epoch)
{
    const auto last = Json::parse(atServer);
    if (!last)
        return false;
    const std::string_view before = (*last)["epoch"].string();
    return remote.verifierVersion < (*last)["verifierVersion"].integer().value_or(0) ||
           (!before.empty() && !epoch.empty() && before != epoch);
}

bool isSameVerifier(const std::string& a, const std::string& b)
{
    const auto left = Json::parse(a);
    const auto right = Json::parse(b);
    return left && right ? (*left)["salt"].string() == (*right)["salt"].string() &&
                               (*left)["hash"].string() == (*right)["hash"].string()
                         : a == b;
}

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

template <class T>
T merged(const T& base, const T& mine, const T& theirs)
{
    return mine == base ? theirs : theirs == base ? mine : theirs;
}

/// What stands when both sides may have changed it. `isOlder`: see wentBack().
Account mergedAccount(const Row& row, const RemoteAccount& remote, bool isOlder)
{
    Account result = row.account;
    result.userName = remote.userName; // is given by the server alone
    const auto base = row.isChanged ? parsed(row.atServer, row.account.id) : std::nullopt;
    if (!base) {
        const bool isFirstMeeting = row.atServer.empty();
        if (!isFirstMeeting || !row.isChanged)
            result.displayName = remote.displayName;
        if (!row.isMadeHere) // or the answer to its making was lost
            result.role = remote.role;
        result.active = remote.active && (row.account.active || !(isFirstMeeting || isOlder));
        return result;
    }
    result.displayName = merged(base->displayName, row.account.displayName, remote.displayName);
    result.role = merged(base->role, row.account.role, remote.role);
    if (row.account.active == base->active || remote.active == base->active)
        result.active = merged(base->active, row.account.active, remote.active);
    else
        result.active = row.account.active && remote.active;
    if (isOlder && !row.account.active)
        result.active = false;
    return result;
}

bool isAs(const Account& account, const RemoteAccount& remote)
{
    return account.displayName == remote.displayName && account.role == remote.role &&
           account.active == remote.active;
}

/// What the server's list is taken over with.
class Taking
{
public:
    Taking(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
           const std::vector<RemoteAccount>& accounts)
        : m_connection(connection)
        , m_clock(clock)
        , m_clinic(clinic)
        , m_rows(allRows(connection))
        , m_author(offeringAuthor(accounts))
    {
        Query query(m_connection, "SELECT epoch FROM checkpoint WHERE feed = ''");
        if (query.step())
            m_epoch = query.string(0);
    }

    /// Those that the server had and has no more, as after a restore from a backup, are offered again.
    void offerLost(const std::vector<RemoteAccount>& accounts)
    {
        for (Row& row : m_rows) {
            const std::string remote = outbox::serverAccount(m_connection, row.account.id.text());
            const bool isThere = std::any_of(accounts.begin(), accounts.end(),
                                             [&](const auto& one) { return one.id == remote; });
            if (row.atServer.empty() || isThere)
                continue;
            Query(m_connection, "UPDATE account SET at_server = NULL, "
                                "changed_by = coalesce(changed_by, nullif(?1, '')), "
                                "password_by = CASE WHEN verifier IS NOT NULL "
                                "THEN coalesce(password_by, nullif(?1, '')) END WHERE id = ?2")
                .bind(m_author, row.account.id.text())
                .run();
            row.atServer.clear();
            row.isChanged = row.isChanged || !m_author.empty();
            row.hasNewPassword = row.hasNewPassword || (!m_author.empty() && !row.verifier.empty());
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
    /// Whose name stands below what this workstation offers by itself: who enrolled it, if they may still do
    /// that, else another administrator. Empty: there is none.
    [[nodiscard]] std::string offeringAuthor(const std::vector<RemoteAccount>& accounts) const
    {
        std::string enroller;
        Query query(m_connection, "SELECT account FROM server_link");
        if (query.step())
            enroller = query.string(0);
        std::string author;
        for (const Row& row : m_rows) {
            const std::string remote = outbox::serverAccount(m_connection, row.account.id.text());
            const auto mayToo = [&](const RemoteAccount& one) {
                return one.id == remote && one.active && one.role == Role::Admin;
            };
            const bool may = row.account.active && row.account.role == Role::Admin &&
                             std::any_of(accounts.begin(), accounts.end(), mayToo);
            if (may && (author.empty() || row.account.id.text() == enroller))
                author = row.account.id.text();
        }
        return author;
    }

    [[nodiscard]] const Row* rowOf(const RemoteAccount& remote)
    {
        const std::string local = outbox::localAccount(m_connection, remote.id);
        auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                  [&](const Row& row) { return row.account.id.text() == local; });
        if (found == m_rows.end()) {
            found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) {
                return row.atServer.empty() && !row.isMadeHere && !row.isRefused &&
                       sameName(row.account.userName, remote.userName);
            });
            if (found != m_rows.end())
                Query(m_connection, "INSERT OR REPLACE INTO server_account (account, remote) VALUES (?, ?)")
                    .bind(found->account.id.text(), remote.id)
                    .run();
        }
        return found == m_rows.end() ? nullptr : &*found;
    }

    /// Two people whom two workstations gave one user name are two: the one that the server does not have
    /// keeps an account of this workstation's own, under a name that an administrator sees.
    void setAside(Row& row)
    {
        constexpr std::size_t kStem = 56;
        std::string name;
        for (int number = 2; name.empty() || findAccountByName(m_connection, name); ++number)
            name = row.account.userName.substr(0, kStem) + "-" + std::to_string(number);
        Query(m_connection, "UPDATE account SET user_name = ?2, changed_by = NULL, password_by = NULL, "
                            "refusal = 'user-name-taken' WHERE id = ?1")
            .bind(row.account.id.text(), name)
            .run();
        row.account.userName = name;
        row.isChanged = row.hasNewPassword = false;
        row.isRefused = true;
        auditOf(m_connection, m_clock, m_clinic, AuditAction::AccountChanged, AuditCategory::Administration,
                row.account.id.text() + ", user name taken at the server", AuditOutcome::MinorFailure);
        m_changed = true;
    }

    /// Whoever else has the name is about to get another one: names are unique at the server too.
    void freeName(const std::string& userName, const std::string& id)
    {
        for (Row& row : m_rows) {
            if (row.atServer.empty() && row.account.id.text() != id &&
                sameName(row.account.userName, userName) && findAccountByName(m_connection, userName))
                setAside(row);
        }
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
                  formatInstant(m_clock.now()), jsonOf(remote, m_epoch), remote.verifier,
                  remote.verifierVersion)
            .run();
        auditOf(m_connection, m_clock, m_clinic, AuditAction::AccountAdded, AuditCategory::Administration,
                remote.id + " as " + std::string(roleCode(remote.role)) + ", at the server");
        m_changed = true;
    }

    void bringTogether(const Row& row, const RemoteAccount& remote)
    {
        const Account now = mergedAccount(row, remote, wentBack(row.atServer, remote, m_epoch));
        if (!(now.userName == row.account.userName && now.displayName == row.account.displayName &&
              now.role == row.account.role && now.active == row.account.active)) {
            freeName(now.userName, now.id.text());
            Query(m_connection,
                  "UPDATE account SET user_name = ?2, display_name = ?3, role = ?4, active = ?5 "
                  "WHERE id = ?1")
                .bind(now.id.text(), now.userName, now.displayName, roleCode(now.role), now.active)
                .run();
            auditOf(m_connection, m_clock, m_clinic, AuditAction::AccountChanged,
                    AuditCategory::Administration, differenceOf(row.account, now) + ", at the server");
            m_changed = true;
        }
        Query(m_connection, "UPDATE account SET at_server = ?2 WHERE id = ?1")
            .bind(now.id.text(), jsonOf(remote, m_epoch))
            .run();
        if (row.isChanged && isAs(now, remote))
            Query(m_connection, "UPDATE account SET changed_by = NULL WHERE id = ?")
                .bind(now.id.text())
                .run();
        else if (!row.isChanged && now.active != remote.active) // who is disabled by anybody stays so
            Query(m_connection, "UPDATE account SET changed_by = nullif(?2, '') WHERE id = ?1")
                .bind(now.id.text(), m_author)
                .run();
        if (!row.hasNewPassword)
            takeVerifier(row, remote);
    }

    void takeVerifier(const Row& row, const RemoteAccount& remote)
    {
        if (row.verifierVersion == remote.verifierVersion && row.verifier == remote.verifier)
            return;
        // A server that was restored from a backup has a password again that was replaced: it stays so here.
        if (remote.verifierVersion < row.verifierVersion && !row.verifier.empty())
            return;
        // The passwords from before the first meeting were chosen here, each for itself: from then on a newer
        // one of the clinic's counts. The same verifier under a greater number was told twice, after a lost
        // answer.
        const bool isReplaced = !row.atServer.empty() && remote.verifierVersion >= row.verifierVersion &&
                                !remote.verifier.empty() && !isSameVerifier(remote.verifier, row.verifier);
        const std::int64_t floor =
            isReplaced ? std::max(row.slotFloor + 1, remote.verifierVersion) : row.slotFloor;
        Query(m_connection,
              "UPDATE account SET verifier = nullif(?2, ''), verifier_version = ?3, slot_floor = ?4 "
              "WHERE id = ?1")
            .bind(row.account.id.text(), remote.verifier, remote.verifierVersion, floor)
            .run();
        if (!isReplaced)
            return;
        auditOf(m_connection, m_clock, m_clinic, AuditAction::PasswordChanged, AuditCategory::Authentication,
                row.account.id.text() + ", at the server");
        m_changed = true;
    }

    Connection& m_connection;
    const Clock& m_clock;
    const ClinicIdentity& m_clinic;
    std::vector<Row> m_rows;
    std::string m_author; ///< account id; see offeringAuthor()
    std::string m_epoch;  ///< of the server; empty: not known yet
    bool m_changed = false;
};

} // namespace

bool takeAccounts(Connection& connection, const Clock& clock, const ClinicIdentity& clinic,
                  const std::vector<RemoteAccount>& accounts, const std::string& tag)
{
    Taking taking(connection, clock, clinic, accounts);
    taking.offerLost(accounts);
    for (const RemoteAccount& remote : accounts)
        taking.take(remote);
    Query(connection, "UPDATE server_link SET accounts_tag = ?").bind(tag).run();
    return taking.hasChanged();
}

} // namespace yarrow
