// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/sample_clinic.h"
#include "ui/calendar/day_view.h"

#include <QApplication>
#include <QImage>

#include <benchmark/benchmark.h>

// A day of 20 practitioners with 25 appointments each: reading it into the model, laying it out and painting
// the whole view. The clinic is in memory, so this is what the calendar itself costs; the aim, with the
// store's read, is 16 ms.

namespace {

using namespace yarrow;

constexpr int kPractitioners = 20;
constexpr int kEach = 25;
const QDate kDay(2026, 5, 12);

/// 25 short visits in each working day, back to back where they fit.
void fill(MemorySession& session, QDate day)
{
    const auto patients = session.searchPatients({}, 1000).value();
    const auto services = session.services();
    std::size_t next = 0;
    for (const CalendarResource& practitioner : session.practitioners())
        for (int i = 0; i < kEach; ++i) {
            Appointment a;
            a.practitioner = practitioner.id;
            a.patient = patients[next++ % patients.size()].id;
            a.service = services[next % services.size()].id;
            a.room = session.rooms()[next % 5].id;
            a.start = toInstant(day, QTime(8, 0), session.zone()) + std::chrono::minutes(20 * i);
            a.end = a.start + std::chrono::minutes(20);
            a.status = i < 8 ? AppointmentStatus::Fulfilled : AppointmentStatus::Booked;
            session.add(a, i % 5 == 0);
        }
}

/// `known`: the day was painted before, its texts are laid out.
void loadAndPaintDay(benchmark::State& state)
{
    const bool known = state.range(0) != 0;
    MemorySession session(kDay);
    addSamplePeople(session, kPractitioners);
    fill(session, kDay);
    fill(session, kDay.addDays(1));
    DayScheduleModel model(session);
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
BENCHMARK(loadAndPaintDay)
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(40)
    ->Repetitions(7)
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
