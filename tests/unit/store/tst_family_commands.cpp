// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_links.h"
#include "models/store/records/record_erasure.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

/// Families in the store: Ada is the mother of Kid and Kit; Ben is nobody's yet.
class TestFamilyCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_test = std::make_unique<TestClinic>();
        m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
        m_test->addUser(QStringLiteral("cashier"), Role::Billing);
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
            {patientDocument("ada", "Rossi", "Ada", "1980-03-12", "A-1", "055 1"),
             patientDocument("kid", "Rossi", "Kid", "2015-01-02", "K-1"),
             patientDocument("kit", "Rossi", "Kit", "2018-05-06", "K-2"),
             patientDocument("ben", "Bianchi", "Ben", "1979-01-01", "B-1")},
            "test"));
        m_clinic = m_test->open(QStringLiteral("desk"));
    }
    void cleanup()
    {
        m_clinic.reset();
        m_test.reset();
    }

    void relative_isOneRecord_andStandsOnBothSides()
    {
        YARROW_VERIFY_OK(families().add(id("kid"), id("ada"), Relation::Parent, {true, false}));
        const auto ofKid = families().list(id("kid"));
        YARROW_VERIFY_OK(ofKid);
        QCOMPARE(ofKid->size(), std::size_t(1));
        QVERIFY(ofKid->front().relation == Relation::Parent);
        QVERIFY(!ofKid->front().isReciprocal);
        QVERIFY(ofKid->front().told.relative);
        QCOMPARE(ofKid->front().member->id, id("ada"));
        QCOMPARE(ofKid->front().member->phone, std::string("055 1"));
        const auto ofAda = families().list(id("ada"));
        YARROW_VERIFY_OK(ofAda);
        QCOMPARE(ofAda->size(), std::size_t(1));
        QVERIFY(ofAda->front().relation == Relation::Child);
        QVERIFY(ofAda->front().isReciprocal);
        QCOMPARE(ofAda->front().person.id, ofKid->front().person.id);
        QCOMPARE(count("RelatedPerson"), 1);
        // No copy of a name that could come to differ.
        const Json record = document("RelatedPerson", ofKid->front().person.id.text());
        QVERIFY(!record.contains("name") && !record.contains("telecom"));
        YARROW_COMPARE_ERROR(families().add(id("ada"), id("kid"), Relation::Child, {false, false}),
                             ErrorCode::AlreadyExists);
        YARROW_VERIFY_OK(m_clinic->verifyProjections());
    }
    void bothRecordsOfOneAdding_areOneUnit()
    {
        YARROW_VERIFY_OK(families().add(id("kid"), id("ada"), Relation::Parent, {false, false}));
        const auto below = m_test->connectBelow();
        Query row(*below,
                  "SELECT count(DISTINCT unit), count(*) FROM edit e JOIN resource r ON r.pk = "
                  "e.resource WHERE e.unit IS NOT NULL AND e.unit <> '' AND (r.type = 'RelatedPerson' "
                  "OR r.id = 'ada')");
        QVERIFY(row.step());
        QCOMPARE(row.integer(0), std::int64_t(1));
        QCOMPARE(row.integer(1), std::int64_t(2));
    }
    void ward_isWhoHasAGuardian()
    {
        YARROW_VERIFY_OK(families().add(id("ben"), id("kid"), Relation::Ward, {true, false}));
        const auto ofKid = families().list(id("kid"));
        QVERIFY(ofKid->front().relation == Relation::Guardian && !ofKid->front().isReciprocal);
        const auto ofBen = families().list(id("ben"));
        QVERIFY(ofBen->front().relation == Relation::Ward);
        // The kid may be told of Ben's: of the kid's record that is the patient, not the relative.
        QCOMPARE(ofBen->front().told, (Told{true, false}));
        QCOMPARE(ofKid->front().told, (Told{false, true}));
        QCOMPARE(ofKid->front().person.told, (Told{false, true}));
    }
    void whoMayBeTold_isOneThingForEachOfTheTwo()
    {
        // From the mother's page the record is hers: that she may be told of the kid is the other direction.
        YARROW_VERIFY_OK(families().add(id("ada"), id("kid"), Relation::Child, {false, true}));
        auto ofKid = families().list(id("kid"))->front();
        QVERIFY(ofKid.isReciprocal);
        QCOMPARE(ofKid.told, (Told{true, false}));
        QCOMPARE(families().list(id("ada"))->front().told, (Told{false, true}));
        ofKid.person.told = inverse(Told{false, false});
        YARROW_VERIFY_OK(families().save(ofKid.person, ofKid.revision));
        QCOMPARE(families().list(id("ada"))->front().told, Told());
    }
    void twoRecordsOfTwoPatients_areChanged_takenOut_andPutBackTogether()
    {
        const auto one = families().add(id("kid"), id("ada"), Relation::Parent, {false, false});
        m_clinic = m_test->open();
        // Another workstation related them as well, from the other side.
        YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
            {json("{\"resourceType\":\"RelatedPerson\",\"id\":\"twin\",\"active\":true,\"patient\":{"
                  "\"reference\":\"Patient/ada\"},\"relationship\":[{\"coding\":[{\"system\":\"http://"
                  "terminology.hl7.org/CodeSystem/v3-RoleCode\",\"code\":\"CHILD\"}]}],\"extension\":[{"
                  "\"url\":\"https://yarrow.example/fhir/StructureDefinition/patient-may-be-told\","
                  "\"valueBoolean\":true}]}")},
            "test"));
        Json kid = document("Patient", "kid");
        fhir::addPatientLink(kid, {"RelatedPerson/twin", "seealso"});
        YARROW_VERIFY_OK(m_clinic->resources().put(kid, {}));
        auto ofKid = families().list(id("kid"));
        QCOMPARE(ofKid->size(), std::size_t(1));
        QCOMPARE(ofKid->front().person.id, one->id);
        QCOMPARE(ofKid->front().told, (Told{true, false})); // as the other record says
        YARROW_VERIFY_OK(families().save(ofKid->front().person, ofKid->front().revision)); // unticked
        QCOMPARE(families().list(id("kid"))->front().told, Told());
        const auto gone = families().takeOut(one->id);
        YARROW_VERIFY_OK(gone);
        QCOMPARE(gone->size(), std::size_t(2));
        QVERIFY(families().list(id("kid"))->empty());
        QVERIFY(families().list(id("ada"))->empty());
        YARROW_VERIFY_OK(families().putBack(*gone));
        QCOMPARE(document("RelatedPerson", "twin")["active"].boolean(), std::optional(true));
        QCOMPARE(families().list(id("kid"))->size(), std::size_t(1));
        // One that had been taken out before stays so.
        YARROW_VERIFY_OK(families().takeOut(one->id));
        YARROW_VERIFY_OK(families().putBack({one->id}));
        QCOMPARE(families().takeOut(one->id)->size(), std::size_t(1));
        YARROW_VERIFY_OK(m_clinic->verifyProjections());
    }
    void relationMadeElsewhereToARecordThatWasMerged_followsTheMerge_andTheUnmerge()
    {
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
            {patientDocument("ada2", "Rosi", "Ada", "1980-03-12", "A-2", "055 1")}, "test"));
        YARROW_VERIFY_OK(families().add(id("kid"), id("ada2"), Relation::Parent, {false, false}));
        YARROW_VERIFY_OK(m_clinic->merges().merge(id("ada"), id("ada2"), {}));
        YARROW_VERIFY_OK(families().add(id("ben"), id("ada"), Relation::Spouse, {false, false})); // stays
        const auto kit = families().add(id("kit"), id("ben"), Relation::Parent, {false, false});
        YARROW_VERIFY_OK(kit);
        Json gone = document("Patient", "ada2"); // as the other workstation wrote it before it heard
        fhir::addPatientLink(gone, {"RelatedPerson/" + kit->id.text(), "seealso"});
        Json ben = document("Patient", "ben");
        fhir::removePatientLink(ben, {"RelatedPerson/" + kit->id.text(), "seealso"});
        YARROW_VERIFY_OK(m_clinic->resources().put(gone, {}));
        YARROW_VERIFY_OK(m_clinic->resources().put(ben, {}));
        for (auto left = m_clinic->merges().scan(10); left && left->left > 0;)
            left = m_clinic->merges().scan(10);
        const auto ofKit = families().list(id("kit"));
        QCOMPARE(ofKit->size(), std::size_t(1));
        QCOMPARE(ofKit->front().member->id, id("ada"));
        YARROW_VERIFY_OK(m_clinic->merges().unmerge(id("ada2"), {}));
        QCOMPARE(families().list(id("kit"))->front().member->id, id("ada2"));
        QCOMPARE(families().list(id("kid"))->front().member->id, id("ada2"));
        QCOMPARE(families().list(id("ben"))->front().member->id, id("ada"));
        YARROW_VERIFY_OK(m_clinic->verifyProjections());
    }
    void personWhoIsNoPatient_isAddedChangedAndRefusedWithoutAName()
    {
        RelatedPerson guardian;
        guardian.patient = id("kid");
        guardian.relation = Relation::Guardian;
        YARROW_COMPARE_ERROR(families().save(guardian, 0), ErrorCode::InvalidArgument);
        guardian.names.push_back(
            {HumanName::Use::Unset, QStringLiteral("Verdi"), {QStringLiteral("Ugo")}, {}, {}, {}});
        guardian.telecoms.push_back(
            {ContactPoint::System::Phone, ContactPoint::Use::Mobile, QStringLiteral("333 1"), 0});
        const auto saved = families().save(guardian, 0);
        YARROW_VERIFY_OK(saved);
        auto entry = families().list(id("kid"))->front();
        QVERIFY(!entry.member);
        QCOMPARE(entry.person.names.front().family, QStringLiteral("Verdi"));
        entry.person.told.relative = true;
        YARROW_VERIFY_OK(families().save(entry.person, entry.revision));
        YARROW_COMPARE_ERROR(families().save(entry.person, entry.revision), ErrorCode::Stale);
        QVERIFY(families().list(id("kid"))->front().told.relative);
    }
    void takenOut_isGoneFromBothSides_andComesBackAsItWas()
    {
        const auto added = families().add(id("kid"), id("ada"), Relation::Parent, {true, false});
        const std::string before = document("RelatedPerson", added->id.text()).dump();
        YARROW_VERIFY_OK(families().takeOut(added->id));
        QVERIFY(families().list(id("kid"))->empty());
        QVERIFY(families().list(id("ada"))->empty());
        YARROW_VERIFY_OK(families().putBack({added->id}));
        QCOMPARE(document("RelatedPerson", added->id.text()).dump(), before);
        YARROW_VERIFY_OK(families().takeOut(added->id));
        // Added again, it is the same record.
        const auto again = families().add(id("kid"), id("ada"), Relation::Relative, {false, false});
        YARROW_VERIFY_OK(again);
        QCOMPARE(again->id, added->id);
        QVERIFY(families().list(id("ada"))->front().relation == Relation::Relative);
    }
    void role_decides()
    {
        m_clinic = m_test->open(QStringLiteral("cashier"));
        YARROW_VERIFY_OK(families().list(id("kid")));
        YARROW_COMPARE_ERROR(families().add(id("kid"), id("ada"), Relation::Parent, {false, false}),
                             ErrorCode::Forbidden);
    }
    void merging_takesTheFamilyAlong_andUnmergingGivesItBack()
    {
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
            {patientDocument("ada2", "Rosi", "Ada", "1980-03-12", "A-2", "055 1")}, "test"));
        YARROW_VERIFY_OK(
            families().add(id("kid"), id("ada2"), Relation::Parent, {false, false})); // linked from ada2
        YARROW_VERIFY_OK(
            families().add(id("ada2"), id("kit"), Relation::Child, {false, false})); // a record of ada2
        YARROW_VERIFY_OK(m_clinic->merges().merge(id("ada"), id("ada2"), {}));
        QCOMPARE(families().list(id("ada"))->size(), std::size_t(2));
        const auto ofKid = families().list(id("kid"));
        QCOMPARE(ofKid->size(), std::size_t(1));
        QCOMPARE(ofKid->front().member->id, id("ada"));
        QCOMPARE(families().list(id("kit"))->front().member->id, id("ada"));
        QVERIFY(families().list(id("ada2"))->empty());
        YARROW_VERIFY_OK(m_clinic->verifyProjections());
        const auto unmerged = m_clinic->merges().unmerge(id("ada2"), {});
        YARROW_VERIFY_OK(unmerged);
        QVERIFY(unmerged->changedSince.empty());
        QVERIFY(families().list(id("ada"))->empty());
        QCOMPARE(families().list(id("ada2"))->size(), std::size_t(2));
        QCOMPARE(families().list(id("kid"))->front().member->id, id("ada2"));
        QVERIFY(!document("Patient", "ada").contains("link"));
        YARROW_VERIFY_OK(m_clinic->verifyProjections());
    }
    void mergedWithTheirOwnRelative_nobodyIsRelatedToThemselves()
    {
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(families().add(id("ada"), id("ben"), Relation::Spouse, {false, false}));
        YARROW_VERIFY_OK(m_clinic->merges().merge(id("ada"), id("ben"), {}));
        QVERIFY(families().list(id("ada"))->empty());
        YARROW_COMPARE_ERROR(families().add(id("kid"), id("ben"), Relation::Parent, {false, false}),
                             ErrorCode::InvalidArgument);
    }
    void erasing_takesWhatIsAboutThePatient_onEitherSide()
    {
        const auto mother = families().add(id("kid"), id("ada"), Relation::Parent, {false, false});
        const auto brother = families().add(id("kid"), id("kit"), Relation::Sibling, {false, false});
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(id("ada"), "gdpr-17", "asked for"));
        QVERIFY(isErased(*m_test->connectBelow(), "RelatedPerson", mother->id.text()));
        QCOMPARE(families().list(id("kid"))->size(), std::size_t(1));
        YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(id("kid"), "gdpr-17", "asked for"));
        QVERIFY(isErased(*m_test->connectBelow(), "RelatedPerson", brother->id.text()));
        QVERIFY(families().list(id("kit"))->empty());
        YARROW_VERIFY_OK(m_clinic->verifyProjections());
    }
    void exportedFamily_isTheSameAfterImport()
    {
        YARROW_VERIFY_OK(families().add(id("kid"), id("ada"), Relation::Parent, {true, false}));
        std::vector<Json> documents;
        for (const char* patient : {"ada", "kid"})
            documents.push_back(document("Patient", patient));
        documents.insert(documents.begin(),
                         document("RelatedPerson", families().list(id("kid"))->front().person.id.text()));
        TestClinic other;
        auto clinic = other.open();
        YARROW_VERIFY_OK(clinic->importer().addDocuments(std::move(documents), "test"));
        const auto ofAda = clinic->families().list(id("ada"));
        YARROW_VERIFY_OK(ofAda);
        QCOMPARE(ofAda->size(), std::size_t(1));
        QVERIFY(ofAda->front().relation == Relation::Child && ofAda->front().isReciprocal);
        YARROW_VERIFY_OK(clinic->verifyProjections());
    }
    void whatWasStoredBeforeTheIndex_isInItAfterTheMigration()
    {
        YARROW_VERIFY_OK(families().add(id("kid"), id("ada"), Relation::Parent, {true, false}));
        m_clinic.reset();
        m_test->connectBelow()->exec("DELETE FROM related_index; DELETE FROM related_link; "
                                     "INSERT INTO projection_due (pk) VALUES (1)");
        m_clinic = m_test->open(QStringLiteral("desk"));
        QCOMPARE(families().list(id("ada"))->size(), std::size_t(1));
    }

private:
    static PatientId id(const char* text) { return PatientId::known(text); }
    FamilyCommands families() { return m_clinic->families(); }
    Json document(const std::string& type, const std::string& id)
    {
        const auto below = m_test->connectBelow();
        Query row(*below, "SELECT body FROM resource WHERE type = ? AND id = ?");
        return row.bind(type, id).step() ? json(row.text(0)) : Json();
    }
    int count(const std::string& type)
    {
        const auto below = m_test->connectBelow();
        Query row(*below, "SELECT count(*) FROM resource WHERE deleted = 0 AND type = ?");
        return row.bind(type).step() ? static_cast<int>(row.integer(0)) : -1;
    }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

QTEST_GUILESS_MAIN(TestFamilyCommands)
#include "tst_family_commands.moc"
