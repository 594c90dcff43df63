// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/day_schedule_model.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace yarrow {
namespace {

bool isVisit(AppointmentStatus status)
{
    return status != AppointmentStatus::Cancelled && status != AppointmentStatus::NoShow &&
           status != AppointmentStatus::EnteredInError;
}

std::vector<TimeRange> gapsBetween(const std::vector<TimeRange>& ranges)
{
    std::vector<TimeRange> gaps;
    for (std::size_t i = 1; i < ranges.size(); ++i)
        gaps.push_back({ranges[i - 1].end, ranges[i].start});
    return gaps;
}

std::vector<TimeRange> timesOf(const std::vector<Blockout>& blockouts)
{
    std::vector<TimeRange> times;
    for (const Blockout& blockout : blockouts)
        times.push_back(blockout.when);
    return times;
}

} // namespace

DayScheduleModel::DayScheduleModel(ClinicSession& session, ScheduleWishes* wishes, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_wishes(wishes)
{
    connect(&m_session, &ClinicSession::directoryChanged, this, &DayScheduleModel::reload);
    if (m_wishes) {
        connect(m_wishes, &ScheduleWishes::changed, this, [this] { rebuild(false); });
        connect(m_wishes, &ScheduleWishes::settled, this, &DayScheduleModel::take);
    }
    connect(&m_session, &ClinicSession::recordsArrived, this, [this] {
        if (day().isValid())
            readDay();
    });
    connect(&m_session, &ClinicSession::appointmentsChanged, this, [this](QDate changed) {
        if (changed == day())
            readDay();
    });
}

void DayScheduleModel::showDay(QDate shown)
{
    m_axis = DayAxis(shown, m_session.zone(), localDay(shown, m_session.zone()));
    if (m_practitioners.empty())
        m_practitioners = m_session.practitioners();
    auto rows = m_session.appointmentsOn(shown);
    m_rows = rows ? std::move(*rows) : std::vector<AppointmentRow>();
    rebuild(true);
    if (!rows)
        Q_EMIT readFailed(rows.error());
}

void DayScheduleModel::reload()
{
    m_practitioners = m_session.practitioners();
    if (day().isValid())
        showDay(day());
}

void DayScheduleModel::readDay()
{
    auto rows = m_session.appointmentsOn(day());
    if (!rows) {
        // What was read before stays on the screen; the sentence says that it may be old.
        Q_EMIT readFailed(rows.error());
        return;
    }
    m_rows = std::move(*rows);
    rebuild(false);
}

void DayScheduleModel::setShownPractitioners(std::set<PractitionerId> shown)
{
    m_shown = std::move(shown);
    rebuild(true);
}

void DayScheduleModel::setShowsCancelled(bool shows)
{
    m_showsCancelled = shows;
    rebuild(false);
}

void DayScheduleModel::refreshNow()
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const auto next = nextFree(m_columns[i]);
        if (next == m_columns[i].nextFree)
            continue;
        m_columns[i].nextFree = next;
        Q_EMIT columnChanged(static_cast<int>(i));
    }
}

std::optional<DayScheduleModel::Position> DayScheduleModel::find(const AppointmentId& id) const
{
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        const auto& entries = m_columns[column].entries;
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (entries[i].row.appointment.id == id)
                return Position{static_cast<int>(column), static_cast<int>(i)};
    }
    return std::nullopt;
}

const ScheduleEntry* DayScheduleModel::entry(const AppointmentId& id) const
{
    const auto at = find(id);
    if (!at)
        return nullptr;
    return &m_columns[static_cast<std::size_t>(at->column)].entries[static_cast<std::size_t>(at->entry)];
}

int DayScheduleModel::columnOf(const PractitionerId& id) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (m_columns[i].resource.id == id)
            return static_cast<int>(i);
    return -1;
}

/// What was made is there at once; reading the day again may come a moment later.
void DayScheduleModel::take(const AppointmentRow& made)
{
    const auto kept = std::find_if(m_rows.begin(), m_rows.end(), [&](const AppointmentRow& row) {
        return row.appointment.id == made.appointment.id;
    });
    if (kept == m_rows.end())
        m_rows.push_back(made);
    else if (kept->revision < made.revision)
        *kept = made;
    rebuild(false);
}

bool DayScheduleModel::isShown(const AppointmentRow& row) const
{
    const Appointment& appointment = row.appointment;
    if (appointment.status == AppointmentStatus::EnteredInError)
        return false;
    if (appointment.status == AppointmentStatus::Cancelled && !m_showsCancelled)
        return false;
    const TimeRange whole = localDay(day(), m_session.zone());
    return appointment.start < whole.end && appointment.end > whole.start;
}

std::vector<ScheduleColumn> DayScheduleModel::bareColumns() const
{
    std::vector<ScheduleColumn> columns;
    const QTimeZone zone = m_session.zone();
    const WeeklyHours clinicHours = m_session.clinicHours();
    const std::vector<TimeRange> whole{localDay(day(), zone)};
    for (const CalendarResource& practitioner : m_practitioners) {
        if (!m_shown.empty() && !m_shown.contains(practitioner.id))
            continue;
        ScheduleColumn column;
        column.resource = practitioner;
        const WeeklyHours& own = practitioner.availability.hours;
        column.working = workingTime(own.hasHours() ? own : clinicHours, day(), zone);
        column.breaks = gapsBetween(column.working);
        for (const Blockout& blockout : practitioner.availability.blockouts)
            if (const auto part = intersection({blockout.when}, whole); !part.empty())
                column.blockouts.push_back({part.front(), blockout.reason});
        columns.push_back(std::move(column));
    }
    return columns;
}

void DayScheduleModel::rebuild(bool everything)
{
    if (!day().isValid())
        return;
    std::vector<ScheduleColumn> columns = bareColumns();
    ScheduleColumn others;

    static const std::map<AppointmentId, AppointmentRow> kNone;
    const auto& wishes = m_wishes ? m_wishes->rows() : kNone;
    std::vector<ScheduleEntry> entries;
    entries.reserve(m_rows.size() + wishes.size());
    for (const AppointmentRow& row : m_rows)
        if (!wishes.contains(row.appointment.id))
            entries.push_back({row, {}, false, false});
    for (const auto& [id, row] : wishes)
        entries.push_back({row, {}, true, false});

    std::map<PractitionerId, ScheduleColumn*> byPractitioner;
    for (ScheduleColumn& column : columns)
        byPractitioner[column.resource.id] = &column;
    std::vector<TimeRange> occupied;
    for (ScheduleEntry& entry : entries) {
        if (!isShown(entry.row))
            continue;
        const auto column = byPractitioner.find(entry.row.appointment.practitioner);
        // Whom the filter leaves out is out; what belongs to nobody here must still be seen somewhere.
        const bool known =
            std::any_of(m_practitioners.begin(), m_practitioners.end(), [&](const auto& practitioner) {
                return practitioner.id == entry.row.appointment.practitioner;
            });
        if (column == byPractitioner.end() && (known || !m_shown.empty()))
            continue;
        occupied.push_back({entry.row.appointment.start, entry.row.appointment.end});
        (column == byPractitioner.end() ? others : *column->second).entries.push_back(std::move(entry));
    }
    if (!others.entries.empty())
        columns.push_back(std::move(others));

    std::vector<TimeRange> open = workingTime(m_session.clinicHours(), day(), m_session.zone());
    for (ScheduleColumn& column : columns) {
        place(column);
        open.insert(open.end(), column.working.begin(), column.working.end());
    }
    const TimeRange visible = visibleRange(day(), m_session.zone(), open, occupied);
    const bool sameFrame = !everything && visible == m_axis.visible() && columns.size() == m_columns.size() &&
                           std::equal(columns.begin(), columns.end(), m_columns.begin(),
                                      [](const auto& a, const auto& b) { return a.resource == b.resource; });
    if (!sameFrame)
        m_axis = DayAxis(day(), m_session.zone(), visible);
    for (ScheduleColumn& column : columns)
        column.nextFree = nextFree(column);
    std::swap(columns, m_columns);
    if (!sameFrame) {
        Q_EMIT reset();
        return;
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (m_columns[i] != columns[i])
            Q_EMIT columnChanged(static_cast<int>(i));
}

void DayScheduleModel::place(ScheduleColumn& column) const
{
    auto& entries = column.entries;
    std::sort(entries.begin(), entries.end(), [](const ScheduleEntry& a, const ScheduleEntry& b) {
        return std::tie(a.row.appointment.start, a.row.appointment.id) <
               std::tie(b.row.appointment.start, b.row.appointment.id);
    });
    std::vector<TimeRange> ranges;
    ranges.reserve(entries.size());
    for (const ScheduleEntry& entry : entries)
        ranges.push_back({entry.row.appointment.start, entry.row.appointment.end});
    const std::vector<LanePlace> places = assignLanes(ranges);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i].place = places[i];
        column.visits += isVisit(entries[i].row.appointment.status) ? 1 : 0;
        if (places[i].lanes == 1)
            continue;
        for (std::size_t j = 0; j < i; ++j)
            if (clash(entries[i].row.appointment, entries[j].row.appointment))
                entries[i].clashing = entries[j].clashing = true;
    }
}

std::optional<Instant> DayScheduleModel::nextFree(const ScheduleColumn& column) const
{
    std::vector<TimeRange> busy = timesOf(column.blockouts);
    for (const ScheduleEntry& entry : column.entries)
        if (holdsSlot(entry.row.appointment.status))
            busy.push_back({entry.row.appointment.start, entry.row.appointment.end});
    const Instant now = m_session.clock().now();
    for (TimeRange gap : difference(column.working, normalized(std::move(busy)))) {
        gap.start = std::max(gap.start, now);
        if (gap.end - gap.start >= kUsefulGap)
            return gap.start;
    }
    return std::nullopt;
}

} // namespace yarrow
