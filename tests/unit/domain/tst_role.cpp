// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/role.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <string>

using namespace yarrow;

namespace {

constexpr std::array kRoles{Role::Admin, Role::Doctor, Role::Nurse, Role::Receptionist, Role::Billing};

std::string rights(Role role, Area area)
{
    std::string letters;
    for (const auto& [operation, letter] :
         {std::pair(Operation::Create, 'C'), std::pair(Operation::Read, 'R'),
          std::pair(Operation::Update, 'U'), std::pair(Operation::Delete, 'D')}) {
        if (roleAllows(role, operation, area))
            letters += letter;
    }
    return letters;
}

} // namespace

class TestRole : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRoleMayAllOfAnother_whenItHasEveryRightOfIt()
    {
        for (const Role more : kRoles) {
            for (const Role less : kRoles) {
                const bool may = std::all_of(kAreas.begin(), kAreas.end(), [&](Area area) {
                    const std::string has = rights(more, area);
                    const std::string wanted = rights(less, area);
                    return std::all_of(wanted.begin(), wanted.end(),
                                       [&](char right) { return has.find(right) != std::string::npos; });
                });
                QCOMPARE(mayAllOf(more, less), may);
            }
        }
        QVERIFY(mayAllOf(Role::Doctor, Role::Nurse));
        QVERIFY(!mayAllOf(Role::Nurse, Role::Doctor));
        QVERIFY(!mayAllOf(Role::Admin, Role::Doctor));
    }
    void roleTable_data()
    {
        QTest::addColumn<Area>("area");
        QTest::addColumn<QList<QByteArray>>("expected"); // admin, doctor, nurse, receptionist, billing
        using Row = QList<QByteArray>;
        QTest::newRow("identity") << Area::PatientIdentity << Row{"CRUD", "CRUD", "CRUD", "CRUD", "R"};
        QTest::newRow("appointments") << Area::Appointments << Row{"CRUD", "CRUD", "CRUD", "CRUD", "R"};
        QTest::newRow("directory") << Area::Directory << Row{"CRUD", "R", "R", "R", "R"};
        QTest::newRow("clinical record") << Area::ClinicalRecord << Row{"", "CRUD", "CRUD", "", ""};
        QTest::newRow("prescriptions") << Area::Prescriptions << Row{"", "CRUD", "R", "", ""};
        QTest::newRow("vitals") << Area::Vitals << Row{"", "CRUD", "CRUD", "", ""};
        QTest::newRow("payments") << Area::Payments << Row{"R", "R", "", "CR", "CRUD"};
        QTest::newRow("administration") << Area::Administration << Row{"CRUD", "", "", "", ""};
    }
    void roleTable()
    {
        QFETCH(Area, area);
        QFETCH(QList<QByteArray>, expected);
        for (std::size_t i = 0; i < kRoles.size(); ++i)
            QCOMPARE(rights(kRoles[i], area), expected[static_cast<qsizetype>(i)].toStdString());
    }

    void areaOf_guardsByType_data()
    {
        QTest::addColumn<Area>("area");
        QTest::addColumn<QList<QByteArray>>("types");
        using Types = QList<QByteArray>;
        QTest::newRow("identity") << Area::PatientIdentity << Types{"Patient", "RelatedPerson", "Person"};
        QTest::newRow("appointments")
            << Area::Appointments << Types{"Appointment", "AppointmentResponse", "Slot"};
        QTest::newRow("directory") << Area::Directory
                                   << Types{"Practitioner",      "PractitionerRole", "Location",
                                            "HealthcareService", "Organization",     "Schedule"};
        QTest::newRow("clinical record") << Area::ClinicalRecord
                                         << Types{"Condition",
                                                  "AllergyIntolerance",
                                                  "Encounter",
                                                  "Observation",
                                                  "DiagnosticReport",
                                                  "DocumentReference",
                                                  "Procedure",
                                                  "CarePlan",
                                                  "ClinicalImpression",
                                                  "Device",
                                                  "MedicationAdministration"};
        QTest::newRow("prescriptions") << Area::Prescriptions
                                       << Types{"Medication", "MedicationRequest", "MedicationStatement",
                                                "MedicationDispense", "VisionPrescription"};
        QTest::newRow("vitals") << Area::Vitals << Types{"Immunization", "ImmunizationRecommendation"};
        QTest::newRow("payments") << Area::Payments
                                  << Types{"Account",       "ChargeItem",    "Claim",
                                           "ClaimResponse", "Coverage",      "ExplanationOfBenefit",
                                           "Invoice",       "PaymentNotice", "PaymentReconciliation"};
        QTest::newRow("administration")
            << Area::Administration << Types{"AuditEvent", "Endpoint", "Subscription"};
        QTest::newRow("unlisted types are the most guarded")
            << Area::ClinicalRecord << Types{"", "patient", "Patient ", "Patien", "Zzz", "Bundle"};
    }
    void areaOf_guardsByType()
    {
        QFETCH(Area, area);
        QFETCH(QList<QByteArray>, types);
        for (const QByteArray& type : types)
            QVERIFY2(areaOf(type.toStdString()) == area, type.constData());
    }

    void roleCode_comesBack()
    {
        for (const Role role : kRoles)
            QCOMPARE(roleFromCode(roleCode(role)), std::optional(role));
        QCOMPARE(std::string(roleCode(Role::Receptionist)), std::string("receptionist"));
        QVERIFY(!roleFromCode("Admin").has_value());
        QVERIFY(!roleFromCode("").has_value());
    }
};

QTEST_GUILESS_MAIN(TestRole)
#include "tst_role.moc"
