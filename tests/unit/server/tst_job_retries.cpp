// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 cannot read <concepts>
#include "server/jobs/kind.h"
#endif

#include <QTest>

using namespace yarrow::server::jobs;
using namespace std::chrono_literals;

class TestJobRetries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void delayDoublesWithEachAttempt()
    {
        QCOMPARE(retryDelay(kind(), 1, 1.0), 5000ms);
        QCOMPARE(retryDelay(kind(), 2, 1.0), 10'000ms);
        QCOMPARE(retryDelay(kind(), 3, 1.0), 20'000ms);
    }

    void delayStopsAtTheLongest()
    {
        QCOMPARE(retryDelay(kind(), 5, 1.0), 60'000ms);
        QCOMPARE(retryDelay(kind(), 1000, 1.0), 60'000ms);
    }

    void jitterSpreadsEvenTheLongest()
    {
        QCOMPARE(retryDelay(kind(), 1, 0.75), 3750ms);
        QCOMPARE(retryDelay(kind(), 9, 1.25), 75'000ms);
    }

private:
    static Kind kind()
    {
        Kind kind;
        kind.firstRetry = 5s;
        kind.longestRetry = 60s;
        return kind;
    }
};

QTEST_GUILESS_MAIN(TestJobRetries)
#include "tst_job_retries.moc"
