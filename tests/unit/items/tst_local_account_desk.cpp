// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/account_desk.h"
#include "models/items/local_clinic_session.h"
#include "models/store/sync/account_exchange.h"
#include "tests/support/server_side.h"

#include <QSignalSpy>

using namespace yarrow;
using namespace yarrow::testing;

namespace {

const QString kFresh = QStringLiteral("copper lantern moth 88");

/// Runs nothing; begins and ends when a test says so.
class IdleRunner final : public ExchangeRunner
{
public:
    ExchangeProgress progress() const override { return m_now; }
    void exchangeNow() override {}
    void changesWait() override { ++changes; }
    void linkChanged() override {}
    void allowDeletions() override {}
    void setRunning(bool running)
    {
        m_now.isRunning = running;
        Q_EMIT progressChanged();
    }

    int changes = 0;

private:
    ExchangeProgress m_now;
};

} // namespace

/// Accounts as screens change them, on a real store.
class TestLocalAccountDesk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whoIsAdded_isListedAndSignsIn();
    void changes_areOfWhatWasSeen();
    void theLastAdministrator_staysOne();
    void aNewPassword_opensAndTheOldDoesNot();
    void ownPassword_isChangedByWhoeverIsSignedIn();
    void whatAnExchangeBrings_isAnnouncedAndListed();
    void whoMayNot_isRefused();

private:
    template <class T>
    Result<T> wait(const std::function<void(QObject*, std::function<void(Result<T>)>)>& call);
    void open(const QString& user);
    AccountDesk& desk() { return m_session->accounts(); }
    AccountList list();
    AccountRow row(const QString& user);
    AccountId add(const QString& user, Role role);
    Result<void> change(const AccountRow& seen, const AccountRow& wanted);
    [[nodiscard]] Result<std::unique_ptr<Clinic>> signIn(const QString& user, const QString& password)
    {
        return Clinic::open(m_test->profile, user, password, m_test->environment);
    }

    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    ClinicIdentity m_identity;
    IdleRunner* m_runner = nullptr;
};

void TestLocalAccountDesk::init()
{
    m_test = std::make_unique<TestClinic>();
    open(QStringLiteral("admin"));
}

void TestLocalAccountDesk::cleanup()
{
    m_session.reset();
    m_test.reset();
}

void TestLocalAccountDesk::open(const QString& user)
{
    m_session.reset();
    auto clinic = m_test->open(user);
    m_identity = clinic->identity();
    auto session = LocalClinicSession::open(std::move(clinic), [this](const ExchangePlace&) {
        auto runner = std::make_unique<IdleRunner>();
        m_runner = runner.get();
        return runner;
    });
    YARROW_VERIFY_OK(session);
    m_session = *session;
}

template <class T>
Result<T>
TestLocalAccountDesk::wait(const std::function<void(QObject*, std::function<void(Result<T>)>)>& call)
{
    std::optional<Result<T>> answer;
    call(this, [&](Result<T> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
        return fail(ErrorCode::Cancelled, "no answer");
    return std::move(*answer);
}

AccountList TestLocalAccountDesk::list()
{
    auto read =
        wait<AccountList>([&](QObject* context, auto done) { desk().list(context, std::move(done)); });
    return read ? std::move(*read) : AccountList();
}

AccountRow TestLocalAccountDesk::row(const QString& user)
{
    for (AccountRow& one : list().accounts) {
        if (one.userName == user)
            return one;
    }
    return {};
}

AccountId TestLocalAccountDesk::add(const QString& user, Role role)
{
    const auto id = wait<AccountId>([&](QObject* context, auto done) {
        desk().add({user, user.toUpper(), role, TestClinic::password()}, context, std::move(done));
    });
    return id ? *id : AccountId();
}

Result<void> TestLocalAccountDesk::change(const AccountRow& seen, const AccountRow& wanted)
{
    return wait<void>([&](QObject* context, auto done) {
        desk().change(seen, wanted, QStringLiteral("a test"), context, std::move(done));
    });
}

void TestLocalAccountDesk::whoIsAdded_isListedAndSignsIn()
{
    QSignalSpy changed(&desk(), &AccountDesk::changed);
    const AccountId id = add(QStringLiteral("nina"), Role::Nurse);
    QCOMPARE(changed.count(), 1);
    const AccountRow nina = row(QStringLiteral("nina"));
    QCOMPARE(nina.id, id);
    QCOMPARE(nina.name, QStringLiteral("NINA"));
    QCOMPARE(nina.role, Role::Nurse);
    QVERIFY(nina.isActive && nina.hasPasswordHere);
    QVERIFY(!nina.isOwn && !nina.hasPasswordThere && !nina.waits);
    QVERIFY(row(QStringLiteral("admin")).isOwn);
    QVERIFY(!list().hasServer && !list().everybodySignsIn);
    YARROW_VERIFY_OK(signIn(QStringLiteral("nina"), TestClinic::password()));
    const auto again = wait<AccountId>([&](QObject* context, auto done) {
        desk().add({QStringLiteral("NINA"), {}, Role::Nurse, TestClinic::password()}, context,
                   std::move(done));
    });
    YARROW_COMPARE_ERROR(again, ErrorCode::AlreadyExists);
    YARROW_COMPARE_ERROR(desk().checkPassword(QStringLiteral("nina2026nina"), QStringLiteral("nina")),
                         ErrorCode::WeakPassword);
    YARROW_VERIFY_OK(desk().checkPassword(kFresh, QStringLiteral("nina")));
}

void TestLocalAccountDesk::changes_areOfWhatWasSeen()
{
    add(QStringLiteral("nina"), Role::Nurse);
    const AccountRow before = row(QStringLiteral("nina"));
    AccountRow wanted = before;
    wanted.name = QStringLiteral("Nina Berg");
    wanted.role = Role::Doctor;
    YARROW_VERIFY_OK(change(before, wanted));
    QCOMPARE(row(QStringLiteral("nina")), wanted);
    YARROW_COMPARE_ERROR(change(before, wanted), ErrorCode::Stale);
    AccountRow disabled = wanted;
    disabled.isActive = false;
    YARROW_VERIFY_OK(change(wanted, disabled));
    QVERIFY(!row(QStringLiteral("nina")).isActive);
    QVERIFY(!row(QStringLiteral("nina")).hasPasswordHere);
    YARROW_COMPARE_ERROR(signIn(QStringLiteral("nina"), TestClinic::password()), ErrorCode::WrongPassword);
}

void TestLocalAccountDesk::theLastAdministrator_staysOne()
{
    const AccountRow admin = row(QStringLiteral("admin"));
    AccountRow wanted = admin;
    wanted.isActive = false;
    const auto refused = change(admin, wanted);
    YARROW_COMPARE_ERROR(refused, ErrorCode::InvalidArgument);
    QVERIFY(refused.error().context.find("last administrator") != std::string::npos);
    add(QStringLiteral("boss"), Role::Admin);
    wanted = admin;
    wanted.role = Role::Nurse;
    YARROW_VERIFY_OK(change(admin, wanted));
}

void TestLocalAccountDesk::aNewPassword_opensAndTheOldDoesNot()
{
    const AccountId nina = add(QStringLiteral("nina"), Role::Nurse);
    YARROW_VERIFY_OK(wait<void>(
        [&](QObject* context, auto done) { desk().setPassword(nina, kFresh, context, std::move(done)); }));
    YARROW_COMPARE_ERROR(signIn(QStringLiteral("nina"), TestClinic::password()), ErrorCode::WrongPassword);
    YARROW_VERIFY_OK(signIn(QStringLiteral("nina"), kFresh));
    YARROW_COMPARE_ERROR(wait<void>([&](QObject* context, auto done) {
                             desk().setPassword(AccountId::known("nobody"), kFresh, context, std::move(done));
                         }),
                         ErrorCode::NotFound);
}

void TestLocalAccountDesk::ownPassword_isChangedByWhoeverIsSignedIn()
{
    add(QStringLiteral("nina"), Role::Nurse);
    open(QStringLiteral("nina"));
    YARROW_COMPARE_ERROR(wait<void>([&](QObject* context, auto done) {
                             desk().changeOwnPassword(kFresh, kFresh + u'!', context, std::move(done));
                         }),
                         ErrorCode::WrongPassword);
    YARROW_VERIFY_OK(wait<void>([&](QObject* context, auto done) {
        desk().changeOwnPassword(TestClinic::password(), kFresh, context, std::move(done));
    }));
    YARROW_VERIFY_OK(signIn(QStringLiteral("nina"), kFresh));
}

void TestLocalAccountDesk::whatAnExchangeBrings_isAnnouncedAndListed()
{
    ServerSide server(*m_test);
    server.enrol();
    add(QStringLiteral("petra"), Role::Nurse);
    QVERIFY(m_runner->changes > 0); // the server is told soon
    QVERIFY(row(QStringLiteral("petra")).waits && row(QStringLiteral("petra")).hasPasswordThere);
    QVERIFY(list().hasServer && !row(QStringLiteral("admin")).hasPasswordThere);
    QSignalSpy changed(&desk(), &AccountDesk::changed);
    m_runner->setRunning(true);
    QCOMPARE(changed.count(), 0);
    {
        Transaction transaction(server.connection());
        const Account admin = *findAccountByName(server.connection(), "admin");
        static_cast<void>(takeAccounts(
            server.connection(), m_test->clock, m_identity,
            {{admin.id.text(), "admin", "Administrator", Role::Admin, true, "r1", 0, {}},
             {"samira-1", "samira", "Samira Haddad", Role::Doctor, true, "r1", 1, R"({"salt":"s"})"}},
            "tag"));
        transaction.commit();
    }
    m_runner->setRunning(false);
    QCOMPARE(changed.count(), 1);
    const AccountRow samira = row(QStringLiteral("samira"));
    QCOMPARE(samira.name, QStringLiteral("Samira Haddad"));
    QVERIFY(samira.hasPasswordThere && !samira.hasPasswordHere);
    YARROW_COMPARE_ERROR(wait<void>([&](QObject* context, auto done) {
                             desk().admit(samira.id, kFresh, context, std::move(done));
                         }),
                         ErrorCode::WrongPassword);
}

void TestLocalAccountDesk::whoMayNot_isRefused()
{
    add(QStringLiteral("nina"), Role::Nurse);
    const AccountRow nina = row(QStringLiteral("nina"));
    open(QStringLiteral("nina"));
    YARROW_COMPARE_ERROR(
        wait<AccountList>([&](QObject* context, auto done) { desk().list(context, std::move(done)); }),
        ErrorCode::Forbidden);
    AccountRow wanted = nina;
    wanted.role = Role::Admin;
    YARROW_COMPARE_ERROR(change(nina, wanted), ErrorCode::Forbidden);
}

QTEST_GUILESS_MAIN(TestLocalAccountDesk)
#include "tst_local_account_desk.moc"
