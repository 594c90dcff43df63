// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"

#include <array>
#include <chrono>
#include <optional>
#include <vector>

namespace yarrow {

/// Where a visit stands on its day.
enum class VisitStage { Expected, Arrived, InRoom, Done };
inline constexpr std::size_t kVisitStages = 4;

[[nodiscard]] AppointmentStatus statusOf(VisitStage stage) noexcept;
/// Nothing for a visit that does not come to pass.
[[nodiscard]] std::optional<VisitStage> stageOf(AppointmentStatus status) noexcept;

/// A visit on the board.
struct BoardCard
{
    AppointmentRow row;
    QString practitioner;
    /// Expected: past the time it was booked for, negative before it. Arrived: since arriving. In room: since
    /// going in. Done: how long it waited. Nothing when no workstation was told when that was.
    std::optional<std::chrono::minutes> minutes;
    bool late = false;    ///< expected or waiting for longer than the limit
    bool unsaved = false; ///< shown as wished; the store has not answered yet
    bool operator==(const BoardCard&) const = default;
};

/// The visits of the present day by where they stand. Lives on the GUI thread; follows what is wished and
/// what arrives, and the clock when it is told to.
class VisitBoard : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::minutes kUsualLimit{20};

    VisitBoard(ClinicSession& session, ScheduleWishes& wishes, QObject* parent = nullptr);

    /// Expected by time, arrived by how long they have waited, in room by time, done with the last one first.
    [[nodiscard]] const std::vector<BoardCard>& cards(VisitStage stage) const
    {
        return m_cards[static_cast<std::size_t>(stage)];
    }
    [[nodiscard]] const BoardCard* card(const AppointmentId& id) const;
    [[nodiscard]] std::chrono::minutes limit() const noexcept { return m_limit; }
    void setLimit(std::chrono::minutes limit);
    /// Empty shows everyone's.
    void setShownPractitioners(std::set<PractitionerId> shown);
    /// Time has passed, perhaps midnight.
    void refreshNow();
    [[nodiscard]] QDate day() const noexcept { return m_day.day(); }

Q_SIGNALS:
    void changed();

private:
    void rebuild();
    [[nodiscard]] BoardCard cardOf(const ScheduleEntry& entry, VisitStage stage) const;

    ClinicSession& m_session;
    DayScheduleModel m_day;
    std::chrono::minutes m_limit = kUsualLimit;
    std::array<std::vector<BoardCard>, kVisitStages> m_cards;
};

} // namespace yarrow
