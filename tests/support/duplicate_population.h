// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace yarrow::testing {

/// Invented patients of a clinic, some of them registered twice, with what makes that hard: names of which
/// few are borne by many, families under one roof with one telephone, twins, fathers and sons of one name,
/// people who share a name or a birth date by chance. The same seed makes the same people.
class DuplicatePopulation
{
public:
    struct Person
    {
        std::string family;
        std::string given;
        std::string second; ///< given name; empty: none
        std::string birthDate;
        bool female = false;
        std::string phone;
        std::string street;
        std::string town;
        std::string postalCode;
        std::string insurance; ///< empty: not known
    };
    /// How a second registration came to differ.
    enum class Slip { Family, Given, Swapped, Married, Transposed, Digit, Moved, Bare, Accents, Initial };

    struct Record
    {
        std::string id;
        Person person;
        std::size_t who = 0; ///< records of one person have the same
        std::vector<Slip> slips;
    };

    DuplicatePopulation(unsigned seed, std::size_t people, double twice)
        : m_random(seed)
    {
        while (m_records.size() < people)
            addHousehold(people);
        const std::size_t originals = m_records.size();
        for (std::size_t i = 0; i < originals; ++i) {
            if (chance(twice))
                addDuplicate(i);
        }
    }

    [[nodiscard]] const std::vector<Record>& records() const noexcept { return m_records; }

    /// The first registration is before all second ones.
    [[nodiscard]] static Json document(const Record& record)
    {
        const Person& person = record.person;
        Json patient = Json::object();
        patient.set("resourceType", "Patient");
        patient.set("id", record.id);
        if (!person.insurance.empty()) {
            Json identifier = Json::object();
            identifier.set("system", "https://insurance.example/member");
            identifier.set("value", person.insurance);
            patient.arrayAt("identifier").append(std::move(identifier));
        }
        Json name = Json::object();
        name.set("family", person.family);
        name.arrayAt("given").append(person.given);
        if (!person.second.empty())
            name.arrayAt("given").append(person.second);
        patient.arrayAt("name").append(std::move(name));
        if (!person.phone.empty()) {
            Json phone = Json::object();
            phone.set("system", "phone");
            phone.set("value", person.phone);
            patient.arrayAt("telecom").append(std::move(phone));
        }
        patient.set("gender", person.female ? "female" : "male");
        patient.set("birthDate", person.birthDate);
        if (!person.street.empty()) {
            Json address = Json::object();
            address.arrayAt("line").append(person.street);
            address.set("city", person.town);
            address.set("postalCode", person.postalCode);
            patient.arrayAt("address").append(std::move(address));
        }
        return patient;
    }

private:
    std::size_t below(std::size_t limit) { return m_random() % limit; } // the same on every platform
    bool chance(double share) { return static_cast<double>(below(1'000'000)) < share * 1'000'000; }
    /// Few are common and many rare, as with names (Zipf).
    std::size_t skewed(std::size_t limit)
    {
        const double at = static_cast<double>(below(1'000'000)) / 1'000'000;
        return static_cast<std::size_t>(std::pow(static_cast<double>(limit), at)) - 1;
    }

    std::string familyName()
    {
        static constexpr std::array kFirst{
            "Ross", "Bianc", "Ferr",  "Müll", "Schmid", "Web",  "Nov",  "Kowal", "Garc", "Mart",
            "Dub",  "Lef",   "Ander", "Lind", "Berg",   "Hoff", "Petr", "Ivan",  "Pap",  "Özt",
            "Yild", "Hadd",  "Naj",   "Coh",  "Sant",   "Oliv", "Nag",  "Horv",  "Jov",  "Krist",
            "Thor", "Mac",   "Bren",  "Kell", "Wals",   "Harr", "Cart", "Whit",  "Tur",  "Gall"};
        static constexpr std::array kLast{"i",   "hi",    "ari",    "er",  "t",     "ak",   "ski", "ia",
                                          "in",  "ois",   "ebvre",  "son", "qvist", "mann", "ov",  "akis",
                                          "ürk", "iz",    "ad",     "en",  "os",    "eira", "y",   "ath",
                                          "ic",  "ensen", "dottir", "an",  "well",  "ley"};
        const std::size_t number = skewed(kFirst.size() * kLast.size());
        // Spread, so that the common names are not all of one beginning.
        const std::size_t place = number * 467 % (kFirst.size() * kLast.size());
        return std::string(kFirst[place % kFirst.size()]) + kLast[place / kFirst.size()];
    }
    std::string givenName(bool female)
    {
        static constexpr std::array kFemale{
            "Maria",  "Anna",   "Giulia",    "Sophie", "Emma",   "Laura",    "Chiara", "Elena",    "Zoë",
            "Ingrid", "Fatima", "Leila",     "Nadia",  "Olga",   "Irina",    "Claire", "Juliette", "Hélène",
            "Katja",  "Ursula", "Martha",    "Ruth",   "Esther", "Miriam",   "Judith", "Petra",    "Gudrun",
            "Astrid", "Freya",  "Yasmin",    "Aylin",  "Defne",  "Beatrice", "Rosa",   "Lucia",    "Carmen",
            "Pilar",  "Teresa", "Agnieszka", "Ewa",    "Zofia",  "Hanna",    "Linnea", "Saga",     "Ana",
            "Inês",   "Rita",   "Vera",      "Wilma",  "Johanna"};
        static constexpr std::array kMale{
            "Marco",  "Luca",   "Paolo",  "Andrea",  "Hans",   "Jürgen",  "Klaus",  "Stefan", "Jan",
            "Piotr",  "Tomasz", "José",   "Carlos",  "Miguel", "Pierre",  "Louis",  "Henri",  "Olof",
            "Gustav", "Erik",   "Nikos",  "Dimitri", "Ivan",   "Sergej",  "Mehmet", "Emre",   "Omar",
            "Karim",  "Yusuf",  "David",  "Samuel",  "Jonas",  "Felix",   "Emil",   "Otto",   "Rainer",
            "Bruno",  "Dario",  "Enzo",   "Fabio",   "George", "William", "Henry",  "Oliver", "Patrick",
            "Sean",   "Colm",   "Declan", "Viktor",  "Zoltán"};
        return female ? kFemale[skewed(kFemale.size())] : kMale[skewed(kMale.size())];
    }
    std::string day(int from, int to)
    {
        char text[11];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d",
                      from + static_cast<int>(below(static_cast<std::size_t>(to - from + 1))),
                      1 + static_cast<int>(below(12)), 1 + static_cast<int>(below(28)));
        return text;
    }
    std::string phone()
    {
        std::string text = "+39 3";
        for (int i = 0; i < 9; ++i)
            text += static_cast<char>('0' + below(10));
        return text;
    }
    void moveTo(Person& person)
    {
        static constexpr std::array kStreets{"Via Garibaldi", "Via Mazzini", "Hauptstrasse", "Lindenweg",
                                             "Rue du Moulin", "High Street", "Corso Italia", "Station Road",
                                             "Am Markt",      "Via Dante",   "Mill Lane",    "Calle Mayor"};
        static constexpr std::array kTowns{"Altena", "Borgo", "Campina", "Dorf", "Estella", "Ferrol"};
        const std::size_t town = skewed(kTowns.size());
        person.street = std::string(kStreets[below(kStreets.size())]) + " " + std::to_string(1 + below(120));
        person.town = kTowns[town];
        person.postalCode = std::to_string(39000 + town * 10 + below(4));
    }

    void add(Person person, std::size_t who, std::vector<Slip> slips)
    {
        m_records.push_back(
            {"p" + std::to_string(m_records.size()), std::move(person), who, std::move(slips)});
    }

    void addHousehold(std::size_t people)
    {
        Person first;
        first.family = familyName();
        moveTo(first);
        first.phone = phone();
        const std::size_t size = std::min(1 + below(4), people - m_records.size());
        std::string childBirth;
        for (std::size_t i = 0; i < size; ++i) {
            Person person = first;
            person.female = chance(0.5);
            do // brothers and sisters are called differently
                person.given = givenName(person.female);
            while (isUsed(person.given, i));
            if (chance(0.2))
                person.second = givenName(person.female);
            person.birthDate = i < 2 ? day(1935, 1990) : day(1991, 2024);
            if (i > 1 && !childBirth.empty() && chance(0.05)) // twins
                person.birthDate = childBirth;
            if (i > 1 && !person.female && !m_records[m_records.size() - i].person.female && chance(0.05))
                person.given = m_records[m_records.size() - i].person.given; // the father's name
            childBirth = i > 1 ? person.birthDate : std::string();
            if (chance(0.4))
                person.phone = phone(); // a telephone of one's own
            if (chance(0.4))
                person.insurance = std::to_string(100'000'000 + below(900'000'000));
            add(std::move(person), m_records.size(), {});
        }
    }

    bool isUsed(const std::string& given, std::size_t latest) const
    {
        return std::any_of(m_records.end() - static_cast<std::ptrdiff_t>(latest), m_records.end(),
                           [&](const Record& record) { return record.person.given == given; });
    }

    static bool isAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
    void mistype(std::string& word)
    {
        const std::size_t at = 1 + below(std::max<std::size_t>(word.size() - 1, 1));
        if (at >= word.size() || !isAscii(word[at]) || !isAscii(word[at - 1])) {
            word += word.back();
            return;
        }
        switch (below(4)) {
        case 0: // a letter doubled
            word.insert(at, 1, word[at]);
            break;
        case 1: // left out
            word.erase(at, 1);
            break;
        case 2: // two changed places
            std::swap(word[at - 1 == 0 ? at : at - 1], word[at]);
            break;
        default: // another one
            word[at] = static_cast<char>('a' + below(26));
        }
    }
    static void dropAccents(std::string& text)
    {
        static const std::map<std::string, std::string> kPlain{
            {"ü", "ue"}, {"Ö", "O"}, {"ö", "o"}, {"ë", "e"}, {"é", "e"}, {"è", "e"}, {"ê", "e"}, {"á", "a"}};
        for (const auto& [accented, plain] : kPlain) {
            for (std::size_t at = text.find(accented); at != std::string::npos; at = text.find(accented))
                text.replace(at, accented.size(), plain);
        }
    }
    void transpose(std::string& date) const
    {
        if (date.substr(8, 2) <= "12" && date.substr(5, 2) != date.substr(8, 2))
            date = date.substr(0, 5) + date.substr(8, 2) + "-" + date.substr(5, 2);
        else // the two last digits of the year
            std::swap(date[2], date[3]);
    }
    void mistypeDigit(std::string& date)
    {
        char& digit = below(2) == 0 ? date[3] : date[9]; // of the year or the day
        digit = digit == '8' || digit == '9' ? static_cast<char>(digit - 1) : static_cast<char>(digit + 1);
        if (date.substr(8, 2) == "00")
            date[9] = '1';
    }

    void addDuplicate(std::size_t original)
    {
        Person person = m_records[original].person;
        std::vector<Slip> slips;
        // Mostly one thing is different, sometimes two.
        const int count = chance(0.3) ? 2 : 1;
        while (static_cast<int>(slips.size()) < count) {
            const auto slip = static_cast<Slip>(below(10));
            if ((slip == Slip::Married && !person.female) ||
                std::find(slips.begin(), slips.end(), slip) != slips.end())
                continue;
            apply(slip, person);
            slips.push_back(slip);
        }
        if (chance(0.5))
            person.insurance.clear();
        if (chance(0.2))
            person.phone = phone();
        add(std::move(person), m_records[original].who, std::move(slips));
    }

    void apply(Slip slip, Person& person)
    {
        switch (slip) {
        case Slip::Family:
            mistype(person.family);
            break;
        case Slip::Given:
            mistype(person.given);
            break;
        case Slip::Swapped:
            std::swap(person.family, person.given);
            break;
        case Slip::Married:
            person.family = familyName();
            if (chance(0.5))
                moveTo(person);
            break;
        case Slip::Transposed:
            transpose(person.birthDate);
            break;
        case Slip::Digit:
            mistypeDigit(person.birthDate);
            break;
        case Slip::Moved:
            moveTo(person);
            person.phone = phone();
            break;
        case Slip::Bare:
            person.phone.clear();
            person.street.clear();
            person.insurance.clear();
            break;
        case Slip::Accents:
            dropAccents(person.family);
            dropAccents(person.given);
            break;
        case Slip::Initial:
            if (!person.second.empty())
                std::swap(person.given, person.second);
            person.second.clear();
            break;
        }
    }

    std::mt19937 m_random;
    std::vector<Record> m_records;
};

} // namespace yarrow::testing
