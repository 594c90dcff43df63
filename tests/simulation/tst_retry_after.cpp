// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/service/sync_schedule.h"
#include "tests/simulation/one_workstation.h"

#include <QtTest>

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;
using simulation::OneWorkstation;
using sync::Obstacle;

/// Retry-After, from the server's header to when the next exchange is due.
class TestRetryAfter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aServerThatAsksForTime_isGivenIt_data();
    void aServerThatAsksForTime_isGivenIt();
};

void TestRetryAfter::aServerThatAsksForTime_isGivenIt_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isWrite");
    QTest::addColumn<QByteArray>("text");
    const QByteArray seconds = "754";
    const QByteArray date = "Wed, 21 Oct 2015 07:40:34 GMT";
    QTest::newRow("busy, to a read") << 503 << false << seconds;
    QTest::newRow("too many, to a read") << 429 << false << seconds;
    QTest::newRow("busy, to a write") << 503 << true << seconds;
    QTest::newRow("too many, to a write") << 429 << true << seconds;
    QTest::newRow("busy until a date") << 503 << false << date;
}

void TestRetryAfter::aServerThatAsksForTime_isGivenIt()
{
    QFETCH(int, status);
    QFETCH(bool, isWrite);
    QFETCH(QByteArray, text);
    OneWorkstation desk({server::Area::PatientIdentity});
    YARROW_VERIFY_OK(desk.clinic->resources().put(patientDocument("p", "Keller", "Ada"), {}));
    desk.intercept = [=](const sync::HttpRequest& request) -> std::optional<ScriptedTransport::Answer> {
        const bool isWanted = isWrite ? request.method == sync::Method::Post && request.url.ends_with("fhir")
                                      : request.url.find("_history") != std::string::npos;
        if (!isWanted)
            return std::nullopt;
        sync::Headers headers;
        headers.add("Date", "Wed, 21 Oct 2015 07:28:00 GMT"); // by a clock that is slow
        headers.add("Retry-After", text.toStdString());
        return answer(status, {}, std::move(headers));
    };
    sync::SyncSchedule schedule(desk.test.clock, 1);
    schedule.began();
    const sync::SyncReport report = desk.cycle();
    QCOMPARE(report.obstacle, Obstacle::Busy);
    QVERIFY(report.retryAfter.has_value());
    QVERIFY(*report.retryAfter == 754s);
    schedule.ended(report);
    schedule.noteEdit(); // nobody here makes it earlier
    QVERIFY(schedule.dueAt().has_value());
    const auto wait = *schedule.dueAt() - desk.test.clock.now();
    QVERIFY2(wait >= 754s && wait < 1000s, std::to_string(wait.count()).c_str());
    QVERIFY(desk.atServer("Patient", "p").isNull());

    desk.intercept = nullptr;
    desk.test.clock.advance(wait);
    QCOMPARE(desk.cycle().waiting, 0);
    QVERIFY(!desk.atServer("Patient", "p").isNull());
}

QTEST_GUILESS_MAIN(TestRetryAfter)
#include "tst_retry_after.moc"
