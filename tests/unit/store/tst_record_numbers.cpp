// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/record_number.h"
#include "models/store/audit/incarnation.h"
#include "models/store/records/record_numbers.h"
#include "models/store/sync/server_link.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

class TestRecordNumbers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aClinicOnItsOwn_numbersItsPatients();
    void aNumberThatAPatientBroughtAlong_isPassedOver();
    void withoutABlock_thePatientIsSavedAndWaits();
    void ofAServersBlock_numbersAreDrawn();
    void aNewIncarnation_givesNoneOfTheOldOnesNumbers();
    void atAnotherFhirServer_noNumbersAreGiven();

private:
    static Patient newPatient(const char* family)
    {
        Patient patient;
        patient.names.push_back({HumanName::Use::Unset, QString::fromLatin1(family), {}, {}, {}, {}});
        return patient;
    }
    static QString registered(Clinic& clinic, const char* family)
    {
        const auto saved = clinic.patients().save(newPatient(family), 0);
        if (!saved)
            return QString::fromLatin1(errorCodeName(saved.error().code));
        return medicalRecordNumber(clinic.patients().view(saved->id)->patient);
    }
    static void link(Connection& connection, ServerLink::Kind kind)
    {
        Transaction transaction(connection);
        ServerLink server;
        server.kind = kind;
        server.url = "https://server.example";
        server.clientId = "tenant.device";
        writeServerLink(connection, server);
        transaction.commit();
    }
    static void addBlock(Connection& connection, std::int64_t first, std::int64_t last)
    {
        Transaction transaction(connection);
        record_numbers::addBlock(connection, first, last);
        transaction.commit();
    }
    static std::int64_t countFree(Connection& connection, std::int64_t atMost)
    {
        Transaction transaction(connection);
        const std::int64_t free = record_numbers::countFree(connection, atMost);
        transaction.commit();
        return free;
    }
};

void TestRecordNumbers::aClinicOnItsOwn_numbersItsPatients()
{
    TestClinic test;
    const auto clinic = test.open();
    QCOMPARE(registered(*clinic, "Rossi"), QString::fromStdString(recordNumber(1)));
    QCOMPARE(registered(*clinic, "Bianchi"), QString::fromStdString(recordNumber(2)));
    const auto hits = clinic->patients().search(recordNumber(2), 5);
    QCOMPARE(hits->size(), std::size_t(1));
}

void TestRecordNumbers::aNumberThatAPatientBroughtAlong_isPassedOver()
{
    TestClinic test;
    const auto clinic = test.open();
    YARROW_VERIFY_OK(clinic->importer().addDocuments(
        {patientDocument("old", "Verdi", "Ada", "1980-03-12", recordNumber(1))}, "test"));
    QCOMPARE(registered(*clinic, "Rossi"), QString::fromStdString(recordNumber(2)));
}

void TestRecordNumbers::withoutABlock_thePatientIsSavedAndWaits()
{
    TestClinic test;
    const auto clinic = test.open();
    const auto below = test.connectBelow();
    link(*below, ServerLink::Kind::Yarrow);
    QCOMPARE(registered(*clinic, "Rossi"), QString());
    const auto due = record_numbers::due(*below);
    QCOMPARE(due.size(), std::size_t(1));
    QCOMPARE(due[0].account, clinic->actor().account.text());
}

void TestRecordNumbers::ofAServersBlock_numbersAreDrawn()
{
    TestClinic test;
    const auto clinic = test.open();
    QCOMPARE(registered(*clinic, "Rossi"), QString::fromStdString(recordNumber(1))); // of its own, before
    const auto below = test.connectBelow();
    link(*below, ServerLink::Kind::Yarrow);
    addBlock(*below, 1, 3);
    QCOMPARE(countFree(*below, 10), std::int64_t(2));
    QCOMPARE(registered(*clinic, "Bianchi"), QString::fromStdString(recordNumber(2)));
    QCOMPARE(registered(*clinic, "Verdi"), QString::fromStdString(recordNumber(3)));
    QCOMPARE(registered(*clinic, "Neri"), QString());
    addBlock(*below, 100, 120);
    QCOMPARE(countFree(*below, 10), std::int64_t(10));
    QCOMPARE(registered(*clinic, "Gallo"), QString::fromStdString(recordNumber(100)));
}

void TestRecordNumbers::aNewIncarnation_givesNoneOfTheOldOnesNumbers()
{
    TestClinic test;
    const auto clinic = test.open();
    const auto below = test.connectBelow();
    link(*below, ServerLink::Kind::Yarrow);
    addBlock(*below, 1, 50);
    {
        Transaction transaction(*below);
        incarnation::begin(*below, test.clock, test.ids, clinic->actor(), clinic->identity().incarnation,
                           incarnation::Departure::Forked);
        transaction.commit();
    }
    QCOMPARE(countFree(*below, 10), std::int64_t(0));
    QCOMPARE(registered(*clinic, "Rossi"), QString());
}

void TestRecordNumbers::atAnotherFhirServer_noNumbersAreGiven()
{
    TestClinic test;
    const auto clinic = test.open();
    const auto below = test.connectBelow();
    link(*below, ServerLink::Kind::Fhir);
    QCOMPARE(registered(*clinic, "Rossi"), QString());
    QVERIFY(record_numbers::due(*below).empty());
}

QTEST_GUILESS_MAIN(TestRecordNumbers)
#include "tst_record_numbers.moc"
