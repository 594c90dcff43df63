// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/password_verifier.h"
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
    void whoWasDisabledBeforeTheFirstMeeting_staysSo();
    void whoseRoleTheServerKnows_hasThat();
    void twoPeopleOfOneName_stayTwo();
    void aServerThatWentBack_enablesNobodyAndBringsNoPasswordBack();
    void anotherPasswordOfTheSameNumber_replacesTheOld();
    void whatTheServerLost_isOfferedWithItsPassword();
    void fewerRights_areToldAfterTheWork();
    void whoIsDisabledHere_losesTheKeySlotAtOnce();
    void somebodyRenamedAtTheServer_isLetInAndRecovered();

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
    YARROW_VERIFY_OK(
        removeOutdatedSlots(link(), m_test->clock, m_test->profile, m_test->environment.kdfCost));
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
    YARROW_VERIFY_OK(
        removeOutdatedSlots(link(), m_test->clock, m_test->profile, m_test->environment.kdfCost));
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

void TestAccountExchange::whoWasDisabledBeforeTheFirstMeeting_staysSo()
{
    Query(link(), "UPDATE server_link SET enrolled_at = '2027-01-01T00:00:00.000Z'")
        .run(); // all were here before
    const Account wanda = add("wanda", Role::Nurse);
    Query(link(), "UPDATE account SET active = 0, changed_by = NULL, password_by = NULL WHERE id = ?")
        .bind(wanda.id.text())
        .run();
    for (int i = 0; i < 2; ++i) {
        take({remote(account("admin")), remote(wanda)});
        QVERIFY(!account("wanda").active);
        const auto change = waiting("wanda"); // and the server is told
        QVERIFY(change && !change->wanted.active && !change->isNew);
    }
}

void TestAccountExchange::whoseRoleTheServerKnows_hasThat()
{
    Query(link(), "UPDATE server_link SET enrolled_at = '2027-01-01T00:00:00.000Z'").run();
    Account mona = add("mona", Role::Nurse);
    AccountEdit edit;
    edit.role = Role::Admin;
    YARROW_VERIFY_OK(m_clinic->accounts().change("mona", edit, {}));
    mona.active = false;
    take({remote(account("admin")), remote(mona)});
    QCOMPARE(account("mona").role, Role::Nurse);
    QVERIFY(!account("mona").active);
}

void TestAccountExchange::twoPeopleOfOneName_stayTwo()
{
    const Account here = add("maria", Role::Nurse);
    RemoteAccount there = remote(here);
    there.id = "maria-of-the-other-desk";
    there.userName = "Maria";
    there.role = Role::Admin;
    take({remote(account("admin")), there});
    const auto kept = findAccount(link(), here.id);
    QVERIFY(kept && kept->active);
    QCOMPARE(kept->role, Role::Nurse);
    QCOMPARE(kept->userName, std::string("maria-2"));
    QCOMPARE(account("maria").id.text(), there.id);
    QVERIFY(!waiting("maria-2") && !waiting("maria"));
    const auto all = m_clinic->accounts().listAll();
    const auto one = std::find_if(all->begin(), all->end(),
                                  [&](const ListedAccount& listed) { return listed.account.id == here.id; });
    QCOMPARE(one->refusal, std::string("user-name-taken"));
    const auto clinic = signIn("maria"); // the slot here is theirs until the other one is let in
    YARROW_VERIFY_OK(clinic);
    QCOMPARE((*clinic)->actor().account, here.id);
}

void TestAccountExchange::aServerThatWentBack_enablesNobodyAndBringsNoPasswordBack()
{
    const Account petra = add("petra", Role::Nurse);
    const std::string old = accountVerifier(link(), petra.id);
    tell("petra");
    YARROW_VERIFY_OK(m_clinic->setPassword(QStringLiteral("petra"), kOther));
    const auto change = waiting("petra");
    QVERIFY(change);
    passwordTold(link(), *change, 2);
    Account gone = petra;
    gone.active = false;
    take({remote(account("admin")), remote(gone, change->verifier, 2)});
    QVERIFY(!account("petra").active);
    for (int i = 0; i < 2; ++i) {
        take({remote(account("admin")), remote(petra, old, 1)});
        QVERIFY(!account("petra").active);
        QCOMPARE(accountVerifier(link(), petra.id), change->verifier);
        const auto again = waiting("petra");
        QVERIFY(again && !again->wanted.active && again->author == account("admin").id.text());
    }
    accountTold(link(), *waiting("petra"));
    take({remote(account("admin")), remote(gone, old, 1)});
    QVERIFY(!waiting("petra"));
    take({remote(account("admin")), remote(petra, old, 1)}); // an administrator of the server means it
    QVERIFY(account("petra").active);
}

void TestAccountExchange::anotherPasswordOfTheSameNumber_replacesTheOld()
{
    const Account petra = add("petra", Role::Nurse);
    const std::string mine = accountVerifier(link(), petra.id);
    tell("petra");
    take({remote(account("admin")), remote(petra, mine, 1)});
    YARROW_VERIFY_OK(signIn("petra"));
    const std::string spaced = "{ \"salt\": \"" + std::string((*Json::parse(mine))["salt"].string()) +
                               "\", \"hash\": \"" + std::string((*Json::parse(mine))["hash"].string()) +
                               "\" }";
    take({remote(account("admin")), remote(petra, spaced, 1)});
    YARROW_VERIFY_OK(signIn("petra")); // the same, written otherwise
    take({remote(account("admin")), remote(petra, *makeVerifier(kOther), 1)});
    YARROW_COMPARE_ERROR(signIn("petra"), ErrorCode::WrongPassword);
}

void TestAccountExchange::whatTheServerLost_isOfferedWithItsPassword()
{
    add("nina", Role::Nurse);
    tell("nina");
    take({remote(account("admin"))});
    const auto change = waiting("nina");
    QVERIFY(change && change->isNew);
    QCOMPARE(change->verifier, accountVerifier(link(), account("nina").id));
    QCOMPARE(change->passwordAuthor, account("admin").id.text());
}

void TestAccountExchange::fewerRights_areToldAfterTheWork()
{
    const std::pair<Role, bool> cases[] = {
        {Role::Receptionist, true}, {Role::Admin, true}, {Role::Doctor, false}};
    add("nina", Role::Nurse);
    tell("nina");
    for (const auto& [role, after] : cases) {
        AccountEdit edit;
        edit.role = role;
        YARROW_VERIFY_OK(m_clinic->accounts().change("nina", edit, {}));
        QCOMPARE(waiting("nina")->takesRights, after);
    }
}

void TestAccountExchange::whoIsDisabledHere_losesTheKeySlotAtOnce()
{
    add("dora", Role::Nurse);
    AccountEdit edit;
    edit.active = false;
    YARROW_VERIFY_OK(m_clinic->accounts().change("dora", edit, {}));
    QVERIFY(
        !Clinic::userNames(m_test->profile, m_test->environment.kdfCost)->contains(QStringLiteral("dora")));
}

void TestAccountExchange::somebodyRenamedAtTheServer_isLetInAndRecovered()
{
    Account anna = add("anna", Role::Nurse);
    tell("anna");
    anna.userName = "anna.rossi";
    RemoteAccount other = remote(anna, *makeVerifier(kOther), 1);
    other.id = "another-anna";
    other.userName = "anna";
    take({remote(account("admin")), remote(anna, accountVerifier(link(), anna.id), 1), other});
    YARROW_VERIFY_OK(m_clinic->admit(QStringLiteral("anna"), kOther));
    m_server = nullptr;
    m_clinic = nullptr;
    YARROW_VERIFY_OK(Clinic::recover(m_test->profile, *RecoveryCode::parse(m_test->recoveryCode),
                                     QStringLiteral("anna.rossi"), TestClinic::password(),
                                     m_test->environment));
    YARROW_COMPARE_ERROR(signIn("anna"), ErrorCode::WrongPassword);
    YARROW_VERIFY_OK(signIn("anna.rossi"));
    YARROW_VERIFY_OK(signIn("anna", kOther));
    YARROW_VERIFY_OK(Clinic::recover(m_test->profile, *RecoveryCode::parse(m_test->recoveryCode),
                                     QStringLiteral("anna.rossi"), kOther, m_test->environment));
    YARROW_VERIFY_OK(signIn("anna.rossi", kOther));
}

QTEST_GUILESS_MAIN(TestAccountExchange)
#include "tst_account_exchange.moc"
