// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/clinic.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace yarrow;

namespace {

const QString kPassword = QStringLiteral("violet anchor tram 19");

} // namespace

/// yarrowctl on databases that somebody with the key has tampered with, and with a real key store.
class TestYarrowctl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void auditVerify_namesTheFirstChangedEntry();
    void auditVerify_namesTheFirstMissingEntry();
    void doctor_findsAProjectionThatDiffers_data();
    void doctor_findsAProjectionThatDiffers();
    void newerSchema_isRefusedUntouched();
    void keyStore_standsBehindThePassword();

private:
    struct Ran
    {
        int exitCode;
        QJsonObject result;
    };
    Ran run(const QStringList& words, const QString& keyStore = QStringLiteral("none"));
    void tamper(const char* sql);
    static QString errorCode(const Ran& ran);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestYarrowctl::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QCOMPARE(run({QStringLiteral("init"), QStringLiteral("--clinic"), QStringLiteral("Lindenhof"),
                  QStringLiteral("--admin"), QStringLiteral("admin"), QStringLiteral("--demo")})
                 .exitCode,
             0);
}

TestYarrowctl::Ran TestYarrowctl::run(const QStringList& words, const QString& keyStore)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("YARROW_PASSWORD"), kPassword);
    environment.insert(QStringLiteral("YARROW_KEY_STORE"), keyStore);
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationDirPath() + QStringLiteral("/yarrowctl"),
                  QStringList{QStringLiteral("--json"), QStringLiteral("--profile"), m_folder->path()} +
                      words);
    constexpr int kPatienceMs = 120'000;
    if (!process.waitForFinished(kPatienceMs) || process.exitStatus() != QProcess::NormalExit)
        return {-1, {}};
    return {process.exitCode(), QJsonDocument::fromJson(process.readAllStandardOutput()).object()};
}

QString TestYarrowctl::errorCode(const Ran& ran)
{
    return ran.result[u"error"].toObject()[u"code"].toString();
}

/// Runs SQL on the database, as somebody could who has its key.
void TestYarrowctl::tamper(const char* sql)
{
    const Profile profile(m_folder->path().toStdString());
    const auto keyFile = KeySlotFile::load(QString::fromStdString(profile.keyFile().string()));
    QVERIFY(keyFile.has_value());
    const auto unlocked = keyFile->unlockWithPassword(QStringLiteral("admin"), kPassword);
    QVERIFY(unlocked.has_value());
    const auto connection =
        Connection::open(profile.database(), unlocked->keys.current, Connection::Mode::Write);
    QVERIFY(connection.has_value());
    (*connection)->exec(sql);
}

void TestYarrowctl::auditVerify_namesTheFirstChangedEntry()
{
    const Ran whole = run({QStringLiteral("audit"), QStringLiteral("verify")});
    QCOMPARE(whole.exitCode, 0);
    QCOMPARE(whole.result[u"ok"].toBool(), true);
    QVERIFY(whole.result[u"firstBroken"].isNull());
    tamper("DROP TRIGGER audit_is_never_changed; UPDATE audit SET account = 'somebody-else' WHERE seq IN (7, "
           "19)");
    const Ran broken = run({QStringLiteral("audit"), QStringLiteral("verify")});
    QCOMPARE(broken.exitCode, 1);
    QCOMPARE(broken.result[u"ok"].toBool(true), false);
    QCOMPARE(broken.result[u"firstBroken"].toInt(), 7);
}

void TestYarrowctl::auditVerify_namesTheFirstMissingEntry()
{
    tamper("DROP TRIGGER audit_is_never_deleted; DELETE FROM audit WHERE seq = 12");
    const Ran broken = run({QStringLiteral("audit"), QStringLiteral("verify")});
    QCOMPARE(broken.exitCode, 1);
    QCOMPARE(broken.result[u"firstBroken"].toInt(), 12);
}

void TestYarrowctl::doctor_findsAProjectionThatDiffers_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("patient_index") << QByteArray(
        "UPDATE patient_index SET name = 'Other' WHERE pk = (SELECT min(pk) FROM patient_index)");
    QTest::newRow("patient_fts") << QByteArray(
        "INSERT INTO patient_fts (rowid, tokens) VALUES (999999, 'ghost')");
    QTest::newRow("appointment_index") << QByteArray(
        "UPDATE appointment_index SET start_at = 0 WHERE pk = (SELECT min(pk) FROM appointment_index)");
    QTest::newRow("appointment_actor") << QByteArray("DELETE FROM appointment_actor WHERE start_at = "
                                                     "(SELECT min(start_at) FROM appointment_actor)");
}

void TestYarrowctl::doctor_findsAProjectionThatDiffers()
{
    QFETCH(QByteArray, sql);
    QCOMPARE(run({QStringLiteral("doctor")}).result[u"checks"].toArray().isEmpty(), false);
    tamper(sql.constData());
    const Ran ill = run({QStringLiteral("doctor")});
    QCOMPARE(ill.exitCode, 1);
    const QJsonArray checks = ill.result[u"checks"].toArray();
    for (const auto& check : checks) {
        const bool isIt = check.toObject()[u"name"].toString() == QLatin1String("projections");
        QCOMPARE(check.toObject()[u"ok"].toBool(), !isIt);
        if (isIt)
            QVERIFY(check.toObject()[u"detail"].toString().contains(QLatin1String(QTest::currentDataTag())));
    }
    // Looking changed nothing.
    QCOMPARE(run({QStringLiteral("doctor")}).exitCode, 1);
}

void TestYarrowctl::newerSchema_isRefusedUntouched()
{
    tamper("PRAGMA user_version = 999");
    QFile database(m_folder->filePath(QStringLiteral("clinic.db")));
    QVERIFY(database.open(QIODevice::ReadOnly));
    const QByteArray before = database.readAll();
    const Ran refused = run({QStringLiteral("patients"), QStringLiteral("search"), QStringLiteral("x")});
    QCOMPARE(refused.exitCode, 1);
    QCOMPARE(errorCode(refused), QStringLiteral("DatabaseNewer"));
    QVERIFY(database.seek(0));
    QCOMPARE(database.readAll(), before);
}

void TestYarrowctl::keyStore_standsBehindThePassword()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const Ran created = run({QStringLiteral("init"), QStringLiteral("--clinic"), QStringLiteral("Lindenhof"),
                             QStringLiteral("--admin"), QStringLiteral("admin")},
                            QString());
    QCOMPARE(created.exitCode, 0);
    QCOMPARE(created.result[u"keyStore"].toBool(), true);
    const QStringList search{QStringLiteral("patients"), QStringLiteral("search"), QStringLiteral("x")};
    QCOMPARE(run(search, QString()).exitCode, 0);
    const Ran locked = run(search, QStringLiteral("none"));
    QCOMPARE(locked.exitCode, 3);
    QCOMPARE(errorCode(locked), QStringLiteral("KeyStoreUnavailable"));
}

QTEST_GUILESS_MAIN(TestYarrowctl)
#include "tst_yarrowctl.moc"
