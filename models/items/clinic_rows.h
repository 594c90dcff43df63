// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/appointment.h"
#include "models/domain/patient.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace yarrow {

/// One line of a patient list.
struct PatientRow
{
    PatientId id;
    QString mrn;
    QString name; ///< "Family, Given"
    PartialDate birthDate;
    Sex sex = Sex::Unknown;
    QString phone; ///< the first number that is not old; empty when there is none
    bool active = true;
    bool deceased = false;
    bool unsent = false;     ///< has changes that no server has confirmed although this workstation has one
    bool conflicted = false; ///< a conflict about the record waits for a decision
    bool operator==(const PatientRow&) const = default;
};

/// One appointment on a calendar, with what is needed to paint it.
struct AppointmentRow
{
    Appointment appointment;
    std::int64_t revision = 0; ///< hand it back with a change
    QString patientName;       ///< "Family, Given"; empty when nobody is booked
    QString serviceName;
    QString roomName;
    bool provisional = false; ///< a booking no server has confirmed although this workstation has one
    bool conflicted = false;  ///< a conflict about it waits for a decision
    bool operator==(const AppointmentRow&) const = default;
};

/// A patient with the revision it was read at.
struct PatientRecord
{
    Patient patient;
    std::int64_t revision = 0;
    std::vector<AppointmentRow> appointments; ///< newest first; past and future, not entered-in-error
    bool unsent = false;                      ///< as with PatientRow
    bool conflicted = false;
};

} // namespace yarrow
