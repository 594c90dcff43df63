// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"

#include <QString>

namespace yarrow {

class ClinicSession;

// What is booked and cannot be chosen any more (a room out of use, somebody who left), as a choice is called
// that keeps it: "Room 9 (not offered any more)". Reads the directory: for what is not in the list only.
[[nodiscard]] QString noLongerOffered(ClinicSession& session, const HealthcareServiceId& id);
[[nodiscard]] QString noLongerOffered(ClinicSession& session, const PractitionerId& id);
[[nodiscard]] QString noLongerOffered(ClinicSession& session, const LocationId& id);
[[nodiscard]] QString noLongerOffered(ClinicSession& session, const DeviceId& id);

} // namespace yarrow
