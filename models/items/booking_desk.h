// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/id.h"
#include "models/domain/attendance.h"
#include "models/domain/recurrence.h"
#include "models/domain/series.h"
#include "models/domain/visit_preview.h"
#include "models/items/clinic_rows.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace yarrow {

/// A visit as a change would leave it, not saved yet.
struct PlannedVisit
{
    AppointmentRow row;                   ///< as wished, at the revision it was read at; no id: it is new
    std::vector<VisitObstacle> obstacles; ///< empty: nothing stands in the way
    std::optional<TimeRange> nextFree;    ///< with obstacles: when the same people and things are next free
    bool isRefused = false;               ///< saving refuses it, unless it is overbooked on purpose
    bool operator==(const PlannedVisit&) const = default;
};

/// Visits that are looked at together before they are saved together.
struct SeriesPlan
{
    std::vector<PlannedVisit> visits;                 ///< by planned start
    std::map<AppointmentId, AppointmentRow> inTheWay; ///< whom the obstacles name
    int keepTheirTime = 0; ///< visits that were moved on their own, and do not move with the others
    bool operator==(const SeriesPlan&) const = default;
};

/// What the one who books wants to know beforehand, and what is booked together. Lives on the GUI thread, as
/// long as its session. Plans are made on the store thread; callbacks come as with ClinicSession.
class BookingDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~BookingDesk() override = default;

    /// Below a millisecond. Forbidden without the right to read appointments.
    [[nodiscard]] virtual Result<Attendance> attendance(const PatientId& patient) const = 0;

    /// A visit as it is wished, before it is saved: what stands in its way. A few milliseconds. Forbidden as
    /// above; who is named is noted in the audit.
    [[nodiscard]] virtual Result<SeriesPlan> planVisit(const AppointmentRow& wished) = 0;

    /// The visits of a new series, each a copy of `first`. Errors as with occurrences().
    virtual void planSeries(const AppointmentRow& first, const Recurrence& recurrence, QObject* context,
                            Done<SeriesPlan> done) = 0;
    /// What of the series becomes another when its visit `seen` is changed into `wished`; see carriedOver().
    virtual void planChange(const AppointmentRow& seen, const AppointmentRow& wished, SeriesScope scope,
                            QObject* context, Done<SeriesPlan> done) = 0;

    /// A visit before it was saved (without an id when it was booked just now), and after.
    struct SavedVisit
    {
        AppointmentRow before;
        AppointmentRow now;
    };
    /// All of them, or none: those without an id are booked, the others changed, each at its revision. In the
    /// order given. Errors as with ClinicSession::saveAppointment().
    virtual void saveAll(const std::vector<AppointmentRow>& wished, QObject* context,
                         Done<std::vector<SavedVisit>> done) = 0;
};

} // namespace yarrow
