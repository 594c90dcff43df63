// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_links.h"
#include "models/store/sync/outbox.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

class TestMergeCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void merging_movesEveryRecordThatNamesThePatient();
    void theKeptRecord_takesOverWhatItLacks();
    void unmerging_restoresBothAsTheyWere();
    void unmerging_keepsAndNamesWhatWasChangedSince();
    void oneMerge_isOneUnitAndAudited();
    void aRecordThatComesLate_followsTheMerge();
    void whatTheRoleMayNotChange_isNotMerged();
    void aPatientMergedAway_isNotMergedAgain();
    void scanning_filesPairsOnce();
    void twoPeople_stayOffTheWorklist();

private:
    [[nodiscard]] Json document(const std::string& type, const std::string& id);
    [[nodiscard]] static Json appointment(const std::string& id, const std::string& patient)
    {
        return json(
            "{\"resourceType\":\"Appointment\",\"id\":\"" + id +
            "\",\"status\":\"booked\",\"start\":\"2026-03-03T09:00:00Z\",\"end\":\"2026-03-03T09:30:00Z\","
            "\"participant\":[{\"actor\":{\"reference\":\"Patient/" +
            patient + "\"},\"status\":\"accepted\"}]}");
    }
    [[nodiscard]] std::string patientOf(const std::string& appointment)
    {
        return std::string(
            document("Appointment", appointment)["participant"][0]["actor"]["reference"].string());
    }
    static PatientId id(const char* text) { return PatientId::known(text); }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

void TestMergeCommands::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {patientDocument("a", "Lindqvist", "Astrid", "1974-05-16", "A-1", "347 765 4321"),
         patientDocument("b", "Lindkvist", "Astrid", "1974-05-16", "B-1", "347 765 4321"),
         patientDocument("c", "Rossi", "Maria", "1960-01-30"), appointment("of-a", "a"),
         appointment("of-b", "b"),
         json("{\"resourceType\":\"Appointment\",\"id\":\"group\",\"status\":\"booked\","
              "\"start\":\"2026-03-04T09:00:00Z\",\"end\":\"2026-03-04T09:30:00Z\",\"participant\":["
              "{\"actor\":{\"reference\":\"Patient/c\"},\"status\":\"accepted\"},"
              "{\"actor\":{\"reference\":\"Patient/b\"},\"status\":\"accepted\"}]}"),
         json("{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"code\":{\"text\":"
              "\"Weight\"},"
              "\"subject\":{\"reference\":\"Patient/b\"},\"valueQuantity\":{\"value\":70.50}}"),
         json("{\"resourceType\":\"Invoice\",\"id\":\"i\",\"status\":\"issued\","
              "\"subject\":{\"reference\":\"Patient/b\"}}")},
        "test"));
    m_test->addUser(QStringLiteral("doctor"), Role::Doctor);
    m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
    m_clinic = m_test->open(QStringLiteral("doctor"));
}

void TestMergeCommands::cleanup()
{
    m_clinic.reset();
    m_test.reset();
}

Json TestMergeCommands::document(const std::string& type, const std::string& id)
{
    const auto below = m_test->connectBelow();
    Query row(*below, "SELECT body FROM resource WHERE type = ? AND id = ?");
    return row.bind(type, id).step() ? json(row.text(0)) : Json();
}

void TestMergeCommands::merging_movesEveryRecordThatNamesThePatient()
{
    const auto merged = m_clinic->merges().merge(id("a"), id("b"), {});
    YARROW_VERIFY_OK(merged);
    QCOMPARE(merged->moved, std::int64_t(3));
    QCOMPARE(patientOf("of-b"), std::string("Patient/a"));
    QCOMPARE(patientOf("of-a"), std::string("Patient/a"));
    QCOMPARE(std::string(document("Observation", "o")["subject"]["reference"].string()),
             std::string("Patient/a"));
    QCOMPARE(std::string(document("Invoice", "i")["subject"]["reference"].string()),
             std::string("Patient/b")); // what was charged is not rewritten
    const Json group = document("Appointment", "group");
    QCOMPARE(std::string(group["participant"][0]["actor"]["reference"].string()), std::string("Patient/c"));
    QCOMPARE(std::string(group["participant"][1]["actor"]["reference"].string()), std::string("Patient/a"));
    const Json gone = document("Patient", "b");
    QCOMPARE(gone["active"].boolean(), std::optional(false));
    QCOMPARE(fhir::replacedBy(gone), std::optional(std::string("a")));
    const std::vector<fhir::PatientLink> links{{"Patient/b", "replaces"}};
    QVERIFY(fhir::patientLinks(document("Patient", "a")) == links);
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
    QCOMPARE(m_clinic->patients().view(id("a"))->appointments.size(),
             std::size_t(2)); // a group's is its first patient's
}

void TestMergeCommands::theKeptRecord_takesOverWhatItLacks()
{
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), {}));
    const Patient kept = m_clinic->patients().view(id("a"))->patient;
    QCOMPARE(medicalRecordNumber(kept), QStringLiteral("A-1"));
    QCOMPARE(kept.identifiers.size(), std::size_t(2));
    QVERIFY(kept.identifiers[1].use == Identifier::Use::Old);
    QCOMPARE(kept.identifiers[1].value, QStringLiteral("B-1"));
    QCOMPARE(kept.telecoms.size(), std::size_t(1)); // they share it
    QCOMPARE(kept.names.size(), std::size_t(2));
    QCOMPARE(formatName(*displayName(kept)), QStringLiteral("Lindqvist, Astrid"));
    QVERIFY(!m_clinic->patients().search("Lindkvist", 5)->empty());
}

void TestMergeCommands::unmerging_restoresBothAsTheyWere()
{
    const Json a = document("Patient", "a");
    Json b = document("Patient", "b");
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), {}));
    const auto back = m_clinic->merges().unmerge(id("b"), {});
    YARROW_VERIFY_OK(back);
    QCOMPARE(back->restored, std::int64_t(3));
    QVERIFY(back->changedSince.empty());
    QCOMPARE(document("Patient", "a").dump(), a.dump());
    Json now = document("Patient", "b");
    QCOMPARE(now["active"].boolean(), std::optional(true));
    now.remove("active");
    QCOMPARE(now.dump(), b.dump());
    QCOMPARE(patientOf("of-b"), std::string("Patient/b"));
    QCOMPARE(patientOf("of-a"), std::string("Patient/a"));
    YARROW_COMPARE_ERROR(m_clinic->merges().unmerge(id("b"), {}), ErrorCode::NotFound);
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("b"), id("a"), {})); // and again, the other way
    QCOMPARE(patientOf("of-a"), std::string("Patient/b"));
}

void TestMergeCommands::unmerging_keepsAndNamesWhatWasChangedSince()
{
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), {}));
    auto viewed = m_clinic->patients().view(id("a"));
    viewed->patient.identifiers.push_back(
        {Identifier::Use::Official, "urn:tax", "TAX", QStringLiteral("T-9")});
    YARROW_VERIFY_OK(m_clinic->patients().save(viewed->patient, viewed->revision));
    YARROW_VERIFY_OK(m_clinic->resources().remove("Appointment", "of-b", "cancelled"));
    const auto back = m_clinic->merges().unmerge(id("b"), {});
    YARROW_VERIFY_OK(back);
    QCOMPARE(back->restored, std::int64_t(2));
    QCOMPARE(back->changedSince, (std::vector<std::string>{"identifier", "Appointment/of-b"}));
    const Patient kept = m_clinic->patients().view(id("a"))->patient;
    QCOMPARE(kept.identifiers.size(), std::size_t(2)); // its own, and the one that was added
    QCOMPARE(kept.identifiers[1].value, QStringLiteral("T-9"));
}

void TestMergeCommands::oneMerge_isOneUnitAndAudited()
{
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), "registered twice"));
    const auto below = m_test->connectBelow();
    Query units(*below, "SELECT count(DISTINCT unit), count(*) FROM edit WHERE unit IS NOT NULL");
    QVERIFY(units.step());
    QCOMPARE(units.integer(0), std::int64_t(1));
    QCOMPARE(units.integer(1), std::int64_t(6)); // two patients, three records, the Task
    Query audited(*below, "SELECT count(*) FROM audit WHERE reason = 'registered twice' AND action IN "
                          "('create', 'update')");
    QVERIFY(audited.step());
    QCOMPARE(audited.integer(0), std::int64_t(6));
}

void TestMergeCommands::aRecordThatComesLate_followsTheMerge()
{
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), {}));
    YARROW_VERIFY_OK(m_clinic->resources().put(appointment("late", "b"), {}));
    while (true) {
        const auto scanned = m_clinic->merges().scan(10);
        YARROW_VERIFY_OK(scanned);
        if (scanned->left == 0)
            break;
    }
    QCOMPARE(patientOf("late"), std::string("Patient/a"));
    YARROW_VERIFY_OK(m_clinic->merges().unmerge(id("b"), {}));
    QCOMPARE(patientOf("late"), std::string("Patient/b"));
}

void TestMergeCommands::whatTheRoleMayNotChange_isNotMerged()
{
    m_clinic = m_test->open(QStringLiteral("desk"));
    const Json before = document("Patient", "a");
    const auto merged = m_clinic->merges().merge(id("a"), id("b"), {});
    YARROW_COMPARE_ERROR(merged, ErrorCode::Forbidden);
    QCOMPARE(merged.error().context, std::string("Observation/o"));
    QCOMPARE(document("Patient", "a").dump(), before.dump());
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("c"), {})); // nothing clinical
}

void TestMergeCommands::aPatientMergedAway_isNotMergedAgain()
{
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), {}));
    YARROW_COMPARE_ERROR(m_clinic->merges().merge(id("c"), id("b"), {}), ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(m_clinic->merges().merge(id("b"), id("c"), {}), ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(m_clinic->merges().merge(id("a"), id("a"), {}), ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(m_clinic->merges().merge(id("a"), id("nobody"), {}), ErrorCode::NotFound);
    YARROW_COMPARE_ERROR(m_clinic->merges().unmerge(id("c"), {}), ErrorCode::NotFound);
}

void TestMergeCommands::scanning_filesPairsOnce()
{
    const auto begun = m_clinic->merges().scan(1);
    YARROW_VERIFY_OK(begun);
    QCOMPARE(begun->patients, std::int64_t(1));
    QCOMPARE(begun->left, std::int64_t(2));
    const std::int64_t filed = begun->filed;
    const auto scanned = m_clinic->merges().scan(100);
    YARROW_VERIFY_OK(scanned);
    QCOMPARE(scanned->patients, std::int64_t(2));
    QCOMPARE(filed + scanned->filed, std::int64_t(1));
    QCOMPARE(scanned->left, std::int64_t(0));
    const auto listed = m_clinic->merges().list(MergeCommands::Which::Open);
    YARROW_VERIFY_OK(listed);
    QCOMPARE(listed->size(), std::size_t(1));
    QCOMPARE(listed->front().pair.first, std::string("a"));
    QCOMPARE(listed->front().pair.second, std::string("b"));
    QCOMPARE(m_clinic->merges().scan(100)->patients, std::int64_t(0));
    YARROW_VERIFY_OK(m_clinic->merges().merge(id("a"), id("b"), {}));
    QVERIFY(m_clinic->merges().list(MergeCommands::Which::Open)->empty());
    QCOMPARE(m_clinic->merges().list(MergeCommands::Which::Decided)->size(), std::size_t(1));
}

void TestMergeCommands::twoPeople_stayOffTheWorklist()
{
    YARROW_VERIFY_OK(m_clinic->merges().markDifferent(id("b"), id("a")));
    QCOMPARE(m_clinic->merges().scan(100)->filed, std::int64_t(0));
    QVERIFY(m_clinic->merges().list(MergeCommands::Which::Open)->empty());
    YARROW_VERIFY_OK(m_clinic->merges().file(id("a"), id("b")));
    QVERIFY(m_clinic->merges().list(MergeCommands::Which::Open)->empty());
    const auto decided = m_clinic->merges().list(MergeCommands::Which::Decided);
    QCOMPARE(decided->size(), std::size_t(1));
    QVERIFY(decided->front().pair.state == DuplicatePair::State::Different);
    QCOMPARE(decided->front().pair.name, std::string("doctor"));
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
}

QTEST_GUILESS_MAIN(TestMergeCommands)
#include "tst_merge_commands.moc"
