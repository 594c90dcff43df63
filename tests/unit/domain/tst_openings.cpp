// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/openings.h"

#include <QElapsedTimer>
#include <QTest>

#include <rapidcheck.h>

using namespace yarrow;
using std::chrono::minutes;

namespace {

struct Change
{
    const char* zone;
    QDate day;
};
const std::vector<Change> kDays{
    {"Europe/Rome", {2025, 3, 30}},        {"Europe/Rome", {2025, 10, 26}},
    {"Europe/Rome", {2025, 6, 15}},        {"America/St_Johns", {2025, 3, 9}},
    {"America/St_Johns", {2025, 11, 2}},   {"Australia/Lord_Howe", {2025, 10, 5}},
    {"Australia/Lord_Howe", {2025, 4, 6}}, {"America/Santiago", {2025, 9, 7}},
};

Instant utc(const char* text)
{
    const QDateTime time = QDateTime::fromString(QLatin1String(text), Qt::ISODate);
    return Instant(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
}

WeeklyHours everyDay(std::vector<LocalRange> ranges)
{
    WeeklyHours hours;
    hours.days.fill(ranges);
    return hours;
}

// ---- The oracle: one flag per minute and actor, no range arithmetic. ----

struct Minutes
{
    Instant start; ///< a whole minute
    int count;
    [[nodiscard]] Instant at(int minute) const { return start + minutes(minute); }
};

Minutes minutesOf(const OpeningsQuery& query)
{
    const Instant start = std::chrono::floor<minutes>(query.earliest);
    const QDate last = toLocalDate(query.earliest, query.zone).addDays(query.days - 1);
    return {start, static_cast<int>((localDay(last, query.zone).end - start) / minutes(1))};
}

std::vector<bool> freeMinutes(const BookableActor& actor, const OpeningsQuery& query, const Minutes& span)
{
    std::vector<bool> free(static_cast<std::size_t>(span.count), false);
    const WeeklyHours& weekly = actor.hours.hasHours() ? actor.hours : query.clinicHours;
    const QDate firstDay = toLocalDate(query.earliest, query.zone);
    std::vector<TimeRange> open;
    for (int day = 0; day < query.days; ++day) {
        for (const TimeRange& range : workingTime(weekly, firstDay.addDays(day), query.zone))
            open.push_back(range);
    }
    const auto meets = [](const TimeRange& range, Instant minute) {
        return range.start < range.end && range.start < minute + minutes(1) && minute < range.end;
    };
    for (int minute = 0; minute < span.count; ++minute) {
        const Instant at = span.at(minute);
        bool isFree = std::any_of(open.begin(), open.end(), [&](const TimeRange& r) { return meets(r, at); });
        for (const Blockout& blockout : actor.blockouts)
            isFree = isFree && !meets(blockout.when, at);
        for (const Blockout& closure : query.closures)
            isFree = isFree && !meets(closure.when, at);
        // A visit whose buffers keep clear of a booking is one that keeps clear of the booking with its
        // buffers.
        for (const TimeRange& busy : actor.busy)
            isFree = isFree && (busy.end <= busy.start ||
                                !meets({busy.start - query.bufferAfter, busy.end + query.bufferBefore}, at));
        free[static_cast<std::size_t>(minute)] = isFree;
    }
    return free;
}

bool allFree(const std::vector<bool>& free, int from, int length)
{
    for (int minute = from; minute < from + length; ++minute) {
        if (minute >= static_cast<int>(free.size()) || !free[static_cast<std::size_t>(minute)])
            return false;
    }
    return true;
}

bool isOnGrid(Instant at, const OpeningsQuery& query)
{
    const auto moment = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC);
    const QTime local = moment.addSecs(query.zone.offsetFromUtc(moment)).time();
    return local.second() == 0 && local.minute() % static_cast<int>(query.grid.count()) == 0;
}

bool isInTimeOfDay(Instant start, const OpeningsQuery& query)
{
    if (!query.timeOfDay)
        return true;
    const WeeklyHours window = everyDay({*query.timeOfDay});
    for (int day = 0; day < query.days; ++day) {
        const QDate date = toLocalDate(query.earliest, query.zone).addDays(day);
        for (const TimeRange& range : workingTime(window, date, query.zone)) {
            if (range.start <= start && start + query.duration <= range.end)
                return true;
        }
    }
    return false;
}

template <class ActorId>
using Actors = std::vector<std::pair<ActorId, BookableActor>>;

template <class ActorId>
std::vector<std::vector<bool>> freeMinutesOfAll(const Actors<ActorId>& actors, const OpeningsQuery& query,
                                                const Minutes& span)
{
    std::vector<std::vector<bool>> all;
    for (const auto& [id, actor] : actors)
        all.push_back(freeMinutes(actor, query, span));
    return all;
}

/// The first of them that is free; nothing when none is, an empty id when none is asked for.
template <class ActorId>
std::optional<ActorId> firstFree(const Actors<ActorId>& actors, const std::vector<std::vector<bool>>& free,
                                 int from, int length)
{
    for (std::size_t i = 0; i < actors.size(); ++i) {
        if (allFree(free[i], from, length))
            return actors[i].first;
    }
    return actors.empty() ? std::optional(ActorId()) : std::nullopt;
}

std::vector<Opening> oracle(const OpeningsQuery& query)
{
    const Minutes span = minutesOf(query);
    const int length = static_cast<int>(query.duration.count());
    const bool nobody = query.practitioners.empty() && query.rooms.empty() && query.devices.empty();
    Actors<PractitionerId> practitioners = query.practitioners;
    std::vector<std::vector<bool>> free = freeMinutesOfAll(practitioners, query, span);
    if (practitioners.empty()) {
        practitioners.emplace_back();
        OpeningsQuery always = query;
        if (!nobody)
            always.clinicHours = everyDay({{QTime(0, 0), QTime(0, 0)}});
        free.push_back(freeMinutes({}, always, span));
    }
    const auto freeRooms = freeMinutesOfAll(query.rooms, query, span);
    const auto freeDevices = freeMinutesOfAll(query.devices, query, span);

    std::vector<int> nextFrom(practitioners.size(), 0);
    std::vector<Opening> openings;
    for (int minute = 0; minute < span.count && openings.size() < query.limit; ++minute) {
        const Instant start = span.at(minute);
        if (start < query.earliest || !isOnGrid(start, query) || !isInTimeOfDay(start, query))
            continue;
        const auto room = firstFree(query.rooms, freeRooms, minute, length);
        const auto device = firstFree(query.devices, freeDevices, minute, length);
        for (std::size_t i = 0; i < practitioners.size() && openings.size() < query.limit; ++i) {
            if (minute < nextFrom[i] || !room || !device || !allFree(free[i], minute, length))
                continue;
            openings.push_back({{start, start + query.duration}, practitioners[i].first, *room, *device});
            nextFrom[i] =
                minute + length + static_cast<int>((query.bufferBefore + query.bufferAfter).count());
        }
    }
    return openings;
}

// ---- Random clinics around the days on which the clocks change. ----

QTime anyTime()
{
    return QTime(0, 0).addSecs(*rc::gen::inRange(0, 24 * 12) * 5 * 60);
}

WeeklyHours anyHours()
{
    std::vector<LocalRange> ranges;
    const int count = *rc::gen::element(0, 1, 2, 2, 3);
    for (int i = 0; i < count; ++i) {
        LocalRange range{anyTime(), anyTime()};
        const bool mayRunBackwards = *rc::gen::inRange(0, 8) == 0;
        if (range.until < range.from && !mayRunBackwards)
            std::swap(range.from, range.until);
        ranges.push_back(range);
    }
    return everyDay(ranges);
}

template <class ActorId>
Actors<ActorId> anyActors(const OpeningsQuery& query, const char* name, int most)
{
    Actors<ActorId> actors;
    const int count = *rc::gen::inRange(0, most + 1);
    const auto anyRange = [&query] {
        const Instant start = query.earliest + std::chrono::seconds(*rc::gen::inRange(-3600, 2 * 24 * 3600));
        return TimeRange{start, start + std::chrono::seconds(*rc::gen::inRange(-60, 3 * 3600))};
    };
    for (int i = 0; i < count; ++i) {
        BookableActor actor;
        if (*rc::gen::arbitrary<bool>())
            actor.hours = anyHours();
        for (int j = *rc::gen::element(0, 0, 1, 2); j > 0; --j)
            actor.blockouts.push_back({anyRange(), QString()});
        for (int j = *rc::gen::element(0, 1, 3, 6); j > 0; --j)
            actor.busy.push_back(anyRange());
        actors.emplace_back(ActorId::known(name + std::to_string(i)), std::move(actor));
    }
    return actors;
}

OpeningsQuery anyQuery()
{
    const Change& change = kDays[*rc::gen::inRange<std::size_t>(0, kDays.size())];
    OpeningsQuery query;
    query.zone = QTimeZone(change.zone);
    query.earliest = localDay(change.day.addDays(*rc::gen::inRange(-1, 1)), query.zone).start +
                     std::chrono::seconds(*rc::gen::inRange(0, 4 * 3600));
    query.days = *rc::gen::inRange(1, 3);
    query.duration = minutes(*rc::gen::oneOf(rc::gen::inRange(1, 45), rc::gen::inRange(1, 200)));
    query.grid = minutes(*rc::gen::element(1, 5, 7, 15, 20, 25, 30, 60));
    query.limit = *rc::gen::element<std::size_t>(0, 5, 5000, 5000);
    query.clinicHours = anyHours();
    if (*rc::gen::inRange(0, 3) == 0) {
        const LocalRange range{anyTime(), anyTime()};
        if (range.until == QTime(0, 0) || range.from < range.until)
            query.timeOfDay = range;
    }
    if (*rc::gen::inRange(0, 3) == 0) {
        query.bufferBefore = minutes(*rc::gen::inRange(0, 40));
        query.bufferAfter = minutes(*rc::gen::inRange(0, 40));
    }
    if (*rc::gen::inRange(0, 3) == 0) {
        const Instant start = query.earliest + std::chrono::seconds(*rc::gen::inRange(-3600, 24 * 3600));
        query.closures.push_back({{start, start + std::chrono::seconds(*rc::gen::inRange(0, 9 * 3600))}, {}});
    }
    query.practitioners = anyActors<PractitionerId>(query, "practitioner", 3);
    query.rooms = anyActors<LocationId>(query, "room", 2);
    query.devices = anyActors<DeviceId>(query, "device", 1);
    return query;
}

/// One practitioner who works from 9 to 12 and from 14 to 17 local time.
OpeningsQuery oneDoctor(const char* zone, const char* earliest)
{
    OpeningsQuery query;
    query.zone = QTimeZone(zone);
    query.earliest = utc(earliest);
    query.days = 1;
    query.duration = minutes(30);
    query.grid = minutes(15);
    query.clinicHours = everyDay({{QTime(9, 0), QTime(12, 0)}, {QTime(14, 0), QTime(17, 0)}});
    query.practitioners = {{PractitionerId::known("dr"), {}}};
    return query;
}

std::vector<Instant> startsOf(const std::vector<Opening>& openings)
{
    std::vector<Instant> starts;
    for (const Opening& opening : openings)
        starts.push_back(opening.when.start);
    return starts;
}

} // namespace

class TestOpenings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=20251026 max_success=400"); }

    void openings_areThoseOfTheMinuteByMinuteOracle()
    {
        QVERIFY(rc::check([] {
            const OpeningsQuery query = anyQuery();
            const auto found = findOpenings(query);
            RC_ASSERT(found.has_value());
            const auto expected = oracle(query);
            RC_TAG(expected.empty() ? "none" : expected.size() < 5 ? "few" : "many");
            RC_ASSERT(startsOf(*found) == startsOf(expected));
            RC_ASSERT(*found == expected);
        }));
    }

    void openings_fitBetweenBookings()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T07:00:00Z"); // 09:00
        query.practitioners[0].second.busy = {{utc("2025-06-16T07:30:00Z"), utc("2025-06-16T09:20:00Z")}};
        query.timeOfDay = LocalRange{QTime(9, 0), QTime(12, 0)};
        const auto found = findOpenings(query);
        QVERIFY(found.has_value());
        // 09:00–09:30 touches the booking, 11:20 is not on the grid, 11:30 ends with the morning
        const std::vector<Instant> expected{utc("2025-06-16T07:00:00Z"), utc("2025-06-16T09:30:00Z")};
        QCOMPARE(startsOf(*found), expected);
    }

    void buffers_areKeptFreeOfBookings_butMayLieOutsideTheHours()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T07:00:00Z"); // 09:00
        query.bufferBefore = minutes(15);
        query.bufferAfter = minutes(15);
        query.timeOfDay = LocalRange{QTime(9, 0), QTime(12, 0)};
        query.practitioners[0].second.busy = {{utc("2025-06-16T08:00:00Z"), utc("2025-06-16T08:30:00Z")}};
        const std::vector<Instant> expected{utc("2025-06-16T07:00:00Z"), utc("2025-06-16T08:45:00Z")};
        // The second ends at 11:15, and its buffer at 11:30, where the next would begin to prepare at the
        // earliest; 11:45 would end after noon.
        QCOMPARE(startsOf(findOpenings(query).value()), expected);
    }

    void closedDays_haveNoOpenings()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T07:00:00Z");
        query.days = 2;
        query.closures = {{{utc("2025-06-15T22:00:00Z"), utc("2025-06-16T22:00:00Z")}, QString()}};
        QCOMPARE(findOpenings(query).value().front().when.start, utc("2025-06-17T07:00:00Z"));
        // Also when nobody in particular is asked for.
        query.practitioners.clear();
        QCOMPARE(findOpenings(query).value().front().when.start, utc("2025-06-17T07:00:00Z"));
    }

    void openings_startNotBeforeEarliest()
    {
        const auto found = findOpenings(oneDoctor("Europe/Rome", "2025-06-16T14:16:00.500Z")); // 16:16
        const std::vector<Instant> expected{utc("2025-06-16T14:30:00Z")};
        QCOMPARE(startsOf(found.value()), expected);
    }

    void openings_lastRealMinutesWhenTheClocksChange_data()
    {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QByteArray>("midnight");
        QTest::addColumn<int>("count"); // half hours from 00:00 to 06:00 local time
        QTest::newRow("plain") << QByteArray("Europe/Rome") << QByteArray("2025-03-28T23:00:00Z") << 12;
        QTest::newRow("gap") << QByteArray("Europe/Rome") << QByteArray("2025-03-29T23:00:00Z") << 10;
        QTest::newRow("fold") << QByteArray("Europe/Rome") << QByteArray("2025-10-25T22:00:00Z") << 14;
        QTest::newRow("half-hour gap")
            << QByteArray("Australia/Lord_Howe") << QByteArray("2025-10-04T13:30:00Z") << 11;
        QTest::newRow("half-hour fold")
            << QByteArray("Australia/Lord_Howe") << QByteArray("2025-04-05T13:00:00Z") << 13;
    }
    void openings_lastRealMinutesWhenTheClocksChange()
    {
        QFETCH(QByteArray, zone);
        QFETCH(QByteArray, midnight);
        QFETCH(int, count);
        OpeningsQuery query = oneDoctor(zone.constData(), midnight.constData());
        query.clinicHours = everyDay({{QTime(0, 0), QTime(6, 0)}});
        query.grid = minutes(30);
        const auto found = findOpenings(query);
        QCOMPARE(found.value().size(), static_cast<std::size_t>(count));
        for (const Opening& opening : *found)
            QCOMPARE(opening.when.end - opening.when.start, std::chrono::milliseconds(minutes(30)));
        QCOMPARE(found->back().when.end,
                 toInstant(toLocalDate(query.earliest, query.zone), QTime(6, 0), query.zone));
    }

    void openings_takeTheFirstFreeRoomAndKeepTheOrderOfPractitioners()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T07:00:00Z");
        query.practitioners = {{PractitionerId::known("z"), {}}, {PractitionerId::known("a"), {}}};
        BookableActor taken;
        taken.busy = {{utc("2025-06-16T07:00:00Z"), utc("2025-06-16T07:30:00Z")}};
        query.rooms = {{LocationId::known("1"), taken}, {LocationId::known("2"), {}}};
        query.limit = 3;
        const auto found = findOpenings(query).value();
        QCOMPARE(found.size(), std::size_t(3));
        QCOMPARE(found[0].practitioner, PractitionerId::known("z"));
        QCOMPARE(found[0].room, LocationId::known("2"));
        QCOMPARE(found[1].practitioner, PractitionerId::known("a"));
        QCOMPARE(found[1].when, found[0].when);
        QCOMPARE(found[2].room, LocationId::known("1"));
        QVERIFY(found[2].device.isEmpty());
    }

    void openings_areNoneWithoutAnyHours()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T07:00:00Z");
        query.clinicHours = {};
        QVERIFY(findOpenings(query).value().empty());
    }

    void openings_crossMidnightWhereHoursMeet()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T21:45:00Z"); // 23:45
        query.clinicHours = everyDay({{QTime(0, 0), QTime(0, 0)}});
        query.limit = 1;
        QVERIFY(findOpenings(query).value().empty()); // one day only
        query.days = 2;
        QCOMPARE(findOpenings(query).value().front().when.start, query.earliest);
    }

    void query_outOfRangeIsNamed_data()
    {
        QTest::addColumn<OpeningsQuery>("query");
        QTest::addColumn<QByteArray>("what");
        const auto row = [](const char* name, const char* what, auto&& change) {
            OpeningsQuery query = oneDoctor("Europe/Rome", "2025-06-16T07:00:00Z");
            change(query);
            QTest::newRow(name) << query << QByteArray(what);
        };
        row("no duration", "duration", [](auto& q) { q.duration = minutes(0); });
        row("more than a day", "duration", [](auto& q) { q.duration = minutes(24 * 60 + 1); });
        row("before the first year", "earliest", [](auto& q) { q.earliest = Instant::min(); });
        row("after the last year", "earliest", [](auto& q) { q.earliest = Instant::max(); });
        row("no day", "days", [](auto& q) { q.days = 0; });
        row("more than a year", "days", [](auto& q) { q.days = 367; });
        row("no grid", "grid", [](auto& q) { q.grid = minutes(0); });
        row("more than an hour", "grid", [](auto& q) { q.grid = minutes(61); });
        row("backwards", "timeOfDay", [](auto& q) { q.timeOfDay = LocalRange{QTime(12, 0), QTime(9, 0)}; });
        row("no time", "timeOfDay", [](auto& q) { q.timeOfDay = LocalRange{QTime(), QTime(9, 0)}; });
        row("no zone", "zone", [](auto& q) { q.zone = QTimeZone(); });
    }
    void query_outOfRangeIsNamed()
    {
        QFETCH(OpeningsQuery, query);
        QFETCH(QByteArray, what);
        const auto found = findOpenings(query);
        QVERIFY(!found.has_value());
        QCOMPARE(found.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(found.error().context, what.toStdString());
    }

    void search_isFastInALargeClinic()
    {
        OpeningsQuery query = oneDoctor("Europe/Rome", "2025-10-20T05:00:00Z");
        query.days = 14;
        query.limit = 100'000;
        query.practitioners.clear();
        const auto booked = [&query](int seed) {
            BookableActor actor;
            actor.hours = query.clinicHours;
            for (int slot = 0; slot < 14 * 20; ++slot) {
                const Instant start = query.earliest + std::chrono::hours(24) * (slot / 20) +
                                      minutes(120 + (slot % 20) * 30 + seed % 3);
                if ((slot * 7 + seed) % 3 != 0)
                    actor.busy.push_back({start, start + minutes(20)});
            }
            return actor;
        };
        for (int i = 0; i < 20; ++i)
            query.practitioners.emplace_back(PractitionerId::known(std::to_string(i)), booked(i));
        for (int i = 0; i < 10; ++i)
            query.rooms.emplace_back(LocationId::known(std::to_string(i)), booked(i));

        QElapsedTimer timer;
        timer.start();
        const auto all = findOpenings(query);
        const qint64 forAll = timer.nsecsElapsed();
        query.limit = 50;
        timer.start();
        const auto first = findOpenings(query);
        const qint64 forFifty = timer.nsecsElapsed();
        qInfo("%zu openings in %lld us, the first 50 in %lld us", all.value().size(), forAll / 1000,
              forFifty / 1000);
        QVERIFY(all->size() > 500);
        QCOMPARE(first.value(), std::vector<Opening>(all->begin(), all->begin() + 50));
        QVERIFY2(forFifty < 100'000'000, "a search of two weeks takes a millisecond or two, not a hundred");
    }
};

QTEST_GUILESS_MAIN(TestOpenings)
#include "tst_openings.moc"
