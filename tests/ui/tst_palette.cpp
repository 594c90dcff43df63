// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "tests/ui/support/drive.h"
#include "ui/frame/command_field.h"
#include "ui/frame/frame.h"
#include "ui/patients/patients_page.h"
#include "ui/today/today_page.h"
#include "ui/widgets/two_line_delegate.h"

#include <QListView>

using namespace yarrow;

/// The palette reaches what every page can do, over the real pages of a reception.
class TestPalette : public QObject
{
    Q_OBJECT
private:
    enum Place { Today, Calendar, Patients };
    std::unique_ptr<CalendarFixture> m_clinic;
    std::unique_ptr<Frame> m_frame;

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_frame->window()->focusWidget(), key, modifiers);
    }
    /// The commands that are offered for what is typed, each with what stands at its end.
    std::vector<std::pair<QString, QString>> offered(const QString& typed)
    {
        CommandField& field = m_frame->commandField();
        field.start();
        field.clear();
        typeKeys(&field, typed);
        YARROW_ASSERT(QTest::qWaitFor([&] { return !field.isLooking(); }));
        std::vector<std::pair<QString, QString>> commands;
        const auto* list = m_frame->findChild<QListView*>(QStringLiteral("commandList"));
        bool isCommand = false;
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            const QModelIndex index = list->model()->index(row, 0);
            if (!index.flags().testFlag(Qt::ItemIsEnabled))
                isCommand = index.data().toString() == QStringLiteral("Commands");
            else if (isCommand)
                commands.emplace_back(index.data().toString(),
                                      index.data(TwoLineDelegate::TrailingRole).toString());
        }
        return commands;
    }
    bool isFormShown(int place)
    {
        const auto* form = m_frame->pages()[static_cast<std::size_t>(place)]->findChild<QWidget*>(
            QStringLiteral("appointmentPanel"));
        return form && form->isVisible();
    }

private Q_SLOTS:
    void init()
    {
        m_clinic = std::make_unique<CalendarFixture>();
        m_clinic->editor = std::make_unique<ScheduleEditor>(*m_clinic->session);
        Frame::Pages pages;
        pages.today = new TodayPage(*m_clinic->session, *m_clinic->editor);
        pages.calendar = new CalendarPage(*m_clinic->session, *m_clinic->editor);
        pages.patients = new PatientsPage(*m_clinic->session);
        m_frame = std::make_unique<Frame>(*m_clinic->session, pages);
        m_frame->resize(1500, 900);
        m_frame->show();
        m_frame->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_frame.get()));
    }
    void cleanup()
    {
        m_frame.reset();
        m_clinic.reset();
    }

    void fromPatients_bookingBringsTheDayFirst_andOpensItsForm()
    {
        m_frame->goTo(Patients);
        const auto commands = offered(QStringLiteral("book an"));
        QCOMPARE(commands.size(), std::size_t{1});
        QCOMPARE(commands.front().first, QStringLiteral("Book an appointment"));
        QCOMPARE(commands.front().second, QStringLiteral("Today")); // where it leads
        press(Qt::Key_Return);
        QCOMPARE(m_frame->currentPage(), static_cast<int>(Today));
        QVERIFY(isFormShown(Today));
        QVERIFY(!isFormShown(Calendar));
        const QWidget* focused = m_frame->window()->focusWidget();
        QVERIFY(focused && m_frame->pages()[Today]->isAncestorOf(focused));
    }
    void fromPatients_theWaitingListIsFound()
    {
        m_frame->goTo(Patients);
        const auto commands = offered(QStringLiteral("waiting"));
        QVERIFY(std::any_of(commands.begin(), commands.end(), [](const auto& one) {
            return one.first == QStringLiteral("Show the waiting list");
        }));
    }
    void fromTheCalendar_anotherPagesCommandIsRunThere()
    {
        m_frame->goTo(Calendar);
        QVERIFY(!offered(QStringLiteral("new patient")).empty());
        press(Qt::Key_Return);
        QCOMPARE(m_frame->currentPage(), static_cast<int>(Patients));
        QTRY_VERIFY(shown(*m_frame, "patientForm"));
    }
    void whatTwoPagesCanDo_isOfferedOnce_andDoneOnTheOneThatIsShown()
    {
        m_frame->goTo(Calendar);
        const auto commands = offered(QStringLiteral("book an"));
        QCOMPARE(commands.size(), std::size_t{1});
        QCOMPARE(commands.front().second,
                 QKeySequence(Qt::CTRL | Qt::Key_N).toString(QKeySequence::NativeText));
        press(Qt::Key_Return);
        QCOMPARE(m_frame->currentPage(), static_cast<int>(Calendar));
        QVERIFY(isFormShown(Calendar));
        QVERIFY(!isFormShown(Today));
    }
    void whatIsAboutSomethingMarked_isOfferedWhereThatIsSeen()
    {
        m_frame->goTo(Calendar);
        QCOMPARE(offered(QStringLiteral("print what")).size(), std::size_t{1});
        QCOMPARE(offered(QStringLiteral("put the pinned")).size(), std::size_t{1});
        m_frame->goTo(Patients);
        QVERIFY(offered(QStringLiteral("print what")).empty());
        QVERIFY(offered(QStringLiteral("put the pinned")).empty());
        QVERIFY(offered(QStringLiteral("put the appointment")).empty());
        m_frame->goTo(Today);
        QVERIFY(offered(QStringLiteral("edit this patient")).empty());
        QVERIFY(offered(QStringLiteral("add somebody")).empty());
    }
    void whatIsOffered_saysWhereItLeads_toAssistiveTechnologyToo()
    {
        m_frame->goTo(Patients);
        QVERIFY(!offered(QStringLiteral("find the next opening")).empty());
        const auto* list = m_frame->findChild<QListView*>(QStringLiteral("commandList"));
        const QString said = list->currentIndex().data(Qt::AccessibleTextRole).toString();
        QVERIFY2(said.contains(QStringLiteral("Find the next opening")) &&
                     said.contains(QStringLiteral("Today")),
                 qPrintable(said));
    }
};

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
