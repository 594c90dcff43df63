// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/day_schedule_model.h"
#include "models/items/schedule_editor.h"
#include "tests/ui/support/memory_session.h"

#include <QSignalSpy>
#include <QtTest>

using namespace yarrow;
using std::chrono::minutes;

namespace {

const QDate kDay(2026, 5, 12);

} // namespace

class TestScheduleEditor : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<MemorySession> m_session;
    std::unique_ptr<DayScheduleModel> m_model;
    std::unique_ptr<ScheduleEditor> m_editor;
    std::vector<ScheduleRefusal> m_refusals;
    PractitionerId m_doctor;

    Instant at(int hour, int minute = 0) const
    {
        return toInstant(kDay, QTime(hour, minute), m_session->zone());
    }
    AppointmentRow wish(Instant start) const
    {
        AppointmentRow row;
        row.appointment.practitioner = m_doctor;
        row.appointment.start = start;
        row.appointment.end = start + minutes(15);
        row.appointment.description = QStringLiteral("visit");
        return row;
    }
    AppointmentId added(Instant start)
    {
        const auto id = m_session->add(wish(start).appointment);
        m_model->reload();
        return id;
    }
    void move(const AppointmentId& id, Instant start)
    {
        const AppointmentRow seen = m_model->entry(id)->row;
        AppointmentRow wished = seen;
        wished.appointment.start = start;
        wished.appointment.end = start + minutes(15);
        m_editor->change(seen, wished, ScheduleChange::Move);
    }
    Instant startOf(const AppointmentId& id) const { return m_session->stored(id).start; }
    bool settled() const
    {
        return QTest::qWaitFor([this] { return m_editor->isIdle(); });
    }

private Q_SLOTS:
    void init()
    {
        m_refusals.clear();
        m_session = std::make_unique<MemorySession>(kDay);
        m_doctor = m_session->addPractitioner(QStringLiteral("Dr. One"), {});
        m_editor = std::make_unique<ScheduleEditor>(*m_session);
        m_model = std::make_unique<DayScheduleModel>(*m_session, &m_editor->wishes());
        m_model->showDay(kDay);
        connect(m_editor.get(), &ScheduleEditor::refused, this,
                [this](const ScheduleRefusal& refusal) { m_refusals.push_back(refusal); });
    }
    void cleanup()
    {
        m_model.reset();
        m_editor.reset();
    }

    void booking_isShownBeforeItIsAnswered()
    {
        m_session->holdAnswers();
        const auto ghost = m_editor->book(wish(at(11)));
        QVERIFY(m_model->entry(ghost)->waiting);
        QVERIFY(m_session->stored().empty());
        m_session->releaseAnswers();
        QVERIFY(settled());
        const auto id = m_editor->currentId(ghost);
        QVERIFY(id != ghost);
        QVERIFY(!m_model->entry(ghost));
        QVERIFY(!m_model->entry(id)->waiting);
    }
    void bookingUndone_isEnteredInError_andRedoneIsBookedAgain()
    {
        const auto ghost = m_editor->book(wish(at(11)));
        QVERIFY(settled());
        const auto id = m_editor->currentId(ghost);
        m_editor->undo();
        QVERIFY(settled());
        QCOMPARE(m_session->stored(id).status, AppointmentStatus::EnteredInError);
        QVERIFY(m_model->columns()[0].entries.empty());
        m_editor->redo();
        QVERIFY(settled());
        QCOMPARE(m_model->columns()[0].entries.size(), std::size_t{1});
        QCOMPARE(m_session->stored(id).status, AppointmentStatus::EnteredInError);
        m_editor->undo();
        QVERIFY(settled());
        QVERIFY(m_model->columns()[0].entries.empty());
        QVERIFY(m_refusals.empty());
    }
    void wholeHistory_goesBackAndForth()
    {
        const auto ghost = m_editor->book(wish(at(11)));
        move(ghost, at(12));
        QVERIFY(settled());
        const auto id = m_editor->currentId(ghost);
        AppointmentRow seen = m_model->entry(id)->row;
        AppointmentRow arrived = seen;
        arrived.appointment.status = AppointmentStatus::Arrived;
        m_editor->change(seen, arrived, ScheduleChange::Status);
        for (int i = 0; i < 3; ++i)
            m_editor->undo();
        QVERIFY(settled());
        QVERIFY(m_model->columns()[0].entries.empty());
        for (int i = 0; i < 3; ++i)
            m_editor->redo();
        QVERIFY(settled());
        QVERIFY(m_refusals.empty());
        const auto& entries = m_model->columns()[0].entries;
        QCOMPARE(entries.size(), std::size_t{1});
        QCOMPARE(entries[0].row.appointment.start, at(12));
        QCOMPARE(entries[0].row.appointment.status, AppointmentStatus::Arrived);
    }
    void moveUndone_isWhereItWas()
    {
        const auto id = added(at(11));
        move(id, at(12));
        QVERIFY(settled());
        QCOMPARE(startOf(id), at(12));
        QCOMPARE(m_editor->nextUndo(), std::optional(ScheduleChange::Move));
        m_editor->undo();
        QVERIFY(settled());
        QCOMPARE(startOf(id), at(11));
        m_editor->redo();
        QVERIFY(settled());
        QCOMPARE(startOf(id), at(12));
    }
    void movesWhileWaiting_buildOnEachOther()
    {
        const auto id = added(at(11));
        m_session->holdAnswers();
        move(id, at(11, 15));
        move(id, at(11, 30));
        move(id, at(11, 45));
        QCOMPARE(m_model->entry(id)->row.appointment.start, at(11, 45));
        m_session->releaseAnswers();
        QVERIFY(settled());
        QVERIFY(m_refusals.empty());
        QCOMPARE(startOf(id), at(11, 45));
        QCOMPARE(m_session->writes(), 2); // those that piled up became one
        QVERIFY(!m_model->entry(id)->waiting);
    }
    void refusedMove_isBackWhereItWas_withoutUndoEntry()
    {
        const auto id = added(at(11));
        const auto other = added(at(12));
        move(id, at(12));
        QVERIFY(settled());
        QCOMPARE(m_refusals.size(), std::size_t{1});
        QCOMPARE(m_refusals[0].error.code, ErrorCode::SlotTaken);
        QCOMPARE(m_refusals[0].error.context, other.text());
        QCOMPARE(m_refusals[0].wished.appointment.start, at(12));
        QCOMPARE(m_model->entry(id)->row.appointment.start, at(11));
        QVERIFY(!m_editor->nextUndo());
    }
    void whatBuildsOnARefusedChange_isDroppedWithIt()
    {
        m_session->holdAnswers();
        m_session->failNextWrite(Error{ErrorCode::DiskFull, {}, {}});
        const auto ghost = m_editor->book(wish(at(11)));
        move(ghost, at(12));
        m_session->releaseAnswers();
        QVERIFY(settled());
        QCOMPARE(m_refusals.size(), std::size_t{1});
        QVERIFY(m_session->stored().empty());
        QVERIFY(m_model->columns()[0].entries.empty());
    }
    void changedElsewhere_refusesTheChange()
    {
        const auto id = added(at(11));
        const AppointmentRow seen = m_model->entry(id)->row;
        m_session->changeElsewhere(id, [](Appointment& a) { a.comment = QStringLiteral("by phone"); });
        AppointmentRow wished = seen;
        wished.appointment.status = AppointmentStatus::Arrived;
        m_editor->change(seen, wished, ScheduleChange::Status);
        QVERIFY(settled());
        QCOMPARE(m_refusals.size(), std::size_t{1});
        QCOMPARE(m_refusals[0].error.code, ErrorCode::Stale);
        QCOMPARE(m_session->stored(id).comment, QStringLiteral("by phone"));
    }
    void undoOfWhatChangedElsewhere_isToldAndForgotten()
    {
        const auto id = added(at(11));
        move(id, at(12));
        QVERIFY(settled());
        m_session->changeElsewhere(id, [](Appointment& a) { a.comment = QStringLiteral("by phone"); });
        m_editor->undo();
        QVERIFY(settled());
        QCOMPARE(m_refusals.size(), std::size_t{1});
        QVERIFY(m_refusals[0].undoing);
        QCOMPARE(startOf(id), at(12));
        QVERIFY(!m_editor->nextUndo());
        QVERIFY(!m_editor->nextRedo());
    }
    void redoThatFails_isForgotten_andTheRestRemains()
    {
        const auto id = added(at(11));
        const auto other = added(at(14));
        move(other, at(15));
        move(id, at(12));
        m_editor->undo();
        QVERIFY(settled());
        m_session->failNextWrite(Error{ErrorCode::DiskFull, {}, {}});
        m_editor->redo();
        QVERIFY(settled());
        QCOMPARE(m_refusals.size(), std::size_t{1});
        QVERIFY(!m_editor->nextRedo());
        QCOMPARE(m_editor->nextUndo(), std::optional(ScheduleChange::Move));
        m_editor->undo();
        QVERIFY(settled());
        QCOMPARE(startOf(other), at(14));
    }
    void undoOnEmptyStack_doesNothing()
    {
        m_editor->undo();
        m_editor->redo();
        QVERIFY(settled());
        QCOMPARE(m_session->writes(), 0);
    }
    void severalBookedTogether_areOneEntryOfTheStack()
    {
        m_editor->changeAll({wish(at(9)), wish(at(10)), wish(at(11))}, ScheduleChange::Book);
        QCOMPARE(m_editor->wishes().rows().size(), std::size_t{3});
        QVERIFY(settled());
        QVERIFY(m_editor->wishes().rows().empty());
        QCOMPARE(m_session->stored().size(), std::size_t{3});
        m_editor->undo();
        QVERIFY(settled());
        for (const Appointment& each : m_session->stored())
            QCOMPARE(each.status, AppointmentStatus::EnteredInError);
        QVERIFY(!m_editor->nextUndo());
        m_editor->redo();
        QVERIFY(settled());
        QCOMPARE(m_session->stored().size(), std::size_t{6});
        m_editor->undo();
        QVERIFY(settled());
        for (const Appointment& each : m_session->stored())
            QCOMPARE(each.status, AppointmentStatus::EnteredInError);
    }
    void severalChangedTogether_goBackAndForthTogether()
    {
        const auto first = added(at(9));
        const auto second = added(at(10));
        AppointmentRow earlier = m_model->entry(first)->row;
        AppointmentRow later = m_model->entry(second)->row;
        // One takes the other's place, which is free only because that one moves as well.
        later.appointment.start = at(9);
        later.appointment.end = at(9, 15);
        earlier.appointment.start = at(8);
        earlier.appointment.end = at(8, 15);
        m_editor->changeAll({earlier, later}, ScheduleChange::Edit);
        QVERIFY(settled());
        QCOMPARE(startOf(first), at(8));
        QCOMPARE(startOf(second), at(9));
        m_editor->undo();
        m_editor->redo();
        QVERIFY(settled());
        QCOMPARE(startOf(first), at(8));
        QCOMPARE(startOf(second), at(9));
    }
    void oneRefusedOfSeveral_leavesAllAsTheyWere_andTellsHowMany()
    {
        const auto taken = added(at(10));
        m_editor->changeAll({wish(at(9)), wish(at(10)), wish(at(11))}, ScheduleChange::Book);
        QVERIFY(settled());
        QCOMPARE(m_refusals.size(), std::size_t{1});
        QCOMPARE(m_refusals[0].visits, 3);
        QCOMPARE(m_refusals[0].error.code, ErrorCode::SlotTaken);
        QCOMPARE(m_session->stored().size(), std::size_t{1});
        QCOMPARE(startOf(taken), at(10));
        QVERIFY(!m_editor->nextUndo());
        QVERIFY(m_editor->wishes().rows().empty());
    }
    void aLaterChangeOfOneOfSeveral_buildsOnWhatTheyBecame()
    {
        const AppointmentId ghost = m_editor->changeAll({wish(at(9)), wish(at(10))}, ScheduleChange::Book);
        AppointmentRow seen = wish(at(9));
        seen.appointment.id = ghost;
        AppointmentRow moved = seen;
        moved.appointment.start = at(14);
        moved.appointment.end = at(14, 15);
        m_editor->change(seen, moved, ScheduleChange::Move);
        QVERIFY(settled());
        QVERIFY(m_refusals.empty());
        QCOMPARE(startOf(m_editor->currentId(ghost)), at(14));
    }
};

QTEST_GUILESS_MAIN(TestScheduleEditor)
#include "tst_schedule_editor.moc"
