// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

#include <map>
#include <string>
#include <vector>

namespace yarrow::ctl {

/// What practitioners and rooms are called.
class Names
{
public:
    [[nodiscard]] static Result<Names> of(const Clinic& clinic);

    /// The name, or the id of one that is not active any more; empty for an empty id.
    [[nodiscard]] std::string operator()(const PractitionerId& id) const { return find(id.text()); }
    [[nodiscard]] std::string operator()(const LocationId& id) const { return find(id.text()); }

private:
    [[nodiscard]] std::string find(const std::string& id) const;
    std::map<std::string, std::string> m_names;
};

[[nodiscard]] Json toJson(const ListedAppointment& listed, const QTimeZone& zone);

/// The result of a command that saved one appointment.
void printSaved(Output& out, const char* what, const ListedAppointment& saved, const QTimeZone& zone);
/// The result of one that saved visits of a series: a line for each, or a list.
void printSeries(Output& out, const char* what, const std::vector<AppointmentCommands::Saved>& saved,
                 const QTimeZone& zone);

} // namespace yarrow::ctl
