// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/openings.h"

#include <QtTest>

#include <random>

using namespace yarrow;
using std::chrono::minutes;

/// Visits of a family one after the other: Tuesday, 12 May 2026 in Rome, two practitioners who work 9 to 12.
class TestOpeningsInARow : public QObject
{
    Q_OBJECT
private:
    const QTimeZone m_zone{"Europe/Rome"};
    const QDate m_day{2026, 5, 12};
    const PractitionerId m_one = PractitionerId::known("one");
    const PractitionerId m_two = PractitionerId::known("two");
    const LocationId m_roomA = LocationId::known("a");
    const LocationId m_roomB = LocationId::known("b");

    Instant at(int hour, int minute = 0) const { return toInstant(m_day, QTime(hour, minute), m_zone); }
    TimeRange range(int fromHour, int fromMinute, int hour, int minute) const
    {
        return {at(fromHour, fromMinute), at(hour, minute)};
    }
    OpeningsQuery visit(int length) const
    {
        OpeningsQuery query;
        query.duration = minutes(length);
        query.earliest = at(0);
        query.days = 1;
        query.zone = m_zone;
        query.limit = 100;
        BookableActor shift;
        shift.hours.days.fill({{QTime(9, 0), QTime(12, 0)}});
        query.practitioners = {{m_one, shift}, {m_two, shift}};
        return query;
    }
    static void occupy(std::vector<OpeningsQuery>& visits, std::size_t practitioner, const TimeRange& when)
    {
        for (OpeningsQuery& each : visits)
            each.practitioners[practitioner].second.busy.push_back(when);
    }
    /// Whether that practitioner could see this visit then, asked for it alone.
    static bool fits(OpeningsQuery query, Instant start, std::size_t practitioner)
    {
        query.practitioners = {query.practitioners[practitioner]};
        query.earliest = start;
        query.grid = minutes(1);
        query.limit = 1;
        const auto found = findOpenings(query);
        return found && !found->empty() && found->front().when.start == start;
    }

private Q_SLOTS:
    void visitsFollowEachOther_withOnePractitioner()
    {
        std::vector<OpeningsQuery> visits{visit(15), visit(30), visit(10)};
        occupy(visits, 0, range(9, 30, 9, 40)); // the first has no 55 minutes before 9:40
        const auto rows = findOpeningsInARow(visits).value();
        QVERIFY(!rows.empty());
        const std::vector<Opening>& first = rows.front();
        QCOMPARE(first.size(), std::size_t(3));
        QCOMPARE(first[0].practitioner, m_two);
        QCOMPARE(first[0].when, range(9, 0, 9, 15));
        QCOMPARE(first[1].when, range(9, 15, 9, 45));
        QCOMPARE(first[2].when, range(9, 45, 9, 55));
        QCOMPARE(rows[1].front().practitioner, m_one);
        QCOMPARE(rows[1].front().when.start, at(9, 40));
    }
    void eachVisit_hasItsOwnRoom_andWaitsUntilItIsFree()
    {
        std::vector<OpeningsQuery> visits{visit(15), visit(15)};
        BookableActor room;
        room.hours.days.fill({{QTime(8, 0), QTime(18, 0)}});
        visits[0].rooms = {{m_roomA, room}};
        room.busy = {range(9, 0, 10, 0)};
        visits[1].rooms = {{m_roomB, room}};
        const auto rows = findOpeningsInARow(visits).value();
        QCOMPARE(rows.front()[0].when.start, at(9, 45));
        QCOMPARE(rows.front()[0].room, m_roomA);
        QCOMPARE(rows.front()[1].when.start, at(10));
        QCOMPARE(rows.front()[1].room, m_roomB);
    }
    void buffers_lieBetweenTheVisits()
    {
        std::vector<OpeningsQuery> visits{visit(15), visit(15)};
        visits[0].bufferAfter = minutes(5);
        visits[1].bufferBefore = minutes(10);
        const auto rows = findOpeningsInARow(visits).value();
        QCOMPARE(rows.front()[0].when.start, at(9));
        QCOMPARE(rows.front()[1].when.start, at(9, 30));
    }
    void rowsOfOnePractitioner_doNotOverlap()
    {
        std::vector<OpeningsQuery> visits{visit(20), visit(25)};
        for (OpeningsQuery& each : visits)
            each.practitioners.pop_back();
        const auto rows = findOpeningsInARow(visits).value();
        QCOMPARE(rows.size(), std::size_t(4)); // 180 minutes
        for (std::size_t i = 1; i < rows.size(); ++i)
            QCOMPARE(rows[i].front().when.start, rows[i - 1].back().when.end);
    }
    void whatCannotBe_isEmptyOrRefused()
    {
        QVERIFY(findOpeningsInARow({visit(100), visit(100)}).value().empty());
        QCOMPARE(findOpeningsInARow({}).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(findOpeningsInARow({visit(15), visit(0)}).error().context, std::string("duration"));
    }
    void oneVisit_isAnOrdinaryOpening()
    {
        std::vector<OpeningsQuery> one{visit(25)};
        occupy(one, 1, range(9, 50, 10, 20));
        std::vector<Opening> alone = findOpenings(one.front()).value();
        const auto rows = findOpeningsInARow(one).value();
        QCOMPARE(rows.size(), alone.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            QCOMPARE(rows[i], std::vector<Opening>{alone[i]});
    }
    void everyRowCanBeBooked_andNoEarlierStartCould()
    {
        std::mt19937 random(20'261'121);
        const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
        int found = 0;
        for (int round = 0; round < 60; ++round) {
            std::vector<OpeningsQuery> visits;
            for (int i = 1 + below(3); i >= 0; --i) {
                visits.push_back(visit(5 * (1 + below(6))));
                visits.back().bufferAfter = minutes(5 * below(2));
                BookableActor room;
                room.hours.days.fill({{QTime(8, 0), QTime(18, 0)}});
                const int from = 9 * 60 + 5 * below(30);
                room.busy = {
                    {at(from / 60, from % 60), at(from / 60, from % 60) + minutes(5 * (1 + below(8)))}};
                visits.back().rooms = {{m_roomA, room}};
            }
            for (std::size_t who = 0; who < 2; ++who)
                for (int i = below(4); i > 0; --i) {
                    const Instant start = at(9) + minutes(5 * below(34));
                    occupy(visits, who, {start, start + minutes(5 * (1 + below(5)))});
                }
            const auto rows = findOpeningsInARow(visits).value();
            const auto canStart = [&](Instant start, std::size_t who) {
                for (const OpeningsQuery& each : visits) {
                    if (&each != visits.data())
                        start += each.bufferBefore;
                    if (!fits(each, start, who))
                        return false;
                    start += each.duration + each.bufferAfter;
                }
                return true;
            };
            for (const std::vector<Opening>& row : rows)
                QVERIFY(canStart(row.front().when.start, row.front().practitioner == m_one ? 0 : 1));
            const Instant first = rows.empty() ? at(12) : rows.front().front().when.start;
            for (Instant start = at(9); start < first; start += minutes(5))
                QVERIFY(!canStart(start, 0) && !canStart(start, 1));
            found += rows.empty() ? 0 : 1;
        }
        QVERIFY2(found > 20 && found < 60, qPrintable(QString::number(found)));
    }
};

QTEST_GUILESS_MAIN(TestOpeningsInARow)
#include "tst_openings_in_a_row.moc"
