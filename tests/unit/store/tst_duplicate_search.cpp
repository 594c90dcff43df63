// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_fhir.h"
#include "tests/support/duplicate_quality.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

class TestDuplicateSearch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void atTheShippedThreshold_hardlyAWarningIsWrongAndFewAreMissed();
    void somebodyInAnotherScript_isFound();
    void theRecordItself_isNoDuplicate();
};

void TestDuplicateSearch::atTheShippedThreshold_hardlyAWarningIsWrongAndFewAreMissed()
{
    TestClinic test;
    const auto clinic = test.open();
    const DuplicatePopulation population(20260302, 2000, 0.15);
    std::vector<Json> documents;
    for (const auto& record : population.records())
        documents.push_back(DuplicatePopulation::document(record));
    YARROW_VERIFY_OK(clinic->importer().addDocuments(documents, "test"));
    const auto reading = clinic->openReadConnection();
    YARROW_VERIFY_OK(reading);
    const DuplicateQuality quality = measureDuplicates(**reading, population);
    const std::string said =
        "precision " + std::to_string(quality.precision()) + ", recall " + std::to_string(quality.recall());
    QVERIFY2(quality.truePairs > 200, "too few to tell");
    QVERIFY2(quality.precision() >= 0.98, said.c_str());
    QVERIFY2(quality.recall() >= 0.90, said.c_str());
}

void TestDuplicateSearch::somebodyInAnotherScript_isFound()
{
    TestClinic test;
    const auto clinic = test.open();
    YARROW_VERIFY_OK(clinic->importer().addDocuments(
        {patientDocument("ivanov", "Иванов", "Пётр", "1974-05-06"), patientDocument("other", "Rossi", "Ada")},
        "test"));
    const auto reading = clinic->openReadConnection();
    const auto typed = fhir::readPatient(patientDocument("new", "Ivanov", "Petr", "1974-06-05"));
    const auto hits = findDuplicates(**reading, *typed, countPatients(**reading), 10);
    QCOMPARE(hits.size(), std::size_t(1));
    QCOMPARE(hits[0].patient.id.text(), std::string("ivanov"));
    using Reason = MatchReason;
    const auto& reasons = hits[0].score.reasons;
    QVERIFY(std::any_of(reasons.begin(), reasons.end(), [](const Reason& reason) {
        return reason.field == Reason::Field::BirthDate && reason.agreement == Reason::Agreement::Swapped;
    }));
}

void TestDuplicateSearch::theRecordItself_isNoDuplicate()
{
    TestClinic test;
    const auto clinic = test.open();
    const Json document = patientDocument("ada", "Rossi", "Ada", "1980-03-12", {}, "347 765 4321");
    YARROW_VERIFY_OK(clinic->importer().addDocuments({document}, "test"));
    const auto reading = clinic->openReadConnection();
    const auto same = fhir::readPatient(document);
    QVERIFY(findDuplicates(**reading, *same, 1, 10).empty());
    Patient again = *same;
    again.id = {};
    QCOMPARE(findDuplicates(**reading, again, 1, 10).size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(TestDuplicateSearch)
#include "tst_duplicate_search.moc"
