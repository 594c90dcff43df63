// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/openings.h"
#include "models/domain/recurrence.h"
#include "models/fhir/appointment_fhir.h"
#include "models/fhir/demo_clinic.h"
#include "models/fhir/patient_fhir.h"
#include "models/fhir/references.h"
#include "models/fhir/related_person_fhir.h"
#include "models/fhir/resource_area.h"
#include "models/fhir/resource_types.h"
#include "models/fhir/staff_fhir.h"

#include <QTest>

#include <map>
#include <set>

using namespace yarrow;

namespace {

const QDate kMonday(2025, 3, 24); // the Sunday after it has 23 hours in Rome

std::vector<Appointment> appointmentsOf(const std::vector<Json>& documents)
{
    std::vector<Appointment> all;
    for (const Json& document : documents) {
        if (document["resourceType"].string() == "Appointment")
            all.push_back(fhir::readAppointment(document).value());
    }
    return all;
}

/// Without those who only wait for one.
std::vector<Appointment> visitsOf(const std::vector<Json>& documents)
{
    auto visits = appointmentsOf(documents);
    std::erase_if(visits, [](const Appointment& a) { return a.status == AppointmentStatus::Waitlist; });
    return visits;
}

std::vector<Patient> patientsOf(const std::vector<Json>& documents)
{
    std::vector<Patient> patients;
    for (const Json& document : documents) {
        if (document["resourceType"].string() == "Patient")
            patients.push_back(fhir::readPatient(document).value());
    }
    return patients;
}

std::vector<PractitionerRole> rolesOf(const std::vector<Json>& documents)
{
    std::vector<PractitionerRole> roles;
    for (const Json& document : documents) {
        if (document["resourceType"].string() == "PractitionerRole")
            roles.push_back(fhir::readPractitionerRole(document).value());
    }
    return roles;
}

/// When that practitioner works on that day, less blockouts.
std::vector<TimeRange> working(const PractitionerRole& role, QDate day, const QTimeZone& zone)
{
    std::vector<TimeRange> blocked;
    for (const Blockout& blockout : role.blockouts)
        blocked.push_back(blockout.when);
    return difference(workingTime(role.hours, day, zone), normalized(blocked));
}

std::chrono::milliseconds total(const std::vector<TimeRange>& ranges)
{
    std::chrono::milliseconds sum{};
    for (const TimeRange& range : ranges)
        sum += range.end - range.start;
    return sum;
}

} // namespace

class TestDemoClinic : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_documents = demoClinic(kMonday, m_zone); }

    void clinic_hasWhatItPromises()
    {
        std::map<std::string_view, int> count;
        for (const Json& document : m_documents)
            ++count[document["resourceType"].string()];
        QCOMPARE(count["Organization"], 1);
        QCOMPARE(count["Location"], 5);
        QCOMPARE(count["Practitioner"], 5);
        QCOMPARE(count["PractitionerRole"], 5);
        QCOMPARE(count["Schedule"], 5);
        QCOMPARE(count["HealthcareService"], 6);
        QCOMPARE(count["Patient"], 300);
        QVERIFY(count["Appointment"] > 1000);
        QVERIFY(count["Observation"] >= 200);
        for (const char* type : {"Condition", "AllergyIntolerance", "MedicationRequest", "Immunization"})
            QVERIFY2(count[type] >= 20, type);
    }

    void clinic_isTheSameForTheSameDay()
    {
        QCOMPARE(demoClinic(kMonday, m_zone), m_documents);
        const auto later = patientsOf(demoClinic(kMonday.addDays(40), m_zone));
        const auto now = patientsOf(m_documents);
        for (std::size_t i = 0; i < now.size(); ++i) {
            QCOMPARE(later[i].id, now[i].id);
            QCOMPARE(later[i].names, now[i].names);
        }
    }

    void documents_areNamedOnceAndReferToThoseBefore()
    {
        std::set<std::string> known;
        for (Json document : m_documents) {
            QVERIFY(fhir::isResourceType(document["resourceType"].string()));
            QVERIFY(isFhirId(document["id"].string()));
            QVERIFY(!document.contains("meta"));
            fhir::forEachReference(document, [&](std::string& reference) {
                QVERIFY2(known.contains(reference), reference.c_str());
            });
            const std::string name =
                std::string(document["resourceType"].string()).append("/").append(document["id"].string());
            QVERIFY2(known.insert(name).second, name.c_str());
        }
    }

    void documents_areRead()
    {
        for (const Json& document : m_documents) {
            const std::string_view type = document["resourceType"].string();
            if (type == "Patient")
                QVERIFY(validate(fhir::readPatient(document).value(), kMonday).empty());
            else if (type == "Practitioner")
                QVERIFY(!formatName(fhir::readPractitioner(document).value()).isEmpty());
            else if (type == "PractitionerRole")
                QVERIFY(fhir::readPractitionerRole(document).value().hours.hasHours());
            else if (type == "Location")
                QVERIFY(!fhir::readLocation(document).value().name.isEmpty());
            else if (type == "HealthcareService")
                QVERIFY(fhir::readHealthcareService(document).value().defaultDuration.count() > 0);
            else if (type == "Schedule")
                QVERIFY(!fhir::readSchedule(document).value().practitioner.isEmpty());
            else if (type == "Appointment")
                QVERIFY(validate(fhir::readAppointment(document).value()).has_value());
            else if (type == "Observation")
                QCOMPARE(fhir::areaOf(document), Area::Vitals);
        }
    }

    void patients_areOfAllAgesAndScripts()
    {
        std::set<int> decades;
        std::set<QString> numbers;
        std::set<QChar::Script> scripts;
        int deceased = 0;
        int inactive = 0;
        for (const Patient& patient : patientsOf(m_documents)) {
            const int age = ageInYears(patient.birthDate, kMonday).value();
            QVERIFY(age >= 0 && age <= 98);
            decades.insert(age / 10);
            numbers.insert(medicalRecordNumber(patient));
            deceased += patient.deceased;
            inactive += !patient.active;
            scripts.insert(formatName(*displayName(patient)).front().script());
        }
        QCOMPARE(decades.size(), std::size_t(10));
        QCOMPARE(numbers.size(), std::size_t(300));
        QVERIFY(deceased > 0 && inactive > deceased);
        for (const auto script : {QChar::Script_Latin, QChar::Script_Arabic, QChar::Script_Greek,
                                  QChar::Script_Cyrillic, QChar::Script_Han})
            QVERIFY(scripts.contains(script));
    }

    void visits_neverClash_data() { weekdays(); }
    void visits_neverClash()
    {
        QFETCH(int, weekday);
        auto visits = visitsOf(demoClinic(kMonday.addDays(weekday), m_zone));
        std::sort(visits.begin(), visits.end(),
                  [](const auto& a, const auto& b) { return a.start < b.start; });
        for (std::size_t i = 0; i < visits.size(); ++i) {
            for (std::size_t j = i + 1; j < visits.size() && visits[j].start < visits[i].end; ++j)
                QVERIFY(!clash(visits[i], visits[j]));
        }
        QCOMPARE(std::count_if(visits.begin(), visits.end(),
                               [](const auto& v) { return !v.overbookReason.empty(); }),
                 std::ptrdiff_t(1));
    }

    void visits_lieInWorkingHours()
    {
        std::map<PractitionerId, PractitionerRole> roles;
        for (const PractitionerRole& role : rolesOf(m_documents))
            roles[role.practitioner] = role;
        for (const Appointment& visit : visitsOf(m_documents)) {
            const auto hours = working(roles[visit.practitioner], toLocalDate(visit.start, m_zone), m_zone);
            QVERIFY(std::any_of(hours.begin(), hours.end(), [&visit](const TimeRange& range) {
                return range.start <= visit.start && visit.end <= range.end;
            }));
        }
    }

    void today_isBusyAndInTheMiddleOfTheMorning_data() { weekdays(); }
    void today_isBusyAndInTheMiddleOfTheMorning()
    {
        QFETCH(int, weekday);
        const QDate today = kMonday.addDays(weekday);
        const auto documents = demoClinic(today, m_zone);
        std::chrono::milliseconds available{};
        for (const PractitionerRole& role : rolesOf(documents))
            available += total(working(role, today, m_zone));
        std::chrono::milliseconds booked{};
        std::map<AppointmentStatus, int> count;
        for (const Appointment& visit : visitsOf(documents)) {
            if (toLocalDate(visit.start, m_zone) != today)
                continue;
            booked += visit.end - visit.start;
            ++count[visit.status];
        }
        QVERIFY(count[AppointmentStatus::Fulfilled] >= 1);
        QVERIFY(count[AppointmentStatus::CheckedIn] >= 1);
        QVERIFY(count[AppointmentStatus::Booked] >= 2);
        if (weekday < 5) {
            const auto percent = 100 * booked / available;
            QVERIFY2(percent >= 55 && percent <= 85, std::to_string(percent).c_str());
        }
    }

    void somebody_comesBackEveryWeek_data() { weekdays(); }
    void somebody_comesBackEveryWeek()
    {
        QFETCH(int, weekday);
        std::vector<Appointment> series;
        for (const Appointment& visit : visitsOf(demoClinic(kMonday.addDays(weekday), m_zone)))
            if (visit.series)
                series.push_back(visit);
        QVERIFY(series.size() >= 2);
        const auto rule = parseRecurrence(series.front().series->rule, m_zone);
        QVERIFY(rule.has_value());
        std::vector<Instant> planned;
        for (const Appointment& visit : series) {
            QCOMPARE(visit.series->series, series.front().series->series);
            QCOMPARE(visit.patient, series.front().patient);
            QCOMPARE(visit.start, visit.series->planned);
            planned.push_back(visit.start);
        }
        std::sort(planned.begin(), planned.end());
        const auto local = QDateTime::fromMSecsSinceEpoch(planned.front().time_since_epoch().count(), m_zone);
        const auto days = occurrences(*rule, local.date(), local.time());
        QVERIFY(days.has_value());
        QCOMPARE(days->size(), planned.size());
        for (std::size_t i = 0; i < planned.size(); ++i)
            QCOMPARE(toLocalDate(planned[i], m_zone), (*days)[i]);
    }

    void someWaitForAnAppointment()
    {
        const auto all = appointmentsOf(m_documents);
        const auto waiting = std::count_if(all.begin(), all.end(), [](const Appointment& a) {
            return a.status == AppointmentStatus::Waitlist && !hasTimes(a) && !a.patient.isEmpty();
        });
        QCOMPARE(waiting, std::ptrdiff_t(4));
    }

    void families_areOneRecordForEachPair_linkedFromTheOtherPatient()
    {
        std::map<std::string, std::string> linked; // RelatedPerson: whose record names it
        for (const Json& document : m_documents) {
            if (document["resourceType"].string() != "Patient")
                continue;
            for (const std::string& person : fhir::relatedPersonsOf(document))
                QVERIFY(linked.emplace(person, std::string(document["id"].string())).second);
        }
        std::set<std::pair<std::string, std::string>> pairs;
        int alone = 0;
        for (const Json& document : m_documents) {
            if (document["resourceType"].string() != "RelatedPerson")
                continue;
            const RelatedPerson person = fhir::readRelatedPerson(document).value();
            const auto other = linked.find(person.id.text());
            if (other == linked.end()) {
                QVERIFY(!person.names.empty());
                ++alone;
                continue;
            }
            QVERIFY(person.names.empty());
            auto pair = std::minmax(person.patient.text(), other->second);
            QVERIFY(pair.first != pair.second);
            QVERIFY(pairs.emplace(pair.first, pair.second).second);
        }
        QCOMPARE(pairs.size(), linked.size());
        QVERIFY(pairs.size() > 50);
        QVERIFY(alone > 3);
    }

    void somebody_isOnHoliday()
    {
        const auto roles = rolesOf(m_documents);
        QVERIFY(std::any_of(roles.begin(), roles.end(), [this](const PractitionerRole& role) {
            return role.hours.hasHours() && !workingTime(role.hours, kMonday, m_zone).empty() &&
                   working(role, kMonday, m_zone).empty();
        }));
    }

    void clinic_opensInEveryZone_data()
    {
        QTest::addColumn<QByteArray>("zone");
        for (const char* zone : {"America/St_Johns", "Australia/Lord_Howe", "Asia/Tokyo", "UTC"})
            QTest::newRow(zone) << QByteArray(zone);
    }
    void clinic_opensInEveryZone()
    {
        QFETCH(QByteArray, zone);
        const QTimeZone there(zone);
        const auto visits = visitsOf(demoClinic(kMonday, there));
        for (const Appointment& visit : visits) {
            QCOMPARE(visit.zone, zone.toStdString());
            const int hour =
                QDateTime::fromMSecsSinceEpoch(visit.start.time_since_epoch().count(), there).time().hour();
            QVERIFY(hour >= 8 && hour < 18);
        }
    }

private:
    static void weekdays()
    {
        QTest::addColumn<int>("weekday");
        for (int weekday = 0; weekday < 7; ++weekday)
            QTest::addRow("day %d of the week", weekday + 1) << weekday;
    }

    const QTimeZone m_zone{"Europe/Rome"};
    std::vector<Json> m_documents;
};

QTEST_GUILESS_MAIN(TestDemoClinic)
#include "tst_demo_clinic.moc"
