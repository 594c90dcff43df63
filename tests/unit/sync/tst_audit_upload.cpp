// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/audit/incarnation.h"
#include "sync/engine/sync_engine.h"
#include "sync/engine/tunables.h"
#include "tests/support/audit_server.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;
using sync::SyncReport;
using sync::TransportError;

namespace {

/// A workstation linked to our server.
class Desk
{
public:
    explicit Desk(AuditServer& server)
        : m_server(server)
    {
        const auto pair = crypto::generateP256();
        server.deviceKey = pair.publicKey;
        if (!store.secrets.write(QStringLiteral("device-key"), pair.privateKey))
            qFatal("no key store");
        auto connection = store.connectBelow();
        Transaction transaction(*connection);
        ServerLink link;
        link.url = "https://clinic.example";
        link.keyName = "device-key";
        link.enrolledAt = "2026-03-02T09:00:00.000Z";
        writeServerLink(*connection, link);
        transaction.commit();
    }

    /// Somebody signs in, reads the audit a number of times, and goes.
    void work(int entries = 3, const std::string& since = {})
    {
        auto clinic = store.open();
        for (int i = 1; i < entries; ++i) {
            if (!clinic->audit().forEach({since, {}, {}}, [](const AuditEntry&) { return false; }))
                qFatal("the audit cannot be read");
        }
    }
    SyncReport sync()
    {
        auto connection = store.connectBelow();
        ClinicIdentity clinic;
        clinic.databaseId = store.databaseId();
        clinic.device = "device";
        sync::SyncEngine engine({*connection, store.clock, store.ids, clinic, m_server, {}, &store.secrets});
        const std::atomic_bool cancelled = false;
        return engine.cycle(cancelled);
    }

    std::string incarnation() { return incarnation::current(*store.connectBelow()); }
    ChainHead head() { return *incarnation::head(*store.connectBelow()); }
    void exec(const char* sql) { store.connectBelow()->exec(sql); }
    bool isWhole()
    {
        const auto verified = AuditLog::verify(*store.connectBelow());
        return verified && !verified->firstBroken;
    }
    /// The profile's database as it is now, and again as it was then.
    QByteArray database()
    {
        QFile file(path());
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no database");
        return file.readAll();
    }
    void setDatabase(const QByteArray& content)
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the database was not written");
    }

    TestClinic store;

private:
    QString path() const { return QString::fromStdString(store.profile.database().string()); }

    AuditServer& m_server;
};

} // namespace

class TestAuditUpload : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void entries_arriveInOrderAndOnce();
    void nothingNew_asksNothing();
    void lostAnswer_isNoReasonToSendAgain();
    void failures_stopNoRecords();
    void longChain_comesInSeveralCycles();
    void head_isSignedFromTimeToTime();
    void tamperedEntry_isNoticedByTheServer();
    void missingEntry_isNoticedByTheServer();
    void serverThatLostEntries_isSentThemAgain();
    void serverThatLostEntries_afterItWasAsked_isSentThemAgain();
    void restoredDatabase_isANewIncarnation();
    void restoredDatabase_thatWroteBeforeItWasNoticed();
    void cutTail_isANewIncarnation();
    void rewrittenChain_isNoticedByTheServer();
    void copies_areTwoIncarnations();
    void anotherMachine_isANewIncarnation();
    void anotherEnrolment_isANewIncarnation();
    void anotherServersEntries_areNotSent();
};

void TestAuditUpload::entries_arriveInOrderAndOnce()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    SyncReport report = desk.sync();
    QVERIFY(report.isComplete());
    QCOMPARE(report.audit.sent, 4); // the first account, the sign-in, two readings
    QCOMPARE(report.audit.waiting, 0);
    QCOMPARE(report.audit.note(), std::string());
    desk.work(2);
    report = desk.sync();
    QCOMPARE(report.audit.sent, 2);
    const auto& chain = server.chains.at(desk.incarnation());
    QCOMPARE(chain.broken, std::string());
    QCOMPARE(chain.head, desk.head().hash);
    QCOMPARE(chain.entries.size(), std::size_t(6));
    QCOMPARE(server.count("POST entries"), std::size_t(2));
    QCOMPARE(server.chains.size(), std::size_t(1));
}

void TestAuditUpload::nothingNew_asksNothing()
{
    AuditServer server;
    Desk desk(server);
    QVERIFY(desk.sync().isComplete());
    server.log.clear();
    QVERIFY(desk.sync().isComplete());
    QCOMPARE(server.log, std::vector<std::string>{"feed"});
}

void TestAuditUpload::lostAnswer_isNoReasonToSendAgain()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    server.fault = [](const std::string& what, bool isDone) -> std::optional<TransportError> {
        if (what == "POST entries" && isDone)
            return TransportError{TransportError::Reason::CutOff, true, {}};
        return std::nullopt;
    };
    SyncReport report = desk.sync();
    QVERIFY(report.isComplete());
    QCOMPARE(report.audit.problem, std::string("offline"));
    QCOMPARE(report.audit.waiting, 4);
    server.fault = {};
    report = desk.sync();
    QCOMPARE(report.audit.problem, std::string());
    QCOMPARE(report.audit.waiting, 0);
    QCOMPARE(server.count("POST entries"), std::size_t(1));
    QCOMPARE(server.chains.at(desk.incarnation()).entries.size(), std::size_t(4));
}

void TestAuditUpload::failures_stopNoRecords()
{
    for (const int status : {400, 401, 404, 429, 500}) {
        AuditServer server;
        Desk desk(server);
        server.auditStatus = status;
        const SyncReport report = desk.sync();
        QVERIFY(report.isComplete());
        QVERIFY(report.matchesServer);
        QCOMPARE(server.count("POST entries"),
                 std::size_t(0)); // as long as it is not known whose chain it is
        QCOMPARE(report.audit.note(), std::string("audit-not-sent"));
        QCOMPARE(outbox::exchanges(*desk.store.connectBelow()).front().note, std::string("audit-not-sent"));
        server.auditStatus = 0;
        QCOMPARE(desk.sync().audit.sent, 1);
    }
}

void TestAuditUpload::longChain_comesInSeveralCycles()
{
    AuditServer server;
    Desk desk(server);
    {
        auto connection = desk.store.connectBelow();
        Transaction transaction(*connection);
        AuditEvent event{AuditAction::Search};
        event.detail = std::string(60'000, 'x');
        for (int i = 0; i < 300; ++i)
            AuditLog::append(*connection, desk.store.clock, {}, event, {});
        transaction.commit();
    }
    SyncReport report = desk.sync();
    QVERIFY(report.isComplete());
    QVERIFY(report.audit.waiting > 0);
    QVERIFY(server.bytesTaken < sync::tunables::kAuditCycleBytes + 2 * sync::tunables::kAuditBatchBytes);
    QCOMPARE(report.audit.note(), std::string());
    for (int cycles = 0; report.audit.waiting > 0 && cycles < 20; ++cycles)
        report = desk.sync();
    const auto& chain = server.chains.at(desk.incarnation());
    QCOMPARE(chain.entries.size(), std::size_t(301));
    QCOMPARE(chain.broken, std::string());
}

void TestAuditUpload::head_isSignedFromTimeToTime()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QCOMPARE(desk.sync().audit.problem, std::string());
    const auto& chain = server.chains.at(desk.incarnation());
    QCOMPARE(chain.checkpoints, (std::map<std::int64_t, std::string>{{4, desk.head().hash}}));
    desk.work(2);
    QVERIFY(desk.sync().isComplete());
    QCOMPARE(chain.checkpoints.size(), std::size_t(1));
    desk.work(static_cast<int>(sync::tunables::kAuditCheckpointEntries));
    QVERIFY(desk.sync().isComplete());
    QCOMPARE(chain.checkpoints.rbegin()->second, desk.head().hash);
    QCOMPARE(chain.checkpoints.size(), std::size_t(2));
}

void TestAuditUpload::tamperedEntry_isNoticedByTheServer()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    desk.exec("DROP TRIGGER audit_is_never_changed");
    desk.exec("UPDATE audit SET account = '' WHERE seq = 3");
    const SyncReport report = desk.sync();
    QCOMPARE(report.audit.broken, std::string("entry=3 reason=hash-mismatch"));
    QCOMPARE(report.audit.note(), std::string("audit-broken"));
    QCOMPARE(server.chains.at(desk.incarnation()).entries.size(), std::size_t(4));
    QCOMPARE(desk.sync().audit.note(), std::string());
}

void TestAuditUpload::missingEntry_isNoticedByTheServer()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    desk.exec("DROP TRIGGER audit_is_never_deleted");
    desk.exec("DELETE FROM audit WHERE seq = 2");
    QCOMPARE(desk.sync().audit.broken, std::string("entry=3 reason=gap"));
}

void TestAuditUpload::serverThatLostEntries_isSentThemAgain()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const auto then = server.chains;
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const auto lost = server.chains;
    for (const auto& restored : {then, decltype(then)()}) {
        server.chains = restored;
        desk.work(1);
        const SyncReport report = desk.sync();
        QCOMPARE(report.audit.note(), std::string());
        const auto& chain = server.chains.at(desk.incarnation());
        QCOMPARE(chain.head, desk.head().hash);
        QCOMPARE(static_cast<std::int64_t>(chain.entries.size()), desk.head().seq);
    }
}

void TestAuditUpload::serverThatLostEntries_afterItWasAsked_isSentThemAgain()
{
    for (const bool isAnswerLost : {false, true}) {
        AuditServer server;
        Desk desk(server);
        desk.work();
        QVERIFY(desk.sync().isComplete());
        const auto then = server.chains;
        desk.work();
        QVERIFY(desk.sync().isComplete());
        desk.work();
        bool isRestored = false;
        server.fault = [&](const std::string& what, bool isDone) -> std::optional<TransportError> {
            if (what == "POST entries" && !std::exchange(isRestored, true))
                server.chains = then;
            if (what == "POST entries" && isDone && isAnswerLost)
                return TransportError{TransportError::Reason::CutOff, true, {}};
            return std::nullopt;
        };
        QCOMPARE(desk.sync().audit.broken.empty(), isAnswerLost);
        server.fault = [](const std::string& what, bool) -> std::optional<TransportError> {
            if (what == "POST entries")
                return TransportError{TransportError::Reason::CutOff, true, {}};
            return std::nullopt;
        };
        QVERIFY(desk.sync().isComplete());
        server.fault = {};
        QVERIFY(desk.sync().isComplete());
        desk.work();
        server.bytesTaken = 0;
        QCOMPARE(desk.sync().audit.note(), std::string());
        const auto& chain = server.chains.at(desk.incarnation());
        QCOMPARE(chain.head, desk.head().hash);
        QCOMPARE(static_cast<std::int64_t>(chain.entries.size()), desk.head().seq);
        QVERIFY(server.bytesTaken < 4'000); // the new ones alone
    }
}

void TestAuditUpload::restoredDatabase_isANewIncarnation()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const QByteArray backup = desk.database();
    const std::string old = desk.incarnation();
    const ChainHead oldHead = desk.head();
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const std::int64_t atServer = server.chains.at(old).next;

    desk.setDatabase(backup);
    desk.work(); // the key store tells at sign-in, before anything is written
    const std::string fresh = desk.incarnation();
    QVERIFY(fresh != old);
    const SyncReport report = desk.sync();
    QVERIFY(report.isComplete());
    QCOMPARE(report.audit.note(), std::string("incarnation-restored"));
    QCOMPARE(outbox::exchanges(*desk.store.connectBelow()).front().note, std::string("incarnation-restored"));
    QVERIFY(desk.isWhole());
    const auto& chain = server.chains.at(fresh);
    QCOMPARE(chain.broken, std::string());
    QCOMPARE(
        (ChainHead{chain.follows, chain.followsSeq, std::string(chain.entries[0].json["previous"].string())}),
        oldHead);
    QCOMPARE(chain.entries[0].json["action"].string(), std::string_view("incarnation-begun"));
    QCOMPARE(server.chains.at(old).next, atServer);
    QCOMPARE(server.chains.at(old).broken, std::string());

    desk.work();
    QCOMPARE(desk.sync().audit.note(), std::string());
    QCOMPARE(desk.incarnation(), fresh);
}

void TestAuditUpload::restoredDatabase_thatWroteBeforeItWasNoticed()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const QByteArray backup = desk.database();
    const std::string old = desk.incarnation();
    desk.work(5);
    QVERIFY(desk.sync().isComplete());

    desk.setDatabase(backup);
    { // by a program that does not reach the key store
        auto connection = desk.store.connectBelow();
        Transaction transaction(*connection);
        AuditLog::append(*connection, desk.store.clock, {}, {AuditAction::SignOut}, {});
        transaction.commit();
    }
    SyncReport report = desk.sync();
    QVERIFY(report.isComplete());
    QCOMPARE(report.audit.note(), std::string("incarnation-restored"));
    // The one that stands in another's place is told and kept; the new chain is whole.
    QCOMPARE(report.audit.broken, std::string("entry=5 reason=other-entry"));
    const std::string fresh = desk.incarnation();
    QVERIFY(fresh != old);
    QCOMPARE(server.chains.at(fresh).broken, std::string());
    QCOMPARE(server.chains.at(fresh).head, desk.head().hash);
    QVERIFY(desk.isWhole());
    desk.work();
    QCOMPARE(desk.sync().audit.note(), std::string());
    QCOMPARE(desk.incarnation(), fresh);
}

void TestAuditUpload::cutTail_isANewIncarnation()
{
    AuditServer server;
    Desk desk(server);
    desk.work(5);
    QVERIFY(desk.sync().isComplete());
    const std::string old = desk.incarnation();
    desk.exec("DROP TRIGGER audit_is_never_deleted");
    desk.exec("DELETE FROM audit WHERE seq > 3");
    desk.exec("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'");
    const SyncReport report = desk.sync();
    QCOMPARE(report.audit.note(), std::string("incarnation-restored"));
    const auto& chain = server.chains.at(desk.incarnation());
    QCOMPARE(chain.follows, old);
    QCOMPARE(chain.followsSeq, 3);
    QCOMPARE(server.chains.at(old).entries.size(), std::size_t(6)); // what was cut is still there
}

void TestAuditUpload::rewrittenChain_isNoticedByTheServer()
{
    AuditServer server;
    Desk desk(server);
    desk.work(5);
    QVERIFY(desk.sync().isComplete());
    const std::string old = desk.incarnation();
    {
        // All behind the second entry is written anew, so that the chain looks whole from here.
        auto connection = desk.store.connectBelow();
        connection->exec("DROP TRIGGER audit_is_never_deleted");
        connection->exec("DELETE FROM audit WHERE seq > 2");
        Transaction transaction(*connection);
        for (int i = 0; i < 5; ++i)
            AuditLog::append(*connection, desk.store.clock, {}, {AuditAction::Search}, {});
        transaction.commit();
    }
    QVERIFY(desk.isWhole());
    const SyncReport report = desk.sync();
    QCOMPARE(report.audit.note(), std::string("incarnation-copied"));
    QCOMPARE(report.audit.broken, std::string("entry=3 reason=other-entry"));
    QVERIFY(!server.chains.at(old).broken.empty());
    QCOMPARE(server.chains.at(desk.incarnation()).broken, std::string());
}

void TestAuditUpload::copies_areTwoIncarnations()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QVERIFY(desk.sync().isComplete());
    QByteArray other = desk.database();
    const std::string old = desk.incarnation();
    std::string note;
    std::string noteOfOther;
    for (int day = 0; day < 4; ++day) {
        desk.work();
        note += desk.sync().audit.note();
        QByteArray one = desk.database();
        desk.setDatabase(other);
        desk.work(5);
        noteOfOther += desk.sync().audit.note();
        other = desk.database();
        desk.setDatabase(one);
        QVERIFY(desk.isWhole());
    }
    QCOMPARE(note, std::string());
    QCOMPARE(noteOfOther, std::string("incarnation-restored"));
    QCOMPARE(server.chains.size(), std::size_t(2));
    for (const auto& [incarnation, chain] : server.chains)
        QCOMPARE(chain.broken, std::string());
    QCOMPARE(desk.incarnation(), old);
}

void TestAuditUpload::anotherMachine_isANewIncarnation()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const std::string old = desk.incarnation();
    // The key store of the other machine knows only what was put there to sign in.
    const QString name = QString::fromStdString("audit-head/" + desk.store.databaseId() + "/" + old);
    YARROW_VERIFY_OK(desk.store.secrets.remove(name));
    desk.work();
    const std::string fresh = desk.incarnation();
    QVERIFY(fresh != old);
    QCOMPARE(desk.sync().audit.note(), std::string("incarnation-moved"));
    desk.work();
    QCOMPARE(desk.incarnation(), fresh);
    QVERIFY(desk.isWhole());
    QCOMPARE(server.chains.at(fresh).broken, std::string());
}

void TestAuditUpload::anotherEnrolment_isANewIncarnation()
{
    AuditServer server;
    Desk desk(server);
    desk.work();
    QVERIFY(desk.sync().isComplete());
    const std::string old = desk.incarnation();
    server.device = "d2";
    desk.work();
    const SyncReport report = desk.sync();
    QCOMPARE(report.audit.note(), std::string("incarnation-moved"));
    QVERIFY(desk.incarnation() != old);
    QCOMPARE(server.chains.at(desk.incarnation()).device, std::string("d2"));
    QCOMPARE(server.chains.at(desk.incarnation()).broken, std::string());
    QCOMPARE(server.chains.at(old).broken, std::string()); // nobody brands another's chain
    QCOMPARE(server.chains.at(desk.incarnation()).head, desk.head().hash);
}

void TestAuditUpload::anotherServersEntries_areNotSent()
{
    AuditServer server;
    Desk desk(server);
    desk.exec("UPDATE server_link SET kind = 'fhir'");
    (void)desk.sync();
    QCOMPARE(server.count("GET chains") + server.count("POST entries"), std::size_t(0));
}

QTEST_GUILESS_MAIN(TestAuditUpload)
#include "tst_audit_upload.moc"
