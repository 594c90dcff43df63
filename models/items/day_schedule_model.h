// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/day_axis.h"
#include "models/items/lanes.h"
#include "models/items/schedule_wishes.h"

#include <QObject>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace yarrow {

/// A card of the day view.
struct ScheduleEntry
{
    AppointmentRow row;
    LanePlace place;
    bool waiting = false; ///< shown as wished; the store has not answered yet
    bool clashing =
        false; ///< overlaps another of the same column although it is not marked as an overbooking
    bool operator==(const ScheduleEntry&) const = default;
};

/// Whose column it is. All ids empty: what belongs to none of the others.
struct ColumnKey
{
    PractitionerId practitioner;
    LocationId room;
    DeviceId device;
    QDate day;
    bool operator==(const ColumnKey&) const = default;
    [[nodiscard]] bool isNobody() const noexcept
    {
        return practitioner.isEmpty() && room.isEmpty() && device.isEmpty();
    }
};

/// What stands side by side.
enum class Arrangement {
    Practitioners,
    Rooms,
    Devices,
    Week, ///< the days of one practitioner's week
};

/// A column of the day view.
struct ScheduleColumn
{
    ColumnKey key;
    QString name;                   ///< of whoever or whatever it is; empty for nobody
    QString detail;                 ///< a practitioner's specialty
    DayAxis axis;                   ///< of its day
    std::vector<TimeRange> working; ///< sorted, disjoint
    std::vector<TimeRange> breaks;  ///< the gaps between them, lunch for one
    std::vector<Blockout> blockouts;
    std::vector<ScheduleEntry> entries; ///< by start, then id
    int visits = 0;                     ///< neither cancelled nor missed
    std::optional<Instant>
        nextFree; ///< from now on, at least kUsefulGap long; nothing when the day is full or over
    bool operator==(const ScheduleColumn&) const = default;
};

/// One day of the clinic as columns of practitioners, rooms or devices, or one practitioner's week as columns
/// of days. Lives on the GUI thread. Reads the day when it is shown and again whenever the session says that
/// it changed; what came out the same is not told again.
class DayScheduleModel : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::minutes kUsefulGap{10};

    /// `wishes` are shown where they stand; nullptr: what is stored and nothing else.
    explicit DayScheduleModel(ClinicSession& session, ScheduleWishes* wishes = nullptr,
                              QObject* parent = nullptr);

    [[nodiscard]] ClinicSession& session() const noexcept { return m_session; }
    [[nodiscard]] QDate day() const noexcept { return m_day; } ///< of a week, the one that was asked for
    /// Of the only day, or of a week the first one's.
    [[nodiscard]] const DayAxis& axis() const noexcept { return m_axis; }
    [[nodiscard]] Arrangement arrangement() const noexcept { return m_arrangement; }
    void setArrangement(Arrangement arrangement);
    /// Whose week is shown; the first practitioner's until somebody is chosen.
    [[nodiscard]] PractitionerId weekOf() const;
    void setWeekOf(const PractitionerId& practitioner);
    /// The day itself, or the shown days of its week.
    [[nodiscard]] QDate firstDay() const noexcept { return m_firstDay; }
    [[nodiscard]] QDate lastDay() const noexcept { return m_lastDay; }
    [[nodiscard]] bool isWeek() const noexcept { return m_arrangement == Arrangement::Week; }
    [[nodiscard]] const std::vector<ScheduleColumn>& columns() const noexcept { return m_columns; }
    /// All practitioners of the clinic, shown or not.
    [[nodiscard]] const std::vector<CalendarResource>& practitioners() const noexcept
    {
        return m_practitioners;
    }

    void showDay(QDate day);
    /// Reads practitioners, their hours, and the day anew.
    void reload();
    /// Time has passed: what is next free may have changed.
    void refreshNow();

    /// Empty shows everyone.
    void setShownPractitioners(std::set<PractitionerId> shown);
    [[nodiscard]] const std::set<PractitionerId>& shownPractitioners() const noexcept { return m_shown; }
    void setShowsCancelled(bool shows);
    [[nodiscard]] bool showsCancelled() const noexcept { return m_showsCancelled; }

    struct Position
    {
        int column = -1;
        int entry = -1;
        bool operator==(const Position&) const = default;
    };
    [[nodiscard]] std::optional<Position> find(const AppointmentId& id) const;
    [[nodiscard]] const ScheduleEntry* entry(const AppointmentId& id) const;
    [[nodiscard]] int columnOf(const ColumnKey& key) const; ///< -1 when it is not shown
    /// Of a practitioner at a time; -1 when there is none.
    [[nodiscard]] int columnAt(const PractitionerId& id, Instant at) const;
    /// Makes the appointment one of that column: its practitioner, room or device.
    void assign(const ColumnKey& key, Appointment& appointment) const;

Q_SIGNALS:
    void reset(); ///< day, axis or the set of columns changed
    void columnChanged(int column);
    void readFailed(const yarrow::Error& error);

private:
    void setDay(QDate day);
    [[nodiscard]] Result<std::vector<AppointmentRow>> read() const;
    void readDay();
    void take(const std::vector<AppointmentRow>& made);
    void rebuild(bool everything);
    [[nodiscard]] std::vector<ScheduleColumn> bareColumns() const;
    [[nodiscard]] std::vector<ScheduleColumn> weekColumns() const;
    [[nodiscard]] ScheduleColumn bareColumn(ColumnKey key, const QString& name, const QString& detail,
                                            const BookableActor& availability) const;
    [[nodiscard]] int indexOf(const Appointment& appointment, const std::vector<ScheduleColumn>& columns,
                              const std::map<std::string, int>& byId) const;
    void setAxes(std::vector<ScheduleColumn>& columns, const std::vector<TimeRange>& occupied);
    [[nodiscard]] bool isShown(const AppointmentRow& row) const;
    void place(ScheduleColumn& column) const;
    [[nodiscard]] std::optional<Instant> nextFree(const ScheduleColumn& column) const;

    ClinicSession& m_session;
    ScheduleWishes* m_wishes;
    std::vector<CalendarResource> m_practitioners;
    std::set<PractitionerId> m_shown;
    bool m_showsCancelled = false;
    Arrangement m_arrangement = Arrangement::Practitioners;
    PractitionerId m_weekOf;
    QDate m_day;
    QDate m_firstDay;
    QDate m_lastDay;
    TimeRange m_range; ///< of the days shown
    DayAxis m_axis;
    std::vector<AppointmentRow> m_rows; ///< as last read
    std::vector<ScheduleColumn> m_columns;
};

} // namespace yarrow
