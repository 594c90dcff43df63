// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace yarrow {

/// A phone number or e-mail address of the form. `origin` is the contact it was read from, nothing for a new
/// line.
struct ContactLine
{
    ContactPoint::Use use = ContactPoint::Use::Unset;
    QString value;
    std::optional<ContactPoint> origin;
    bool operator==(const ContactLine&) const = default;
};

/// The registration form as text: what was typed, whether or not it makes sense yet.
struct PatientFormValues
{
    QString family;
    QString given;
    QString birthDate; ///< as typed
    Sex sex = Sex::Unknown;
    std::vector<ContactLine> phones;
    std::vector<ContactLine> emails;
    QString street;
    QString postalCode;
    QString city;
    QString country;
    bool operator==(const PatientFormValues&) const = default;
};

/// `birthDate` is the birth date as the form shows it.
[[nodiscard]] PatientFormValues valuesOf(const Patient& patient, const QString& birthDate);

/// `onto` with what differs between `base` (valuesOf(onto)) and `typed`. What the form does not show stays as
/// it is: further names and addresses, other kinds of contacts. The birth date is left to the caller.
[[nodiscard]] Patient applied(const PatientFormValues& base, const PatientFormValues& typed, Patient onto);

/// What was typed, over a record that has moved on: a field that was edited keeps the typed text, the others
/// show the record as it now is.
[[nodiscard]] PatientFormValues merged(const PatientFormValues& base, const PatientFormValues& typed,
                                       const PatientFormValues& theirs);

/// A form that was not saved, with the revision of the record it began from (0 for a new patient).
struct PatientDraft
{
    std::int64_t revision = 0;
    PatientFormValues base;
    PatientFormValues typed;
    bool operator==(const PatientDraft&) const = default;
};
[[nodiscard]] QByteArray writeDraft(const PatientDraft& draft);
/// Nothing when it is no draft of this version.
[[nodiscard]] std::optional<PatientDraft> readDraft(const QByteArray& content);

} // namespace yarrow
