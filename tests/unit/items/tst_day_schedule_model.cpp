// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/day_schedule_model.h"
#include "tests/ui/support/memory_session.h"

#include <QSignalSpy>
#include <QtTest>

using namespace yarrow;
using std::chrono::minutes;

namespace {

const QDate kDay(2026, 5, 12); // a Tuesday

WeeklyHours everyDay(std::vector<LocalRange> ranges)
{
    WeeklyHours hours;
    hours.days.fill(ranges);
    return hours;
}

} // namespace

class TestDayScheduleModel : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<MemorySession> m_session;
    std::unique_ptr<DayScheduleModel> m_model;
    PractitionerId m_first;
    PractitionerId m_second;

    Instant at(int hour, int minute = 0) const
    {
        return toInstant(kDay, QTime(hour, minute), m_session->zone());
    }
    AppointmentId add(PractitionerId practitioner, Instant start, int length,
                      AppointmentStatus status = AppointmentStatus::Booked)
    {
        Appointment a;
        a.practitioner = practitioner;
        a.start = start;
        a.end = start + minutes(length);
        a.status = status;
        a.description = QStringLiteral("visit");
        return m_session->add(a);
    }
    const ScheduleColumn& column(int i) const { return m_model->columns().at(static_cast<std::size_t>(i)); }

private Q_SLOTS:
    void init()
    {
        m_session = std::make_unique<MemorySession>(kDay);
        BookableActor shifts;
        shifts.hours = everyDay({{QTime(9, 0), QTime(12, 0)}, {QTime(13, 0), QTime(17, 0)}});
        shifts.blockouts = {{{at(15), at(16)}, QStringLiteral("Meeting")}};
        m_first = m_session->addPractitioner(QStringLiteral("Dr. One"), QStringLiteral("General"), shifts);
        m_second = m_session->addPractitioner(QStringLiteral("Dr. Two"), QStringLiteral("General"));
        m_model = std::make_unique<DayScheduleModel>(*m_session);
    }
    void columns_arePractitionersWithTheirHours()
    {
        m_model->showDay(kDay);
        QCOMPARE(m_model->columns().size(), std::size_t{2});
        QCOMPARE(column(0).working, (std::vector<TimeRange>{{at(9), at(12)}, {at(13), at(17)}}));
        QCOMPARE(column(0).breaks, (std::vector<TimeRange>{{at(12), at(13)}}));
        QCOMPARE(column(0).blockouts.size(), std::size_t{1});
        // Without hours of their own, they work when the clinic is open.
        QCOMPARE(column(1).working, (std::vector<TimeRange>{{at(8), at(18)}}));
    }
    void nextFree_skipsBookingsBlockoutsAndThePast()
    {
        add(m_first, at(10), 120);
        add(m_first, at(13), 120);
        m_model->showDay(kDay); // it is 10:20
        QCOMPARE(column(0).nextFree, std::optional(at(16)));
        QCOMPARE(column(1).nextFree, std::optional(at(10, 20)));
        m_session->fixedClock().set(at(17, 30));
        QSignalSpy changed(m_model.get(), &DayScheduleModel::columnChanged);
        m_model->refreshNow();
        QCOMPARE(column(0).nextFree, std::optional<Instant>());
        QCOMPARE(changed.size(), 2);
    }
    void cancelled_isHiddenUntilAskedFor()
    {
        add(m_first, at(11), 15, AppointmentStatus::Cancelled);
        add(m_first, at(11), 15);
        m_model->showDay(kDay);
        QCOMPARE(column(0).entries.size(), std::size_t{1});
        QCOMPARE(column(0).entries[0].place.lanes, 1);
        m_model->setShowsCancelled(true);
        QCOMPARE(column(0).entries.size(), std::size_t{2});
        QCOMPARE(column(0).visits, 1);
    }
    void appointmentOfNobodyHere_hasAColumnOfItsOwn()
    {
        add(PractitionerId::known("left-long-ago"), at(11), 15);
        m_model->showDay(kDay);
        QCOMPARE(m_model->columns().size(), std::size_t{3});
        QVERIFY(column(2).key.isNobody());
        m_model->setShownPractitioners({m_first});
        QCOMPARE(m_model->columns().size(), std::size_t{1});
    }
    void oneChange_tellsOneColumn()
    {
        const auto id = add(m_first, at(11), 15);
        add(m_second, at(11), 15);
        m_model->showDay(kDay);
        QSignalSpy reset(m_model.get(), &DayScheduleModel::reset);
        QSignalSpy changed(m_model.get(), &DayScheduleModel::columnChanged);
        m_session->changeElsewhere(id, [](Appointment& a) { a.status = AppointmentStatus::Arrived; });
        QCOMPARE(reset.size(), 0);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toInt(), 0);
        QCOMPARE(m_model->entry(id)->row.appointment.status, AppointmentStatus::Arrived);
    }
    void lateAppointment_widensTheDay()
    {
        const auto id = add(m_first, at(11), 15);
        m_model->showDay(kDay);
        const Instant before = m_model->axis().visible().end;
        QSignalSpy reset(m_model.get(), &DayScheduleModel::reset);
        m_session->changeElsewhere(id, [&](Appointment& a) {
            a.start = at(20, 30);
            a.end = at(20, 45);
        });
        QCOMPARE(reset.size(), 1);
        QVERIFY(m_model->axis().visible().end > before);
        QCOMPARE(m_model->axis().visible().end, at(21));
    }
    void overlapWithoutReason_isMarkedAsClash()
    {
        const auto one = add(m_first, at(11), 30);
        const auto two = add(m_first, at(11, 15), 30);
        m_model->showDay(kDay);
        QVERIFY(m_model->entry(one)->clashing && m_model->entry(two)->clashing);
        m_session->changeElsewhere(two, [](Appointment& a) { a.overbookReason = "urgent"; });
        QVERIFY(!m_model->entry(one)->clashing && !m_model->entry(two)->clashing);
    }
    void wish_isShownUntilDropped()
    {
        const auto id = add(m_first, at(11), 15);
        ScheduleWishes wishes;
        DayScheduleModel model(*m_session, &wishes);
        model.showDay(kDay);
        AppointmentRow wished = model.entry(id)->row;
        wished.appointment.practitioner = m_second;
        wishes.show(wished);
        QCOMPARE(model.find(id)->column, 1);
        QVERIFY(model.entry(id)->waiting);
        wishes.drop(id);
        QCOMPARE(model.find(id)->column, 0);
        QVERIFY(!model.entry(id)->waiting);
    }
    void rooms_standSideBySide_andWhatHasNoneIsSeenToo()
    {
        const LocationId room = m_session->addRoom(QStringLiteral("Room 1"));
        Appointment a;
        a.practitioner = m_second;
        a.room = room;
        a.start = at(11);
        a.end = at(12);
        const auto inRoom = m_session->add(a);
        const auto nowhere = add(m_first, at(11), 15);
        m_model->setArrangement(Arrangement::Rooms);
        m_model->showDay(kDay);
        QCOMPARE(m_model->columns().size(), std::size_t{2});
        QCOMPARE(column(0).name, QStringLiteral("Room 1"));
        QCOMPARE(m_model->find(inRoom)->column, 0);
        QCOMPARE(m_model->find(nowhere)->column, 1);
        QVERIFY(column(1).key.isNobody());
        Appointment wished = m_session->stored(nowhere);
        m_model->assign(column(0).key, wished);
        QCOMPARE(wished.room, room);
        QCOMPARE(wished.practitioner, m_first);
    }
    void aHoliday_closesTheRoomsToo()
    {
        m_session->addRoom(QStringLiteral("Room 1"));
        m_session->setClosures({{{at(12), at(14)}, QStringLiteral("Town fair")}});
        m_model->setArrangement(Arrangement::Rooms);
        m_model->showDay(kDay);
        QCOMPARE(column(0).blockouts.size(), std::size_t{1});
        QCOMPARE(column(0).blockouts.front().reason, QStringLiteral("Town fair"));
        QCOMPARE(column(0).blockouts.front().when.start, at(12));
    }
    void week_isOnePractitionersDays_atOneHeight()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        const auto today = add(m_first, at(10), 30);
        const auto friday = add(m_first, at(10) + std::chrono::hours(72), 30);
        add(m_second, at(10), 30);
        add(m_first, at(10) + std::chrono::hours(24 * 7), 30);
        m_model->setArrangement(Arrangement::Week);
        m_model->setWeekOf(m_first);
        m_model->showDay(kDay); // a Tuesday
        QCOMPARE(m_model->firstDay(), QDate(2026, 5, 11));
        QCOMPARE(m_model->columns().size(), std::size_t{7}); // who works every day
        QCOMPARE(m_model->find(today)->column, 1);
        QCOMPARE(m_model->find(friday)->column, 4);
        const auto height = [&](const AppointmentId& id) {
            const auto place = *m_model->find(id);
            return column(place.column).axis.minutesAt(m_model->entry(id)->row.appointment.start);
        };
        QCOMPARE(height(today), height(friday));
        m_model->setWeekOf(m_second);
        QVERIFY(!m_model->find(today));
        QCOMPARE(m_model->columns().size(), std::size_t{5}); // the days on which the clinic is open
        QVERIFY(!column(1).entries.empty());
    }
    void weekInWhichTheClocksChange_keepsTheSameHeights()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        const QDate monday(2026, 3, 23); // summer time begins on Sunday the 29th
        m_model->setArrangement(Arrangement::Week);
        m_model->showDay(monday);
        const auto tenOn = [&](int i) {
            return column(i).axis.minutesAt(toInstant(monday.addDays(i), QTime(10, 0), m_session->zone()));
        };
        QCOMPARE(tenOn(6), tenOn(0));
        QCOMPARE(column(6).axis.instantAt(tenOn(6)),
                 toInstant(monday.addDays(6), QTime(10, 0), m_session->zone()));
        const DayAxis night(monday.addDays(6), m_session->zone(),
                            localDay(monday.addDays(6), m_session->zone()), true);
        QCOMPARE(night.lengthInMinutes(), 24.0 * 60);
        QCOMPARE(night.minutesAt(toInstant(monday.addDays(6), QTime(10, 0), m_session->zone())), 600.0);
    }
    void weekFollowsAChangeOnAnyOfItsDays()
    {
        const auto id = add(m_first, at(10) + std::chrono::hours(24), 30);
        m_model->setArrangement(Arrangement::Week);
        m_model->showDay(kDay);
        m_session->changeElsewhere(id, [](Appointment& a) { a.status = AppointmentStatus::Arrived; });
        QCOMPARE(m_model->entry(id)->row.appointment.status, AppointmentStatus::Arrived);
    }
    void failedRead_keepsWhatWasShown()
    {
        const auto id = add(m_first, at(11), 15);
        m_model->showDay(kDay);
        QSignalSpy failed(m_model.get(), &DayScheduleModel::readFailed);
        m_session->failReads(Error{ErrorCode::Io, {}, {}});
        m_session->changeElsewhere(id, [](Appointment& a) { a.status = AppointmentStatus::Arrived; });
        QCOMPARE(failed.size(), 1);
        QVERIFY(m_model->entry(id));
    }
};

QTEST_GUILESS_MAIN(TestDayScheduleModel)
#include "tst_day_schedule_model.moc"
