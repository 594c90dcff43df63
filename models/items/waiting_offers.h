// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/waiting_list.h"
#include "models/items/front_desk.h"
#include "models/items/schedule_editor.h"

#include <QTimer>

#include <optional>
#include <vector>

namespace yarrow {

/// Somebody of the waiting list, and how they fit the slot that is offered.
struct WaitingCandidate
{
    WaitlistRow entry;
    std::optional<WaitingFit> fit; ///< nothing while no slot is offered
    LocationId room;               ///< that it would be booked with; empty when it needs none
    DeviceId device;               ///< so with the device
    bool operator==(const WaitingCandidate&) const = default;
};

/// The waiting list of the clinic, and a slot that is offered to it. Without a slot everybody who waits is
/// listed, with one those whom it fits and who can be booked into it as their visit type needs it, best
/// first. What is booked from it is changed through the editor, so that it can be undone: the entry then
/// waits again. Lives on the GUI thread.
class WaitingOffers : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::minutes kUsualVisit{15};

    WaitingOffers(ClinicSession& session, ScheduleEditor& editor, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<WaitingCandidate>& candidates() const noexcept { return m_candidates; }
    [[nodiscard]] const std::optional<FreeSlot>& slot() const noexcept { return m_slot; }
    /// Everybody who waits, as they were read last.
    [[nodiscard]] const std::vector<WaitlistRow>& entries() const noexcept { return m_entries; }
    /// How many wait, whether they fit or not.
    [[nodiscard]] int size() const noexcept { return static_cast<int>(m_entries.size()); }

    void reload();
    void offer(const FreeSlot& slot);
    void withdraw(); ///< no slot is offered any more

    /// Books the candidate at its place in the slot, with its room and device, and withdraws the slot. False,
    /// and everybody is ranked anew, when the time, the room or the device has been taken meanwhile.
    bool book(const WaitingCandidate& candidate);
    /// Closes the entry without a booking.
    void remove(const WaitlistRow& entry);

Q_SIGNALS:
    void changed();
    void readFailed(const yarrow::Error& error);

private:
    void rank();
    void rankOfferSoon(); ///< once for all that changes until then
    /// What the openings of the clinic have for that visit, all of it inside `within`.
    [[nodiscard]] std::optional<Opening> openingFor(const Appointment& entry, const TimeRange& within,
                                                    std::chrono::minutes length) const;

    ClinicSession& m_session;
    ScheduleEditor& m_editor;
    std::vector<WaitlistRow> m_entries;
    std::optional<FreeSlot> m_slot;
    std::vector<WaitingCandidate> m_candidates;
    QTimer m_soon;
};

} // namespace yarrow
