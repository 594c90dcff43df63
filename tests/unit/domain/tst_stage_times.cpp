// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/appointment.h"

#include <QtTest>

using namespace yarrow;
using std::chrono::minutes;
using Status = AppointmentStatus;

/// When the stages of a visit were reached, as its status moves on and back.
class TestStageTimes : public QObject
{
    Q_OBJECT
private:
    const Instant m_start{std::chrono::hours(500'000)};
    Appointment m_visit;

    void move(Status to, int minute)
    {
        const Status before = m_visit.status;
        m_visit.status = to;
        noteStage(m_visit, before, m_start + minutes(minute));
    }

private Q_SLOTS:
    void init() { m_visit = {}; }

    void eachStage_isNotedOnce()
    {
        move(Status::Arrived, 1);
        move(Status::Arrived, 5); // saved again, for another reason
        move(Status::CheckedIn, 10);
        move(Status::Fulfilled, 25);
        QCOMPARE(m_visit.stages,
                 (StageTimes{m_start + minutes(1), m_start + minutes(10), m_start + minutes(25)}));
    }
    void stepBack_forgetsWhatIsBeyond()
    {
        move(Status::Arrived, 1);
        move(Status::CheckedIn, 10);
        move(Status::Arrived, 12);
        QCOMPARE(m_visit.stages, (StageTimes{m_start + minutes(1), {}, {}}));
        move(Status::Booked, 13);
        QCOMPARE(m_visit.stages, StageTimes());
    }
    void cancelledVisit_keepsHowFarItCame()
    {
        move(Status::Arrived, 1);
        move(Status::Cancelled, 30);
        QCOMPARE(m_visit.stages.arrived, std::optional(m_start + minutes(1)));
    }
    void timeThatIsGiven_stays()
    {
        m_visit.stages.arrived = m_start;
        move(Status::Arrived, 9);
        QCOMPARE(m_visit.stages.arrived, std::optional(m_start));
    }
    void walkIn_isNotedAsItIsMade()
    {
        m_visit.status = Status::Arrived;
        noteStage(m_visit, std::nullopt, m_start);
        QCOMPARE(m_visit.stages.arrived, std::optional(m_start));
    }
    void visitFoundArrived_isNotGivenATime()
    {
        m_visit.status = Status::Arrived;
        noteStage(m_visit, Status::Arrived, m_start);
        QVERIFY(!m_visit.stages.arrived);
    }
};

QTEST_GUILESS_MAIN(TestStageTimes)
#include "tst_stage_times.moc"
