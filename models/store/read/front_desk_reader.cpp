// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/read/front_desk_reader.h"

#include "core/json.h"
#include "models/domain/opening_hours.h"
#include "models/fhir/appointment_fhir.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace yarrow {

Result<std::vector<BookedOnDay>> FrontDeskReader::loads(QDate from, QDate until, const QTimeZone& zone)
{
    std::vector<BookedOnDay> loads;
    for (QDate day = from; day < until; day = day.addDays(1)) {
        const TimeRange range = localDay(day, zone);
        Query row(m_connection, "SELECT count(*), coalesce(sum(end_at - start_at), 0) FROM appointment_index "
                                "WHERE start_at >= ? AND start_at < ? "
                                "AND status IN ('booked', 'arrived', 'checked-in', 'fulfilled')");
        row.bind(range.start.time_since_epoch().count(), range.end.time_since_epoch().count());
        if (!row.step() || row.integer(0) == 0)
            continue;
        loads.push_back(
            {day, static_cast<int>(row.integer(0)),
             std::chrono::duration_cast<std::chrono::minutes>(std::chrono::milliseconds(row.integer(1)))});
    }
    return loads;
}

Result<std::vector<ListedWaiting>> FrontDeskReader::waitingList()
{
    std::vector<ListedWaiting> waiting;
    Query row(m_connection, "SELECT r.body, r.revision, coalesce(n.name, ''), coalesce(n.phone, ''), "
                            "EXISTS (SELECT 1 FROM edit e WHERE e.resource = r.pk), "
                            "EXISTS (SELECT 1 FROM conflict_index c WHERE c.focus_type = 'Appointment' "
                            "AND c.focus_id = r.id AND c.open = 1) "
                            "FROM appointment_index a JOIN resource r ON r.pk = a.pk "
                            "LEFT JOIN resource p ON p.type = 'Patient' AND p.id = a.patient "
                            "LEFT JOIN patient_index n ON n.pk = p.pk WHERE a.start_at = 0 AND a.status = "
                            "'waitlist' ORDER BY a.id");
    while (row.step()) {
        const auto document = Json::parse(row.text(0));
        if (!document)
            return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
        auto appointment = fhir::readAppointment(*document);
        if (!appointment)
            return fail(appointment.error());
        waiting.push_back({{std::move(*appointment), row.integer(1), row.string(2), row.integer(4) != 0,
                            row.integer(5) != 0},
                           row.string(3)});
    }
    const auto key = [](const ListedWaiting& each) {
        const WaitingWish& wish = each.entry.appointment.wish;
        return std::tuple(wish.priority == 0 ? std::numeric_limits<int>::max() : wish.priority,
                          wish.since.value_or(Instant::max()));
    };
    std::stable_sort(waiting.begin(), waiting.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    return waiting;
}

} // namespace yarrow
