// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"
#include "models/items/front_desk.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <tuple>
#include <utility>

namespace yarrow {

/// The front desk of a clinic in memory: `all` gives every appointment that is kept.
class MemoryFrontDesk final : public FrontDesk
{
public:
    MemoryFrontDesk(QTimeZone zone, std::function<std::vector<WaitlistRow>()> all)
        : m_zone(std::move(zone))
        , m_all(std::move(all))
    {}

    Result<std::map<QDate, DayLoad>> loads(QDate from, QDate until) const override
    {
        std::map<QDate, DayLoad> loads;
        for (const WaitlistRow& each : m_all()) {
            const Appointment& a = each.row.appointment;
            const QDate day = toLocalDate(a.start, m_zone);
            if ((!holdsSlot(a.status) && a.status != AppointmentStatus::Fulfilled) || day < from ||
                day >= until)
                continue;
            ++loads[day].visits;
            loads[day].booked += std::chrono::duration_cast<std::chrono::minutes>(a.end - a.start);
        }
        return loads;
    }
    Result<std::vector<AppointmentRow>> appointmentsBetween(QDate from, QDate until) const override
    {
        const TimeRange range{localDay(from, m_zone).start, localDay(until, m_zone).start};
        std::vector<AppointmentRow> rows;
        for (const WaitlistRow& each : m_all())
            if (const Appointment& a = each.row.appointment;
                a.status != AppointmentStatus::EnteredInError && a.start < range.end && a.end > range.start)
                rows.push_back(each.row);
        std::sort(rows.begin(), rows.end(), [](const AppointmentRow& a, const AppointmentRow& b) {
            return std::tie(a.appointment.start, a.appointment.id) <
                   std::tie(b.appointment.start, b.appointment.id);
        });
        return rows;
    }
    std::optional<AppointmentRow> appointment(const AppointmentId& id) const override
    {
        for (const WaitlistRow& each : m_all())
            if (each.row.appointment.id == id)
                return each.row;
        return std::nullopt;
    }
    Result<std::vector<WaitlistRow>> waitingList() const override
    {
        auto rows = m_all();
        std::erase_if(rows, [](const WaitlistRow& each) {
            return each.row.appointment.status != AppointmentStatus::Waitlist;
        });
        const auto key = [](const WaitlistRow& each) {
            const WaitingWish& wish = each.row.appointment.wish;
            return std::tuple(wish.priority == 0 ? std::numeric_limits<int>::max() : wish.priority,
                              wish.since.value_or(Instant::max()));
        };
        std::stable_sort(rows.begin(), rows.end(),
                         [&](const auto& a, const auto& b) { return key(a) < key(b); });
        return rows;
    }
    void noteWaitingListViewed() override { ++m_viewed; }
    void noteExported(const QString& what) override { m_exported << what; }
    [[nodiscard]] const QStringList& exported() const noexcept { return m_exported; }
    [[nodiscard]] int viewed() const noexcept { return m_viewed; }

private:
    QTimeZone m_zone;
    std::function<std::vector<WaitlistRow>()> m_all;
    int m_viewed = 0;
    QStringList m_exported;
};

} // namespace yarrow
