// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient.h"

#include <cstdint>
#include <string>
#include <vector>

/// Whether two records are of one person: the score of Fellegi and Sunter ("A Theory for Record Linkage",
/// JASA 64, 1969). Each field adds log2(m/u): m is how often it agrees in that way among two records of one
/// person, u among records of two people. docs/duplicates.md has the numbers and where they come from.
namespace yarrow {

/// What is compared of a patient, made ready once. Names are folded and romanised.
struct MatchProfile
{
    struct Name
    {
        std::vector<std::string> family; ///< words
        std::vector<std::string> given;
        bool operator==(const Name&) const = default;
    };
    struct Number
    {
        std::string system;     ///< the identifier's system, or its type code where it has none
        std::string value;      ///< letters and digits alone
        bool isPersons = false; ///< given to a person once, and not with each registration
        bool operator==(const Number&) const = default;
    };
    struct Place
    {
        std::vector<std::string> street; ///< words, numbers among them
        std::string postalCode;
        std::string city;
        bool operator==(const Place&) const = default;
    };
    std::vector<Name> names; ///< former ones too
    PartialDate birthDate;
    Sex sex = Sex::Unknown;
    std::vector<std::string> phones; ///< digits, the last nine at most
    std::vector<std::string> emails;
    std::vector<Place> places;
    std::vector<Number> numbers;
    bool operator==(const MatchProfile&) const = default;
};
[[nodiscard]] MatchProfile matchProfile(const Patient& patient);

/// Why two records look like one person, or do not: to be said in words beside the score.
struct MatchReason
{
    enum class Field { FamilyName, GivenName, Names, BirthDate, Sex, Phone, Email, Address, Number };
    enum class Agreement {
        Same,
        Similar, ///< a typing error away, or it sounds the same
        Swapped, ///< family and given name, or day and month, have changed places
        Partly,  ///< one of two family names, an initial, the same town
        Differs,
    };
    Field field;
    Agreement agreement;
    double weight = 0; ///< bits: log2(m/u)
    bool operator==(const MatchReason&) const = default;
};

struct MatchScore
{
    double weight = 0;                ///< bits
    std::vector<MatchReason> reasons; ///< what both records know, in the order of Field
};
[[nodiscard]] MatchScore compare(const MatchProfile& a, const MatchProfile& b);

/// The weight from which a pair is shown as a possible duplicate, among so many patients: among more of them,
/// more look alike by chance.
[[nodiscard]] double duplicateThreshold(std::int64_t patients);
/// Beyond it there is hardly a doubt.
[[nodiscard]] double certainThreshold(std::int64_t patients);

} // namespace yarrow
