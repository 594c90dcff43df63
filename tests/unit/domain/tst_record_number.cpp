// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/patient.h"
#include "models/domain/record_number.h"

#include <QtTest>

using namespace yarrow;

class TestRecordNumber : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theStandardsExample_hasItsCheckDigit();
    void aNumber_isReadBack();
    void everyWrongDigit_isNoticed();
    void neighboursThatChangedPlaces_areAlmostAlwaysNoticed();
    void anotherNumber_leavesTheOldOneAsOld();
};

void TestRecordNumber::theStandardsExample_hasItsCheckDigit()
{
    QCOMPARE(checkDigit("0794"), '5'); // ISO/IEC 7064, 8.2
}

void TestRecordNumber::aNumber_isReadBack()
{
    for (const std::int64_t sequence : {1LL, 42LL, 999'999LL, 1'000'000LL, 123'456'789'012LL}) {
        const std::string number = recordNumber(sequence);
        QVERIFY(number.size() >= 7);
        QCOMPARE(recordNumberSequence(number), std::optional(sequence));
    }
    for (const char* other : {"", "1", "0000000", "A000013", "00000131", "000001 3"})
        QVERIFY2(!recordNumberSequence(other), other);
}

void TestRecordNumber::everyWrongDigit_isNoticed()
{
    for (std::int64_t sequence = 1; sequence < 200'000; sequence += 977) {
        const std::string number = recordNumber(sequence);
        for (std::size_t at = 0; at < number.size(); ++at) {
            for (char digit = '0'; digit <= '9'; ++digit) {
                std::string wrong = number;
                wrong[at] = digit;
                QCOMPARE(recordNumberSequence(wrong).has_value(), wrong == number);
            }
        }
    }
}

void TestRecordNumber::neighboursThatChangedPlaces_areAlmostAlwaysNoticed()
{
    int swaps = 0;
    int missed = 0;
    for (std::int64_t sequence = 1; sequence < 1'000'000; sequence += 97) {
        const std::string number = recordNumber(sequence);
        for (std::size_t at = 0; at + 1 < number.size(); ++at) {
            std::string wrong = number;
            std::swap(wrong[at], wrong[at + 1]);
            if (wrong == number)
                continue;
            ++swaps;
            missed += recordNumberSequence(wrong) ? 1 : 0;
        }
    }
    QVERIFY2(missed * 100 < swaps * 3, qPrintable(QStringLiteral("%1 of %2").arg(missed).arg(swaps)));
}

void TestRecordNumber::anotherNumber_leavesTheOldOneAsOld()
{
    Patient patient;
    giveRecordNumber(patient, "0000013");
    QCOMPARE(medicalRecordNumber(patient), QStringLiteral("0000013"));
    giveRecordNumber(patient, "0000021");
    QCOMPARE(medicalRecordNumber(patient), QStringLiteral("0000021"));
    QCOMPARE(patient.identifiers.size(), std::size_t(2));
    QVERIFY(patient.identifiers[0].use == Identifier::Use::Old);
}

QTEST_GUILESS_MAIN(TestRecordNumber)
#include "tst_record_number.moc"
