// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/series_case.h"

using namespace yarrow;
using namespace yarrow::testing;

/// Visits that repeat are booked, changed and cancelled from the calendar's form.
class TestSeries : public SeriesCase
{
    Q_OBJECT
private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

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
