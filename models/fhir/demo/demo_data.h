// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "models/domain/appointment.h"
#include "models/domain/patient.h"
#include "models/domain/staff.h"

#include <QDate>
#include <QTimeZone>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the parts of the demo clinic share: its data, its chance, its ids.
namespace yarrow::demo {

/// Chance that repeats itself (SplitMix64): the same on every machine and with every standard library.
class Dice
{
public:
    explicit Dice(std::uint64_t seed)
        : m_state(seed)
    {}
    /// 0 to `sides` - 1.
    [[nodiscard]] int roll(int sides);
    [[nodiscard]] int between(int least, int most) { return least + roll(most - least + 1); }
    [[nodiscard]] bool chance(int percent) { return roll(100) < percent; }
    [[nodiscard]] const Json& pick(const Json& list)
    {
        return list[roll(static_cast<int>(list.items().size()))];
    }

private:
    std::uint64_t m_state;
};

/// A file of resources/demo, by its name without ending.
[[nodiscard]] Json load(const char* name);

/// The id that belongs to a name, always the same; shaped as a UUID.
[[nodiscard]] std::string idFor(std::string_view type, std::string_view name);

[[nodiscard]] QString toText(const Json& value);
[[nodiscard]] Json makeObject(std::initializer_list<std::pair<std::string_view, Json>> members);
/// A CodeableConcept with one coding and a text.
[[nodiscard]] Json makeConcept(std::string_view system, std::string_view code, std::string_view text);

struct Staff
{
    std::vector<PractitionerRole> roles; ///< with hours and blockouts, one per practitioner
    std::vector<LocationId> rooms;
    std::vector<HealthcareService> services;
    std::vector<Json> documents;
};
[[nodiscard]] Staff makeStaff(const Json& data, QDate today, const QTimeZone& zone);

/// A household among the patients: the adults, then the children.
struct Living
{
    std::size_t first = 0;
    std::size_t adults = 0;
    std::size_t children = 0;
};
struct People
{
    std::vector<Patient> patients;
    std::vector<Json> documents; ///< one for each, until their families are added
    std::vector<Living> households;
};
[[nodiscard]] People makePeople(const Json& data, QDate today);

/// Who of a household is what to whom: adds the records to the documents, and the links to the patients', in
/// an order in which each names only those before it.
void addFamilies(People& people);

[[nodiscard]] std::vector<Appointment> makeVisits(const Json& data, const Staff& staff,
                                                  const std::vector<Patient>& patients, QDate today,
                                                  const QTimeZone& zone);

/// Who waits for an appointment, and what they would take.
[[nodiscard]] std::vector<Appointment> makeWaiting(const Staff& staff, const std::vector<Patient>& patients,
                                                   QDate today, const QTimeZone& zone);

/// Conditions, allergies, measurements, prescriptions and immunisations of some of the patients.
[[nodiscard]] std::vector<Json> makeRecords(const Json& data, const std::vector<Patient>& patients,
                                            const PractitionerId& author, QDate today);

} // namespace yarrow::demo
