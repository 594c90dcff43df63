// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "ui/calendar/appointment_panel.h"
#include "ui/today/today_page.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimeEdit>

using namespace yarrow;
using std::chrono::minutes;

/// What is typed into the form beside the day and not saved, or refused: what of it is kept, and over what.
class TestCalendarDrafts : public QObject
{
    Q_OBJECT
private:
    static QByteArray kept(CalendarFixture& f)
    {
        return f.session->draft(QStringLiteral("calendar.appointments"));
    }
    static void begin(CalendarFixture& f, const char* text)
    {
        f.view().setFocus();
        f.press(Qt::Key_N, Qt::ControlModifier);
        f.describe(text);
    }
    static QString note(CalendarFixture& f)
    {
        for (const QLabel* label : f.find<QWidget>("appointmentPanel")->findChildren<QLabel*>())
            if (label->isVisibleTo(f.page.get()) &&
                label->text().startsWith(QStringLiteral("Somebody else has changed")))
                return label->text();
        return {};
    }
    static void changeElsewhere(CalendarFixture& f, const AppointmentId& id)
    {
        f.session->changeElsewhere(id, [&](Appointment& a) {
            a.comment = QStringLiteral("by phone");
            a.start = f.at(12);
            a.end = f.at(12, 30);
            a.status = AppointmentStatus::Arrived;
        });
    }
    static void saveAndLookAgain(CalendarFixture& f, const AppointmentId& id)
    {
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY(f.isShown("appointmentPanel"));
        QVERIFY(f.stored(id).description.isEmpty());
        QVERIFY2(f.message().contains(QStringLiteral("Nothing was saved")), qPrintable(f.message()));
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        QCOMPARE(f.find<QPlainTextEdit>("comment")->toPlainText(), QStringLiteral("by phone"));
        QCOMPARE(f.find<QTimeEdit>("start")->time(), QTime(12, 0));
        for (const char* change : {"Status: Arrived", "12:00–12:30", "Note for the desk: by phone"})
            QVERIFY2(note(f).contains(QString::fromUtf8(change)), qPrintable(note(f)));
        QVERIFY(!note(f).contains(QStringLiteral("Room")));
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY(!f.isShown("appointmentPanel"));
        const Appointment now = f.stored(id);
        QCOMPARE(now.description, QStringLiteral("knee"));
        QCOMPARE(now.comment, QStringLiteral("by phone"));
        QVERIFY(now.start == f.at(12) && now.end == f.at(12, 30));
        QCOMPARE(now.status, AppointmentStatus::Arrived);
        QVERIFY(kept(f).isEmpty());
    }

private Q_SLOTS:
    void changedElsewhere_onlyWhatWasTypedIsPutOverIt_andTheRestIsTold()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.describe("knee");
        changeElsewhere(f, id);
        saveAndLookAgain(f, id);
    }
    void changedElsewhereWhileTheProgramWasClosed_isTheSame()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.describe("knee");
        f.page->saveDrafts();
        f.page.reset();
        changeElsewhere(f, id);
        f.show();
        f.find<QPushButton>("continueDraft")->click();
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        saveAndLookAgain(f, id);
    }
    void theSameFieldChangedElsewhere_keepsWhatWasTyped_andTellsTheOther()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.describe("knee");
        f.session->changeElsewhere(id, [](Appointment& a) { a.description = QStringLiteral("ankle"); });
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        QVERIFY2(note(f).contains(QStringLiteral("About: ankle")), qPrintable(note(f)));
    }
    void movedToAnotherDayElsewhere_whatWasTypedIsKept()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.describe("knee");
        f.session->changeElsewhere(id, [](Appointment& a) {
            a.start += std::chrono::hours(24);
            a.end += std::chrono::hours(24);
        });
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY2(f.message().contains(QStringLiteral("Nothing was saved")), qPrintable(f.message()));
        QCOMPARE(f.view().model().day(), QDate(2026, 5, 13));
        QVERIFY(f.isShown("appointmentPanel"));
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        QVERIFY(!note(f).isEmpty());
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QCOMPARE(f.stored(id).description, QStringLiteral("knee"));
        QVERIFY(f.stored(id).start == f.at(11) + std::chrono::hours(24));
    }
    void aSave_takesOutTheDraftOfItsOwnFormAlone()
    {
        CalendarFixture f;
        f.show();
        begin(f, "knee");
        f.session->holdAnswers();
        f.press(Qt::Key_Return, Qt::ControlModifier);
        f.view().selectCell(f.second, f.at(14));
        begin(f, "ankle");
        f.page->saveDrafts();
        QVERIFY(kept(f).contains("ankle"));
        f.session->releaseAnswers();
        QVERIFY(f.settle());
        QCOMPARE(f.booked().size(), std::size_t{1});
        QVERIFY2(kept(f).contains("ankle"), kept(f).constData());
    }
    void theDraftOfAnotherDesk_staysWhenThisOneSaves()
    {
        CalendarFixture f;
        f.show();
        const auto id = f.add(f.first, f.at(15));
        f.session->changeElsewhere(id, [](Appointment&) {});
        CalendarPage other(*f.session, *f.editor);
        other.show();
        other.activated();
        begin(f, "knee");
        f.page->saveDrafts();
        auto* theirs = other.findChild<AppointmentPanel*>();
        other.findChild<DayDesk*>()->openAppointment(id);
        auto* status = theirs->findChild<QComboBox*>(QStringLiteral("visitType"));
        status->setCurrentIndex(status->currentIndex() == 0 ? 1 : 0);
        theirs->findChild<QPushButton*>(QStringLiteral("saveAppointment"))->click();
        QVERIFY(f.settle());
        f.page->saveDrafts();
        QVERIFY(kept(f).contains("knee"));
    }
    void eachPage_keepsTheNewBookingThatWasBegunOnIt()
    {
        CalendarFixture f;
        f.show();
        begin(f, "knee");
        {
            TodayPage today(*f.session, *f.editor);
            today.show();
            today.activated();
            today.findChild<DayDesk*>()->bookSelected(QStringLiteral("verd"));
            today.findChild<QLineEdit*>(QStringLiteral("description"))->setText(QStringLiteral("ankle"));
            today.saveDrafts(); // as when the screen is locked
            f.page->saveDrafts();
        }
        QVERIFY2(kept(f).contains("knee") && kept(f).contains("ankle"), kept(f).constData());
        f.page.reset();
        f.show();
        f.find<QPushButton>("continueDraft")->click();
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY2(!kept(f).contains("knee") && kept(f).contains("ankle"), kept(f).constData());
    }
    void aNextBooking_leavesTheDraftOfTheOneBefore()
    {
        CalendarFixture f;
        f.show();
        begin(f, "knee");
        f.press(Qt::Key_Escape);
        begin(f, "ankle");
        f.press(Qt::Key_Escape);
        QVERIFY2(kept(f).contains("knee") && kept(f).contains("ankle"), kept(f).constData());
        f.find<QPushButton>("discardDraft")->click(); // of the one that was left last
        QVERIFY2(kept(f).contains("knee") && !kept(f).contains("ankle"), kept(f).constData());
        f.find<QPushButton>("continueDraft")->click(); // the other is offered then
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
    }
    void aFormForNobodyAndAboutNothing_leavesNoDraft()
    {
        CalendarFixture f;
        f.show();
        f.view().setFocus();
        f.press(Qt::Key_N, Qt::ControlModifier);
        f.type(QStringLiteral("verd")); // looked for, and nobody chosen
        f.find<QTimeEdit>("start")->setTime(QTime(15, 0));
        f.page->saveDrafts(); // as long as it is open, it would survive
        QVERIFY(kept(f).contains("verd"));
        f.press(Qt::Key_Escape);
        QVERIFY2(kept(f).isEmpty(), kept(f).constData());
        QVERIFY2(f.message().isEmpty(), qPrintable(f.message()));
    }
    void bookingsBegunAgainAndAgain_areAllKept_namedAndDiscardedAtOnce()
    {
        CalendarFixture f;
        f.show();
        for (const char* text : {"first", "second", "third", "fourth", "fifth", "sixth", "seventh"}) {
            begin(f, text);
            f.press(Qt::Key_Escape);
        }
        for (const char* stays : {"first", "second", "third", "fourth", "fifth", "sixth", "seventh"})
            QVERIFY2(kept(f).contains(stays), kept(f).constData());
        QVERIFY2(f.message().contains(QStringLiteral("seventh")), qPrintable(f.message()));
        f.find<QPushButton>("discardDrafts")->click();
        QVERIFY2(kept(f).isEmpty(), kept(f).constData());
        QVERIFY2(f.message().isEmpty(), qPrintable(f.message()));
    }
    void discardingAll_leavesWhatWasBegunOfAnAppointmentThatIsThere()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        f.open(id);
        f.describe("shoulder");
        f.press(Qt::Key_Escape);
        for (const char* text : {"knee", "ankle"}) {
            begin(f, text);
            f.press(Qt::Key_Escape);
        }
        f.find<QPushButton>("discardDrafts")->click();
        QVERIFY2(kept(f).contains("shoulder") && !kept(f).contains("knee") && !kept(f).contains("ankle"),
                 kept(f).constData());
        QVERIFY2(f.message().contains(QStringLiteral("Rossi")), qPrintable(f.message()));
    }
    void eachAppointment_hasADraftOfItsOwn_thatComesBackWithIt()
    {
        CalendarFixture f;
        const auto one = f.add(f.first, f.at(11));
        const auto two = f.add(f.second, f.at(14));
        f.show();
        f.open(one);
        f.describe("knee");
        f.press(Qt::Key_Escape);
        QVERIFY2(f.message().contains(QStringLiteral("Rossi")), qPrintable(f.message()));
        f.open(two);
        f.describe("ankle");
        f.press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.settle());
        QVERIFY2(kept(f).contains("knee") && !kept(f).contains("ankle"), kept(f).constData());
        f.open(one);
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
        QVERIFY2(f.message().contains(QStringLiteral("in the form again")), qPrintable(f.message()));
        f.find<QPushButton>("discardDraft")->click();
        QVERIFY(f.find<QLineEdit>("description")->text().isEmpty());
        QVERIFY(kept(f).isEmpty());
    }
    void discardingAnOffer_doesNotOfferWhatIsInTheForm()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        begin(f, "knee");
        f.press(Qt::Key_Escape);
        f.page->findChild<DayDesk*>()->openAppointment(id);
        f.describe("ankle");
        f.page->saveDrafts();
        f.find<QPushButton>("discardDraft")->click();
        QVERIFY2(f.message().isEmpty(), qPrintable(f.message()));
        QVERIFY2(!kept(f).contains("knee") && kept(f).contains("ankle"), kept(f).constData());
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("ankle"));
    }
    void continuing_asksBeforeItTakesTheForm()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        begin(f, "knee");
        f.press(Qt::Key_Escape);
        f.page->findChild<DayDesk*>()->openAppointment(id); // what is offered stays
        f.describe("ankle");
        f.find<QPushButton>("continueDraft")->click();
        QVERIFY2(f.message().contains(QStringLiteral("not saved yet")), qPrintable(f.message()));
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("ankle"));
        f.find<QPushButton>("discardForm")->click();
        QCOMPARE(f.find<QLineEdit>("description")->text(), QStringLiteral("knee"));
    }
    void aFormThatIsOnlyLookedAt_leavesTheDraftOfAnother()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        f.show();
        begin(f, "knee");
        f.press(Qt::Key_Escape);
        QVERIFY(kept(f).contains("knee"));
        f.open(id);
        f.press(Qt::Key_Escape);
        QVERIFY(!f.isShown("appointmentPanel"));
        QVERIFY(kept(f).contains("knee"));
    }
    void anotherPagesBooking_asksBeforeItTakesTheForm()
    {
        CalendarFixture f;
        f.show();
        begin(f, "knee");
        f.page->startBooking(f.rossi);
        QTest::qWait(0);
        QVERIFY(f.isShown("appointmentPanel"));
        QVERIFY2(f.message().contains(QStringLiteral("not saved yet")), qPrintable(f.message()));
        f.find<QPushButton>("discardForm")->click();
        QTRY_VERIFY(f.isShown("openingsPanel"));
        QVERIFY(kept(f).isEmpty());
    }
};

QTEST_MAIN(TestCalendarDrafts)
#include "tst_calendar_drafts.moc"
