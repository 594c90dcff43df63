// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text_fold.h"
#include "models/fhir/demo/demo_data.h"
#include "models/fhir/patient_fhir.h"

#include <algorithm>

namespace yarrow::demo {
namespace {

constexpr std::size_t kPatients = 300;
constexpr int kFirstRecordNumber = 10'001;
constexpr char kRecordNumbers[] = "https://demo.yarrow.example/mrn";

/// Those who live together: one address, one telephone in the hall, often one family name.
struct Household
{
    const Json* culture;
    QString family;
    PostalAddress address;
    QString phone;
};

class Registry
{
public:
    Registry(const Json& data, QDate today)
        : m_data(data)
        , m_today(today)
    {}

    People fill()
    {
        addTwins();
        for (const Json& person : m_data["otherScripts"].items())
            addWithTwoScripts(person);
        while (m_people.patients.size() < kPatients)
            addHousehold();
        m_people.patients.resize(kPatients);
        addExceptions();
        for (const Patient& patient : m_people.patients)
            fhir::writePatient(patient, m_people.documents.emplace_back());
        return std::move(m_people);
    }

private:
    const Json& anyCulture()
    {
        int total = 0;
        for (const Json& culture : m_data["cultures"].items())
            total += static_cast<int>(*culture["weight"].integer());
        int roll = m_dice.roll(total);
        for (const Json& culture : m_data["cultures"].items()) {
            roll -= static_cast<int>(*culture["weight"].integer());
            if (roll < 0)
                return culture;
        }
        return m_data["cultures"][0];
    }

    Household anyHousehold()
    {
        Household household{&anyCulture(), {}, {}, anyPhone()};
        household.family = toText(m_dice.pick((*household.culture)["family"]));
        const Json& town = m_dice.pick(m_data["towns"]);
        household.address.use = PostalAddress::Use::Home;
        household.address.lines = {toText(m_dice.pick(m_data["streets"])) + QLatin1Char(' ') +
                                   QString::number(m_dice.between(1, 120))};
        household.address.city = toText(town["name"]);
        household.address.postalCode = toText(town["postalCode"]);
        return household;
    }

    /// Country code 999 is given to nobody.
    QString anyPhone()
    {
        return QStringLiteral("+999 %1 %2 %3")
            .arg(m_dice.between(20, 39))
            .arg(m_dice.roll(1000), 3, 10, QLatin1Char('0'))
            .arg(m_dice.roll(1000), 3, 10, QLatin1Char('0'));
    }

    QDate birthDayAtAge(int years) { return m_today.addYears(-years).addDays(-m_dice.between(1, 360)); }

    Patient& addPerson(const Household& household, Sex sex, QDate born)
    {
        const bool isFemale = sex == Sex::Female;
        const Json& givenNames = (*household.culture)[isFemale ? "female" : "male"];
        HumanName name;
        name.use = HumanName::Use::Official;
        name.family = household.family;
        name.given = {toText(m_dice.pick(givenNames))};
        if (m_dice.chance(15)) {
            const QString second = toText(m_dice.pick(givenNames));
            if (second != name.given.first())
                name.given.append(second);
        }

        const int number = kFirstRecordNumber + static_cast<int>(m_people.patients.size()) * 7;
        Patient patient;
        patient.id = PatientId::known(idFor("Patient", std::to_string(number)));
        patient.identifiers = {
            {Identifier::Use::Usual, kRecordNumbers, "MR", QStringLiteral("A-%1").arg(number)}};
        patient.names = {name};
        patient.sex = sex;
        patient.birthDate = PartialDate(born);
        patient.addresses = {household.address};
        patient.language = std::string((*household.culture)["language"].string());
        addContacts(patient, household);
        return m_people.patients.emplace_back(std::move(patient));
    }

    void addContacts(Patient& patient, const Household& household)
    {
        ContactPoint home;
        home.use = ContactPoint::Use::Home;
        home.value = household.phone;
        patient.telecoms.push_back(home);
        const int age = ageInYears(patient.birthDate, m_today).value_or(0);
        if (age < 14)
            return;
        ContactPoint mobile;
        mobile.use = ContactPoint::Use::Mobile;
        mobile.value = anyPhone();
        mobile.rank = 1;
        patient.telecoms.push_back(mobile);
        if (age < 80 && m_dice.chance(70)) {
            ContactPoint email;
            email.system = ContactPoint::System::Email;
            email.value = emailFor(patient);
            patient.telecoms.push_back(email);
        }
    }

    static QString emailFor(const Patient& patient)
    {
        const HumanName& name = patient.names.front();
        std::string local =
            foldForSearch((name.given.first() + QLatin1Char(' ') + name.family).toStdString());
        std::replace(local.begin(), local.end(), ' ', '.');
        const bool isAscii = std::all_of(local.begin(), local.end(), [](char c) { return c > 0; });
        const QString number = medicalRecordNumber(patient).mid(2);
        const QString left = isAscii ? QString::fromStdString(local) : QStringLiteral("patient");
        return left + number.right(2) + QStringLiteral("@mail.example");
    }

    Sex anySex() { return m_dice.chance(51) ? Sex::Female : Sex::Male; }

    void addHousehold()
    {
        Household household = anyHousehold();
        Living living{m_people.patients.size(), 1, 0};
        const int age = m_dice.chance(12) ? m_dice.between(80, 98) : m_dice.between(20, 79);
        const Sex sex = anySex();
        addPerson(household, sex, birthDayAtAge(age));
        if (m_dice.chance(45)) {
            const QString family = household.family;
            if (m_dice.chance(40))
                household.family = toText(m_dice.pick((*household.culture)["family"]));
            addPerson(household, sex == Sex::Female ? Sex::Male : Sex::Female,
                      birthDayAtAge(std::clamp(age + m_dice.between(-6, 6), 19, 98)));
            household.family = family;
            ++living.adults;
        }
        if (age >= 26 && age <= 55) {
            for (int children = m_dice.roll(4); children > 0; --children) {
                addPerson(household, anySex(), birthDayAtAge(m_dice.between(0, std::min(17, age - 20))));
                ++living.children;
            }
        }
        m_people.households.push_back(living);
    }

    /// A mother and twins: the same family name, birth date, address and telephone.
    void addTwins()
    {
        Household household = anyHousehold();
        m_people.households.push_back({m_people.patients.size(), 1, 2});
        addPerson(household, Sex::Female, birthDayAtAge(34));
        const QDate born = birthDayAtAge(6);
        addPerson(household, Sex::Female, born);
        addPerson(household, Sex::Male, born);
    }

    /// The official name in its own script, and the usual one in Latin letters.
    void addWithTwoScripts(const Json& person)
    {
        const Household household = anyHousehold();
        const Sex sex = person["sex"].string() == "female" ? Sex::Female : Sex::Male;
        Patient& patient = addPerson(household, sex, birthDayAtAge(m_dice.between(3, 75)));
        patient.language = std::string(person["language"].string());
        HumanName& official = patient.names.front();
        official.family = toText(person["family"]);
        official.given = texts(person["given"]);
        HumanName latin;
        latin.use = HumanName::Use::Usual;
        latin.family = toText(person["latinFamily"]);
        latin.given = texts(person["latinGiven"]);
        patient.names.push_back(latin);
        for (ContactPoint& contact : patient.telecoms) {
            if (contact.system == ContactPoint::System::Email)
                contact.value =
                    QStringLiteral("patient%1@mail.example").arg(medicalRecordNumber(patient).mid(2));
        }
    }

    static QStringList texts(const Json& list)
    {
        QStringList result;
        for (const Json& item : list.items())
            result.append(toText(item));
        return result;
    }

    /// What a registry has besides the usual: people who moved away or died, dates known in part, former
    /// names.
    void addExceptions()
    {
        std::vector<Patient>& patients = m_people.patients;
        for (std::size_t i = 20; i < patients.size(); i += 40)
            patients[i].active = false;
        for (std::size_t i = 35; i < patients.size(); i += 45) {
            patients[i].active = false;
            patients[i].deceased = true;
            patients[i].deceasedOn = PartialDate(m_today.addDays(-m_dice.between(30, 60)));
        }
        for (const std::size_t i : {51U, 151U, 251U}) {
            const std::string whole = patients[i].birthDate.text();
            patients[i].birthDate = PartialDate::parse(whole.substr(0, i == 151 ? 7 : 4)).value();
        }
        for (const std::size_t i : {61U, 161U, 261U}) {
            HumanName maiden = patients[i].names.front();
            maiden.use = HumanName::Use::Maiden;
            maiden.family = toText(m_dice.pick(m_data["cultures"][0]["family"]));
            patients[i].names.push_back(maiden);
        }
        patients[71].sex = Sex::Other;
        patients[171].sex = Sex::Unknown;
        patients[81].telecoms.clear();
        patients[91].language.clear();
    }

    const Json& m_data;
    QDate m_today;
    Dice m_dice{20'250'301};
    People m_people;
};

} // namespace

People makePeople(const Json& data, QDate today)
{
    return Registry(data, today).fill();
}

} // namespace yarrow::demo
