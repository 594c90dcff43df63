// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/waiting_list.h"

#include <QtTest>

#include <algorithm>

using namespace yarrow;
using std::chrono::hours;
using std::chrono::minutes;

/// Who of the waiting list is offered a slot: Tuesday, 12 May 2026, 10:30 to 11:00 in Rome. It is 08:02 that
/// day.
class TestWaitingList : public QObject
{
    Q_OBJECT
private:
    const QTimeZone m_zone{"Europe/Rome"};
    const QDate m_day{2026, 5, 12};
    const PractitionerId m_one = PractitionerId::known("one");
    const PractitionerId m_two = PractitionerId::known("two");

    Instant at(int hour, int minute = 0) const { return toInstant(m_day, QTime(hour, minute), m_zone); }
    FreeSlot slot() const { return {m_one, {at(10, 30), at(11)}}; }
    static Appointment entry(const char* id, WaitingWish wish = {})
    {
        Appointment a;
        a.id = AppointmentId::known(id);
        a.status = AppointmentStatus::Waitlist;
        a.patient = PatientId::known("p");
        a.wish = std::move(wish);
        return a;
    }
    std::vector<WaitingFit> fits(const std::vector<Appointment>& entries) const
    {
        return fitsFor(slot(), entries, at(8, 2), m_zone, minutes(15));
    }
    std::optional<TimeRange> placeOf(WaitingWish wish) const
    {
        const auto found = fits({entry("a", std::move(wish))});
        if (found.empty())
            return std::nullopt;
        return found.front().when;
    }
    static bool has(const WaitingFit& fit, FitReason reason)
    {
        return std::find(fit.reasons.begin(), fit.reasons.end(), reason) != fit.reasons.end();
    }

private Q_SLOTS:
    void withoutWishes_anythingFits()
    {
        QCOMPARE(placeOf({}), std::optional(TimeRange{at(10, 30), at(10, 45)}));
    }
    void anotherPractitioner_isNotOffered()
    {
        WaitingWish wish;
        wish.practitioners = {m_two};
        QVERIFY(!placeOf(wish));
        wish.practitioners = {m_two, m_one};
        QVERIFY(placeOf(wish));
    }
    void anotherWeekday_isNotOffered()
    {
        WaitingWish wish;
        wish.weekdays[0] = true; // Monday
        QVERIFY(!placeOf(wish));
        wish.weekdays[1] = true;
        QVERIFY(placeOf(wish));
    }
    void partOfTheDay_movesTheVisitIntoIt_orLeavesItOut()
    {
        WaitingWish wish;
        wish.times = LocalRange{QTime(10, 40), QTime(12, 0)};
        QCOMPARE(placeOf(wish), std::optional(TimeRange{at(10, 40), at(10, 55)}));
        wish.times = LocalRange{QTime(10, 50), QTime(12, 0)}; // ten minutes are not enough
        QVERIFY(!placeOf(wish));
        wish.times = LocalRange{QTime(14, 0), QTime(0, 0)}; // until midnight
        QVERIFY(!placeOf(wish));
    }
    void notice_isKept_onTheGrid()
    {
        WaitingWish wish;
        wish.notice = hours(2);
        QCOMPARE(placeOf(wish)->start, at(10, 30));
        wish.notice = minutes(150); // not before 10:32
        QCOMPARE(placeOf(wish)->start, at(10, 35));
        wish.notice = hours(24);
        QVERIFY(!placeOf(wish));
    }
    void visitThatIsTooLong_isNotOffered()
    {
        WaitingWish wish;
        wish.duration = minutes(30);
        QCOMPARE(placeOf(wish), std::optional(slot().when));
        wish.duration = minutes(35);
        QVERIFY(!placeOf(wish));
    }
    void whoIsNotWaiting_isNotOffered()
    {
        Appointment booked = entry("a");
        booked.status = AppointmentStatus::Booked;
        QVERIFY(fits({booked}).empty());
    }
    void rank_isPriority_thenPractitioner_thenTime_thenLength_thenWaiting()
    {
        const Instant march = at(8) - hours(24 * 60);
        WaitingWish urgent;
        urgent.priority = 1;
        WaitingWish soon;
        soon.priority = 5;
        WaitingWish wantsOne;
        wantsOne.practitioners = {m_one};
        WaitingWish wantsTuesday;
        wantsTuesday.weekdays[1] = true;
        WaitingWish fills;
        fills.duration = minutes(30);
        WaitingWish old;
        old.since = march;
        WaitingWish recent;
        recent.since = at(8);
        const std::vector<Appointment> entries{entry("recent", recent), entry("old", old),
                                               entry("fills", fills),   entry("tuesday", wantsTuesday),
                                               entry("one", wantsOne),  entry("soon", soon),
                                               entry("urgent", urgent)};
        QStringList order;
        for (const WaitingFit& fit : fits(entries))
            order << QString::fromStdString(entries[fit.entry].id.text());
        QCOMPARE(order, QStringList({QStringLiteral("urgent"), QStringLiteral("soon"), QStringLiteral("one"),
                                     QStringLiteral("tuesday"), QStringLiteral("fills"),
                                     QStringLiteral("old"), QStringLiteral("recent")}));
    }
    void reasons_sayWhatHolds_andNothingElse()
    {
        WaitingWish wish;
        wish.practitioners = {m_one};
        wish.duration = minutes(30);
        wish.since = at(8) - hours(48);
        WaitingWish other;
        other.since = at(8);
        const auto found = fits({entry("a", wish), entry("b", other)});
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].reasons, (std::vector{FitReason::WantsThem, FitReason::FillsTheSlot,
                                                FitReason::WaitedLongest, FitReason::TakesShortNotice}));
        QCOMPARE(found[1].reasons, (std::vector{FitReason::TakesAnybody, FitReason::TakesShortNotice}));
        QVERIFY(!has(found[1], FitReason::WaitedLongest));
    }
    void slotThatHasBegun_isOfferedFromNowOn()
    {
        const auto found = fitsFor(slot(), {entry("a")}, at(10, 41), m_zone, minutes(15));
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].when.start, at(10, 45));
        QVERIFY(fitsFor(slot(), {entry("a")}, at(10, 46), m_zone, minutes(15)).empty());
    }
    void whatCannotBeBooked_isNotOffered_norCountedAmongThoseWhoWaited()
    {
        WaitingWish longest;
        longest.since = at(6);
        WaitingWish shorter;
        shorter.since = at(7);
        // The room that the first one needs is not free; that of the second one is from 10:40 on.
        const auto found =
            fitsFor(slot(), {entry("a", longest), entry("b", shorter), entry("c", shorter)}, at(8, 2), m_zone,
                    minutes(15),
                    [&](std::size_t i, const TimeRange& within, minutes length) -> std::optional<TimeRange> {
                        if (i == 0)
                            return std::nullopt;
                        const Instant start = i == 1 ? at(10, 40) : within.start;
                        return TimeRange{start, start + length};
                    });
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].entry, std::size_t{1});
        QCOMPARE(found[0].when, (TimeRange{at(10, 40), at(10, 55)}));
        QVERIFY(has(found[0], FitReason::WaitedLongest));
    }
};

QTEST_GUILESS_MAIN(TestWaitingList)
#include "tst_waiting_list.moc"
