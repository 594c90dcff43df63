// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"
#include "ui/calendar/calendar_page.h"
#include "ui/calendar/message_bar.h"
#include "ui/widgets/texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTimeEdit>

using namespace yarrow;
using namespace yarrow::testing;
using std::chrono::minutes;

/// Visits that repeat, from the calendar's form, on a real store. It is Monday, 2 March 2026, 10:00 in Rome.
class TestSeries : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    std::unique_ptr<ScheduleEditor> m_editor;
    std::unique_ptr<CalendarPage> m_page;
    const PractitionerId m_doctor = PractitionerId::known("dr");
    const QDate m_monday = QDate(2026, 3, 2);

    DayView& view() { return m_page->view(); }
    bool settled()
    {
        return QTest::qWaitFor([this] { return m_editor->isIdle(); });
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_page->window()->focusWidget(), key, modifiers);
    }
    void type(const char* text)
    {
        for (; *text; ++text)
            QTest::keyClick(m_page->window()->focusWidget(), *text);
    }
    template <class Widget>
    Widget* find(const char* name)
    {
        auto* widget = m_page->findChild<Widget*>(QLatin1String(name));
        if (!widget)
            qFatal("no widget named %s", name);
        return widget;
    }
    /// The one of that name that is shown; nullptr when none is.
    template <class Widget>
    Widget* shown(const char* name)
    {
        for (auto* each : m_page->findChildren<Widget*>(QLatin1String(name)))
            if (each->isVisibleTo(m_page.get()))
                return each;
        return nullptr;
    }
    bool isShown(const char* name) { return find<QWidget>(name)->isVisibleTo(m_page.get()); }
    QString message()
    {
        auto* bar = static_cast<MessageBar*>(find<QFrame>("calendarMessage"));
        return bar->isVisibleTo(m_page.get()) ? bar->text() : QString();
    }
    /// The rows of the preview that is shown, once there are that many.
    QStringList previewed(int count)
    {
        const QListWidget* list = nullptr;
        const bool came = QTest::qWaitFor([&] {
            list = shown<QListWidget>("seriesPreview");
            return list && list->count() == count;
        });
        QStringList rows;
        for (int i = 0; came && i < list->count(); ++i)
            rows << list->item(i)->data(Qt::AccessibleTextRole).toString();
        return rows;
    }
    Instant at(QDate day, int hour, int minute = 0) const
    {
        return toInstant(day, QTime(hour, minute), m_session->zone());
    }
    /// Somebody else's visit at that time of the doctor.
    void take(Instant start)
    {
        Appointment visit;
        visit.practitioner = m_doctor;
        visit.patient = PatientId::known("p2");
        visit.start = start;
        visit.end = start + minutes(30);
        bool done = false;
        m_session->saveAppointment(visit, 0, this, [&](const Result<AppointmentRow>& saved) {
            YARROW_ASSERT(saved.has_value());
            done = true;
        });
        QVERIFY(QTest::qWaitFor([&] { return done; }));
    }
    /// What is booked or cancelled for Rossi, by start.
    std::vector<AppointmentRow> visits()
    {
        std::vector<AppointmentRow> found;
        for (int day = 0; day < 60; ++day) {
            const auto rows = m_session->appointmentsOn(m_monday.addDays(day));
            YARROW_ASSERT(rows.has_value());
            for (const AppointmentRow& row : *rows)
                if (row.appointment.patient == PatientId::known("p1"))
                    found.push_back(row);
        }
        return found;
    }
    QStringList starts()
    {
        QStringList texts;
        for (const AppointmentRow& row : visits())
            texts << localTime(row.appointment.start, m_session->zone())
                         .toString(QStringLiteral("yyyy-MM-dd HH:mm"));
        return texts;
    }
    int inStatus(AppointmentStatus status)
    {
        const auto all = visits();
        return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const AppointmentRow& row) {
            return row.appointment.status == status;
        }));
    }
    /// A form for Rossi at 11:00 today that repeats weekly, three times.
    void startWeekly()
    {
        view().selectCell(m_doctor, at(m_monday, 11));
        press(Qt::Key_N, Qt::ControlModifier);
        type("rossi");
        press(Qt::Key_Return);
        find<QComboBox>("repeatKind")->setFocus();
        type("W");
        QCOMPARE(find<QComboBox>("repeatKind")->currentText(), QStringLiteral("Weekly"));
        find<QSpinBox>("repeatCount")->setFocus();
        find<QSpinBox>("repeatCount")->selectAll();
        type("3");
        press(Qt::Key_Tab);
    }
    void bookWeekly()
    {
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(visits().size(), std::size_t{3});
    }
    /// Opens the visit of that week, counted from none.
    void openVisit(int week)
    {
        m_page->showDay(m_monday.addDays(7 * week));
        view().setFocus();
        view().select(visits().at(static_cast<std::size_t>(week)).appointment.id);
        press(Qt::Key_Return);
        QVERIFY(isShown("appointmentPanel"));
    }
    void changeStart(int hour)
    {
        auto* start = find<QTimeEdit>("start");
        start->setFocus();
        start->setCurrentSection(QDateTimeEdit::HourSection);
        while (start->time().hour() < hour)
            press(Qt::Key_Up);
    }

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_test = std::make_unique<TestClinic>();
        auto clinic = m_test->open();
        YARROW_VERIFY_OK(clinic->importer().addDocuments(
            {
                patientDocument("p1", "Rossi", "Ada"),
                patientDocument("p2", "Verdi", "Carla"),
                json("{\"resourceType\":\"Practitioner\",\"id\":\"dr\",\"name\":[{\"family\":\"Neri\"}]}"),
                json("{\"resourceType\":\"Location\",\"id\":\"clinic\",\"name\":\"Lindenhof\","
                     "\"hoursOfOperation\":[{\"openingTime\":\"08:00:00\",\"closingTime\":\"18:00:00\","
                     "\"daysOfWeek\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]}]}"),
            },
            "test"));
        auto session = LocalClinicSession::open(std::move(clinic));
        YARROW_VERIFY_OK(session);
        m_session = *session;
        m_editor = std::make_unique<ScheduleEditor>(*m_session);
        m_page = std::make_unique<CalendarPage>(*m_session, *m_editor);
        m_page->resize(1300, 1000);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
        m_page->showDay(m_monday);
    }
    void cleanup()
    {
        m_page.reset();
        m_editor.reset();
        m_session.reset();
        m_test.reset();
    }

    void aSeries_isPreviewedInWords_bookedUndoneAndRedoneAsOne()
    {
        startWeekly();
        QCOMPARE(find<QLabel>("repeatSentence")->text(),
                 QStringLiteral("Every week on Monday. 3 visits, from 02/03/2026 to 16/03/2026."));
        const QStringList rows = previewed(3);
        QCOMPARE(rows.size(), 3);
        QCOMPARE(rows[1], QStringLiteral("Mon, 09/03/2026, 11:00 · Nothing is in the way."));
        QVERIFY(visits().empty());
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        const QStringList booked{QStringLiteral("2026-03-02 11:00"), QStringLiteral("2026-03-09 11:00"),
                                 QStringLiteral("2026-03-16 11:00")};
        QCOMPARE(starts(), booked);
        const auto made = visits();
        QVERIFY(made[0].appointment.series && made[2].appointment.series);
        QCOMPARE(made[0].appointment.series->series, made[2].appointment.series->series);
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY(visits().empty());
        QVERIFY(!m_editor->nextUndo());
        press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts(), booked);
    }
    void savedBeforeTheListHasCome_isSavedOnceItIsThereAndFree()
    {
        startWeekly();
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(QTest::qWaitFor([this] { return !isShown("appointmentPanel"); }));
        QVERIFY(settled());
        QCOMPARE(visits().size(), std::size_t{3});
    }
    void savedBeforeTheListHasCome_isHeldWhereSomethingIsInTheWay()
    {
        take(at(m_monday.addDays(7), 11));
        startWeekly();
        press(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(previewed(3).size(), 3);
        QVERIFY(isShown("appointmentPanel"));
        QVERIFY(visits().empty());
        QCOMPARE(m_page->window()->focusWidget()->objectName(), QStringLiteral("seriesPreview"));
    }
    void aTakenDate_saysByWhom_andIsLeftOut()
    {
        take(at(m_monday.addDays(7), 11));
        startWeekly();
        const QStringList rows = previewed(3);
        QVERIFY2(rows.value(1).contains(QStringLiteral("Taken 11:00–11:30 for Verdi, Carla (Neri).")),
                 qPrintable(rows.value(1)));
        shown<QListWidget>("seriesPreview")->setFocus();
        press(Qt::Key_Down);
        press(Qt::Key_Space);
        QVERIFY(previewed(3).value(1).contains(QStringLiteral("Left out")));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts(),
                 (QStringList{QStringLiteral("2026-03-02 11:00"), QStringLiteral("2026-03-16 11:00")}));
        QCOMPARE(QString::fromStdString(visits()[0].appointment.series->rule),
                 QStringLiteral("RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO\nEXDATE;VALUE=DATE:20260309"));
    }
    void aTakenDate_isOverbookedOnlyWithAReason()
    {
        take(at(m_monday.addDays(7), 11));
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(isShown("overbookReason"));
        QVERIFY(visits().empty());
        QVERIFY(find<QComboBox>("overbookReason")->hasFocus());
        type("Urgent");
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        const auto made = visits();
        QCOMPARE(made.size(), std::size_t{3});
        QVERIFY(made[0].appointment.overbookReason.empty());
        QCOMPARE(made[1].appointment.overbookReason, std::string("Urgent"));
        QVERIFY(made[2].appointment.overbookReason.empty());
    }
    void aTakenDate_takesTheNextFreeTime()
    {
        take(at(m_monday.addDays(7), 11));
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        shown<QListWidget>("seriesPreview")->setFocus();
        press(Qt::Key_Down);
        auto* next = shown<QPushButton>("takeNextFree");
        QVERIFY(next);
        QVERIFY(next->text().contains(QStringLiteral("11:30")));
        next->setFocus();
        press(Qt::Key_Space);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts().value(1), QStringLiteral("2026-03-09 11:30"));
        const auto moved = visits()[1].appointment;
        QCOMPARE(moved.series->planned, at(m_monday.addDays(7), 11));
        QVERIFY(moved.overbookReason.empty());
    }
    void aDateTakenMeanwhile_booksNothing_andTheFormIsThereAgain()
    {
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        take(at(m_monday.addDays(14), 11));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY(visits().empty());
        QVERIFY(isShown("appointmentPanel"));
        QVERIFY(message().contains(QStringLiteral("its time was taken")));
        QCOMPARE(find<QComboBox>("repeatKind")->currentText(), QStringLiteral("Weekly"));
        QVERIFY(previewed(3).value(2).contains(QStringLiteral("Verdi")));
    }
    void theRule_isKeptWithTheDraft()
    {
        startWeekly();
        press(Qt::Key_Escape);
        QVERIFY(!isShown("appointmentPanel"));
        find<QPushButton>("continueDraft")->setFocus();
        press(Qt::Key_Space);
        QVERIFY(isShown("appointmentPanel"));
        QCOMPARE(find<QComboBox>("repeatKind")->currentText(), QStringLiteral("Weekly"));
        QCOMPARE(find<QSpinBox>("repeatCount")->value(), 3);
        QCOMPARE(previewed(3).size(), 3);
    }
    void aChange_asksInPlace_andReachesTheFollowing_undoneAsOne()
    {
        bookWeekly();
        openVisit(1);
        QCOMPARE(find<QLabel>("seriesText")->text(),
                 QStringLiteral("Part of a series. Every week on Monday."));
        changeStart(14);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(isShown("scopeThis"));
        QVERIFY(find<QRadioButton>("scopeThis")->hasFocus());
        press(Qt::Key_Down);
        QVERIFY(find<QRadioButton>("scopeFollowing")->isChecked());
        QCOMPARE(previewed(2).value(0), QStringLiteral("Mon, 09/03/2026, 14:00 · Nothing is in the way."));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts(),
                 (QStringList{QStringLiteral("2026-03-02 11:00"), QStringLiteral("2026-03-09 14:00"),
                              QStringLiteral("2026-03-16 14:00")}));
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts(),
                 (QStringList{QStringLiteral("2026-03-02 11:00"), QStringLiteral("2026-03-09 11:00"),
                              QStringLiteral("2026-03-16 11:00")}));
        press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts().value(2), QStringLiteral("2026-03-16 14:00"));
    }
    void aChangeOfThisVisit_leavesTheOthers()
    {
        bookWeekly();
        openVisit(1);
        changeStart(15);
        press(Qt::Key_Return, Qt::ControlModifier);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts(),
                 (QStringList{QStringLiteral("2026-03-02 11:00"), QStringLiteral("2026-03-09 15:00"),
                              QStringLiteral("2026-03-16 11:00")}));
    }
    void aChangeTypedOn_isAskedAboutAgain()
    {
        bookWeekly();
        openVisit(1);
        changeStart(15);
        press(Qt::Key_Return, Qt::ControlModifier);
        press(Qt::Key_Down);
        QCOMPARE(previewed(2).size(), 2);
        changeStart(16);
        QVERIFY(!isShown("scopeThis"));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(find<QRadioButton>("scopeThis")->isChecked());
        QCOMPARE(starts().value(1), QStringLiteral("2026-03-09 11:00"));
    }
    void cancelling_asksInPlace_andReachesAll_undoneAsOne()
    {
        bookWeekly();
        m_page->showDay(m_monday.addDays(7));
        view().setFocus();
        view().select(visits()[1].appointment.id);
        press(Qt::Key_X);
        QVERIFY(find<QComboBox>("cancelReason")->hasFocus());
        QVERIFY(isShown("cancelScopeThis"));
        QCOMPARE(inStatus(AppointmentStatus::Cancelled), 0);
        press(Qt::Key_Tab);
        QVERIFY(find<QRadioButton>("cancelScopeThis")->hasFocus());
        press(Qt::Key_Down);
        press(Qt::Key_Down);
        QCOMPARE(previewed(3).size(), 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(inStatus(AppointmentStatus::Cancelled), 3);
        QVERIFY(!visits()[2].appointment.cancelReason.empty());
        view().setFocus();
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(inStatus(AppointmentStatus::Cancelled), 0);
        QCOMPARE(inStatus(AppointmentStatus::Booked), 3);
    }
    void cancellingThisVisit_leavesTheOthers()
    {
        bookWeekly();
        m_page->showDay(m_monday.addDays(7));
        view().setFocus();
        view().select(visits()[1].appointment.id);
        press(Qt::Key_Delete);
        press(Qt::Key_Return);
        QVERIFY(settled());
        QCOMPARE(inStatus(AppointmentStatus::Cancelled), 1);
        QCOMPARE(visits()[1].appointment.status, AppointmentStatus::Cancelled);
    }
    void movedInTheGrid_onlyThatVisitMoves_andItIsSaid()
    {
        bookWeekly();
        m_page->showDay(m_monday.addDays(7));
        view().setFocus();
        view().select(visits()[1].appointment.id);
        QSignalSpy notices(m_page.get(), &Page::notice);
        press(Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts(),
                 (QStringList{QStringLiteral("2026-03-02 11:00"), QStringLiteral("2026-03-09 11:15"),
                              QStringLiteral("2026-03-16 11:00")}));
        QCOMPARE(notices.last().first().toString(),
                 QStringLiteral("Moved Rossi, Ada to 11:15. The other visits of the series stay where they "
                                "are."));
    }
    void anOpeningLookedForFromTheForm_keepsTheRule()
    {
        startWeekly();
        press(Qt::Key_F3);
        press(Qt::Key_Return);
        QVERIFY(isShown("appointmentPanel"));
        QCOMPARE(find<QComboBox>("repeatKind")->currentText(), QStringLiteral("Weekly"));
        QCOMPARE(find<QSpinBox>("repeatCount")->value(), 3);
    }
};

QTEST_MAIN(TestSeries)
#include "tst_series.moc"
