// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/series_case.h"

using namespace yarrow;
using namespace yarrow::testing;

/// Series that are changed in one place while they are open in another, and what the form keeps of them.
class TestSeriesMeanwhile : public SeriesCase
{
    Q_OBJECT
private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void aVisitTypedInto_followsTheUndoOfAllOfThem()
    {
        bookWeekly();
        moveAll();
        openVisit(2);
        typeNote("fasting");
        m_editor->undo();
        QVERIFY(settled());
        QCOMPARE(find<QTimeEdit>("start")->time(), QTime(11, 0));
        QCOMPARE(find<QPlainTextEdit>("comment")->toPlainText(), QStringLiteral("fasting"));
        press(Qt::Key_Return, Qt::ControlModifier);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts().value(2), QStringLiteral("2026-03-16 11:00"));
        QCOMPARE(visits()[2].appointment.comment, QStringLiteral("fasting"));
    }
    void whatIsAskedAboutASeries_isAskedAnew_whenAnotherVisitWasTakenBack()
    {
        bookWeekly();
        selectVisit(1);
        press(Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(settled());
        openVisit(0);
        typeNote("fasting");
        press(Qt::Key_Return, Qt::ControlModifier);
        chooseAll("scopeAll", 3);
        m_editor->undo();
        QVERIFY(settled());
        QVERIFY(!isShown("scopeThis"));
        QCOMPARE(starts().value(1), QStringLiteral("2026-03-09 11:00"));
    }
    void ofVisitsCancelledTogether_noneStaysOnThePinboard()
    {
        bookWeekly();
        selectVisit(2);
        press(Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(m_editor->pinned().rows().size(), std::size_t{1});
        selectVisit(0);
        press(Qt::Key_Delete);
        chooseAll("cancelScopeAll", 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(inStatus(AppointmentStatus::Cancelled), 3);
        QVERIFY(m_editor->pinned().isEmpty());
    }
    void whatWasDecidedAboutADay_staysWhenTheTimeChanges_andWithTheDraft()
    {
        take(at(m_monday.addDays(14), 11));
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        shown<QListWidget>("seriesPreview")->setFocus();
        press(Qt::Key_Down);
        press(Qt::Key_Space);
        press(Qt::Key_Down);
        shown<QPushButton>("takeNextFree")->click();
        QVERIFY(previewed(3).value(2).contains(QStringLiteral("Moved")));
        press(Qt::Key_Escape);
        QVERIFY(!isShown("appointmentPanel"));
        find<QPushButton>("continueDraft")->click();
        QCOMPARE(previewed(3).size(), 3);
        QVERIFY(QTest::qWaitFor([this] { return isPlanReady(); }));
        QVERIFY2(previewed(3).value(1).contains(QStringLiteral("Left out")), qPrintable(previewed(3)[1]));
        QVERIFY2(previewed(3).value(2).contains(QStringLiteral("Moved")), qPrintable(previewed(3)[2]));
        changeStart(15);
        QVERIFY(QTest::qWaitFor(
            [this] { return previewed(3).value(0).startsWith(QStringLiteral("Mon, 02/03/2026, 15:00")); }));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY(QTest::qWaitFor([this] { return !isShown("appointmentPanel"); }));
        QVERIFY(settled());
        QCOMPARE(starts(),
                 (QStringList{QStringLiteral("2026-03-02 15:00"), QStringLiteral("2026-03-16 15:00")}));
    }
    void aDayLeftOut_isLeftOutAtTheOpeningThatIsTaken()
    {
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        shown<QListWidget>("seriesPreview")->setFocus();
        press(Qt::Key_Down);
        press(Qt::Key_Space);
        press(Qt::Key_F3);
        press(Qt::Key_Return);
        QCOMPARE(previewed(3).size(), 3);
        QVERIFY2(previewed(3).value(1).contains(QStringLiteral("Left out")), qPrintable(previewed(3)[1]));
    }
    void typedAfterSaving_whileThePlanIsMade_isNotPassedOver()
    {
        startWeekly();
        press(Qt::Key_Return, Qt::ControlModifier);
        typeNote("fasting");
        QCOMPARE(previewed(3).size(), 3);
        QVERIFY(QTest::qWaitFor([this] { return isPlanReady(); }));
        QVERIFY(isShown("appointmentPanel"));
        QVERIFY(visits().empty());
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(visits().size(), std::size_t{3});
        QCOMPARE(visits()[2].appointment.comment, QStringLiteral("fasting"));
    }
    void anotherReasonForOverbooking_reachesTheVisitsThatHaveOne()
    {
        take(at(m_monday.addDays(7), 11));
        take(at(m_monday.addDays(14), 11));
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        type("Urgent");
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        openVisit(1);
        find<QComboBox>("overbookReason")->setFocus();
        find<QComboBox>("overbookReason")->lineEdit()->selectAll();
        type("Pain");
        press(Qt::Key_Return, Qt::ControlModifier);
        chooseAll("scopeAll", 2);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        const auto now = visits();
        QVERIFY(now[0].appointment.overbookReason.empty());
        QCOMPARE(now[1].appointment.overbookReason, std::string("Pain"));
        QCOMPARE(now[2].appointment.overbookReason, std::string("Pain"));
    }
    void changedByOthersMeanwhile_theSeriesIsOpenAgainOverWhatIsStored_andSavesThen()
    {
        bookWeekly();
        openVisit(0);
        changeStart(14);
        press(Qt::Key_Return, Qt::ControlModifier);
        chooseAll("scopeAll", 3);
        note(visits()[0], QStringLiteral("by others"));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY2(message().contains(QStringLiteral("None was saved")), qPrintable(message()));
        QVERIFY(isShown("appointmentPanel"));
        QCOMPARE(find<QTimeEdit>("start")->time(), QTime(14, 0));
        QCOMPARE(find<QPlainTextEdit>("comment")->toPlainText(), QStringLiteral("by others"));
        press(Qt::Key_Return, Qt::ControlModifier);
        chooseAll("scopeAll", 3);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
        QCOMPARE(starts().value(2), QStringLiteral("2026-03-16 14:00"));
        QCOMPARE(visits()[0].appointment.comment, QStringLiteral("by others"));
    }
    void refusedWhileTheNextBookingIsTyped_theSeriesCanBeOpenedAgain()
    {
        startWeekly();
        QCOMPARE(previewed(3).size(), 3);
        take(at(m_monday.addDays(14), 11));
        press(Qt::Key_Return, Qt::ControlModifier);
        view().selectCell(m_doctor, at(m_monday, 16));
        press(Qt::Key_N, Qt::ControlModifier);
        type("verdi");
        QVERIFY(settled());
        QVERIFY2(message().contains(QStringLiteral("its time was taken")), qPrintable(message()));
        QCOMPARE(find<QTimeEdit>("start")->time(), QTime(16, 0));
        find<QPushButton>("reopenTyped")->click();
        find<QPushButton>("discardForm")->click();
        QCOMPARE(find<QTimeEdit>("start")->time(), QTime(11, 0));
        QCOMPARE(find<QComboBox>("repeatKind")->currentText(), QStringLiteral("Weekly"));
        QCOMPARE(previewed(3).size(), 3);
    }
    void aRedoThatIsRefused_isNotCalledAnUndo()
    {
        bookWeekly();
        press(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(settled());
        take(at(m_monday.addDays(7), 11));
        press(Qt::Key_Y, Qt::ControlModifier);
        QVERIFY(settled());
        QVERIFY2(message().startsWith(QStringLiteral("This cannot be redone")), qPrintable(message()));
    }
    void aRuleWithoutVisits_isMendedWhereTheKeyboardIs()
    {
        startWeekly();
        find<QComboBox>("repeatEnd")->setCurrentIndex(1);
        find<QDateEdit>("repeatUntil")->setDate(m_monday.addDays(-7));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(find<QDateEdit>("repeatUntil")->hasFocus());
        QVERIFY(visits().empty());
    }
    void movedAwayFromItsRule_aVisitSaysHowItWasPlanned()
    {
        bookWeekly();
        moveAll();
        openVisit(1);
        QCOMPARE(find<QLabel>("seriesText")->text(),
                 QStringLiteral("Part of a series. It was planned as: Every week on Monday."));
    }
    void whoWasMovedOnTheirOwn_isCounted_whenTheOthersMove()
    {
        bookWeekly();
        selectVisit(1);
        press(Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(settled());
        openVisit(0);
        changeStart(14);
        press(Qt::Key_Return, Qt::ControlModifier);
        chooseAll("scopeAll", 2);
        QCOMPARE(shown<QLabel>("previewSummary")->text(),
                 QStringLiteral("2 visits, and nothing is in their way. One visit was moved on its own and "
                                "keeps its time."));
    }
};

QTEST_MAIN(TestSeriesMeanwhile)
#include "tst_series_meanwhile.moc"
