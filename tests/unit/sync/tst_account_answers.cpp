// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/account_exchange.h"
#include "sync/engine/accounts.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;
using sync::HttpResponse;

namespace {

/// Lists accounts, and answers every change of one with the same.
class AccountServer final : public sync::Transport
{
public:
    std::string accounts;
    HttpResponse change{200, {}, R"({"verifierVersion":1})"};

    tl::expected<HttpResponse, sync::TransportError> send(const sync::HttpRequest& request) override
    {
        if (request.method == sync::Method::Get)
            return HttpResponse{200, {}, "{\"accounts\":[" + accounts + "]}"};
        return change;
    }
    [[nodiscard]] Traffic traffic() const override { return {}; }
};

std::string listed(const Account& account, const std::string& role)
{
    return R"({"id":")" + account.id.text() + R"(","user":")" + account.userName + R"(","name":")" +
           account.displayName + R"(","role":")" + role + R"(","active":true,"revision":"r"})";
}

} // namespace

/// What answers about accounts mean.
class TestAccountAnswers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void anAnswerThatIsNotTheServers_takesNoDeactivationBack_data();
    void anAnswerThatIsNotTheServers_takesNoDeactivationBack();
    void anAccountInUnknownWords_isNoReasonToMissTheOthers();

private:
    sync::Step<void> exchange();
    [[nodiscard]] Account account(const char* user)
    {
        return *findAccountByName(m_server->connection(), user);
    }
    void disable(const QString& user);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
    AccountServer m_remote;
};

void TestAccountAnswers::init()
{
    m_test = std::make_unique<TestClinic>();
    for (const char* user : {"nina", "olga"})
        m_test->addUser(QString::fromLatin1(user), Role::Nurse);
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_remote = AccountServer();
    m_remote.accounts = listed(account("admin"), "admin") + "," + listed(account("nina"), "nurse") + "," +
                        listed(account("olga"), "nurse");
    QVERIFY(exchange());
}

void TestAccountAnswers::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

sync::Step<void> TestAccountAnswers::exchange()
{
    const std::atomic_bool cancelled = false;
    const ClinicIdentity identity = m_clinic->identity();
    sync::SyncSession session{.connection = m_server->connection(),
                              .clock = m_test->clock,
                              .ids = m_test->ids,
                              .clinic = identity,
                              .transport = m_remote,
                              .cancelled = cancelled,
                              .pause = [](std::chrono::milliseconds) {},
                              .link = *readServerLink(m_server->connection())};
    session.accountsTag = "news";
    Query(m_server->connection(), "UPDATE server_link SET accounts_tag = ''").run();
    return exchangeAccounts(session);
}

void TestAccountAnswers::disable(const QString& user)
{
    AccountEdit edit;
    edit.active = false;
    YARROW_VERIFY_OK(m_clinic->accounts().change(user.toStdString(), edit, {}));
}

void TestAccountAnswers::anAnswerThatIsNotTheServers_takesNoDeactivationBack_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isServers");
    QTest::newRow("a proxy's page") << 403 << QByteArray("<html>no</html>") << false;
    QTest::newRow("a method that is not passed on") << 405 << QByteArray() << false;
    QTest::newRow("a misdirected request") << 421 << QByteArray("{\"code\":421}") << false;
    QTest::newRow("another's problem") << 403 << QByteArray("{\"code\":\"waf\"}") << false;
    QTest::newRow("the server's") << 403 << QByteArray("{\"status\":403,\"code\":\"outside-scope\"}") << true;
}

void TestAccountAnswers::anAnswerThatIsNotTheServers_takesNoDeactivationBack()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, isServers);
    disable(QStringLiteral("nina"));
    m_remote.change = {status, {}, body.toStdString()};
    const auto exchanged = exchange();
    QCOMPARE(exchanged.has_value(), isServers);
    QCOMPARE(account("nina").active, isServers);
    QCOMPARE(accountChanges(m_server->connection()).size(), std::size_t(isServers ? 0 : 1));
}

void TestAccountAnswers::anAccountInUnknownWords_isNoReasonToMissTheOthers()
{
    m_remote.accounts = listed(account("admin"), "admin") + "," + listed(account("nina"), "pharmacist") +
                        "," + listed(account("olga"), "doctor");
    QVERIFY(exchange());
    QCOMPARE(account("olga").role, Role::Doctor);
    QVERIFY(!account("nina").active);
}

QTEST_GUILESS_MAIN(TestAccountAnswers)
#include "tst_account_answers.moc"
