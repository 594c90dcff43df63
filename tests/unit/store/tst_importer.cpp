// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_clinic.h"

#include <fstream>

using namespace yarrow;
using namespace yarrow::testing;

class TestImporter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void urnReferences_becomeRealOnes();
    void danglingReference_refusesATransaction();
    void twice_changesNothing();
    void documents_comeOutAsTheyWentIn();
    void resourceWithoutId_getsAStableOne();
    void badFile_isLeftOutWhole();
    void historyBundle_givesTheNewestVersion();
    void deletionEntry_deletes();
    void roleWithoutTheRight_isRefused();
    void stopping_rollsTheFileBack();
    void largeBundle_isReadTwice();
    void oneRecordTwice_isRefusedUnlessEqual();

private:
    std::filesystem::path write(const char* name, const std::string& text);
    ImportReport run(const std::vector<std::filesystem::path>& paths);
    std::string stored(const char* type, const char* id);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

void TestImporter::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
}

void TestImporter::cleanup()
{
    m_clinic.reset();
    m_test.reset();
}

std::filesystem::path TestImporter::write(const char* name, const std::string& text)
{
    const auto path = std::filesystem::path(m_test->folder.path().toStdString()) / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

ImportReport TestImporter::run(const std::vector<std::filesystem::path>& paths)
{
    auto report = m_clinic->importer().run(paths);
    if (!report)
        qFatal("import: %s", errorCodeName(report.error().code));
    return std::move(*report);
}

std::string TestImporter::stored(const char* type, const char* id)
{
    // Past the roles: an administrator may not look at clinical records.
    auto below = m_test->connectBelow();
    Query row(*below, "SELECT body FROM resource WHERE type = ? AND id = ? AND deleted = 0");
    row.bind(type, id);
    return row.step() ? row.string(0) : std::string();
}

void TestImporter::urnReferences_becomeRealOnes()
{
    const auto report = run({write("bundle.json", R"({"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:c1","resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}}},
      {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient","name":[{"family":"Rossi"}]}},
      {"fullUrl":"http://x.example/fhir/Encounter/e1","resource":{"resourceType":"Encounter","id":"e1","subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"},
        "diagnosis":[{"condition":{"reference":"urn:uuid:c1"}}],"partOf":{"reference":"http://x.example/fhir/Encounter/e1"}}}]})")});
    QCOMPARE(report.created, 3);
    QVERIFY(report.failed.empty());
    QCOMPARE(
        stored("Condition", "c1"),
        std::string(
            R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/11111111-1111-4111-8111-111111111111"}})"));
    const Json encounter = json(stored("Encounter", "e1"));
    QCOMPARE(encounter["diagnosis"][0]["condition"]["reference"].string(), std::string_view("Condition/c1"));
    QCOMPARE(encounter["partOf"]["reference"].string(), std::string_view("Encounter/e1"));
    // And the records belong to the patient.
    auto below = m_test->connectBelow();
    Query count(*below,
                "SELECT count(*) FROM resource r JOIN patient_key k ON k.pk = r.patient WHERE k.patient = ?");
    count.bind("11111111-1111-4111-8111-111111111111");
    QVERIFY(count.step());
    QCOMPARE(count.integer(0), 3);
}

void TestImporter::danglingReference_refusesATransaction()
{
    const std::string text = R"({"resourceType":"Bundle","type":"%","entry":[
{"fullUrl":"urn:uuid:c1","resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"urn:uuid:nobody"}}}]})";
    const auto withType = [&](const char* type) {
        return QString::fromStdString(text).replace(u'%', QString::fromLatin1(type)).toStdString();
    };
    const auto refused = run({write("t.json", withType("transaction"))});
    QCOMPARE(refused.failed.size(), std::size_t(1));
    QCOMPARE(refused.failed[0].error.position, (std::optional<TextPosition>({2, 1})));
    const auto kept = run({write("c.json", withType("collection"))});
    QCOMPARE(kept.created, 1);
}

void TestImporter::twice_changesNothing()
{
    const auto path = write("p.ndjson", patientDocument("a", "Rossi", "Ada").dump() + "\n" +
                                            patientDocument("b", "Bianchi", "Bruno").dump() + "\n");
    QCOMPARE(run({path}).created, 2);
    auto below = m_test->connectBelow();
    const auto count = [&](const char* sql) {
        Query row(*below, sql);
        return row.step() ? row.integer(0) : -1;
    };
    const auto edits = count("SELECT count(*) FROM edit");
    const auto again = run({path});
    QCOMPARE(again.created, 0);
    QCOMPARE(again.updated, 0);
    QCOMPARE(again.unchanged, 2);
    QCOMPARE(count("SELECT count(*) FROM edit"), edits);
    QCOMPARE(count("SELECT max(revision) FROM resource"), 1);
}

void TestImporter::documents_comeOutAsTheyWentIn()
{
    const std::string odd =
        R"({"unknown":{"b":1.10,"a":[1e2,-0.0,12345678901234567890]},"resourceType":"Basic","id":"x","text":"ü😀","_birthDate":null,"code":{}})";
    run({write("odd.json", odd)});
    QCOMPARE(stored("Basic", "x"), odd);
    const auto target = std::filesystem::path(m_test->folder.path().toStdString()) / "out.ndjson";
    const auto written = m_clinic->exporter().run(target, {"Basic", {}});
    YARROW_VERIFY_OK(written);
    QCOMPARE(*written, 1);
    std::ifstream in(target);
    std::string line;
    std::getline(in, line);
    QCOMPARE(line, odd);
}

void TestImporter::resourceWithoutId_getsAStableOne()
{
    const auto path = write("p.json", R"({"resourceType":"Patient","name":[{"family":"Rossi"}]})");
    QCOMPARE(run({path}).created, 1);
    QCOMPARE(run({path}).unchanged, 1);
    auto below = m_test->connectBelow();
    Query row(*below, "SELECT body FROM resource WHERE type = 'Patient'");
    QVERIFY(row.step());
    QVERIFY(row.text(0).starts_with(R"({"resourceType":"Patient","id":")"));
}

void TestImporter::badFile_isLeftOutWhole()
{
    const auto good = write("good.json", patientDocument("good", "Rossi", "Ada").dump());
    const auto bad = write("bad.ndjson", patientDocument("half", "Bianchi", "Bruno").dump() +
                                             "\n{\"resourceType\":\"Patient\",}\n");
    const auto wrong = write("wrong.ndjson", patientDocument("half2", "Verdi", "Carla").dump() +
                                                 "\n\n  {\"resourceType\":\"Patiant\",\"id\":\"x\"}\n");
    const auto missing = std::filesystem::path(m_test->folder.path().toStdString()) / "missing.json";
    const auto report = run({bad, missing, good, wrong});
    QCOMPARE(report.files, 1);
    QCOMPARE(report.created, 1);
    QCOMPARE(report.failed.size(), std::size_t(3));
    QCOMPARE(report.failed[0].file, missing);
    QCOMPARE(report.failed[1].file, bad);
    QCOMPARE(report.failed[1].error.position, (std::optional<TextPosition>({2, 27})));
    QCOMPARE(report.failed[2].file, wrong);
    QCOMPARE(report.failed[2].error.position, (std::optional<TextPosition>({3, 3})));
    QVERIFY(!stored("Patient", "good").empty());
    QVERIFY(stored("Patient", "half").empty());
    QVERIFY(stored("Patient", "half2").empty());
    YARROW_VERIFY_OK(m_clinic->checkIntegrity());
}

void TestImporter::historyBundle_givesTheNewestVersion()
{
    run({write("h.json", R"({"resourceType":"Bundle","type":"history","entry":[
      {"resource":{"resourceType":"Patient","id":"a","name":[{"family":"New"}]},"request":{"method":"PUT","url":"Patient/a"}},
      {"request":{"method":"DELETE","url":"Patient/b"}},
      {"resource":{"resourceType":"Patient","id":"b","name":[{"family":"Gone"}]},"request":{"method":"PUT","url":"Patient/b"}},
      {"resource":{"resourceType":"Patient","id":"a","name":[{"family":"Old"}]},"request":{"method":"POST","url":"Patient"}}]})")});
    QVERIFY(stored("Patient", "a").find("New") != std::string::npos);
    QVERIFY(stored("Patient", "b").empty());
}

void TestImporter::deletionEntry_deletes()
{
    run({write("p.json", patientDocument("a", "Rossi", "Ada").dump())});
    const auto report = run({write(
        "d.json",
        R"({"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/a"}}]})")});
    QCOMPARE(report.deleted, 1);
    QVERIFY(stored("Patient", "a").empty());
}

void TestImporter::roleWithoutTheRight_isRefused()
{
    m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
    m_clinic = m_test->open(QStringLiteral("desk"));
    const auto patient = write("p.json", patientDocument("a", "Rossi", "Ada").dump());
    const auto clinical =
        write("c.json", R"({"resourceType":"Condition","id":"c","subject":{"reference":"Patient/a"}})");
    const auto report = run({patient, clinical});
    QCOMPARE(report.created, 1);
    QCOMPARE(report.failed.size(), std::size_t(1));
    QCOMPARE(QByteArray(errorCodeName(report.failed[0].error.code)), QByteArray("Forbidden"));
}

void TestImporter::stopping_rollsTheFileBack()
{
    const auto path = write("p.json", patientDocument("a", "Rossi", "Ada").dump());
    YARROW_COMPARE_ERROR(m_clinic->importer().run(
                             {path}, [](const ImportProgress& progress) { return progress.resources == 0; }),
                         ErrorCode::Cancelled);
    QVERIFY(stored("Patient", "a").empty());
    QCOMPARE(run({path}).created, 1);
}

void TestImporter::largeBundle_isReadTwice()
{
    // Past 32 MiB: the reference at the beginning names an entry at the very end.
    std::string text =
        R"({"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:c","resource":{"resourceType":"Condition","id":"c","subject":{"reference":"urn:uuid:p"}}})";
    const std::string filling(1000, 'x');
    for (int i = 0; i < 34'000; ++i)
        text += R"(,{"resource":{"resourceType":"Basic","id":"b)" + std::to_string(i) + R"(","x":")" +
                filling + R"("}})";
    text +=
        R"(,{"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","name":[{"family":"Rossi"}]}}]})";
    const auto report = run({write("large.json", text)});
    QVERIFY(report.failed.empty());
    QCOMPARE(report.created, 34'002);
    QVERIFY(stored("Condition", "c").find("Patient/p") != std::string::npos);
}

void TestImporter::oneRecordTwice_isRefusedUnlessEqual()
{
    const std::string first = patientDocument("a", "Rossi", "Ada").dump() + "\n";
    const std::string second = patientDocument("a", "Bianchi", "Ada").dump() + "\n";
    const auto report = run({write("equal.ndjson", first + first), write("other.ndjson", first + second)});
    QCOMPARE(report.files, 1);
    QCOMPARE(report.failed.size(), std::size_t(1));
    QCOMPARE(report.failed[0].error.position, (std::optional<TextPosition>({2, 1})));
}

QTEST_GUILESS_MAIN(TestImporter)
#include "tst_importer.moc"
