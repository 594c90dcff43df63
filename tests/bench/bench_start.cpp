// SPDX-License-Identifier: GPL-3.0-or-later

// From the start of the program to a window that can be used, with a million patients inside: until the
// sign-in page is painted, and until the first page is painted after the password was sent. Beside it the
// start of a program with an empty window, in turn. Each start is a process of its own. Ends with 1 when
// somebody would notice: half a second besides the unlock, or more memory than promised.

#include "models/items/local_clinic_gate.h"
#include "tests/bench/many_patients.h"
#include "tests/ui/support/drive.h"
#include "ui/calendar/calendar_page.h"
#include "ui/exchange/inbox_page.h"
#include "ui/frame/desktop_settings.h"
#include "ui/frame/main_window.h"
#include "ui/patients/patients_page.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

using namespace yarrow;
using namespace yarrow::bench;

namespace {

constexpr int kRounds = 9;
constexpr double kNoticedSeconds = 0.5;
constexpr double kPromisedMiB = 200;

/// Paints all that is due and ends at once, so that taking things down is not measured.
[[noreturn]] void endPainted(QWidget& window)
{
    window.repaint();
    std::_Exit(0);
}

int showEmptyWindow()
{
    QMainWindow window;
    window.resize(1280, 800);
    window.show();
    QTimer::singleShot(0, &window, [&window] { endPainted(window); });
    return QApplication::exec();
}

double residentMiB()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (QByteArray line = status.readLine(); !line.isEmpty(); line = status.readLine()) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

/// As app/desktop does it. `signIn`: goes on until the first page is painted.
int showYarrow(const std::filesystem::path& profile, bool signIn)
{
    Theme::current().install();
    BenchClinic bench(profile);
    LocalClinicGate gate(bench.profile(), bench.environment());
    const QTemporaryDir folder;
    DesktopSettings settings(folder.path());
    MainWindow window(gate, settings, [](ClinicSession& session) {
        return Frame::Pages{new CalendarPage(session, *new ScheduleEditor(session, &session)),
                            new PatientsPage(session), new InboxPage(session)};
    });
    window.resize(1280, 800);
    window.show();
    QTimer::singleShot(0, &window, [&] {
        window.start(false);
        if (!signIn)
            endPainted(window);
        window.repaint();
        if (!typeInto(window, "password", BenchClinic::password()) || !press(window, "signIn"))
            fatal("sign-in", "the page is another one");
    });
    QObject::connect(&window, &MainWindow::opened, &window, [&] {
        QTimer::singleShot(0, &window, [&] {
            window.repaint();
            std::printf("%f\n", residentMiB());
            std::fflush(stdout);
            endPainted(window);
        });
    });
    return QApplication::exec();
}

struct Start
{
    double seconds;
    double mebibytes;
};

Start start(const QStringList& words)
{
    QProcess process;
    const Stopwatch watch;
    process.start(QCoreApplication::applicationFilePath(), words);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        fatal("start", process.readAllStandardError().toStdString());
    const double seconds = watch.seconds();
    return {seconds, process.readAllStandardOutput().trimmed().toDouble()};
}

double unlock(BenchClinic& bench)
{
    const Stopwatch watch;
    static_cast<void>(bench.open());
    return watch.seconds();
}

int compare()
{
    const ManyPatients many;
    BenchClinic bench(many.profile());
    const QString profile = QString::fromStdString(many.profile().string());
    std::vector<double> empty;
    std::vector<double> gate;
    std::vector<double> usable;
    std::vector<double> unlocking;
    std::vector<double> memory;
    for (int round = 0; round < kRounds; ++round) {
        empty.push_back(start({QStringLiteral("--empty")}).seconds);
        gate.push_back(start({QStringLiteral("--gate"), profile}).seconds);
        const Start signedIn = start({QStringLiteral("--usable"), profile});
        usable.push_back(signedIn.seconds);
        memory.push_back(signedIn.mebibytes);
        unlocking.push_back(unlock(bench));
    }
    const double ours = median(usable) - median(unlocking);
    std::printf("start with %d patients, medians of %d\n", many.count(), kRounds);
    std::printf("  an empty window        %6.0f ms\n", median(empty) * 1000);
    std::printf("  Yarrow's sign-in page  %6.0f ms\n", median(gate) * 1000);
    std::printf(
        "  Yarrow's first page    %6.0f ms, of which the unlock %.0f (the cost of the password aside)\n",
        median(usable) * 1000, median(unlocking) * 1000);
    std::printf("  without the unlock     %6.1f times the empty window (noticed: %.0f ms)\n",
                ours / median(empty), kNoticedSeconds * 1000);
    std::printf("  memory after unlock    %6.0f MiB (promised: %.0f)\n", median(memory), kPromisedMiB);
    return ours <= kNoticedSeconds && median(memory) <= kPromisedMiB ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    const QByteArray mode = argc > 1 ? QByteArray(argv[1]) : QByteArray();
    if (mode == "--empty") {
        QApplication app(argc, argv);
        return showEmptyWindow();
    }
    if (mode == "--gate" || mode == "--usable") {
        QApplication app(argc, argv);
        return showYarrow(argv[2], mode == "--usable");
    }
    QCoreApplication app(argc, argv);
    return compare();
}
