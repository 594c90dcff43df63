// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/schedule_editor.h"

#include <QUndoCommand>

#include <algorithm>

namespace yarrow {
namespace {

/// The time that `before` held with its practitioner and `after` does not.
std::vector<TimeRange> freedBy(const Appointment& before, const Appointment& after)
{
    if (before.id.isEmpty() || !holdsSlot(before.status) || before.practitioner.isEmpty())
        return {};
    std::vector<TimeRange> still;
    if (after.practitioner == before.practitioner &&
        (holdsSlot(after.status) || after.status == AppointmentStatus::Fulfilled))
        still = {{after.start, after.end}};
    return difference({{before.start, before.end}}, still);
}

} // namespace

/// An entry of the undo stack. It is pushed when the change has been made, so its first redo does nothing;
/// later ones begin a write and are done when it is answered.
class ScheduleEditor::Command final : public QUndoCommand
{
public:
    Command(ScheduleEditor& editor, AppointmentRow before, AppointmentRow after, ScheduleChange kind)
        : m_editor(editor)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_kind(kind)
    {}

    [[nodiscard]] ScheduleChange kind() const noexcept { return m_kind; }

    void undo() override
    {
        AppointmentRow target = m_kind == ScheduleChange::Book ? m_after : m_before;
        target.appointment.id = m_after.appointment.id;
        if (m_kind == ScheduleChange::Book)
            target.appointment.status = AppointmentStatus::EnteredInError;
        m_editor.write(target, m_after, m_after.appointment.id,
                       [this](const Result<AppointmentRow>& answer) { settle(answer, Job::What::Undo); });
    }

    void redo() override
    {
        if (m_editor.m_stackRun != Job::What::Redo)
            return;
        AppointmentRow target = m_after;
        AppointmentRow seen = m_before;
        // What was taken back as entered in error stays so; booking again makes a new record.
        if (m_kind == ScheduleChange::Book) {
            target.appointment.id = {};
            seen = {};
        }
        m_editor.write(target, seen, m_after.appointment.id,
                       [this](const Result<AppointmentRow>& answer) { settle(answer, Job::What::Redo); });
    }

private:
    void settle(const Result<AppointmentRow>& answer, Job::What what)
    {
        ScheduleEditor& editor = m_editor;
        const ScheduleChange kind = m_kind;
        if (answer) {
            (what == Job::What::Undo ? m_before : m_after).revision = answer->revision;
            if (what == Job::What::Undo)
                Q_EMIT editor.undone(*answer, kind);
            else
                Q_EMIT editor.redone(*answer, kind);
        } else {
            const ScheduleRefusal refusal{answer.error(), kind, what == Job::What::Undo ? m_before : m_after,
                                          true, what == Job::What::Undo ? m_after : m_before};
            setObsolete(true);
            // Passing an obsolete entry in either direction is how the stack forgets it; this object is gone
            // then.
            if (what == Job::What::Undo)
                editor.m_undoStack.redo();
            else
                editor.m_undoStack.undo();
            Q_EMIT editor.refused(refusal);
        }
    }

    ScheduleEditor& m_editor;
    AppointmentRow m_before;
    AppointmentRow m_after;
    ScheduleChange m_kind;
};

ScheduleEditor::ScheduleEditor(ClinicSession& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
{}

std::optional<ScheduleChange> ScheduleEditor::nextUndo() const
{
    if (!m_undoStack.canUndo())
        return std::nullopt;
    return static_cast<const Command*>(m_undoStack.command(m_undoStack.index() - 1))->kind();
}

std::optional<ScheduleChange> ScheduleEditor::nextRedo() const
{
    if (!m_undoStack.canRedo())
        return std::nullopt;
    return static_cast<const Command*>(m_undoStack.command(m_undoStack.index()))->kind();
}

AppointmentId ScheduleEditor::book(AppointmentRow wished)
{
    const auto ghost = AppointmentId::known("wish-" + std::to_string(++m_lastGhost));
    wished.appointment.id = ghost;
    enqueue({Job::What::Write, ScheduleChange::Book, {}, std::move(wished), ghost});
    return ghost;
}

void ScheduleEditor::change(const AppointmentRow& seen, const AppointmentRow& wished, ScheduleChange kind)
{
    const AppointmentId id = seen.appointment.id;
    // Moves that pile up while the store is busy become one.
    if (!m_jobs.empty() && kind == ScheduleChange::Move && m_jobs.back().kind == kind &&
        m_jobs.back().what == Job::What::Write && m_jobs.back().shownAs == id) {
        m_jobs.back().wished = wished;
        m_wishes.show(wished);
        return;
    }
    enqueue({Job::What::Write, kind, seen, wished, id});
}

void ScheduleEditor::undo()
{
    enqueue({Job::What::Undo, {}, {}, {}, {}});
}

void ScheduleEditor::redo()
{
    enqueue({Job::What::Redo, {}, {}, {}, {}});
}

AppointmentId ScheduleEditor::currentId(const AppointmentId& id) const
{
    return followed(id, 0).id;
}

ScheduleEditor::Known ScheduleEditor::followed(const AppointmentId& id, std::int64_t revision) const
{
    Known now{id, revision};
    for (auto found = m_aliases.find(now.id); found != m_aliases.end(); found = m_aliases.find(now.id))
        now = found->second;
    for (auto found = m_successors.find({now.id, now.revision}); found != m_successors.end();
         found = m_successors.find({now.id, now.revision}))
        now.revision = found->second;
    return now;
}

void ScheduleEditor::enqueue(Job job)
{
    if (job.what == Job::What::Write)
        m_wishes.show(job.wished);
    m_jobs.push_back(std::move(job));
    next();
}

void ScheduleEditor::next()
{
    while (!m_running && !m_jobs.empty()) {
        const Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        if (job.what == Job::What::Write)
            runWrite(job);
        else
            runStack(job.what);
    }
}

void ScheduleEditor::runStack(Job::What what)
{
    m_stackRun = what;
    if (what == Job::What::Undo)
        m_undoStack.undo();
    else
        m_undoStack.redo();
    m_stackRun.reset();
}

void ScheduleEditor::runWrite(const Job& job)
{
    AppointmentRow wished = job.wished;
    if (job.kind == ScheduleChange::Book)
        wished.appointment.id = {};
    write(wished, job.seen, job.shownAs, [this, job](const Result<AppointmentRow>& answer) {
        if (answer) {
            m_undoStack.push(new Command(*this, job.seen, *answer, job.kind));
            Q_EMIT made(*answer, job.kind);
            for (const TimeRange& when : freedBy(job.seen.appointment, answer->appointment))
                Q_EMIT freed(job.seen, when);
        } else {
            Q_EMIT refused({answer.error(), job.kind, job.wished, false, job.seen});
        }
    });
}

void ScheduleEditor::write(const AppointmentRow& wished, const AppointmentRow& seen,
                           const AppointmentId& formerly,
                           std::function<void(const Result<AppointmentRow>&)> done)
{
    Appointment target = wished.appointment;
    AppointmentRow shown = wished;
    const AppointmentId shownAs = currentId(formerly);
    shown.appointment.id = shownAs;
    std::int64_t base = 0;
    if (!target.id.isEmpty()) {
        const Known known = followed(target.id, seen.revision);
        target.id = known.id;
        base = known.revision;
    }
    m_running = true;
    m_wishes.show(shown);
    m_session.saveAppointment(
        target, base, this,
        [this, base, shownAs, done = std::move(done)](const Result<AppointmentRow>& answer) {
            m_running = false;
            if (answer) {
                const AppointmentId id = answer->appointment.id;
                if (shownAs != id)
                    m_aliases[shownAs] = {id, answer->revision};
                else
                    m_successors[{id, base}] = answer->revision;
                const bool more = std::any_of(m_jobs.begin(), m_jobs.end(),
                                              [&](const Job& job) { return currentId(job.shownAs) == id; });
                m_wishes.settle(shownAs, *answer, more);
            } else {
                dropJobsOf(shownAs);
                m_wishes.drop(shownAs);
            }
            done(answer);
            next();
        });
}

void ScheduleEditor::dropJobsOf(const AppointmentId& shownAs)
{
    m_jobs.erase(std::remove_if(m_jobs.begin(), m_jobs.end(),
                                [&](const Job& job) {
                                    return job.what == Job::What::Write && currentId(job.shownAs) == shownAs;
                                }),
                 m_jobs.end());
}

} // namespace yarrow
