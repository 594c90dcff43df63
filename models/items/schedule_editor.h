// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/booking_desk.h"
#include "models/items/clinic_session.h"
#include "models/items/pinned_appointments.h"
#include "models/items/schedule_wishes.h"

#include <QObject>
#include <QUndoStack>

#include <deque>
#include <map>

namespace yarrow {

enum class ScheduleChange {
    Book,
    Move,
    Resize,
    Status,
    Cancel,
    Edit,
    Offer, ///< somebody of the waiting list was booked
};

/// A change that was not made. What was wished is handed back, so that nothing has to be typed again.
struct ScheduleRefusal
{
    Error error;
    ScheduleChange kind = ScheduleChange::Book;
    AppointmentRow wished;
    bool undoing = false; ///< it was an undo or a redo, and its entry is gone from the stack
    AppointmentRow seen;  ///< what the wish began from; without an id when it was new
    int visits = 1;       ///< how many were to change together, none of which has; `wished` is the first
    bool redoing = false; ///< with `undoing`: it was a redo
};

/// Changes appointments without making anybody wait: the wish is on screen at once, the writes follow one
/// after the other, and each that succeeds can be undone. A second change of an appointment made before the
/// first is answered builds on it; when the first is refused, the ones that build on it are dropped with it.
/// One for all screens of a window, so that what was done on one can be undone on another. Lives on the GUI
/// thread.
class ScheduleEditor : public QObject
{
    Q_OBJECT
public:
    explicit ScheduleEditor(ClinicSession& session, QObject* parent = nullptr);

    [[nodiscard]] ScheduleWishes& wishes() noexcept { return m_wishes; }
    /// What is written leaves it: it was pinned as it stood before.
    [[nodiscard]] PinnedAppointments& pinned() noexcept { return m_pinned; }
    /// The screen that was in front last: it speaks about what was made and what was refused.
    void setSpeaker(const QObject* screen) noexcept { m_speaker = screen; }
    [[nodiscard]] bool isSpeaker(const QObject* screen) const noexcept { return m_speaker == screen; }

    [[nodiscard]] QUndoStack& undoStack() noexcept { return m_undoStack; }
    /// What the next undo would take back; nothing when there is nothing.
    [[nodiscard]] std::optional<ScheduleChange> nextUndo() const;
    [[nodiscard]] std::optional<ScheduleChange> nextRedo() const;
    [[nodiscard]] bool isIdle() const noexcept { return !m_running && m_jobs.empty(); }

    /// Books `wished`, whose id is empty. Gives the id under which it is shown until it is answered.
    AppointmentId book(AppointmentRow wished);
    /// Changes what the user saw as `seen`.
    void change(const AppointmentRow& seen, const AppointmentRow& wished, ScheduleChange kind);
    /// Books those of `wished` that have no id and changes the others, each as it was read at its revision:
    /// all of them or none, and one entry of the undo stack. At least one. Gives the id under which the first
    /// is shown until they are answered.
    AppointmentId changeAll(std::vector<AppointmentRow> wished, ScheduleChange kind);
    void undo();
    void redo();
    /// The id an appointment has now, when it was shown under another before it was answered.
    [[nodiscard]] AppointmentId currentId(const AppointmentId& id) const;

Q_SIGNALS:
    // `visits`: how many were changed together; `row` is the first of them.
    void made(const yarrow::AppointmentRow& row, yarrow::ScheduleChange kind, int visits);
    void undone(const yarrow::AppointmentRow& row, yarrow::ScheduleChange kind, int visits);
    void redone(const yarrow::AppointmentRow& row, yarrow::ScheduleChange kind, int visits);
    /// All that was written at once, as it stands now: before made(), undone() or redone() tells of it.
    void wrote(const std::vector<yarrow::AppointmentRow>& rows);
    void refused(const yarrow::ScheduleRefusal& refusal);
    /// What was asked for freed time that was held: of an appointment as it stood before it was cancelled,
    /// moved away or made shorter. Of several that were changed together, the first that gave up time.
    void freed(const yarrow::AppointmentRow& before, const yarrow::TimeRange& when);

private:
    class Command;
    struct Wish
    {
        AppointmentRow
            seen; ///< of several at once, the revision only; what stood there comes with the answer
        AppointmentRow wished;
        AppointmentId shownAs;
    };
    struct Job
    {
        enum class What { Write, Undo, Redo };
        What what = What::Write;
        ScheduleChange kind = ScheduleChange::Book;
        std::vector<Wish> wishes; ///< one, or several that are made together
    };
    using Made = std::vector<BookingDesk::SavedVisit>;
    using Answer = Result<Made>;

    void enqueue(Job job);
    void next();
    void runWrite(const Job& job);
    void runStack(Job::What what);
    /// Writes the wishes together. An empty id in `wished` books it.
    void write(const std::vector<Wish>& wishes, std::function<void(const Answer&)> done);
    void settleWishes(const std::vector<Wish>& written, const Made& made);
    void dropJobsOf(const AppointmentId& shownAs);
    struct Known
    {
        AppointmentId id;
        std::int64_t revision = 0;
    };
    /// The record that `id` at `revision` became by our own writes.
    [[nodiscard]] Known followed(const AppointmentId& id, std::int64_t revision) const;

    ClinicSession& m_session;
    ScheduleWishes m_wishes;
    PinnedAppointments m_pinned;
    const QObject* m_speaker = nullptr;
    QUndoStack m_undoStack;
    std::deque<Job> m_jobs;
    bool m_running = false;
    std::optional<Job::What> m_stackRun; ///< set while the stack calls a command, which is then to write
    int m_lastGhost = 0;
    std::map<AppointmentId, Known> m_aliases; ///< shown or former id → the record made for it
    /// Which revision our own write made of which; a revision made by others has no successor here.
    std::map<std::pair<AppointmentId, std::int64_t>, std::int64_t> m_successors;
};

} // namespace yarrow
