// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/sign_in_throttle.h"

#include "models/store/keys/atomic_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace yarrow;
using namespace std::chrono_literals;

class TestSignInThrottle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void twoFailuresAreFree_thenTheWaitDoubles();
    void tooEarly_doesNotCount();
    void secondsAreRoundedUp();
    void success_clearsAndTells();
    void users_areApart();
    void unknownNames_shareACount();
    void withdrawnAttempt_doesNotCount();
    void restart_remembers();
    void abandonedAttempt_isAFailure();
    void clockSetBack_startsTheWaitAnewAndOnce();
    void looking_doesNotProlongTheWait();
    void damagedFile_isAShortWaitForEverybody_data();
    void damagedFile_isAShortWaitForEverybody();
    void damage_endsForWhoSignsIn();
    void unwritableFile_letsNobodyIn();
    void file_holdsNoNames();

private:
    /// A fresh object each time, as after a restart.
    [[nodiscard]] SignInThrottle throttle() const { return {m_path, *m_clock}; }
    void failTimes(const AccountId& user, int times)
    {
        for (int i = 0; i < times; ++i) {
            m_clock->advance(15min);
            QVERIFY(throttle().begin(user).has_value());
        }
    }
    [[nodiscard]] qint64 wait(const AccountId& user) const
    {
        return static_cast<qint64>(throttle().remainingWait(user).value().count());
    }

    const AccountId m_nora = AccountId::known("user-1");
    const AccountId m_emil = AccountId::known("user-2");
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FixedClock> m_clock;
    QString m_path;
};

void TestSignInThrottle::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(QStringLiteral("sign-in.json"));
    m_clock = std::make_unique<FixedClock>(parseInstant("2026-03-29T00:59:50.250Z").value());
}

void TestSignInThrottle::twoFailuresAreFree_thenTheWaitDoubles()
{
    const std::vector<qint64> waits{0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900};
    for (const qint64 expected : waits) {
        QVERIFY(throttle().begin(m_nora).has_value());
        QCOMPARE(wait(m_nora), expected);
        m_clock->advance(std::chrono::seconds(expected) - 1ms);
        if (expected > 0) {
            const auto early = throttle().begin(m_nora);
            QVERIFY(!early);
            QCOMPARE(early.error().code, ErrorCode::Throttled);
            QCOMPARE(early.error().context, std::string("1"));
        }
        m_clock->advance(1ms);
    }
}

void TestSignInThrottle::tooEarly_doesNotCount()
{
    failTimes(m_nora, 3);
    for (int i = 0; i < 10; ++i)
        QVERIFY(!throttle().begin(m_nora));
    m_clock->advance(5s);
    const auto attempt = throttle().begin(m_nora);
    QVERIFY(attempt.has_value());
    QCOMPARE(attempt->failuresBefore, 3);
}

void TestSignInThrottle::secondsAreRoundedUp()
{
    failTimes(m_nora, 3);
    m_clock->advance(1ms);
    QCOMPARE(throttle().begin(m_nora).error().context, std::string("5"));
    m_clock->advance(999ms);
    QCOMPARE(throttle().begin(m_nora).error().context, std::string("4"));
}

void TestSignInThrottle::success_clearsAndTells()
{
    const auto clean = throttle().begin(m_nora);
    QVERIFY(clean.has_value());
    QCOMPARE(throttle().succeed(*clean).value(), 0);
    failTimes(m_nora, 4);
    m_clock->advance(10s);
    const auto attempt = throttle().begin(m_nora);
    QVERIFY(attempt.has_value());
    QCOMPARE(throttle().succeed(*attempt).value(), 4);
    QCOMPARE(throttle().begin(m_nora)->failuresBefore, 0);
}

void TestSignInThrottle::users_areApart()
{
    failTimes(m_nora, 5);
    QVERIFY(wait(m_nora) > 0);
    QCOMPARE(wait(m_emil), 0);
    const auto attempt = throttle().begin(m_emil);
    QVERIFY(attempt.has_value());
    QVERIFY(throttle().succeed(*attempt).has_value());
    QVERIFY(wait(m_nora) > 0);
}

void TestSignInThrottle::unknownNames_shareACount()
{
    failTimes(AccountId(), 3);
    QCOMPARE(wait(AccountId()), 5);
    QCOMPARE(wait(m_nora), 0);
}

void TestSignInThrottle::withdrawnAttempt_doesNotCount()
{
    failTimes(m_nora, 3);
    m_clock->advance(5s);
    const auto attempt = throttle().begin(m_nora);
    QVERIFY(attempt.has_value());
    QCOMPARE(wait(m_nora), 10);
    QVERIFY(throttle().withdraw(*attempt).has_value());
    QCOMPARE(wait(m_nora), 0);
    QCOMPARE(throttle().begin(m_nora)->failuresBefore, 3);
}

void TestSignInThrottle::restart_remembers()
{
    failTimes(m_nora, 3);
    SignInThrottle another(m_path, *m_clock);
    QCOMPARE(another.begin(m_nora).error().code, ErrorCode::Throttled);
}

void TestSignInThrottle::abandonedAttempt_isAFailure()
{
    for (int i = 0; i < 3; ++i)
        QVERIFY(throttle().begin(m_nora).has_value());
    QCOMPARE(wait(m_nora), 5);
}

void TestSignInThrottle::clockSetBack_startsTheWaitAnewAndOnce()
{
    failTimes(m_nora, 5);
    QCOMPARE(wait(m_nora), 20);
    m_clock->advance(15s);
    QCOMPARE(wait(m_nora), 5);
    m_clock->advance(-std::chrono::hours(24 * 365));
    QCOMPARE(wait(m_nora), 20);
    m_clock->advance(19s);
    QCOMPARE(throttle().begin(m_nora).error().context, std::string("1"));
    m_clock->advance(1s);
    QVERIFY(throttle().begin(m_nora).has_value());
}

void TestSignInThrottle::looking_doesNotProlongTheWait()
{
    failTimes(m_nora, 3);
    for (int left = 5; left >= 0; --left) {
        QCOMPARE(wait(m_nora), left);
        m_clock->advance(1s);
    }
    QVERIFY(throttle().begin(m_nora).has_value());
}

void TestSignInThrottle::damagedFile_isAShortWaitForEverybody_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("\0\0\0\0", 4);
    QTest::newRow("another shape") << QByteArray("[]");
    QTest::newRow("newer") << QByteArray(R"({"format":2,"users":{}})");
    QTest::newRow("negative") << QByteArray(
        R"({"format":1,"users":{"a":{"failures":-1,"last":"2026-01-01T00:00:00.000Z"}}})");
    QTest::newRow("time") << QByteArray(R"({"format":1,"users":{"a":{"failures":1,"last":"yesterday"}}})");
    QTest::newRow("id") << QByteArray(
        R"({"format":1,"users":{"a b":{"failures":1,"last":"2026-01-01T00:00:00.000Z"}}})");
    QTest::newRow("others") << QByteArray(R"({"format":1,"users":{},"others":7})");
    QTest::newRow("too long") << QByteArray(1024 * 1024 + 1, ' ');
}

void TestSignInThrottle::damagedFile_isAShortWaitForEverybody()
{
    QFETCH(QByteArray, content);
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(wait(m_nora), 5);
    QCOMPARE(throttle().begin(m_emil).error().code, ErrorCode::Throttled);
    m_clock->advance(5s);
    QVERIFY(throttle().begin(m_nora).has_value());
    QCOMPARE(wait(m_nora), 10);
    QCOMPARE(wait(m_emil), 0);
}

void TestSignInThrottle::damage_endsForWhoSignsIn()
{
    QVERIFY(writeFileAtomically(m_path, "?").has_value());
    QVERIFY(!throttle().begin(m_nora));
    m_clock->advance(5s);
    const auto attempt = throttle().begin(m_nora);
    QVERIFY(attempt.has_value());
    QCOMPARE(throttle().succeed(*attempt).value(), 3);
    QCOMPARE(throttle().begin(m_nora)->failuresBefore, 0);
    QCOMPARE(throttle().begin(m_emil)->failuresBefore, 3);
}

void TestSignInThrottle::unwritableFile_letsNobodyIn()
{
    const FixedClock clock = *m_clock;
    SignInThrottle nowhere(m_folder->filePath(QStringLiteral("gone/sign-in.json")), clock);
    const auto attempt = nowhere.begin(m_nora);
    QVERIFY(!attempt);
    QCOMPARE(attempt.error().code, ErrorCode::Io);
}

void TestSignInThrottle::file_holdsNoNames()
{
    failTimes(m_nora, 1);
    QCOMPARE(
        readSmallFile(m_path, 1000).value(),
        std::string(R"({"format":1,"users":{"user-1":{"failures":1,"last":"2026-03-29T01:14:50.250Z"}}})"));
}

QTEST_GUILESS_MAIN(TestSignInThrottle)
#include "tst_sign_in_throttle.moc"
