// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_gate.h"
#include "tests/ui/support/drive.h"
#include "ui/calendar/calendar_page.h"
#include "ui/exchange/inbox_page.h"
#include "ui/frame/desktop_settings.h"
#include "ui/frame/main_window.h"
#include "ui/patients/patient_form.h"
#include "ui/patients/patients_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/field.h"

#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace yarrow {

namespace {

const QString kPassword = QStringLiteral("seven quiet herons wade");

} // namespace

/// The whole desktop on the real, encrypted store.
class TestDesktop : public QObject
{
    Q_OBJECT

    QTemporaryDir m_profile;
    SystemClock m_clock;
    UuidSource m_ids{m_clock};
    std::unique_ptr<LocalClinicGate> m_gate;
    std::unique_ptr<DesktopSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;

    void start()
    {
        m_window.reset();
        const KdfCost quick{1U << 10U, 8, 1}; // the cost of a guess is tested with the keys
        m_gate = std::make_unique<LocalClinicGate>(Profile(m_profile.path().toStdString()),
                                                   StoreEnvironment{m_clock, m_ids, nullptr, quick});
        m_settings = std::make_unique<DesktopSettings>(m_profile.path());
        m_window = std::make_unique<MainWindow>(*m_gate, *m_settings, [](ClinicSession& session) {
            return Frame::Pages{new CalendarPage(session, *new ScheduleEditor(session, &session)),
                                new PatientsPage(session), new InboxPage(session)};
        });
        m_window->resize(1500, 900);
        m_window->show();
        m_window->start(false);
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void signIn()
    {
        start();
        QSignalSpy opened(m_window.get(), &MainWindow::opened);
        QVERIFY(typeInto(*m_window, "password", kPassword));
        QVERIFY(press(*m_window, "signIn"));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }

private Q_SLOTS:
    void initTestCase() { Theme::current().install(); }
    void cleanupTestCase() { m_window.reset(); }

    // In this order: a clinic's first day.
    void newClinic_givesARecoveryCodeAndASignIn()
    {
        start();
        QVERIFY(press(*m_window, "newClinic"));
        QVERIFY(typeInto(*m_window, "clinicName", QStringLiteral("Harbour Street Practice")));
        shown<QComboBox>(*m_window, "timeZone")->setCurrentText(QStringLiteral("Europe/Lisbon"));
        QVERIFY(typeInto(*m_window, "displayName", QStringLiteral("Ines Okonjo")));
        QVERIFY(typeInto(*m_window, "newUserName", QStringLiteral("ines")));
        QVERIFY(typeInto(*m_window, "newPassword", kPassword));
        QVERIFY(typeInto(*m_window, "passwordAgain", kPassword));
        QVERIFY(press(*m_window, "createClinic"));
        QTRY_VERIFY_WITH_TIMEOUT(shown(*m_window, "recoveryCode") != nullptr, 20000);
        QVERIFY(shown<QLabel>(*m_window, "recoveryCode")->text().size() > 50);
        QTest::keyClick(shown(*m_window, "codeWritten"), Qt::Key_Space);
        QVERIFY(press(*m_window, "codeKept"));
        QVERIFY(shown(*m_window, "signIn") != nullptr);
    }

    void wrongPassword_isRefusedThenTheRightOneOpens()
    {
        start();
        QVERIFY(typeInto(*m_window, "password", QStringLiteral("not my password")));
        QVERIFY(press(*m_window, "signIn"));
        QTRY_VERIFY_WITH_TIMEOUT(!shown(*m_window, "password")->accessibleDescription().isEmpty(), 20000);
        QVERIFY(m_window->frame() == nullptr);
        signIn();
        QCOMPARE(shown<QLabel>(*m_window, "clinicNameLabel")->text(),
                 QStringLiteral("Harbour Street Practice"));
        QVERIFY(shown<QPushButton>(*m_window, "workstationState")
                    ->text()
                    .contains(QLatin1String("stands alone")));
    }

    void patient_isRegisteredAndFound()
    {
        signIn();
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(typeInto(*m_window, "family", QStringLiteral("Lindqvist")));
        QVERIFY(typeInto(*m_window, "given", QStringLiteral("Maja")));
        QVERIFY(typeInto(*m_window, "birthDate", QStringLiteral("1990-02-28")));
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(shown<QLabel>(*m_window, "bannerName") != nullptr);
        QCOMPARE(shown<QLabel>(*m_window, "bannerName")->text(), QStringLiteral("Lindqvist, Maja"));

        key(Qt::Key_F2);
        QVERIFY(typeInto(*m_window, "patientSearch", QStringLiteral("maj lind")));
        QCOMPARE(shown<QListView>(*m_window, "patientList")->model()->rowCount(), 1);
        QVERIFY(typeInto(*m_window, "patientSearch", QStringLiteral("28.02.1990")));
        QCOMPARE(shown<QListView>(*m_window, "patientList")->model()->rowCount(), 1);
        QVERIFY(typeInto(*m_window, "patientSearch", QStringLiteral("zzyzx")));
        QVERIFY(!shown<QListView>(*m_window, "patientList"));
    }

    void draft_survivesTheLock()
    {
        signIn();
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(typeInto(*m_window, "family", QStringLiteral("Half-typed")));
        QSignalSpy locked(m_window.get(), &MainWindow::lockRequested);
        key(Qt::Key_L, Qt::ControlModifier);
        QCOMPARE(locked.count(), 1);
        signIn(); // as the restarted program
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(shown<QLineEdit>(*m_window, "family")->text(), QStringLiteral("Half-typed"));
    }

    void nothingTypedIsReadableOnDisk()
    {
        m_window.reset();
        m_gate.reset();
        QDir folder(m_profile.path());
        const QStringList files = folder.entryList(QDir::Files);
        QVERIFY(files.size() >= 3);
        for (const QString& name : files) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray content = file.readAll();
            for (const char* secret : {"Lindqvist", "Half-typed", "seven quiet", "Harbour"})
                QVERIFY2(!content.contains(secret), qPrintable(name));
        }
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestDesktop)
#include "tst_desktop.moc"
