// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/account_exchange.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

namespace {

using Part = AccountRefusal::Part;

const QString kOther = QStringLiteral("copper lantern moth 88");

RemoteAccount remote(const Account& account, const std::string& verifier = {}, std::int64_t version = 0)
{
    return {account.id.text(), account.userName, account.displayName, account.role, account.active, "r1",
            version,           verifier};
}

} // namespace

/// What becomes of accounts that were changed here, at the server or at both.
class TestAccountExchange : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whoMayNotMakeAccounts_leavesNobodyWhoSignsIn();
    void aPasswordThatMayNotBeSet_opensNothing();
    void aChangeThatDoesNotFit_leavesThePasswordToBeTold();
    void aNewAccountThatDoesNotFit_staysTheWorkstationsOwn();

private:
    [[nodiscard]] Account account(const char* user) { return *findAccountByName(link(), user); }
    [[nodiscard]] Connection& link() { return m_server->connection(); }
    [[nodiscard]] std::optional<AccountChange> waiting(const char* user);
    Account add(const char* user, Role role);
    void refuse(const char* user, Part part, int status, const char* code);
    void tell(const char* user); ///< and the server takes it
    void take(const std::vector<RemoteAccount>& accounts);
    [[nodiscard]] auto signIn(const char* user, const QString& password = TestClinic::password())
    {
        return Clinic::open(m_test->profile, QString::fromLatin1(user), password, m_test->environment);
    }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
};

void TestAccountExchange::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
}

void TestAccountExchange::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

std::optional<AccountChange> TestAccountExchange::waiting(const char* user)
{
    std::optional<AccountChange> found;
    for (AccountChange& change : accountChanges(link())) {
        if (change.wanted.userName == user)
            found = std::move(change);
    }
    return found;
}

Account TestAccountExchange::add(const char* user, Role role)
{
    const QString name = QString::fromLatin1(user);
    const auto added = m_clinic->addUser(name, name, role, TestClinic::password());
    if (!added)
        qFatal("%s", added.error().context.c_str());
    return *added;
}

void TestAccountExchange::refuse(const char* user, Part part, int status, const char* code)
{
    const auto change = waiting(user);
    QVERIFY(change);
    Transaction transaction(link());
    accountRefused(link(), m_test->clock, m_clinic->identity(), *change, {part, status == 403, code});
    YARROW_VERIFY_OK(removeOutdatedSlots(link(), m_test->profile, m_test->environment.kdfCost));
    transaction.commit();
}

void TestAccountExchange::tell(const char* user)
{
    const auto change = waiting(user);
    QVERIFY(change);
    Transaction transaction(link());
    accountTold(link(), *change);
    passwordTold(link(), *change, 1);
    transaction.commit();
}

void TestAccountExchange::take(const std::vector<RemoteAccount>& accounts)
{
    Transaction transaction(link());
    static_cast<void>(takeAccounts(link(), m_test->clock, m_clinic->identity(), accounts, "tag"));
    YARROW_VERIFY_OK(removeOutdatedSlots(link(), m_test->profile, m_test->environment.kdfCost));
    transaction.commit();
}

void TestAccountExchange::whoMayNotMakeAccounts_leavesNobodyWhoSignsIn()
{
    add("evil", Role::Admin);
    refuse("evil", Part::Account, 403, "author-disabled");
    QVERIFY(!account("evil").active);
    QVERIFY(!waiting("evil"));
    YARROW_COMPARE_ERROR(signIn("evil"), ErrorCode::WrongPassword);
}

void TestAccountExchange::aPasswordThatMayNotBeSet_opensNothing()
{
    const Account boss = add("boss", Role::Admin);
    const std::string verifier = accountVerifier(link(), boss.id);
    tell("boss");
    YARROW_VERIFY_OK(m_clinic->setPassword(QStringLiteral("boss"), kOther));
    YARROW_VERIFY_OK(signIn("boss", kOther));
    refuse("boss", Part::Password, 403, "author-disabled");
    YARROW_COMPARE_ERROR(signIn("boss", kOther), ErrorCode::WrongPassword);
    QCOMPARE(accountsTag(link()), std::string()); // it is asked for again
    QVERIFY(accountVerifier(link(), boss.id).empty());
    take({remote(account("admin")), remote(boss, verifier, 1)});
    QCOMPARE(accountVerifier(link(), boss.id), verifier);
    YARROW_VERIFY_OK(m_clinic->admit(QStringLiteral("boss"), TestClinic::password()));
    YARROW_VERIFY_OK(signIn("boss"));
}

void TestAccountExchange::aChangeThatDoesNotFit_leavesThePasswordToBeTold()
{
    add("nina", Role::Nurse);
    tell("nina");
    AccountEdit edit;
    edit.role = Role::Doctor;
    YARROW_VERIFY_OK(m_clinic->accounts().change("nina", edit, {}));
    YARROW_VERIFY_OK(m_clinic->setPassword(QStringLiteral("nina"), kOther));
    refuse("nina", Part::Account, 400, "bad-request");
    QCOMPARE(account("nina").role, Role::Nurse);
    QVERIFY(waiting("nina") && waiting("nina")->author.empty() && !waiting("nina")->verifier.empty());
    YARROW_VERIFY_OK(signIn("nina", kOther));
}

void TestAccountExchange::aNewAccountThatDoesNotFit_staysTheWorkstationsOwn()
{
    add("nina", Role::Nurse);
    refuse("nina", Part::Account, 409, "user-name-taken");
    QVERIFY(account("nina").active);
    QVERIFY(!waiting("nina"));
    YARROW_VERIFY_OK(signIn("nina"));
}

QTEST_GUILESS_MAIN(TestAccountExchange)
#include "tst_account_exchange.moc"
