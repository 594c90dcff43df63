// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/account_routes.h"

#include "server/api/acting_person.h"
#include "server/api/json_answer.h"
#include "server/api/json_reader.h"
#include "server/auth/crypto.h"
#include "server/auth/sign_in_throttle.h"

#include <boost/json.hpp>

namespace yarrow::server::api {
namespace {

constexpr std::size_t kMaxText = 200;
constexpr std::size_t kMaxPassword = 1024;
constexpr std::size_t kMaxId = 64;

boost::json::object jsonOf(const Account& account, bool withVerifier)
{
    boost::json::object json{{"id", account.id},
                             {"user", account.userName},
                             {"name", account.displayName},
                             {"role", roleCode(account.role)},
                             {"active", account.active},
                             {"hasPassword", account.verifier.has_value()},
                             {"verifierVersion", account.verifierVersion},
                             {"revision", account.revision}};
    if (withVerifier && account.verifier)
        json["verifier"] = account.verifier->toJson();
    return json;
}

tl::unexpected<Problem> noSuchAccount()
{
    return refuse(404, "no-such-account", "This clinic has no such account.");
}

bool isId(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxId &&
           text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.") ==
               std::string_view::npos;
}

/// A body's `password` or `verifier`; at most one of them.
class NewPassword
{
public:
    explicit NewPassword(JsonReader& body)
    {
        m_password = body.optionalText("password", kMaxPassword);
        if (const auto* json = body.optionalObject("verifier")) {
            auto verifier = PasswordVerifier::fromJson(json->get_object(), body.pointerTo("verifier"));
            if (verifier)
                m_verifier = std::move(*verifier);
            else
                body.refuse(verifier.error());
        }
        if (m_password && m_verifier)
            body.refuse("password", "must not be there beside verifier");
    }
    ~NewPassword()
    {
        if (m_password)
            crypto::wipe(*m_password);
    }
    NewPassword(const NewPassword&) = delete;
    NewPassword& operator=(const NewPassword&) = delete;

    [[nodiscard]] bool isGiven() const { return m_password || m_verifier; }
    /// Takes its time for a password: to be called without a transaction.
    [[nodiscard]] Result<PasswordVerifier> verifier(const std::string& userName) const
    {
        if (m_verifier)
            return *m_verifier;
        if (auto checked = checkPassword(*m_password, userName, "/password"); !checked)
            return tl::unexpected(checked.error());
        const auto place = ScryptPlace::take();
        if (!place)
            return tl::unexpected(place.error());
        return PasswordVerifier::fromPassword(*m_password, *place);
    }

private:
    std::optional<std::string> m_password;
    std::optional<PasswordVerifier> m_verifier;
};

/// Workstations get the verifiers, so that people can sign in there without a connection.
Result<Response> list(Call& call)
{
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const bool isDevice = call.principal().kind == Principal::Kind::Device;
    if (!isDevice) {
        if (const auto admin = actingAdmin(call, transaction); !admin)
            return tl::unexpected(admin.error());
    }
    const std::string tag = accountsTag(transaction); // before: what changes meanwhile is asked for again
    boost::json::array accounts;
    for (const Account& account : allAccounts(transaction))
        accounts.push_back(jsonOf(account, isDevice));
    Response response = jsonAnswer(200, boost::json::object{{"accounts", std::move(accounts)}});
    response.headers.add("Yarrow-Accounts", tag);
    return response;
}

/// People see themselves; administrators and workstations see all.
Result<Response> show(Call& call)
{
    const std::string& id = call.path.at("account");
    db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
    const bool isDevice = call.principal().kind == Principal::Kind::Device;
    if (!isDevice && call.principal().account != id) {
        if (const auto admin = actingAdmin(call, transaction); !admin)
            return tl::unexpected(admin.error());
    }
    const auto account = findAccount(transaction, id);
    if (!account)
        return noSuchAccount();
    return jsonAnswer(200, jsonOf(*account, isDevice));
}

Result<Response> put(Call& call, const std::string& id)
{
    if (!isId(id))
        return refuse(400, "bad-request", "An account's id is 1 to 64 of A-Z a-z 0-9 - and a dot.");
    JsonReader body(call.request);
    Account account;
    account.id = id;
    account.userName = body.text("user", kMaxText);
    account.displayName = body.optionalText("name", kMaxText).value_or(account.userName);
    const std::string role = body.text("role", kMaxText);
    account.active = body.optionalBoolean("active").value_or(true);
    const NewPassword password(body);
    const auto known = roleFromCode(role);
    if (!known)
        body.refuse("role", "must be admin, doctor, nurse, receptionist or billing");
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());
    account.role = *known;

    const auto admitted = [&](db::Transaction& transaction) { return actingAdmin(call, transaction); };
    std::optional<PasswordVerifier> verifier;
    if (password.isGiven()) {
        // Whoever may not do this must not make us compute.
        db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
        const auto admin = admitted(transaction);
        if (!admin)
            return tl::unexpected(admin.error());
        if (admin->id == id)
            return refuse(403, "password-wrong",
                          "One's own password is set under /password, by the present one.", "/password");
    }
    if (password.isGiven()) {
        auto made = password.verifier(account.userName);
        if (!made)
            return tl::unexpected(made.error());
        verifier = std::move(*made);
    }
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto admin = admitted(transaction);
    if (!admin)
        return tl::unexpected(admin.error());
    const bool isNew = !findAccount(transaction, id);
    const Author author = authorOf(call, *admin);
    const std::string_view expected = call.request.headers.find("If-Match");
    if (auto stored = putAccount(transaction, account, author, expected); !stored)
        return tl::unexpected(stored.error());
    if (verifier)
        setVerifier(transaction, id, *verifier, author);
    const auto stored = findAccount(transaction, id);
    transaction.commit();
    Response response = jsonAnswer(isNew ? 201 : 200, jsonOf(*stored, false));
    if (isNew)
        response.headers.add("Location", call.request.baseUrl + "/api/v1/accounts/" + id);
    return response;
}

/// Who sets the password of `account`: the person, or an administrator for another.
Result<Account> settingPerson(const Call& call, db::Transaction& transaction, const std::string& account)
{
    auto person = actingPerson(call, transaction);
    if (!person || person->id == account)
        return person;
    if (person->role != Role::Admin)
        return refuse(403, "admin-required", "Only an administrator may set another person's password.");
    return actingAdmin(call, transaction);
}

tl::unexpected<Problem> wrongPassword()
{
    return refuse(403, "password-wrong", "The present password is missing or wrong.", "/currentPassword");
}

/// Whether `current` is the account's password; takes its time, and counts as a sign-in does.
Result<void> prove(Call& call, const Account& account, std::optional<std::string> current)
{
    if (!current || !account.verifier)
        return wrongPassword();
    const auto place = ScryptPlace::take();
    if (!place)
        return tl::unexpected(place.error());
    const std::string attempts = call.principal().tenant.text() + '/' + account.id;
    if (auto admitted = admitSignIn(call.db, attempts); !admitted)
        return tl::unexpected(admitted.error());
    const bool proven = account.verifier->fits(*current, *place);
    crypto::wipe(*current);
    if (!proven)
        return wrongPassword();
    forgetFailures(call.db, attempts);
    return {};
}

/// One's own by the present one, wherever it is asked from: neither a screen left open nor a workstation that
/// names somebody is enough. Anybody else's for an administrator.
Result<Response> setPassword(Call& call)
{
    const std::string& id = call.path.at("account");
    JsonReader body(call.request);
    const NewPassword password(body);
    auto current = body.optionalText("currentPassword", kMaxPassword);
    if (!password.isGiven())
        body.refuse("password", "or verifier must be there");
    if (auto read = body.done(); !read)
        return tl::unexpected(read.error());

    std::optional<Account> account;
    bool isOwn = false;
    {
        db::Transaction transaction(call.db, call.principal().tenant, db::Isolation::ReadCommitted, true);
        const auto person = settingPerson(call, transaction, id);
        if (!person)
            return tl::unexpected(person.error());
        isOwn = person->id == id;
        account = findAccount(transaction, id);
        if (!account)
            return noSuchAccount();
    }
    if (isOwn) {
        if (auto proven = prove(call, *account, std::move(current)); !proven)
            return tl::unexpected(proven.error());
    }
    const auto verifier = password.verifier(account->userName);
    if (!verifier)
        return tl::unexpected(verifier.error());
    // While that was computed, the right to do this may have ended, and so may the password that proved it.
    db::Transaction transaction(call.db, call.principal().tenant);
    const auto now = lockAccount(transaction, id);
    const auto person = settingPerson(call, transaction, id);
    if (!person)
        return tl::unexpected(person.error());
    if (!now)
        return noSuchAccount();
    if (isOwn && now->verifierVersion != account->verifierVersion)
        return wrongPassword();
    const auto version = setVerifier(transaction, id, *verifier, authorOf(call, *person));
    transaction.commit();
    return jsonAnswer(200, boost::json::object{{"verifierVersion", version}});
}

} // namespace

void addAccountRoutes(Router& router)
{
    router.add({"GET", "/api/v1/accounts", list});
    router.add({"POST", "/api/v1/accounts", [](Call& call) { return put(call, crypto::randomUuid()); }});
    router.add({"GET", "/api/v1/accounts/{account}", show});
    router.add(
        {"PUT", "/api/v1/accounts/{account}", [](Call& call) { return put(call, call.path.at("account")); }});
    router.add({"POST", "/api/v1/accounts/{account}/password", setPassword});
}

} // namespace yarrow::server::api
