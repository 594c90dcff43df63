// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/day_schedule_model.h"

#include "models/items/front_desk.h"

#include <QLocale>

#include <algorithm>
#include <map>
#include <tuple>

namespace yarrow {
namespace {

// No column's index.
constexpr int kOthers = -1;
constexpr int kHidden = -2;

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
        if (day().isValid() && changed >= m_firstDay && changed <= m_lastDay)
            readDay();
    });
}

void DayScheduleModel::setDay(QDate shown)
{
    m_day = m_firstDay = m_lastDay = shown;
    if (isWeek()) {
        const int back = (shown.dayOfWeek() - static_cast<int>(QLocale().firstDayOfWeek()) + 7) % 7;
        m_firstDay = shown.addDays(-back);
        m_lastDay = m_firstDay.addDays(6);
    }
    m_range = {localDay(m_firstDay, m_session.zone()).start, localDay(m_lastDay, m_session.zone()).end};
}

Result<std::vector<AppointmentRow>> DayScheduleModel::read() const
{
    return isWeek() ? m_session.frontDesk().appointmentsBetween(m_firstDay, m_lastDay.addDays(1))
                    : m_session.appointmentsOn(m_day);
}

void DayScheduleModel::showDay(QDate shown)
{
    setDay(shown);
    m_axis = DayAxis(m_firstDay, m_session.zone(), localDay(m_firstDay, m_session.zone()));
    if (m_practitioners.empty())
        m_practitioners = m_session.practitioners();
    auto rows = read();
    m_rows = rows ? std::move(*rows) : std::vector<AppointmentRow>();
    rebuild(true);
    if (!rows)
        Q_EMIT readFailed(rows.error());
}

void DayScheduleModel::setArrangement(Arrangement arrangement)
{
    if (arrangement == m_arrangement)
        return;
    m_arrangement = arrangement;
    if (day().isValid())
        showDay(day());
}

PractitionerId DayScheduleModel::weekOf() const
{
    const bool known = std::any_of(m_practitioners.begin(), m_practitioners.end(),
                                   [this](const auto& each) { return each.id == m_weekOf; });
    if (known || m_practitioners.empty())
        return m_weekOf;
    return m_practitioners.front().id;
}

void DayScheduleModel::setWeekOf(const PractitionerId& practitioner)
{
    m_weekOf = practitioner;
    rebuild(true);
}

void DayScheduleModel::reload()
{
    m_practitioners = m_session.practitioners();
    if (day().isValid())
        showDay(day());
}

void DayScheduleModel::readDay()
{
    auto rows = read();
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

int DayScheduleModel::columnOf(const ColumnKey& key) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        if (m_columns[i].key == key)
            return static_cast<int>(i);
    return -1;
}

int DayScheduleModel::columnAt(const PractitionerId& id, Instant at) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const ColumnKey& key = m_columns[i].key;
        const TimeRange whole = localDay(key.day, m_session.zone());
        if (key.practitioner == id && at >= whole.start && at < whole.end)
            return static_cast<int>(i);
    }
    return -1;
}

void DayScheduleModel::assign(const ColumnKey& key, Appointment& appointment) const
{
    if (key.isNobody())
        return;
    switch (m_arrangement) {
    case Arrangement::Practitioners:
    case Arrangement::Week:
        appointment.practitioner = key.practitioner;
        break;
    case Arrangement::Rooms:
        appointment.room = key.room;
        break;
    case Arrangement::Devices:
        appointment.device = key.device;
        break;
    }
}

/// What was made is there at once; reading the day again may come a moment later.
void DayScheduleModel::take(const std::vector<AppointmentRow>& made)
{
    for (const AppointmentRow& each : made) {
        const auto kept = std::find_if(m_rows.begin(), m_rows.end(), [&](const AppointmentRow& row) {
            return row.appointment.id == each.appointment.id;
        });
        if (kept == m_rows.end())
            m_rows.push_back(each);
        else if (kept->revision < each.revision)
            *kept = each;
    }
    rebuild(false);
}

bool DayScheduleModel::isShown(const AppointmentRow& row) const
{
    const Appointment& appointment = row.appointment;
    if (appointment.status == AppointmentStatus::EnteredInError)
        return false;
    if (appointment.status == AppointmentStatus::Cancelled && !m_showsCancelled)
        return false;
    return appointment.start < m_range.end && appointment.end > m_range.start;
}

ScheduleColumn DayScheduleModel::bareColumn(ColumnKey key, const QString& name, const QString& detail,
                                            const BookableActor& availability) const
{
    const QTimeZone zone = m_session.zone();
    ScheduleColumn column;
    const QDate shown = key.day;
    column.key = std::move(key);
    column.name = name;
    column.detail = detail;
    column.working = workingTime(availability.hours.hasHours() ? availability.hours : m_session.clinicHours(),
                                 shown, zone);
    column.breaks = gapsBetween(column.working);
    for (const Blockout& blockout : availability.blockouts)
        if (const auto part = intersection({blockout.when}, {localDay(shown, zone)}); !part.empty())
            column.blockouts.push_back({part.front(), blockout.reason});
    return column;
}

/// The days on which the practitioner or the clinic works, and the one that was asked for.
std::vector<ScheduleColumn> DayScheduleModel::weekColumns() const
{
    std::vector<ScheduleColumn> columns;
    const PractitionerId whose = weekOf();
    const auto found = std::find_if(m_practitioners.begin(), m_practitioners.end(),
                                    [&](const auto& each) { return each.id == whose; });
    if (found == m_practitioners.end())
        return columns;
    std::set<QDate> taken{m_day};
    for (const AppointmentRow& row : m_rows)
        if (row.appointment.practitioner == whose && isShown(row))
            taken.insert(toLocalDate(row.appointment.start, m_session.zone()));
    for (QDate each = m_firstDay; each <= m_lastDay; each = each.addDays(1)) {
        ScheduleColumn column =
            bareColumn({whose, {}, {}, each}, found->name, found->specialty, found->availability);
        column.axis = DayAxis(each, m_session.zone(), localDay(each, m_session.zone()));
        if (!column.working.empty() || taken.contains(each) ||
            !workingTime(m_session.clinicHours(), each, m_session.zone()).empty())
            columns.push_back(std::move(column));
    }
    return columns;
}

std::vector<ScheduleColumn> DayScheduleModel::bareColumns() const
{
    std::vector<ScheduleColumn> columns;
    switch (m_arrangement) {
    case Arrangement::Practitioners:
        for (const CalendarResource& each : m_practitioners)
            if (m_shown.empty() || m_shown.contains(each.id))
                columns.push_back(
                    bareColumn({each.id, {}, {}, day()}, each.name, each.specialty, each.availability));
        break;
    case Arrangement::Rooms:
        for (const Location& room : m_session.rooms())
            columns.push_back(bareColumn({{}, room.id, {}, day()}, room.name, room.description,
                                         m_session.availability(room)));
        break;
    case Arrangement::Devices:
        for (const Device& device : m_session.devices())
            columns.push_back(
                bareColumn({{}, {}, device.id, day()}, device.name, {}, m_session.availability(device)));
        break;
    case Arrangement::Week:
        return weekColumns();
    }
    return columns;
}

/// Its place among `columns`; kOthers for what belongs to none of them and must still be seen somewhere,
/// kHidden for what the user does not want to see.
int DayScheduleModel::indexOf(const Appointment& appointment, const std::vector<ScheduleColumn>& columns,
                              const std::map<std::string, int>& byId) const
{
    if (isWeek()) {
        if (appointment.practitioner != weekOf())
            return kHidden;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (appointment.start < columns[i].axis.visible().end)
                return static_cast<int>(i);
        return kHidden;
    }
    const std::string id = m_arrangement == Arrangement::Practitioners ? appointment.practitioner.text()
                           : m_arrangement == Arrangement::Rooms       ? appointment.room.text()
                                                                       : appointment.device.text();
    if (const auto found = byId.find(id); found != byId.end())
        return found->second;
    if (m_arrangement == Arrangement::Devices)
        return kHidden; // most visits need none
    if (m_arrangement == Arrangement::Rooms)
        return kOthers;
    const bool known =
        std::any_of(m_practitioners.begin(), m_practitioners.end(),
                    [&](const auto& practitioner) { return practitioner.id == appointment.practitioner; });
    return known || !m_shown.empty() ? kHidden : kOthers;
}

/// One range of the clock for all columns. In a week each day has its own moments for it.
void DayScheduleModel::setAxes(std::vector<ScheduleColumn>& columns, const std::vector<TimeRange>& occupied)
{
    const QTimeZone zone = m_session.zone();
    if (!isWeek()) {
        std::vector<TimeRange> open = workingTime(m_session.clinicHours(), day(), zone);
        for (const ScheduleColumn& column : columns)
            open.insert(open.end(), column.working.begin(), column.working.end());
        const TimeRange visible = visibleRange(day(), zone, open, occupied);
        if (visible != m_axis.visible() || day() != m_axis.day())
            m_axis = DayAxis(day(), zone, visible);
        for (ScheduleColumn& column : columns)
            column.axis = m_axis;
        return;
    }
    QTime from(23, 59);
    QTime until(0, 0);
    bool toMidnight = false;
    for (const ScheduleColumn& column : columns) {
        std::vector<TimeRange> open = workingTime(m_session.clinicHours(), column.key.day, zone);
        open.insert(open.end(), column.working.begin(), column.working.end());
        std::vector<TimeRange> taken;
        for (const ScheduleEntry& entry : column.entries)
            taken.push_back({entry.row.appointment.start, entry.row.appointment.end});
        const TimeRange whole = localDay(column.key.day, zone);
        const TimeRange visible = visibleRange(column.key.day, zone, open, taken);
        const DayAxis axis(column.key.day, zone, whole);
        from = std::min(from, axis.localTime(visible.start));
        toMidnight = toMidnight || visible.end >= whole.end;
        if (visible.end < whole.end)
            until = std::max(until, axis.localTime(visible.end));
    }
    for (ScheduleColumn& column : columns) {
        const QDate shown = column.key.day;
        const Instant end = toMidnight ? localDay(shown, zone).end : toInstant(shown, until, zone);
        column.axis = DayAxis(shown, zone, {toInstant(shown, from, zone), end}, true);
    }
    if (!columns.empty())
        m_axis = columns.front().axis;
}

void DayScheduleModel::rebuild(bool everything)
{
    if (!day().isValid())
        return;
    std::vector<ScheduleColumn> columns = bareColumns();
    ScheduleColumn others;
    others.key.day = day();

    static const std::map<AppointmentId, AppointmentRow> kNone;
    const auto& wishes = m_wishes ? m_wishes->rows() : kNone;
    std::vector<ScheduleEntry> entries;
    entries.reserve(m_rows.size() + wishes.size());
    for (const AppointmentRow& row : m_rows)
        if (!wishes.contains(row.appointment.id))
            entries.push_back({row, {}, false, false});
    for (const auto& [id, row] : wishes)
        entries.push_back({row, {}, true, false});

    std::map<std::string, int> byId;
    for (std::size_t i = 0; i < columns.size(); ++i)
        for (const std::string& id :
             {columns[i].key.practitioner.text(), columns[i].key.room.text(), columns[i].key.device.text()})
            if (!id.empty())
                byId.emplace(id, static_cast<int>(i));
    std::vector<TimeRange> occupied;
    for (ScheduleEntry& entry : entries) {
        if (!isShown(entry.row))
            continue;
        const int index = indexOf(entry.row.appointment, columns, byId);
        if (index == kHidden)
            continue;
        occupied.push_back({entry.row.appointment.start, entry.row.appointment.end});
        (index == kOthers ? others : columns[static_cast<std::size_t>(index)])
            .entries.push_back(std::move(entry));
    }
    if (!others.entries.empty())
        columns.push_back(std::move(others));

    for (ScheduleColumn& column : columns)
        place(column);
    const TimeRange before = m_axis.visible();
    setAxes(columns, occupied);
    const bool sameFrame =
        !everything && before == m_axis.visible() && columns.size() == m_columns.size() &&
        std::equal(columns.begin(), columns.end(), m_columns.begin(), [](const auto& a, const auto& b) {
            return a.key == b.key && a.name == b.name && a.axis == b.axis;
        });
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
