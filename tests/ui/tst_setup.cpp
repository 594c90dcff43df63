// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/demo_clinic.h"
#include "models/items/directory_desk.h"
#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"
#include "tests/ui/support/drive.h"
#include "ui/calendar/calendar_page.h"
#include "ui/frame/tunables.h"
#include "ui/setup/setup_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/field.h"

#include <QCheckBox>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTabBar>

namespace yarrow {

using namespace testing;

/// The setup screens on a real store with the demo clinic, by keyboard: what is typed is in the database, on
/// the calendar and in the openings, and what is not saved is a draft.
class TestSetup : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    std::unique_ptr<SetupPage> m_page;

    void open()
    {
        auto session = LocalClinicSession::open(m_test->open());
        YARROW_VERIFY_OK(session);
        m_session = *session;
        m_page = std::make_unique<SetupPage>(*m_session);
        m_page->resize(1200, 900);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    void close()
    {
        m_page.reset();
        m_session.reset();
    }
    [[nodiscard]] QWidget* focus() const { return m_page->focusWidget(); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QTest::keyClick(focus(), key, modifiers);
    }
    void type(const QString& text) const
    {
        auto* edit = qobject_cast<QLineEdit*>(focus());
        QVERIFY(edit != nullptr);
        edit->selectAll();
        QTest::keyClick(edit, Qt::Key_Delete);
        typeKeys(edit, text);
    }
    [[nodiscard]] QString textOf(const char* name) const
    {
        auto* label = shown<QLabel>(*m_page, name);
        return label == nullptr ? QString() : label->text();
    }
    [[nodiscard]] QString typedIn(const char* name) const
    {
        auto* edit = shown<QLineEdit>(*m_page, name);
        return edit == nullptr ? QString() : edit->text();
    }
    [[nodiscard]] DirectoryEntries entries() const { return m_session->directory().entries().value(); }
    /// Saves by keyboard; true when the directory changed because of it.
    bool saved()
    {
        QSignalSpy changed(m_session.get(), &ClinicSession::directoryChanged);
        key(Qt::Key_Return, Qt::ControlModifier);
        return changed.count() > 0 || changed.wait(5000);
    }
    [[nodiscard]] Instant monday(int hour) const
    {
        return toInstant(QDate(2026, 3, 9), QTime(hour, 0), m_session->zone());
    }

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_test = std::make_unique<TestClinic>();
        {
            auto clinic = m_test->open();
            YARROW_VERIFY_OK(clinic->importer().addDocuments(
                demoClinic(QDate(2026, 3, 2), QTimeZone("Europe/Rome")), "demo"));
        }
        open();
    }
    void cleanup()
    {
        close();
        m_test.reset();
    }

    void week_isTypedFromTheKeyboardAlone()
    {
        QCOMPARE(focus()->objectName(), QStringLiteral("hours0"));
        type(QStringLiteral("9-13, 15-19"));
        QCOMPARE(textOf("hoursEcho0").remove(QChar(0x2068)).remove(QChar(0x2069)),
                 QStringLiteral("09:00 – 13:00 · 15:00 – 19:00"));
        key(Qt::Key_Return);
        key(Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(typedIn("hours1"), QStringLiteral("9-13, 15-19"));
        key(Qt::Key_Up);
        QCOMPARE(focus()->objectName(), QStringLiteral("hours0"));
        QVERIFY(textOf("weekTotal").contains(QLatin1String("a week")));
    }

    void whatIsNotUnderstood_isSaidBesideItsDayAndNotSaved()
    {
        key(Qt::Key_Down);
        type(QStringLiteral("8-12, 11-18"));
        QCOMPARE(textOf("hoursEcho1"), QStringLiteral("“11–18” overlaps the hours before it."));
        key(Qt::Key_Up);
        const auto before = entries();
        key(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(focus()->objectName(), QStringLiteral("hours1")); // where the error is
        QTest::qWait(0);
        QCOMPARE(entries().clinic, before.clinic);
        QCOMPARE(typedIn("hours1"), QStringLiteral("8-12, 11-18"));
    }

    void aClosedDay_isInTheOpeningsAndOnTheCalendarAtOnce()
    {
        ScheduleEditor editor(*m_session);
        CalendarPage calendar(*m_session, editor);
        calendar.resize(1000, 700);
        calendar.show();
        calendar.showDay(QDate(2026, 12, 24));
        const auto blocked = [&] {
            const auto& columns = calendar.view().model().columns();
            return !columns.empty() && !columns.front().blockouts.empty() &&
                   columns.front().blockouts.back().reason == QStringLiteral("Christmas");
        };
        QVERIFY(!blocked());
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QVERIFY(press(*m_page, "closuresAdd"));
        const QString field = focus()->objectName();
        type(QStringLiteral("24 Dec - 6 Jan"));
        const QString echo = focus()->accessibleDescription();
        QVERIFY2(echo.contains(QStringLiteral("December 2026")) && echo.contains(QStringLiteral("14")),
                 qPrintable(echo));
        key(Qt::Key_Tab);
        type(QStringLiteral("Christmas"));
        QVERIFY(saved());
        QVERIFY(blocked());
        OpeningsRequest request;
        request.earliest = toInstant(QDate(2026, 12, 24), QTime(0, 0), m_session->zone());
        request.days = 14;
        QVERIFY(m_session->openings(request)->empty());
        request.days = 16;
        QVERIFY(!m_session->openings(request)->empty());
        QVERIFY(!field.isEmpty());
    }

    void whatAChangeLeavesOutside_isShownBeforeItIsSaved()
    {
        m_page->showSection(SetupPage::Staff);
        auto* list = shown<QListView>(*m_page, "staffList");
        QVERIFY(list != nullptr && list->hasFocus());
        QVERIFY(list->selectionModel()->isSelected(list->model()->index(0, 0)));
        const DirectoryEntries before = entries();
        for (int day = 0; day < 5; ++day)
            QVERIFY(typeInto(*m_page, qPrintable(QStringLiteral("hours%1").arg(day)), QStringLiteral("5-6")));
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(shown(*m_page, "impactBox") != nullptr);
        QVERIFY(textOf("impactTitle").contains(QLatin1String("outside of hours")));
        QCOMPARE(entries().staff, before.staff);
        QSignalSpy day(m_page.get(), &Page::dayRequested);
        QVERIFY(press(*m_page, "impactLine0"));
        QCOMPARE(day.count(), 1);
        QVERIFY(press(*m_page, "impactBack"));
        QVERIFY(shown(*m_page, "impactBox") == nullptr);
        QVERIFY(shown(*m_page, "hours0") != nullptr);
        shown(*m_page, "hours0")->setFocus();
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(shown(*m_page, "impactBox") != nullptr);
        QSignalSpy changed(m_session.get(), &ClinicSession::directoryChanged);
        key(Qt::Key_Space); // the keyboard is on "Save all the same"
        QVERIFY(changed.wait(5000));
        QVERIFY(entries().staff != before.staff);
    }

    void roomDeviceAndVisitType_areMadeFromTheKeyboard()
    {
        m_page->showSection(SetupPage::Rooms);
        key(Qt::Key_Insert);
        QCOMPARE(focus()->objectName(), QStringLiteral("roomName"));
        type(QStringLiteral("Room 99"));
        QVERIFY(saved());
        m_page->showSection(SetupPage::Devices);
        key(Qt::Key_Insert);
        type(QStringLiteral("Ultrasound"));
        QVERIFY(saved());
        m_page->showSection(SetupPage::VisitTypes);
        key(Qt::Key_Insert);
        type(QStringLiteral("Scan"));
        key(Qt::Key_Tab);
        QCOMPARE(focus()->objectName(), QStringLiteral("visitTypeDuration"));
        QTest::keyClick(focus(), Qt::Key_Up);
        QVERIFY(saved());

        const auto services = m_session->services();
        const auto scan = std::find_if(services.begin(), services.end(), [](const HealthcareService& s) {
            return s.name == QLatin1String("Scan");
        });
        QVERIFY(scan != services.end());
        QCOMPARE(scan->defaultDuration, std::chrono::minutes(25));
        QCOMPARE(m_session->devices().size(), std::size_t(1));
        const auto rooms = m_session->rooms();
        QVERIFY(std::any_of(rooms.begin(), rooms.end(),
                            [](const Location& room) { return room.name == QLatin1String("Room 99"); }));
    }

    void aNameIsNeeded_andSaidBesideTheField()
    {
        m_page->showSection(SetupPage::Rooms);
        key(Qt::Key_Insert);
        key(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(focus()->objectName(), QStringLiteral("roomName"));
        QCOMPARE(focus()->accessibleDescription(), QStringLiteral("A room needs a name."));
    }

    void whoNoLongerWorksHere_leavesTheCalendarAndComesBack()
    {
        m_page->showSection(SetupPage::Staff);
        auto* list = shown<QListView>(*m_page, "staffList");
        const std::size_t before = m_session->practitioners().size();
        QCOMPARE(list->model()->rowCount(), static_cast<int>(before));
        key(Qt::Key_Return);
        auto* active = shown<QCheckBox>(*m_page, "staffActive");
        QVERIFY(active != nullptr && active->isChecked());
        active->setFocus();
        key(Qt::Key_Space);
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(shown(*m_page, "impactBox") != nullptr);
        QSignalSpy changed(m_session.get(), &ClinicSession::directoryChanged);
        QVERIFY(press(*m_page, "impactConfirm"));
        QVERIFY(changed.wait(5000));
        QCOMPARE(m_session->practitioners().size(), before - 1);
        QTRY_VERIFY(shown<QCheckBox>(*m_page, "staffActive")->isEnabled());
        shown<QCheckBox>(*m_page, "staffActive")->setFocus();
        key(Qt::Key_Space);
        QVERIFY(saved());
        QCOMPARE(m_session->practitioners().size(), before);
    }

    void draft_survivesTheEndOfTheProgram()
    {
        type(QStringLiteral("10-11"));
        m_page->showSection(SetupPage::Rooms);
        key(Qt::Key_Insert);
        type(QStringLiteral("Half a room"));
        m_page->saveDrafts(); // as before a lock
        close();
        open();
        QCOMPARE(typedIn("hours0"), QStringLiteral("10-11"));
        m_page->showSection(SetupPage::Rooms);
        key(Qt::Key_Insert);
        QCOMPARE(typedIn("roomName"), QStringLiteral("Half a room"));
        QVERIFY(press(*m_page, "putAside"));
        QVERIFY(typedIn("roomName").isEmpty());
        QVERIFY(press(*m_page, "noteAction")); // bring it back
        QCOMPARE(typedIn("roomName"), QStringLiteral("Half a room"));
        QVERIFY(saved());
        close();
        open();
        m_page->showSection(SetupPage::Rooms);
        key(Qt::Key_Insert);
        QVERIFY(typedIn("roomName").isEmpty());
    }

    void draft_isWrittenByItselfAfterAPause()
    {
        type(QStringLiteral("10-11"));
        QTRY_VERIFY_WITH_TIMEOUT(
            !m_session
                 ->draft(QStringLiteral("setup/clinic/") +
                         QString::fromStdString(entries().clinic.location.value.id.text()))
                 .isEmpty(),
            5 * tunables::kDraftDelay.count());
    }

    void anotherEntry_doesNotInheritWhatWasTyped()
    {
        m_page->showSection(SetupPage::Rooms);
        auto* list = shown<QListView>(*m_page, "roomList");
        key(Qt::Key_Return);
        const QString first = typedIn("roomName");
        type(QStringLiteral("Something else"));
        list->setFocus();
        key(Qt::Key_Down);
        const QString second = typedIn("roomName");
        QVERIFY(second != QStringLiteral("Something else") && second != first);
        key(Qt::Key_Up);
        QCOMPARE(typedIn("roomName"), QStringLiteral("Something else"));
        QVERIFY(list->model()->rowCount() > 1);
        QVERIFY(entries().rooms.front().value.name != QStringLiteral("Something else"));
    }

    void somebodyElsesChange_isTakenOverWithoutLosingWhatWasTyped()
    {
        type(QStringLiteral("10-11"));
        ClinicEntry elsewhere = entries().clinic;
        elsewhere.location.value.hours.days[5] = {{QTime(9, 0), QTime(12, 0)}};
        QSignalSpy changed(m_session.get(), &ClinicSession::directoryChanged);
        m_session->directory().save(elsewhere, this, [](const Result<DirectoryChange>&) {});
        QVERIFY(changed.wait(5000));
        QCOMPARE(typedIn("hours0"), QStringLiteral("10-11"));
        key(Qt::Key_Return, Qt::ControlModifier);
        if (QTest::qWaitFor([&] { return shown(*m_page, "impactConfirm") != nullptr; }, 3000))
            QVERIFY(press(*m_page, "impactConfirm"));
        QTRY_VERIFY(shown(*m_page, "noteAction") != nullptr);
        QVERIFY(press(*m_page, "noteAction"));
        QCOMPARE(typedIn("hours0"), QStringLiteral("10-11"));
    }

    void erasure_asksForTheRecordNumberInPlace()
    {
        const auto before = m_session->searchPatients({}, 1000);
        const PatientRow victim = before->front();
        m_page->showSection(SetupPage::Erasure);
        typeKeys(focus(), victim.mrn);
        key(Qt::Key_Return);
        QTRY_COMPARE(focus()->objectName(), QStringLiteral("erasureGround"));
        type(QStringLiteral("GDPR article 17"));
        QVERIFY(typeInto(*m_page, "erasureReason", QStringLiteral("Asked for in writing")));
        QVERIFY(typeInto(*m_page, "erasureConfirmation", QStringLiteral("yes")));
        QVERIFY(press(*m_page, "erasePatient"));
        QCOMPARE(focus()->objectName(), QStringLiteral("erasureConfirmation"));
        QVERIFY(!focus()->accessibleDescription().isEmpty());
        QTest::qWait(0);
        QCOMPARE(m_session->searchPatients({}, 1000)->size(), before->size());

        QSignalSpy arrived(m_session.get(), &ClinicSession::recordsArrived);
        type(victim.mrn);
        QVERIFY(press(*m_page, "erasePatient"));
        QVERIFY(arrived.wait(10000));
        const auto after = m_session->searchPatients({}, 1000);
        QCOMPARE(after->size() + 1, before->size());
        QVERIFY(std::none_of(after->begin(), after->end(),
                             [&](const PatientRow& row) { return row.id == victim.id; }));
        QTRY_VERIFY(shown(*m_page, "erasureNote") != nullptr);
        QVERIFY(typedIn("erasureGround").isEmpty());
    }

    void everyInput_hasANameForAssistiveTechnology()
    {
        for (int section = SetupPage::Hours; section <= SetupPage::Erasure; ++section) {
            m_page->showSection(section);
            if (section != SetupPage::Hours && section != SetupPage::Erasure)
                key(Qt::Key_Insert);
            for (QWidget* widget : m_page->findChildren<QWidget*>()) {
                if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus ||
                    widget->objectName().startsWith(QLatin1String("qt_")))
                    continue;
                const auto* button = qobject_cast<QAbstractButton*>(widget);
                const bool named =
                    !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
                QVERIFY2(named, qPrintable(widget->objectName() + QLatin1String(" ") +
                                           QLatin1String(widget->metaObject()->className())));
            }
        }
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestSetup)
#include "tst_setup.moc"
