// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/appointment_fhir.h"
#include "models/fhir/patient_fhir.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_area.h"
#include "models/fhir/staff_fhir.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow;
using namespace yarrow::fhir;

namespace {

int countValues(const Json& value)
{
    int count = 1;
    for (const Json& item : value.items())
        count += countValues(item);
    for (const Json::Member& member : value.members())
        count += countValues(member.value);
    return count;
}

Json anyJunk()
{
    return *rc::gen::element(
        Json(), Json(true), Json(7), Json("junk"), Json("urn:uuid:1"), Json::number("1.10"), Json::array(),
        Json::object(), Json(Json::Array{Json(), Json("x"), Json::object()}),
        Json(Json::Object{{"extension", Json("x")}, {"coding", Json(1)}, {"reference", Json(2)}}));
}

/// Puts junk in the place of the value that the walk meets as number `at`.
void damage(Json& value, int& at, const Json& junk)
{
    if (at-- == 0) {
        value = junk;
        return;
    }
    if (value.isArray()) {
        for (Json& item : value.mutableItems())
            damage(item, at, junk);
    } else if (value.isObject()) {
        for (Json::Member& member : value.mutableMembers())
            damage(member.value, at, junk);
    }
}

Json anyDamaged(const char* golden)
{
    Json document = golden::parsed(golden);
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
        int at = *rc::gen::inRange(1, countValues(document));
        damage(document, at, anyJunk());
    }
    return document;
}

/// A damaged document is refused by name, or is read, survives a write without change, and takes every edit.
template <class T, class Edit>
void expectSound(const char* golden, Result<T> (*read)(const Json&), void (*write)(const T&, Json&),
                 Edit&& edit)
{
    QVERIFY(rc::check([&] {
        Json document = anyDamaged(golden);
        RC_ASSERT(patientOf(document).size() <= 64U);
        RC_ASSERT(fhir::areaOf(document) != Area::Administration);
        const auto value = read(document);
        RC_TAG(value ? "read" : "refused");
        if (!value) {
            RC_ASSERT(value.error().code == ErrorCode::InvalidResource);
            return;
        }
        const std::string before = document.dump();
        write(*value, document);
        RC_ASSERT(document.dump() == before);

        T edited = *value;
        edit(edited);
        write(edited, document);
        const auto again = read(document);
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == edited);
    }));
}

} // namespace

class TestDamagedDocuments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=110 max_success=500"); }

    void patients_areSound()
    {
        expectSound(golden::kPatient, readPatient, writePatient, [](Patient& patient) {
            for (Identifier& identifier : patient.identifiers)
                identifier.typeCode = "SS";
            for (HumanName& name : patient.names) {
                name.given = {QStringLiteral("New"), QStringLiteral("Ada")};
                name.text.clear();
            }
            for (PostalAddress& address : patient.addresses)
                address.lines = {QStringLiteral("Elsewhere")};
            for (ContactPoint& contact : patient.telecoms)
                contact.rank = 3;
            patient.birthDate = PartialDate(QDate(1999, 9, 9));
            patient.deceased = !patient.deceased;
            patient.deceasedOn = {};
            patient.language = "fr";
        });
    }

    void roles_areSound()
    {
        expectSound(golden::kRole, readPractitionerRole, writePractitionerRole, [](PractitionerRole& role) {
            role.practitioner = PractitionerId::known("new");
            role.locations = {LocationId::known("new")};
            role.specialty = QStringLiteral("New");
            role.hours.days[0] = {{QTime(1, 0), QTime(2, 0)}};
            for (Blockout& blockout : role.blockouts)
                blockout.reason = QStringLiteral("New");
        });
    }

    void locationsAndServices_areSound()
    {
        expectSound(golden::kLocation, readLocation, writeLocation, [](Location& location) {
            location.partOf = {};
            location.hours.days[4] = {};
        });
        expectSound(golden::kService, readHealthcareService, writeHealthcareService,
                    [](HealthcareService& service) { service.defaultDuration = std::chrono::minutes(5); });
    }

    void schedules_areSound()
    {
        expectSound(golden::kSchedule, readSchedule, writeSchedule, [](Schedule& schedule) {
            schedule.practitioner = PractitionerId::known("new");
            schedule.device = DeviceId::known("new");
            schedule.from = Instant{};
            schedule.until.reset();
        });
    }

    void visits_areSound()
    {
        expectSound(golden::kAppointment, readAppointment, writeAppointment, [](Appointment& visit) {
            visit.status = AppointmentStatus::Cancelled;
            visit.cancelReason = "pat";
            visit.overbookReason = "pain";
            visit.zone = "Europe/Vienna";
            visit.start = Instant(std::chrono::hours(1));
            visit.end = Instant(std::chrono::hours(2));
            visit.room = {};
            visit.patient = PatientId::known("new");
        });
    }
};

QTEST_GUILESS_MAIN(TestDamagedDocuments)
#include "tst_damaged_documents.moc"
