// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/drive.h"
#include "tests/ui/support/memory_gate.h"
#include "tests/ui/support/sample_clinic.h"
#include "ui/frame/command_field.h"
#include "ui/frame/desktop_settings.h"
#include "ui/frame/idle_watch.h"
#include "ui/frame/key_sheet.h"
#include "ui/frame/main_window.h"
#include "ui/patients/patient_form.h"
#include "ui/patients/patients_page.h"
#include "ui/theme/theme.h"

#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

namespace yarrow {

namespace {

/// A calendar that only notes what it is asked for.
class NotingPage final : public Page
{
public:
    QString title() const override { return QStringLiteral("Calendar"); }
    QString iconName() const override { return QStringLiteral("calendar"); }
    void showDay(QDate day) override { lastDay = day; }
    void showAppointment(const AppointmentId& id, QDate day) override
    {
        lastAppointment = id;
        lastDay = day;
    }
    void startBooking(const PatientId& id) override { lastBooking = id; }
    void saveDrafts() override { ++draftsSaved; }

    QDate lastDay;
    AppointmentId lastAppointment;
    PatientId lastBooking;
    int draftsSaved = 0;
};

const QString kPassword = QStringLiteral("seven quiet herons wade");

} // namespace

class TestFrame : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<MemoryGate> m_gate;
    std::unique_ptr<DesktopSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    NotingPage* m_calendar = nullptr;
    std::shared_ptr<MemorySession> m_session;

    void signIn()
    {
        m_window = std::make_unique<MainWindow>(*m_gate, *m_settings, [this](ClinicSession& session) {
            m_calendar = new NotingPage;
            return Frame::Pages{m_calendar, new PatientsPage(session), nullptr};
        });
        m_window->resize(1400, 860);
        m_window->show();
        m_window->start(false);
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QSignalSpy opened(m_window.get(), &MainWindow::opened);
        QVERIFY(typeInto(*m_window, "userNameText", QStringLiteral("ines")));
        QVERIFY(typeInto(*m_window, "password", kPassword));
        QVERIFY(press(*m_window, "signIn"));
        QTRY_COMPARE(opened.count(), 1);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* target = QApplication::focusWidget();
        QTest::keyClick(target == nullptr ? m_window.get() : target, key, modifiers);
    }

    /// A visit of the first patient called Jokela, today at that hour.
    void addVisit(int hour)
    {
        Appointment visit;
        visit.patient = m_session->searchPatients(QStringLiteral("jokela"), 1)->front().id;
        visit.practitioner =
            m_session->addPractitioner(QStringLiteral("Dr. One"), QStringLiteral("Cardiology"));
        visit.start = toInstant(QDate(2026, 5, 12), QTime(hour, 0), m_session->zone());
        visit.end = visit.start + std::chrono::minutes(15);
        m_session->add(visit);
    }
    [[nodiscard]] QStringList groups() const
    {
        QStringList heads;
        const auto* list = shown<QListView>(*m_window, "commandList");
        for (int row = 0; list != nullptr && row < list->model()->rowCount(); ++row) {
            const QModelIndex index = list->model()->index(row, 0);
            if (!index.flags().testFlag(Qt::ItemIsEnabled))
                heads << index.data().toString();
        }
        return heads;
    }

private Q_SLOTS:
    void initTestCase() { Theme::current().install(); }
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<DesktopSettings>(m_profile->path());
        m_session = std::make_shared<MemorySession>();
        addSamplePeople(*m_session);
        m_gate = std::make_unique<MemoryGate>(m_profile->path(), [this](const QString& user) {
            m_session->setUser({user, Role::Receptionist});
            return m_session;
        });
        m_gate->addUser(QStringLiteral("ines"), kPassword);
    }
    void cleanup()
    {
        m_window.reset();
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
        Theme::current().setScale(100);
    }

    void signingIn_showsTheClinicAndTheKeyboardWorks()
    {
        signIn();
        QCOMPARE(shown<QLabel>(*m_window, "clinicNameLabel")->text(), m_session->clinicName());
        QCOMPARE(shown<QLabel>(*m_window, "signedInUser")->text(), QStringLiteral("ines"));
        QVERIFY(m_window->isActiveWindow());
        QCOMPARE(m_window->frame()->currentPage(), 0);
        key(Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(m_window->frame()->currentPage(), 1);
        QVERIFY(shown(*m_window, "patientSearch")->hasFocus());
        key(Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(m_window->frame()->currentPage(), 0);
        key(Qt::Key_F2);
        QVERIFY(shown(*m_window, "patientSearch")->hasFocus());
    }

    void controlShiftN_registersFromAnywhere()
    {
        signIn();
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(shown(*m_window, "family") != nullptr);
        QVERIFY(shown(*m_window, "family")->hasFocus());
    }

    void commandField_findsAPatient()
    {
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        CommandField& field = m_window->frame()->commandField();
        QVERIFY(field.hasFocus());
        typeKeys(&field, QStringLiteral("jokela"));
        QTRY_VERIFY(!field.isLooking() && field.offered() > 0);
        const QModelIndex first = shown<QListView>(*m_window, "commandList")->model()->index(1, 0);
        QVERIFY(first.data(Qt::AccessibleTextRole).toString().contains(QLatin1String("MRN")));
        key(Qt::Key_Return);
        QTRY_VERIFY(shown<QLabel>(*m_window, "bannerName") != nullptr);
        QVERIFY(shown<QLabel>(*m_window, "bannerName")->text().startsWith(QLatin1String("Jokela")));
        QCOMPARE(m_session->searchesNoted(), QStringList{QStringLiteral("jokela")});
        QVERIFY(field.text().isEmpty());
    }

    void commandField_runsACommand()
    {
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        typeKeys(&m_window->frame()->commandField(), QStringLiteral("register"));
        key(Qt::Key_Return);
        QTRY_VERIFY(shown(*m_window, "family") != nullptr);
    }

    void commandField_showsGroupsAndGoesRoundTheirHeads()
    {
        addVisit(14);
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        CommandField& field = m_window->frame()->commandField();
        typeKeys(&field, QStringLiteral("jok"));
        QTRY_COMPARE(groups(), (QStringList{QStringLiteral("Patients"), QStringLiteral("Appointments")}));
        auto* list = shown<QListView>(*m_window, "commandList");
        QCOMPARE(list->currentIndex().row(), 1);
        const int last = list->model()->rowCount() - 1;
        for (int row = 0; row < last; ++row) {
            QVERIFY(list->currentIndex().flags().testFlag(Qt::ItemIsEnabled));
            if (list->currentIndex().row() == last)
                break;
            key(Qt::Key_Down);
        }
        QCOMPARE(list->currentIndex().row(), last);
        key(Qt::Key_Down);
        QCOMPARE(list->currentIndex().row(), 1);
        key(Qt::Key_Up);
        QCOMPARE(list->currentIndex().row(), last);
        key(Qt::Key_Return); // the appointment: it, and not its day alone
        QCOMPARE(m_window->frame()->currentPage(), 0);
        QCOMPARE(m_calendar->lastAppointment, m_session->stored().front().id);
    }

    void commandField_enterBeforeTheAnswer_takesTheFirstThatComes()
    {
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        m_session->memorySearch().hold();
        typeKeys(&m_window->frame()->commandField(), QStringLiteral("jokela"));
        key(Qt::Key_Return);
        QVERIFY(m_window->frame()->commandField().isLooking());
        QVERIFY(shown<QLabel>(*m_window, "bannerName") == nullptr);
        m_session->memorySearch().release();
        QTRY_VERIFY(shown<QLabel>(*m_window, "bannerName") != nullptr);
    }

    void commandField_ranksWhatBeginsAsTypedFirst()
    {
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        typeKeys(&m_window->frame()->commandField(), QStringLiteral("sync"));
        QTRY_VERIFY(!m_window->frame()->commandField().isLooking());
        auto* model = shown<QListView>(*m_window, "commandList")->model();
        QCOMPARE(model->index(1, 0).data().toString(), QStringLiteral("Sync now"));
        QCOMPARE(model->index(2, 0).data().toString(), QStringLiteral("Sync Centre"));
    }

    void commandField_offersTheDayThatIsTyped()
    {
        signIn();
        key(Qt::Key_2, Qt::ControlModifier);
        key(Qt::Key_K, Qt::ControlModifier);
        typeKeys(&m_window->frame()->commandField(), QStringLiteral("2026-12-24"));
        QTRY_VERIFY(!m_window->frame()->commandField().isLooking());
        QVERIFY(groups().contains(QStringLiteral("Day")));
        key(Qt::Key_Return);
        QTRY_COMPARE(m_window->frame()->currentPage(), 0);
    }

    void commandField_offersWhatWasChosenLately_alsoAfterTheNextSignIn()
    {
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        typeKeys(&m_window->frame()->commandField(), QStringLiteral("jokela"));
        key(Qt::Key_Return);
        QTRY_VERIFY(shown<QLabel>(*m_window, "bannerName") != nullptr);
        signIn();
        key(Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(groups().contains(QStringLiteral("Recent patients")));
        auto* model = shown<QListView>(*m_window, "commandList")->model();
        QVERIFY(model->index(1, 0).data().toString().startsWith(QLatin1String("Jokela")));
        key(Qt::Key_Return);
        QTRY_VERIFY(shown<QLabel>(*m_window, "bannerName") != nullptr);
    }

    void commandField_escapeGivesTheKeyboardBack()
    {
        signIn();
        key(Qt::Key_F2);
        key(Qt::Key_K, Qt::ControlModifier);
        typeKeys(&m_window->frame()->commandField(), QStringLiteral("zzyzx"));
        QTRY_COMPARE(m_window->frame()->commandField().offered(), 1); // the line that says nothing was found
        key(Qt::Key_Return);                                          // and choosing it does nothing
        QVERIFY(m_window->frame()->commandField().hasFocus());
        key(Qt::Key_Escape);
        QVERIFY(shown(*m_window, "patientSearch")->hasFocus());
        QVERIFY(!shown(*m_window, "commandPopup"));
    }

    void statusLine_showsWhereTheChangesAreAndOpensTheSyncCentre()
    {
        signIn();
        auto* state = shown<QPushButton>(*m_window, "workstationState");
        QCOMPARE(state->text(), QStringLiteral("This workstation stands alone"));
        ExchangeStatus status;
        status.hasServer = true;
        status.waiting = 3;
        status.progress.isRunning = true;
        m_session->desk().setStatus(status);
        QCOMPARE(state->text(), QStringLiteral("Sending 3"));
        key(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(shown(*m_window, "syncCentre"));
        QCOMPARE(shown<QLabel>(*m_window, "syncState")->text(), state->text());
        key(Qt::Key_Escape);
        QVERIFY(!shown(*m_window, "syncCentre"));
        key(Qt::Key_F5);
        QCOMPARE(m_session->desk().exchangesAsked, 1);
    }

    void ownPassword_isChangedFromTheKeyboard()
    {
        const QString fresh = QStringLiteral("copper lantern moth 88");
        m_session->accounts().ownPassword = kPassword;
        signIn();
        key(Qt::Key_F2);
        key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        auto* present = shown<QLineEdit>(*m_window, "presentPassword");
        QVERIFY(present != nullptr && present->hasFocus());
        QCOMPARE(present->echoMode(), QLineEdit::Password);
        key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(present->hasFocus() && !present->accessibleDescription().isEmpty());

        typeKeys(present, QStringLiteral("not the password"));
        key(Qt::Key_Return);
        auto* first = shown<QLineEdit>(*m_window, "newPassword");
        QVERIFY(first->hasFocus());
        typeKeys(first, QStringLiteral("short"));
        key(Qt::Key_Return); // to the second line
        QCOMPARE(first->accessibleDescription(), QStringLiteral("A password needs at least 12 characters."));
        QVERIFY(typeInto(*m_window, "newPassword", fresh));
        key(Qt::Key_Return);
        auto* again = shown<QLineEdit>(*m_window, "passwordAgain");
        QVERIFY(again->hasFocus());
        typeKeys(again, fresh + u'!');
        key(Qt::Key_Return);
        QVERIFY(!again->accessibleDescription().isEmpty());
        QVERIFY(typeInto(*m_window, "passwordAgain", fresh));
        key(Qt::Key_Return);
        QTRY_COMPARE(present->accessibleDescription(), QStringLiteral("This is not your present password."));
        QVERIFY(present->hasFocus() && present->text().isEmpty());
        QCOMPARE(first->text(), fresh); // only what was wrong has to be typed again

        typeKeys(present, kPassword);
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!shown(*m_window, "passwordPanel"));
        QCOMPARE(m_session->accounts().ownPassword, fresh);
        QVERIFY(shown(*m_window, "patientSearch")->hasFocus());
        for (const char* name : {"presentPassword", "newPassword", "passwordAgain"}) {
            auto* edit = m_window->findChild<QLineEdit*>(QLatin1String(name));
            QVERIFY(edit->text().isEmpty());
            edit->undo();
            QVERIFY2(edit->text().isEmpty(), name);
        }
    }

    void ownPassword_saysHowLongToWaitAndWhatItMeansElsewhere()
    {
        const QString fresh = QStringLiteral("copper lantern moth 88");
        signIn();
        ExchangeStatus status;
        status.hasServer = true;
        m_session->desk().setStatus(status);
        auto* button = shown<QToolButton>(*m_window, "userMenu");
        QCOMPARE(button->accessibleName(), QStringLiteral("Your account"));
        button->menu()->actions().front()->trigger();
        QVERIFY(shown<QLabel>(*m_window, "passwordMeaning")->text().contains(QLatin1String("At the others")));
        m_session->accounts().nextFailure = Error{ErrorCode::Throttled, "2", {}};
        QVERIFY(typeInto(*m_window, "presentPassword", kPassword));
        QVERIFY(typeInto(*m_window, "newPassword", fresh));
        QVERIFY(typeInto(*m_window, "passwordAgain", fresh));
        key(Qt::Key_Return);
        auto* present = shown<QLineEdit>(*m_window, "presentPassword");
        QTRY_VERIFY(present->accessibleDescription().contains(u'2'));
        QVERIFY(!shown(*m_window, "changePassword")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(shown(*m_window, "changePassword")->isEnabled(), 4000);
        // The Sync Centre takes its place, and nothing that was typed stays.
        key(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(shown(*m_window, "syncCentre") && !shown(*m_window, "passwordPanel"));
        QVERIFY(present->text().isEmpty());
        key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!shown(*m_window, "syncCentre") && shown(*m_window, "passwordPanel"));
        key(Qt::Key_Escape);
        QVERIFY(!shown(*m_window, "passwordPanel"));
    }

    void keySheet_listsKeysAndAnyKeyClosesIt()
    {
        signIn();
        key(Qt::Key_F2);
        key(Qt::Key_F1);
        auto* sheet = m_window->findChild<KeySheet*>();
        QVERIFY(sheet->isVisible());
        QVERIFY(sheet->accessibleDescription().contains(QLatin1String("Ctrl+K")));
        QTest::keyClick(sheet, Qt::Key_K, Qt::ControlModifier);
        QVERIFY(!sheet->isVisible());
        QVERIFY(shown(*m_window, "patientSearch")->hasFocus());
    }

    void lock_savesDraftsAndRemembersNoPatient()
    {
        signIn();
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(typeInto(*m_window, "family", QStringLiteral("Unfinished")));
        QSignalSpy locked(m_window.get(), &MainWindow::lockRequested);
        key(Qt::Key_L, Qt::ControlModifier);
        QCOMPARE(locked.count(), 1);
        QVERIFY(PatientForm::hasDraft(*m_session, {}));
        QCOMPARE(m_calendar->draftsSaved, 1);
        QCOMPARE(m_settings->lastUser(), QStringLiteral("ines"));
        QCOMPARE(m_settings->page(), 1);

        QFile file(m_profile->filePath(QStringLiteral("desktop.ini")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY(content.contains("ines"));
        QVERIFY(!content.contains("pat-"));
        QVERIFY(!content.contains("Unfinished"));

        // The program starts anew, at the same page, with the draft.
        m_window.reset();
        signIn();
        QCOMPARE(m_window->frame()->currentPage(), 1);
        QVERIFY(press(*m_window, "newPatient"));
        QCOMPARE(shown<QLineEdit>(*m_window, "family")->text(), QStringLiteral("Unfinished"));
    }

    void lockButton_locks()
    {
        signIn();
        QSignalSpy locked(m_window.get(), &MainWindow::lockRequested);
        QVERIFY(press(*m_window, "lock"));
        QCOMPARE(locked.count(), 1);
    }

    void idle_isToldOnlyWithoutKeyOrMouse()
    {
        QWidget window;
        window.show();
        IdleWatch watch(std::chrono::milliseconds(400), &window);
        QSignalSpy idle(&watch, &IdleWatch::idle);
        for (int i = 0; i < 6; ++i) {
            QTest::qWait(100);
            QTest::keyClick(&window, Qt::Key_A);
        }
        QCOMPARE(idle.count(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(idle.count(), 1, 2000);
    }

    void pagesAskForEachOther()
    {
        signIn();
        const PatientId id = m_session->searchPatients(QStringLiteral("jokela"), 1).value().front().id;
        Q_EMIT m_calendar->patientRequested(id);
        QTRY_VERIFY(shown<QLabel>(*m_window, "bannerName") != nullptr);
        QCOMPARE(m_window->frame()->currentPage(), 1);
        QVERIFY(press(*m_window, "bookPatient"));
        QCOMPARE(m_window->frame()->currentPage(), 0);
        QCOMPARE(m_calendar->lastBooking, id);
        Q_EMIT m_calendar->dayRequested(QDate(2026, 5, 20));
        QCOMPARE(m_calendar->lastDay, QDate(2026, 5, 20));
        Q_EMIT m_calendar->notice(QStringLiteral("Done."));
        QCOMPARE(shown<QLabel>(*m_window, "notice")->text(), QStringLiteral("Done."));
    }

    void everyControlHasANameForThoseWhoListen()
    {
        signIn();
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        Q_EMIT m_calendar->patientRequested(
            m_session->searchPatients(QStringLiteral("jokela"), 1).value().front().id);
        QTRY_VERIFY(shown(*m_window, "editPatient") != nullptr);
        for (QWidget* widget : m_window->findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith(QLatin1String("qt_")))
                continue;
            // The line inside a combo box or spin box is read as the box.
            const QWidget* parent = widget->parentWidget();
            if (qobject_cast<const QComboBox*>(parent) || qobject_cast<const QAbstractSpinBox*>(parent) ||
                parent->inherits("QComboBoxPrivateContainer"))
                continue;
            const QString where = QStringLiteral("%1 '%2' in '%3'")
                                      .arg(QLatin1String(widget->metaObject()->className()),
                                           widget->objectName(), parent->objectName());
            QAccessibleInterface* heard = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(heard != nullptr && !heard->text(QAccessible::Name).isEmpty(), qPrintable(where));
            QVERIFY2(!widget->objectName().isEmpty(), qPrintable(where));
        }
    }

    void rightToLeft_mirrorsTheFrame()
    {
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        signIn();
        const auto x = [this](const char* name) {
            return shown(*m_window, name)->mapTo(m_window.get(), QPoint()).x();
        };
        QVERIFY(x("rail-patients") > m_window->width() / 2);
        QVERIFY(x("lock") < m_window->width() / 2);
    }

    void doubleSize_stillFitsALaptop()
    {
        Theme::current().setScale(200);
        signIn();
        key(Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY2(m_window->minimumSizeHint().width() <= 1366,
                 qPrintable(QString::number(m_window->minimumSizeHint().width())));
        QVERIFY2(m_window->minimumSizeHint().height() <= 768,
                 qPrintable(QString::number(m_window->minimumSizeHint().height())));
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestFrame)
#include "tst_frame.moc"
