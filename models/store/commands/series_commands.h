// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/series.h"
#include "models/domain/visit_preview.h"
#include "models/store/commands/appointment_commands.h"
#include "models/store/commands/command_scope.h"

#include <string>
#include <vector>

namespace yarrow {

/// Appointments that repeat. Planning and looking ahead write nothing but the audit of what was looked at;
/// what is planned is saved by AppointmentCommands::saveAll(), in one transaction.
class SeriesCommands
{
public:
    using Change = AppointmentCommands::Change;

    explicit SeriesCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// The visits of a new series, none of them booked yet: copies of `first`, whose start and length give
    /// the time of day. Errors as with occurrences().
    [[nodiscard]] Result<std::vector<Change>> plan(const Appointment& first, const Recurrence& recurrence);

    struct Changed
    {
        std::vector<Change> visits; ///< by planned start
        int keepTheirTime = 0;      ///< how many do not move along, having been moved on their own
    };
    /// What becomes of a series when its visit `seen`, read at `revision`, is changed into `wished`; without
    /// a series, or with SeriesScope::This, that visit alone. See carriedOver(), keepsOwnTime().
    [[nodiscard]] Result<Changed> change(const Appointment& seen, std::int64_t revision,
                                         const Appointment& wished, SeriesScope scope);

    /// The visits of a series by planned start, entered-in-error ones left out.
    [[nodiscard]] Result<std::vector<ListedAppointment>> visits(const std::string& series);

    /// What stands in the way of the changes, before they are saved; see previewVisits().
    [[nodiscard]] Result<std::vector<VisitPreview>> preview(const std::vector<Change>& changes);

    /// The appointments that the previews name as being in the way, each once. Noted in the audit, when there
    /// are any.
    [[nodiscard]] Result<std::vector<ListedAppointment>> inTheWay(const std::vector<VisitPreview>& previews);
    /// So many planned visits were looked at, and who stands in their way; for what was read without a
    /// command.
    Result<void> noteInTheWay(std::size_t planned);

private:
    [[nodiscard]] QTimeZone zone() const;
    [[nodiscard]] Result<void> mayRead();
    [[nodiscard]] Result<std::vector<ListedAppointment>> ofSeries(const std::string& series);

    CommandScope& m_scope;
};

} // namespace yarrow
