// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/series.h"
#include "models/domain/visit_preview.h"

#include <QTest>

using namespace yarrow;
using namespace std::chrono_literals;

namespace {

/// Minutes after 09:00 on Monday, 2 March 2026, in Rome.
Instant at(int minute)
{
    return *parseInstant("2026-03-02T08:00:00Z") + std::chrono::minutes(minute);
}

Appointment visit(int from, int until, const char* id = nullptr)
{
    Appointment appointment;
    if (id)
        appointment.id = AppointmentId::known(id);
    appointment.start = at(from);
    appointment.end = at(until);
    appointment.practitioner = PractitionerId::known("dr");
    return appointment;
}

BookedTime booked(int from, int until, const char* id)
{
    const TimeRange when{at(from), at(until)};
    return {when, when, AppointmentId::known(id), false};
}

PreviewQuery queryOf(std::vector<Appointment> visits)
{
    PreviewQuery query;
    query.visits = std::move(visits);
    query.zone = QTimeZone("Europe/Rome");
    query.now = at(-60);
    query.clinicHours.days.fill({{QTime(8, 0), QTime(18, 0)}});
    query.actors["Practitioner/dr"];
    return query;
}

std::vector<ObstacleKind> kindsOf(const VisitPreview& preview)
{
    std::vector<ObstacleKind> kinds;
    for (const VisitObstacle& obstacle : preview.obstacles)
        kinds.push_back(obstacle.kind);
    return kinds;
}

using Kinds = std::vector<ObstacleKind>;

} // namespace

class TestVisitPreview : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freeTime_hasNoObstacle()
    {
        const auto previews = previewVisits(queryOf({visit(0, 30)}));
        QVERIFY(previews.has_value());
        QVERIFY(previews->front().obstacles.empty());
        QVERIFY(!previews->front().nextFree);
    }
    void whatHoldsNothing_hasNoObstacle()
    {
        Appointment request = visit(0, 30);
        request.status = AppointmentStatus::Proposed;
        PreviewQuery query = queryOf({request});
        query.actors["Practitioner/dr"].booked = {booked(0, 30, "a")};
        QVERIFY(previewVisits(query)->front().obstacles.empty());
    }
    void holiday_givesItsReason_andThatTheClinicIsClosedIsNotSaidTwice()
    {
        PreviewQuery query = queryOf({visit(0, 30)});
        query.closures = {{{at(-540), at(900)}, QStringLiteral("Carnival")}};
        query.actors["Practitioner/dr"].availability.blockouts = query.closures;
        const VisitPreview preview = previewVisits(query)->front();
        QCOMPARE(kindsOf(preview), Kinds{ObstacleKind::Holiday});
        QCOMPARE(preview.obstacles.front().reason, QStringLiteral("Carnival"));
        QCOMPARE(preview.nextFree->start, *parseInstant("2026-03-03T07:00:00Z"));
    }
    void evening_isClosed_unlessSomebodyWorksThen()
    {
        PreviewQuery query = queryOf({visit(600, 630)}); // 19:00
        QCOMPARE(kindsOf(previewVisits(query)->front()), Kinds{ObstacleKind::Closed});
        query.actors["Practitioner/dr"].availability.hours.days.fill({{QTime(12, 0), QTime(20, 0)}});
        QVERIFY(previewVisits(query)->front().obstacles.empty());
        query.visits = {visit(0, 30)};
        QCOMPARE(kindsOf(previewVisits(query)->front()), Kinds{ObstacleKind::OutsideHours});
    }
    void buffersOfBoth_areAskedFor()
    {
        PreviewQuery query = queryOf({visit(30, 60)});
        query.visits[0].service = HealthcareServiceId::known("long");
        BookedTime before = booked(0, 20, "a");
        before.withBuffers.end = at(25);
        query.actors["Practitioner/dr"].booked = {before};
        query.buffers[query.visits[0].service] = {5min, 0min};
        QVERIFY(previewVisits(query)->front().obstacles.empty());
        query.buffers[query.visits[0].service] = {6min, 0min};
        const VisitPreview preview = previewVisits(query)->front();
        QCOMPARE(kindsOf(preview), Kinds{ObstacleKind::Buffer});
        QVERIFY(!isRefused(preview));
        QCOMPARE(preview.nextFree->start, at(35));
    }
    void anOverbookedVisit_refusesNobody_andIsRefusedByNobody()
    {
        PreviewQuery query = queryOf({visit(0, 30)});
        BookedTime other = booked(0, 30, "a");
        other.overbooked = true;
        query.actors["Practitioner/dr"].booked = {other};
        QVERIFY(!isRefused(previewVisits(query)->front()));
        query.actors["Practitioner/dr"].booked = {booked(0, 30, "a")};
        QVERIFY(isRefused(previewVisits(query)->front()));
        query.visits[0].overbookReason = "urgent";
        QVERIFY(previewVisits(query)->front().obstacles.empty());
    }
    void visitsOfOneSave_meetEachOtherWhereTheyAreToStand_notWhereTheyStood()
    {
        PreviewQuery query = queryOf({visit(30, 60, "a"), visit(45, 75, "b"), visit(120, 150, "c")});
        query.actors["Practitioner/dr"].booked = {booked(0, 30, "a"), booked(30, 60, "b"),
                                                  booked(120, 150, "c")};
        const auto previews = previewVisits(query);
        const VisitObstacle taken{ObstacleKind::Taken, "Practitioner/dr", {}, AppointmentId::known("b")};
        QVERIFY((*previews)[0].obstacles == std::vector<VisitObstacle>{taken});
        QVERIFY(isRefused((*previews)[1]));
        QVERIFY(!isRefused((*previews)[2]));
        // What is offered meets neither the others nor what was offered before.
        QCOMPARE((*previews)[0].nextFree->start, at(75));
        QVERIFY((*previews)[1].nextFree->start >= at(150) || (*previews)[1].nextFree->end <= at(75));
    }
    void aVisitThatHoldsWhatItHeld_keepsItsClash_andOnlyThen()
    {
        Appointment noted = visit(0, 30, "a");
        noted.comment = QStringLiteral("fasting");
        PreviewQuery query = queryOf({noted});
        query.actors["Practitioner/dr"].booked = {booked(0, 30, "a"), booked(15, 45, "x")};
        QVERIFY(isRefused(previewVisits(query)->front()));
        query.before.emplace(noted.id, visit(0, 30, "a"));
        QVERIFY(previewVisits(query)->front().obstacles.empty());
        query.before.at(noted.id).overbookReason = "urgent"; // which is taken away
        QVERIFY(isRefused(previewVisits(query)->front()));
        query.before.at(noted.id) = visit(-30, 0, "a");
        QVERIFY(isRefused(previewVisits(query)->front()));
    }
    void pastTimes_areNamedForNewVisits()
    {
        PreviewQuery query = queryOf({visit(0, 30)});
        query.now = at(10);
        QCOMPARE(kindsOf(previewVisits(query)->front()), Kinds{ObstacleKind::Past});
        QVERIFY(previewVisits(query)->front().nextFree->start >= at(10));
        query.visits = {visit(0, 30, "a")};
        QVERIFY(previewVisits(query)->front().obstacles.empty());
    }

    /// One visit's change, carried over to another of its series.
    void carriedOver_setsWhatDiffers_andNothingElse()
    {
        Appointment seen = visit(0, 30, "a");
        seen.series = SeriesPlace{"s", {}, seen.start};
        Appointment other = visit(7 * 24 * 60, 7 * 24 * 60 + 30, "b");
        other.series = SeriesPlace{"s", {}, other.start};
        other.comment = QStringLiteral("fasting");
        other.room = LocationId::known("r2");
        Appointment wished = seen;
        wished.practitioner = PractitionerId::known("deputy");
        wished.end += 15min;
        const Appointment now = carriedOver(other, seen, wished, QTimeZone("Europe/Rome"));
        Appointment expected = other;
        expected.practitioner = wished.practitioner;
        expected.end += 15min;
        QVERIFY(now == expected);
    }
    void carriedOver_givesNoVisitAReasonToOverbook_butAnotherOne()
    {
        const QTimeZone zone("Europe/Rome");
        Appointment seen = visit(0, 30, "a");
        Appointment other = visit(7 * 24 * 60, 7 * 24 * 60 + 30, "b");
        Appointment wished = seen;
        wished.overbookReason = "urgent";
        QVERIFY(carriedOver(other, seen, wished, zone).overbookReason.empty());
        other.overbookReason = "short";
        QCOMPARE(carriedOver(other, seen, wished, zone).overbookReason, std::string("short"));
        seen.overbookReason = "asked for";
        QCOMPARE(carriedOver(other, seen, wished, zone).overbookReason, std::string("urgent"));
        wished.overbookReason.clear();
        QVERIFY(carriedOver(other, seen, wished, zone).overbookReason.empty());
    }
    void carriedOver_keepsTheLocalTimeAcrossDaylightSaving()
    {
        Appointment seen = visit(0, 30, "a");
        seen.series = SeriesPlace{"s", {}, seen.start};
        Appointment other = seen;
        other.id = AppointmentId::known("b");
        other.start = *parseInstant("2026-03-30T07:00:00Z"); // 09:00 in summer
        other.end = other.start + 30min;
        other.series->planned = other.start;
        Appointment wished = seen;
        wished.start += 24h + 90min;
        wished.end += 24h + 90min;
        const Appointment now = carriedOver(other, seen, wished, QTimeZone("Europe/Rome"));
        QCOMPARE(now.start, *parseInstant("2026-03-31T08:30:00Z"));
        QVERIFY(now.end - now.start == 30min);
        // Moved on its own, it keeps its time.
        other.start += 1h;
        other.end += 1h;
        QVERIFY(keepsOwnTime(other, seen, wished, QTimeZone("Europe/Rome")));
        QCOMPARE(carriedOver(other, seen, wished, QTimeZone("Europe/Rome")).start, other.start);
    }
};

QTEST_GUILESS_MAIN(TestVisitPreview)
#include "tst_visit_preview.moc"
