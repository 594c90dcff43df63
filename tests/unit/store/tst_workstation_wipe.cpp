// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/workstation_wipe.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

/// A wipe that was cut off is finished at the next start, without a word from the server.
class TestWorkstationWipe : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void anOrderThatWasNotCarriedOut_isWhenSomebodySignsIn();
    void withoutUnsentEdits_nothingStays();
    void cutOffBeforeThePasswordsWereGone_nobodyGetsInAgain();
    void cutOffBeforeTheFilesWereGone_theyGo();
    void theRecoveryCode_opensTheUnsentEditsAlone();
    void whoReadsWhatWasLeft_isNotWipedAgain();
    void aMarkWithoutItsOrder_isAnOrder();
    void cutOffBeforeTheBackupsWereGone_theyGo_data();
    void cutOffBeforeTheBackupsWereGone_theyGo();
    void aNewClinic_isNotTakenAwayByAnOlderMark();

private:
    void order(); ///< the server's, noted and not carried out
    void mark(const char* kind);
    void leave() { m_server = nullptr, m_clinic = nullptr; }
    [[nodiscard]] auto signIn()
    {
        return Clinic::open(m_test->profile, QStringLiteral("admin"), TestClinic::password(),
                            m_test->environment);
    }
    [[nodiscard]] Result<void> recover()
    {
        return Clinic::recover(m_test->profile, *RecoveryCode::parse(m_test->recoveryCode),
                               QStringLiteral("admin"), TestClinic::password(), m_test->environment);
    }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<ServerSide> m_server;
};

void TestWorkstationWipe::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_server->deliver(patientDocument("known", "Rossi", "Ada"));
}

void TestWorkstationWipe::cleanup()
{
    m_server.reset();
    m_clinic.reset();
    m_test.reset();
}

void TestWorkstationWipe::order()
{
    Transaction transaction(m_server->connection());
    stopServerLink(m_server->connection(), std::string(kToBeWiped));
    transaction.commit();
}

void TestWorkstationWipe::mark(const char* kind)
{
    QFile file(QString::fromStdString(m_test->profile.wipeFile().string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kind);
}

void TestWorkstationWipe::anOrderThatWasNotCarriedOut_isWhenSomebodySignsIn()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("unsent", "Verdi", "Carla")));
    order();
    leave();
    YARROW_COMPARE_ERROR(signIn(), ErrorCode::Forbidden);
    YARROW_COMPARE_ERROR(signIn(), ErrorCode::WrongPassword);
    QVERIFY(m_test->profile.hasClinic());
    QVERIFY(!std::filesystem::exists(m_test->profile.wipeFile()));
}

void TestWorkstationWipe::withoutUnsentEdits_nothingStays()
{
    order();
    leave();
    YARROW_COMPARE_ERROR(signIn(), ErrorCode::Forbidden);
    QVERIFY(!m_test->profile.hasClinic());
    QVERIFY(!std::filesystem::exists(m_test->profile.database()));
    QVERIFY(!std::filesystem::exists(m_test->profile.wipeFile()));
}

void TestWorkstationWipe::cutOffBeforeThePasswordsWereGone_nobodyGetsInAgain()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("unsent", "Verdi", "Carla")));
    order();
    mark("all but unsent edits");
    leave();
    QCOMPARE(Clinic::userNames(m_test->profile, m_test->environment.kdfCost)->size(), 0);
    YARROW_COMPARE_ERROR(signIn(), ErrorCode::WrongPassword);
    QVERIFY(std::filesystem::exists(m_test->profile.wipeFile())); // the records are there still
    YARROW_VERIFY_OK(recover());
    QVERIFY(!std::filesystem::exists(m_test->profile.wipeFile()));
}

void TestWorkstationWipe::cutOffBeforeTheFilesWereGone_theyGo()
{
    mark("all");
    leave();
    YARROW_COMPARE_ERROR(signIn(), ErrorCode::NotFound);
    QVERIFY(!std::filesystem::exists(m_test->profile.database()));
    QVERIFY(!std::filesystem::exists(m_test->profile.keyFile()));
    QVERIFY(!std::filesystem::exists(m_test->profile.wipeFile()));
}

void TestWorkstationWipe::theRecoveryCode_opensTheUnsentEditsAlone()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("unsent", "Verdi", "Carla")));
    order();
    leave();
    YARROW_VERIFY_OK(recover()); // nobody had signed in: it finishes what the server ordered
    auto clinic = signIn();
    YARROW_VERIFY_OK(clinic);
    YARROW_COMPARE_ERROR((*clinic)->resources().get("Patient", "known"), ErrorCode::NotFound);
    QCOMPARE((*clinic)->patients().search("rossi", 5)->size(), std::size_t(0));
    QCOMPARE(*(*clinic)->unsentRecords(), 1);
    YARROW_VERIFY_OK((*clinic)->checkIntegrity());
    QVERIFY(!(*clinic)->audit().verify()->firstBroken);
}

void TestWorkstationWipe::whoReadsWhatWasLeft_isNotWipedAgain()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("unsent", "Verdi", "Carla")));
    order();
    leave();
    YARROW_VERIFY_OK(recover());
    for (int i = 0; i < 2; ++i)
        YARROW_VERIFY_OK(signIn());
}

void TestWorkstationWipe::aMarkWithoutItsOrder_isAnOrder()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("unsent", "Verdi", "Carla")));
    mark("all but unsent edits"); // a power cut took the order, which the exchange commits without waiting
    leave();
    YARROW_COMPARE_ERROR(signIn(), ErrorCode::WrongPassword);
    for (int i = 0; i < 2; ++i) {
        YARROW_VERIFY_OK(recover());
        QVERIFY(!std::filesystem::exists(m_test->profile.wipeFile()));
        auto clinic = signIn();
        YARROW_VERIFY_OK(clinic);
        YARROW_COMPARE_ERROR((*clinic)->resources().get("Patient", "known"), ErrorCode::NotFound);
        QCOMPARE(*(*clinic)->unsentRecords(), 1);
    }
}

void TestWorkstationWipe::cutOffBeforeTheBackupsWereGone_theyGo_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("all") << QByteArray("all");
    QTest::newRow("but edits") << QByteArray("all but unsent edits");
}

void TestWorkstationWipe::cutOffBeforeTheBackupsWereGone_theyGo()
{
    QFETCH(QByteArray, kind);
    const QString name = deviceSecretName(m_test->databaseId());
    const auto backup = m_test->profile.backups() / "2026-03-01.keys.json";
    std::filesystem::create_directories(m_test->profile.backups());
    std::filesystem::copy_file(m_test->profile.keyFile(), backup);
    QVERIFY(m_test->secrets.read(name));
    mark((kind + "\n" + name.toLatin1()).constData());
    leave();
    YARROW_VERIFY_OK(resumeWipe(m_test->profile, nullptr, m_test->environment.kdfCost));
    QVERIFY(!std::filesystem::exists(backup));
    QVERIFY(std::filesystem::exists(m_test->profile.wipeFile())); // whoever reaches the key store goes on
    QVERIFY(!signIn());
    YARROW_COMPARE_ERROR(m_test->secrets.read(name), ErrorCode::NotFound);
    QCOMPARE(std::filesystem::exists(m_test->profile.wipeFile()), kind != "all");
}

void TestWorkstationWipe::aNewClinic_isNotTakenAwayByAnOlderMark()
{
    mark("all");
    leave();
    YARROW_VERIFY_OK(
        Clinic::create(m_test->profile,
                       {QStringLiteral("Lindenhof"), QTimeZone("Europe/Rome"), QStringLiteral("admin"),
                        QStringLiteral("Administrator"), TestClinic::password()},
                       m_test->environment));
    for (int i = 0; i < 2; ++i)
        YARROW_VERIFY_OK(signIn());
}

QTEST_GUILESS_MAIN(TestWorkstationWipe)
#include "tst_workstation_wipe.moc"
