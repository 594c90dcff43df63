// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/patient_match.h"

#include "core/text_fold.h"
#include "models/domain/match_weights.h"
#include "models/domain/name_likeness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace yarrow {
namespace {

using Agreement = MatchReason::Agreement;
using Field = MatchReason::Field;
using namespace match_weights;

constexpr std::size_t kPhoneDigits = 9; ///< the last ones, which are the same with and without country code
constexpr std::size_t kLeastPhoneDigits = 6;

std::string digitsOf(const QString& text)
{
    std::string digits;
    for (const char c : foldForSearch(text.toStdString())) {
        if (c >= '0' && c <= '9')
            digits += c;
    }
    return digits;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += word;
    return text;
}

std::string compact(const QString& text)
{
    std::string folded = foldForSearch(text.toStdString());
    std::erase(folded, ' ');
    return folded;
}

/// A name kept as one text: "Family, Given" or "Given Family".
MatchProfile::Name nameOf(const QString& text)
{
    if (const auto comma = text.indexOf(u','); comma >= 0)
        return {nameWords(text.left(comma)), nameWords(text.mid(comma + 1))};
    std::vector<std::string> words = nameWords(text);
    MatchProfile::Name name;
    if (!words.empty()) {
        name.family = {words.back()};
        words.pop_back();
        name.given = std::move(words);
    }
    return name;
}

// ---- names

struct Likeness
{
    Agreement agreement = Agreement::Differs;
    double weight = 0;
};

/// Of two words, how far they agree. Nothing: not at all.
std::optional<Likeness> likenessOf(const std::string& a, const std::string& b, const NameWeights& weights)
{
    if (a == b)
        return Likeness{Agreement::Same, weights.same};
    const double likeness = jaroWinkler(a, b);
    if (likeness >= kNearName)
        return Likeness{Agreement::Similar, weights.near};
    if (likeness >= kAlikeName || (a.size() > 1 && b.size() > 1 && soundKey(a) == soundKey(b)))
        return Likeness{Agreement::Similar, weights.alike};
    return std::nullopt;
}

Likeness familyLikeness(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    if (auto whole = likenessOf(joined(a), joined(b), kFamily); whole && whole->weight >= kFamily.near)
        return *whole;
    if (a.size() > 1 || b.size() > 1) {
        for (const std::string& word : a) {
            if (std::find(b.begin(), b.end(), word) != b.end())
                return {Agreement::Partly, kFamily.part};
        }
    }
    return likenessOf(joined(a), joined(b), kFamily).value_or(Likeness{Agreement::Differs, kFamily.differs});
}

Likeness givenLikeness(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    if (joined(a) == joined(b))
        return {Agreement::Same, kGiven.same};
    Likeness best{Agreement::Differs, kGiven.differs};
    const auto consider = [&](Likeness likeness) {
        if (likeness.weight > best.weight)
            best = likeness;
    };
    // The name somebody goes by may be any of several.
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            if (a[i].size() == 1 || b[j].size() == 1) {
                if (a[i].front() == b[j].front())
                    consider({Agreement::Partly, kGiven.part});
            } else if (auto likeness = likenessOf(a[i], b[j], kGiven)) {
                if (i + j > 0) // of two brothers each may have the other's name for a second one
                    *likeness = {Agreement::Partly, std::min(likeness->weight, kGiven.part)};
                consider(*likeness);
            }
        }
    }
    return best;
}

struct NameScore
{
    std::vector<MatchReason> reasons;
    double family = 0;
    double given = 0;
    [[nodiscard]] double weight() const { return family + given; }
};

NameScore compareNames(const MatchProfile::Name& a, const MatchProfile::Name& b)
{
    NameScore score;
    const bool families = !a.family.empty() && !b.family.empty();
    const bool givens = !a.given.empty() && !b.given.empty();
    if (families) {
        const Likeness likeness = familyLikeness(a.family, b.family);
        score.family = likeness.weight;
        score.reasons.push_back({Field::FamilyName, likeness.agreement, likeness.weight});
    }
    if (givens) {
        const Likeness likeness = givenLikeness(a.given, b.given);
        score.given = likeness.weight;
        score.reasons.push_back({Field::GivenName, likeness.agreement, likeness.weight});
    }
    if (!families || !givens)
        return score;
    const Likeness cross = familyLikeness(a.family, b.given);
    const Likeness crossed = familyLikeness(a.given, b.family);
    if (cross.agreement == Agreement::Differs || crossed.agreement == Agreement::Differs)
        return score;
    const double swapped = cross.weight + crossed.weight + kSwappedNames;
    if (swapped <= score.weight())
        return score;
    return {{{Field::Names, Agreement::Swapped, swapped}}, swapped / 2, swapped / 2};
}

std::optional<NameScore> bestNames(const MatchProfile& a, const MatchProfile& b)
{
    std::optional<NameScore> best;
    for (const MatchProfile::Name& nameA : a.names) {
        for (const MatchProfile::Name& nameB : b.names) {
            NameScore score = compareNames(nameA, nameB);
            if (!score.reasons.empty() && (!best || score.weight() > best->weight()))
                best = std::move(score);
        }
    }
    return best;
}

// ---- birth date

/// One digit another, or two neighbours that changed places. Of two texts of the same length.
bool isOneSlip(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> different;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i])
            different.push_back(i);
    }
    if (different.size() == 1)
        return true;
    return different.size() == 2 && different[0] + 1 == different[1] && a[different[0]] == b[different[1]] &&
           a[different[1]] == b[different[0]];
}

Likeness compareDays(QDate a, QDate b)
{
    if (a == b) // the first of January stands for a day nobody knew
        return {Agreement::Same, a.day() == 1 && a.month() == 1 ? kBirthNewYear : kBirthSame};
    if (a.year() == b.year() && a.day() == b.month() && a.month() == b.day())
        return {Agreement::Swapped, kBirthSwapped};
    if (isOneSlip(a.toString(QStringLiteral("yyyyMMdd")).toStdString(),
                  b.toString(QStringLiteral("yyyyMMdd")).toStdString()))
        return {Agreement::Similar, kBirthSlip};
    const int parts =
        (a.year() == b.year() ? 1 : 0) + (a.month() == b.month() ? 1 : 0) + (a.day() == b.day() ? 1 : 0);
    if (parts == 2)
        return {Agreement::Partly, kBirthTwoParts};
    return {Agreement::Differs, std::abs(a.year() - b.year()) >= kGeneration ? kBirthFar : kBirthDiffers};
}

Likeness compareBirths(const PartialDate& a, const PartialDate& b)
{
    using Precision = PartialDate::Precision;
    if (a.precision() == Precision::Day && b.precision() == Precision::Day)
        return compareDays(a.earliest(), b.earliest());
    if (a.earliest() > b.latest() || b.earliest() > a.latest())
        return {Agreement::Differs, std::abs(a.earliest().year() - b.earliest().year()) >= kGeneration
                                        ? kBirthFar
                                        : kBirthDiffers};
    const bool months = a.precision() != Precision::Year && b.precision() != Precision::Year;
    return {Agreement::Partly, months ? kBirthMonth : kBirthYear};
}

// ---- the household: phone and address are shared within a family

Likeness comparePhones(const MatchProfile& a, const MatchProfile& b)
{
    Likeness best{Agreement::Differs, kPhoneDiffers};
    for (const std::string& phoneA : a.phones) {
        for (const std::string& phoneB : b.phones) {
            const std::size_t length = std::min(phoneA.size(), phoneB.size());
            const std::string_view endA = std::string_view(phoneA).substr(phoneA.size() - length);
            const std::string_view endB = std::string_view(phoneB).substr(phoneB.size() - length);
            if (endA == endB)
                return {Agreement::Same, kPhoneSame};
            if (isOneSlip(endA, endB))
                best = {Agreement::Similar, kPhoneSlip};
        }
    }
    return best;
}

bool isSameTown(const MatchProfile::Place& a, const MatchProfile::Place& b)
{
    if (!a.postalCode.empty() && !b.postalCode.empty())
        return a.postalCode == b.postalCode;
    return !a.city.empty() && !b.city.empty() && jaroWinkler(a.city, b.city) >= kNearName;
}

bool isSameStreet(const std::vector<std::string>& a, const std::vector<std::string>& b)
{
    if (a.empty() || b.empty())
        return false;
    const std::vector<std::string>& few = a.size() < b.size() ? a : b;
    const std::vector<std::string>& many = a.size() < b.size() ? b : a;
    // Numbers must be the same; of the words one may be missing or abbreviated.
    std::size_t found = 0;
    for (const std::string& word : few) {
        const bool isNumber = word.front() >= '0' && word.front() <= '9';
        const bool isThere = std::any_of(many.begin(), many.end(), [&](const std::string& other) {
            return isNumber ? word == other : jaroWinkler(word, other) >= kAlikeName;
        });
        if (!isThere && isNumber)
            return false;
        found += isThere ? 1 : 0;
    }
    return found * 3 >= few.size() * 2;
}

Likeness comparePlaces(const MatchProfile& a, const MatchProfile& b)
{
    Likeness best{Agreement::Differs, kAddressDiffers};
    for (const MatchProfile::Place& placeA : a.places) {
        for (const MatchProfile::Place& placeB : b.places) {
            if (!isSameTown(placeA, placeB))
                continue;
            if (isSameStreet(placeA.street, placeB.street))
                return {Agreement::Same, kAddressSame};
            best = {Agreement::Partly, kTownSame};
        }
    }
    return best;
}

std::optional<Likeness> compareNumbers(const MatchProfile& a, const MatchProfile& b)
{
    std::optional<Likeness> found;
    for (const MatchProfile::Number& numberA : a.numbers) {
        for (const MatchProfile::Number& numberB : b.numbers) {
            if (numberA.system != numberB.system)
                continue;
            if (numberA.value == numberB.value)
                return Likeness{Agreement::Same, kNumberSame};
            if (numberA.isPersons)
                found =
                    numberA.value.size() == numberB.value.size() && isOneSlip(numberA.value, numberB.value)
                        ? Likeness{Agreement::Similar, kNumberSlip}
                        : Likeness{Agreement::Differs, kNumberDiffers};
        }
    }
    return found;
}

} // namespace

MatchProfile matchProfile(const Patient& patient)
{
    MatchProfile profile;
    for (const HumanName& name : patient.names) {
        MatchProfile::Name words{nameWords(name.family), nameWords(name.given.join(u' '))};
        if (words.family.empty() && words.given.empty())
            words = nameOf(name.text);
        if (!words.family.empty() || !words.given.empty())
            profile.names.push_back(std::move(words));
    }
    profile.birthDate = patient.birthDate;
    profile.sex = patient.sex;
    for (const ContactPoint& contact : patient.telecoms) {
        if (contact.system == ContactPoint::System::Email) {
            if (const QString email = contact.value.trimmed().toLower(); !email.isEmpty())
                profile.emails.push_back(email.toStdString());
        } else if (contact.system == ContactPoint::System::Phone ||
                   contact.system == ContactPoint::System::Sms) {
            std::string digits = digitsOf(contact.value);
            if (digits.size() > kPhoneDigits)
                digits.erase(0, digits.size() - kPhoneDigits);
            if (digits.size() >= kLeastPhoneDigits)
                profile.phones.push_back(std::move(digits));
        }
    }
    for (const PostalAddress& address : patient.addresses) {
        MatchProfile::Place place{nameWords(address.lines.join(u' ')), compact(address.postalCode),
                                  joined(nameWords(address.city))};
        if (!place.street.empty() || !place.postalCode.empty() || !place.city.empty())
            profile.places.push_back(std::move(place));
    }
    for (const Identifier& identifier : patient.identifiers) {
        std::string value = compact(identifier.value);
        if (value.empty())
            continue;
        profile.numbers.push_back({identifier.system.empty() ? identifier.typeCode : identifier.system,
                                   std::move(value), identifier.typeCode != "MR"});
    }
    return profile;
}

MatchScore compare(const MatchProfile& a, const MatchProfile& b)
{
    MatchScore score;
    const auto add = [&](Field field, const Likeness& likeness) {
        score.weight += likeness.weight;
        score.reasons.push_back({field, likeness.agreement, likeness.weight});
    };
    double family = 0;
    bool isOtherGiven = false;
    if (const auto names = bestNames(a, b)) {
        score.weight += names->weight();
        score.reasons = names->reasons;
        family = names->family;
        isOtherGiven =
            std::any_of(names->reasons.begin(), names->reasons.end(), [](const MatchReason& reason) {
                return reason.field == Field::GivenName && reason.agreement == Agreement::Differs;
            });
    }
    if (!a.birthDate.isEmpty() && !b.birthDate.isEmpty())
        add(Field::BirthDate, compareBirths(a.birthDate, b.birthDate));
    if (a.sex != Sex::Unknown && b.sex != Sex::Unknown)
        add(Field::Sex,
            a.sex == b.sex ? Likeness{Agreement::Same, kSexSame} : Likeness{Agreement::Differs, kSexDiffers});
    const double before = score.weight;
    if (!a.phones.empty() && !b.phones.empty())
        add(Field::Phone, comparePhones(a, b));
    if (!a.emails.empty() && !b.emails.empty()) {
        const bool same = std::find_first_of(a.emails.begin(), a.emails.end(), b.emails.begin(),
                                             b.emails.end()) != a.emails.end();
        add(Field::Email,
            same ? Likeness{Agreement::Same, kEmailSame} : Likeness{Agreement::Differs, kEmailDiffers});
    }
    if (!a.places.empty() && !b.places.empty())
        add(Field::Address, comparePlaces(a, b));
    // Phone, e-mail and address are not independent, as the sum takes them to be: a household shares them,
    // and the family name too. Together they say no more than that it is the household.
    const double household = score.weight - before;
    if (household > kHousehold)
        score.weight -= household - kHousehold;
    if (isOtherGiven && family > 0) // brothers and sisters, twins above all
        score.weight -= std::max(0.0, family + std::min(household, kHousehold) - kSiblings);
    if (const auto numbers = compareNumbers(a, b))
        add(Field::Number, *numbers);
    return score;
}

double duplicateThreshold(std::int64_t patients)
{
    // Of n stored patients at most about one is the newcomer: the odds before anything is compared are 1 : n.
    return std::log2(static_cast<double>(std::max<std::int64_t>(patients, kFewestPatients))) + kMargin;
}

double certainThreshold(std::int64_t patients)
{
    return duplicateThreshold(patients) + kCertainMargin;
}

} // namespace yarrow
