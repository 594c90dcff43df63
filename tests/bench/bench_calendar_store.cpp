// SPDX-License-Identifier: GPL-3.0-or-later

// A day of 20 practitioners with 25 appointments each, from an encrypted database on disk to pixels: read,
// laid out and painted, beside a quarter's appointments and 5,000 patients. The aim is 16 ms. Beside it the
// read alone, and the check of one visit before it is saved, which a form makes while somebody types.

#include "models/items/local_clinic_session.h"
#include "tests/bench/bench_clinic.h"
#include "ui/calendar/day_view.h"

#include <QApplication>
#include <QImage>

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace yarrow;
using namespace yarrow::bench;

constexpr int kPractitioners = 20;
constexpr int kEach = 25;
constexpr int kPatients = 5'000;
constexpr int kDays = 90;
const QDate kFirst(2026, 4, 1);
const QDate kDay(2026, 5, 12);

Json parsed(const std::string& text)
{
    auto json = Json::parse(text);
    if (!json)
        fatal("document", json.error());
    return std::move(*json);
}

std::string participant(const std::string& reference)
{
    return R"({"actor":{"reference":")" + reference + R"("},"status":"accepted"})";
}

std::vector<Json> documents()
{
    std::vector<Json> all;
    all.push_back(parsed(R"({"resourceType":"Location","id":"clinic","name":"Bench","hoursOfOperation":)"
                         R"([{"openingTime":"08:00:00","closingTime":"18:00:00",)"
                         R"("daysOfWeek":["mon","tue","wed","thu","fri","sat","sun"]}]})"));
    for (int i = 0; i < 5; ++i)
        all.push_back(parsed(R"({"resourceType":"Location","id":"room)" + std::to_string(i) +
                             R"(","name":"Room )" + std::to_string(i + 1) +
                             R"(","partOf":{"reference":"Location/clinic"}})"));
    for (int i = 0; i < kPractitioners; ++i)
        all.push_back(parsed(R"({"resourceType":"Practitioner","id":"d)" + std::to_string(i) +
                             R"(","name":[{"family":"Practitioner)" + std::to_string(i) + R"("}]})"));
    for (int i = 0; i < kPatients; ++i)
        all.push_back(parsed(R"({"resourceType":"Patient","id":"p)" + std::to_string(i) +
                             R"(","name":[{"family":"Family)" + std::to_string(i) +
                             R"(","given":["Given"]}],"birthDate":"1980-01-02"})"));
    const QTimeZone zone("Europe/Rome");
    int next = 0;
    for (int day = 0; day < kDays; ++day)
        for (int who = 0; who < kPractitioners; ++who)
            for (int i = 0; i < kEach; ++i) {
                const Instant start =
                    toInstant(kFirst.addDays(day), QTime(8, 0), zone) + std::chrono::minutes(20 * i);
                const std::string n = std::to_string(++next);
                all.push_back(parsed(
                    R"({"resourceType":"Appointment","id":"a)" + n + R"(","status":"booked","start":")" +
                    formatInstant(start) + R"(","end":")" + formatInstant(start + std::chrono::minutes(20)) +
                    R"(","participant":[)" + participant("Patient/p" + std::to_string(next % kPatients)) +
                    "," + participant("Practitioner/d" + std::to_string(who)) + "]}"));
            }
    return all;
}

/// Made once, and the same for all that is measured.
LocalClinicSession& session()
{
    static TemporaryFolder folder;
    static BenchClinic bench(folder.path());
    static const std::shared_ptr<LocalClinicSession> opened = [] {
        auto clinic = bench.open();
        if (const auto done = clinic->importer().addDocuments(documents(), "bench"); !done)
            fatal("import", done.error());
        auto made = LocalClinicSession::open(std::move(clinic));
        if (!made)
            fatal("session", made.error());
        return *made;
    }();
    return *opened;
}

void readDay(benchmark::State& state)
{
    LocalClinicSession& clinic = session();
    bool other = false;
    for (auto _ : state) {
        other = !other;
        const auto rows = clinic.appointmentsOn(other ? kDay.addDays(1) : kDay);
        if (!rows || rows->size() != std::size_t{kPractitioners * kEach})
            fatal("day", std::to_string(rows ? rows->size() : 0));
    }
}
BENCHMARK(readDay)->Unit(benchmark::kMillisecond)->Iterations(60)->Repetitions(5)->ReportAggregatesOnly(true);

/// `known`: the day was painted before, its texts are laid out.
void loadAndPaintStoredDay(benchmark::State& state)
{
    const bool known = state.range(0) != 0;
    DayScheduleModel model(session());
    model.showDay(kDay);
    DayView view(model);
    view.resize(1920, 1080);
    view.show();
    QImage screen(view.size(), QImage::Format_ARGB32_Premultiplied);
    bool other = false;
    for (auto _ : state) {
        if (!known) {
            state.PauseTiming();
            Q_EMIT Theme::current().changed(); // forgets every laid-out text
            state.ResumeTiming();
        }
        other = !other;
        model.showDay(other ? kDay.addDays(1) : kDay);
        view.viewport()->render(&screen);
    }
    state.SetLabel(known ? "seen before" : "for the first time");
}
BENCHMARK(loadAndPaintStoredDay)
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(40)
    ->Repetitions(7)
    ->ReportAggregatesOnly(true);

/// Of a visit that stands in another's way: who that is is named, and the next free time is looked for.
void checkVisit(benchmark::State& state)
{
    LocalClinicSession& clinic = session();
    AppointmentRow wished;
    wished.appointment.practitioner = PractitionerId::known("d3");
    wished.appointment.room = LocationId::known("room2");
    wished.appointment.start = toInstant(kDay, QTime(9, 10), clinic.zone());
    wished.appointment.end = wished.appointment.start + std::chrono::minutes(20);
    for (auto _ : state) {
        const auto plan = clinic.booking().planVisit(wished);
        if (!plan || plan->visits.front().obstacles.empty())
            fatal("visit", "nothing is in its way");
    }
}
BENCHMARK(checkVisit)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(60)
    ->Repetitions(5)
    ->ReportAggregatesOnly(true);

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    Theme::current().install();
    Theme::current().setScheme(Theme::Scheme::Light);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
