// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/booking_desk.h"

#include <algorithm>
#include <functional>

namespace yarrow {

/// Attendance and saving together, over the appointments of the session that owns it. It plans nothing: tests
/// of series run on a real store.
class MemoryBookingDesk final : public BookingDesk
{
public:
    using Stored = std::function<std::vector<Appointment>()>;
    using Later = std::function<void(QObject*, std::function<void()>)>;
    using WriteAll = std::function<Result<std::vector<SavedVisit>>(const std::vector<AppointmentRow>&)>;

    MemoryBookingDesk(Stored stored, Later later, WriteAll writeAll)
        : m_stored(std::move(stored))
        , m_later(std::move(later))
        , m_writeAll(std::move(writeAll))
    {}

    Result<Attendance> attendance(const PatientId& patient) const override
    {
        Attendance found;
        for (const Appointment& visit : m_stored()) {
            if (visit.patient != patient)
                continue;
            found.kept += visit.status == AppointmentStatus::Fulfilled;
            if (visit.status == AppointmentStatus::NoShow) {
                ++found.missed;
                found.lastMissed = std::max(found.lastMissed.value_or(visit.start), visit.start);
            }
        }
        return found;
    }
    Result<SeriesPlan> planVisit(const AppointmentRow& /*wished*/) override { return SeriesPlan(); }
    void planSeries(const AppointmentRow& /*first*/, const Recurrence& /*recurrence*/, QObject* context,
                    Done<SeriesPlan> done) override
    {
        m_later(context, [done = std::move(done)] { done(fail(ErrorCode::Forbidden, "Appointment")); });
    }
    void planChange(const AppointmentRow& /*seen*/, const AppointmentRow& /*wished*/, SeriesScope /*scope*/,
                    QObject* context, Done<SeriesPlan> done) override
    {
        m_later(context, [done = std::move(done)] { done(fail(ErrorCode::Forbidden, "Appointment")); });
    }
    void saveAll(const std::vector<AppointmentRow>& wished, QObject* context,
                 Done<std::vector<SavedVisit>> done) override
    {
        m_later(context, [this, wished, done = std::move(done)] { done(m_writeAll(wished)); });
    }

private:
    Stored m_stored;
    Later m_later;
    WriteAll m_writeAll;
};

} // namespace yarrow
