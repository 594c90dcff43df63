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
    /// `made`: what stood there before, and what the change left.
    Command(ScheduleEditor& editor, Made made, ScheduleChange kind)
        : m_editor(editor)
        , m_made(std::move(made))
        , m_kind(kind)
    {}

    [[nodiscard]] ScheduleChange kind() const noexcept { return m_kind; }

    void undo() override
    {
        std::vector<Wish> wishes;
        for (const auto& [before, after] : m_made) {
            const AppointmentId id = after.appointment.id;
            AppointmentRow target = isNew(before) ? after : before;
            target.appointment.id = id;
            if (isNew(before))
                target.appointment.status = AppointmentStatus::EnteredInError;
            wishes.push_back({after, std::move(target), id});
        }
        m_editor.write(wishes, [this](const Answer& answer) { settle(answer, Job::What::Undo); });
    }

    void redo() override
    {
        if (m_editor.m_stackRun != Job::What::Redo)
            return;
        std::vector<Wish> wishes;
        for (const auto& [before, after] : m_made) {
            Wish wish{before, after, after.appointment.id};
            // What was taken back as entered in error stays so; booking again makes a new record.
            if (isNew(before)) {
                wish.wished.appointment.id = {};
                wish.seen = {};
            }
            wishes.push_back(std::move(wish));
        }
        m_editor.write(wishes, [this](const Answer& answer) { settle(answer, Job::What::Redo); });
    }

private:
    static bool isNew(const AppointmentRow& before) { return before.appointment.id.isEmpty(); }

    void settle(const Answer& answer, Job::What what)
    {
        ScheduleEditor& editor = m_editor;
        const ScheduleChange kind = m_kind;
        const int visits = static_cast<int>(m_made.size());
        if (answer) {
            for (std::size_t i = 0; i < m_made.size(); ++i)
                (what == Job::What::Undo ? m_made[i].before : m_made[i].now).revision =
                    (*answer)[i].now.revision;
            const AppointmentRow& first = answer->front().now;
            if (what == Job::What::Undo)
                Q_EMIT editor.undone(first, kind, visits);
            else
                Q_EMIT editor.redone(first, kind, visits);
        } else {
            const auto& [before, after] = m_made.front();
            const ScheduleRefusal refusal{answer.error(),
                                          kind,
                                          what == Job::What::Undo ? before : after,
                                          true,
                                          what == Job::What::Undo ? after : before,
                                          visits,
                                          what == Job::What::Redo};
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
    Made m_made;
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
    enqueue({Job::What::Write, ScheduleChange::Book, {Wish{{}, std::move(wished), ghost}}});
    return ghost;
}

AppointmentId ScheduleEditor::changeAll(std::vector<AppointmentRow> wished, ScheduleChange kind)
{
    std::vector<Wish> wishes;
    for (AppointmentRow& row : wished) {
        Wish wish;
        if (row.appointment.id.isEmpty())
            row.appointment.id = AppointmentId::known("wish-" + std::to_string(++m_lastGhost));
        else
            wish.seen = row;
        wish.shownAs = row.appointment.id;
        wish.wished = std::move(row);
        wishes.push_back(std::move(wish));
    }
    const AppointmentId first = wishes.front().shownAs;
    enqueue({Job::What::Write, kind, std::move(wishes)});
    return first;
}

void ScheduleEditor::change(const AppointmentRow& seen, const AppointmentRow& wished, ScheduleChange kind)
{
    const AppointmentId id = seen.appointment.id;
    // Moves that pile up while the store is busy become one.
    if (!m_jobs.empty() && kind == ScheduleChange::Move && m_jobs.back().kind == kind &&
        m_jobs.back().what == Job::What::Write && m_jobs.back().wishes.size() == 1 &&
        m_jobs.back().wishes.front().shownAs == id) {
        m_jobs.back().wishes.front().wished = wished;
        m_wishes.show(wished);
        return;
    }
    enqueue({Job::What::Write, kind, {Wish{seen, wished, id}}});
}

void ScheduleEditor::undo()
{
    enqueue({Job::What::Undo, {}, {}});
}

void ScheduleEditor::redo()
{
    enqueue({Job::What::Redo, {}, {}});
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
    if (job.what == Job::What::Write) {
        std::vector<AppointmentRow> shown;
        for (const Wish& wish : job.wishes)
            shown.push_back(wish.wished);
        m_wishes.show(shown);
    }
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
    std::vector<Wish> wishes = job.wishes;
    for (Wish& wish : wishes)
        if (wish.seen.appointment.id.isEmpty())
            wish.wished.appointment.id = {};
    write(wishes, [this, job](const Answer& answer) {
        const int visits = static_cast<int>(job.wishes.size());
        if (!answer) {
            Q_EMIT refused({answer.error(), job.kind, job.wishes.front().wished, false,
                            job.wishes.front().seen, visits});
            return;
        }
        m_undoStack.push(new Command(*this, *answer, job.kind));
        Q_EMIT made(answer->front().now, job.kind, visits);
        for (const auto& [before, after] : *answer) {
            const auto given = freedBy(before.appointment, after.appointment);
            for (const TimeRange& when : given)
                Q_EMIT freed(before, when);
            if (!given.empty())
                return;
        }
    });
}

void ScheduleEditor::write(const std::vector<Wish>& wishes, std::function<void(const Answer&)> done)
{
    std::vector<AppointmentRow> targets;
    std::vector<AppointmentRow> shown;
    std::vector<Wish> written;
    for (const Wish& wish : wishes) {
        AppointmentRow target = wish.wished;
        target.revision = 0;
        if (!target.appointment.id.isEmpty()) {
            const Known known = followed(target.appointment.id, wish.seen.revision);
            target.appointment.id = known.id;
            target.revision = known.revision;
        }
        AppointmentRow row = wish.wished;
        row.appointment.id = currentId(wish.shownAs);
        written.push_back({wish.seen, target, row.appointment.id});
        targets.push_back(std::move(target));
        shown.push_back(std::move(row));
    }
    m_running = true;
    m_wishes.show(shown);
    const auto answered = [this, written, done = std::move(done)](const Answer& answer) {
        m_running = false;
        if (answer) {
            settleWishes(written, *answer);
            std::vector<AppointmentRow> rows;
            for (const BookingDesk::SavedVisit& visit : *answer) {
                rows.push_back(visit.now);
                m_pinned.unpin(visit.now.appointment.id);
            }
            Q_EMIT wrote(rows);
        } else {
            std::vector<AppointmentId> ids;
            for (const Wish& wish : written) {
                dropJobsOf(wish.shownAs);
                ids.push_back(wish.shownAs);
            }
            m_wishes.drop(ids);
        }
        done(answer);
        next();
    };
    if (targets.size() > 1)
        return m_session.booking().saveAll(targets, this, answered);
    m_session.saveAppointment(targets.front().appointment, targets.front().revision, this,
                              [answered, seen = written.front().seen](const Result<AppointmentRow>& answer) {
                                  if (answer)
                                      answered(Made{BookingDesk::SavedVisit{seen, *answer}});
                                  else
                                      answered(fail(answer.error()));
                              });
}

void ScheduleEditor::settleWishes(const std::vector<Wish>& written, const Made& made)
{
    std::vector<ScheduleWishes::Settled> settled;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const AppointmentRow& now = made[i].now;
        const AppointmentId id = now.appointment.id;
        const AppointmentId& shownAs = written[i].shownAs;
        if (shownAs != id)
            m_aliases[shownAs] = {id, now.revision};
        else
            m_successors[{id, written[i].wished.revision}] = now.revision;
        const bool more = std::any_of(m_jobs.begin(), m_jobs.end(), [&](const Job& job) {
            return std::any_of(job.wishes.begin(), job.wishes.end(),
                               [&](const Wish& wish) { return currentId(wish.shownAs) == id; });
        });
        settled.push_back({shownAs, now, more});
    }
    m_wishes.settle(settled);
}

/// Those that are made together with one of it are dropped whole.
void ScheduleEditor::dropJobsOf(const AppointmentId& shownAs)
{
    std::vector<AppointmentId> gone;
    m_jobs.erase(std::remove_if(m_jobs.begin(), m_jobs.end(),
                                [&](const Job& job) {
                                    const bool builds = std::any_of(
                                        job.wishes.begin(), job.wishes.end(),
                                        [&](const Wish& wish) { return currentId(wish.shownAs) == shownAs; });
                                    if (builds)
                                        for (const Wish& wish : job.wishes)
                                            gone.push_back(currentId(wish.shownAs));
                                    return builds;
                                }),
                 m_jobs.end());
    m_wishes.drop(gone);
}

} // namespace yarrow
