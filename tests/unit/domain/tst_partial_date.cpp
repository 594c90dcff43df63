// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/partial_date.h"

#include <QTest>

using yarrow::ageInYears;
using yarrow::PartialDate;

namespace {

PartialDate date(const char* text)
{
    return PartialDate::parse(text).value();
}

} // namespace

class TestPartialDate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_keepsWhatIsKnown_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("precision");
        QTest::addColumn<QDate>("earliest");
        QTest::addColumn<QDate>("latest");
        QTest::newRow("year") << QByteArray("2025") << 1 << QDate(2025, 1, 1) << QDate(2025, 12, 31);
        QTest::newRow("month") << QByteArray("2025-03") << 2 << QDate(2025, 3, 1) << QDate(2025, 3, 31);
        QTest::newRow("leap February")
            << QByteArray("2024-02") << 2 << QDate(2024, 2, 1) << QDate(2024, 2, 29);
        QTest::newRow("day") << QByteArray("2024-02-29") << 3 << QDate(2024, 2, 29) << QDate(2024, 2, 29);
        QTest::newRow("first year") << QByteArray("0001-01-01") << 3 << QDate(1, 1, 1) << QDate(1, 1, 1);
        QTest::newRow("last day") << QByteArray("9999-12-31") << 3 << QDate(9999, 12, 31)
                                  << QDate(9999, 12, 31);
    }
    void parse_keepsWhatIsKnown()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, precision);
        QFETCH(QDate, earliest);
        QFETCH(QDate, latest);
        const auto parsed = PartialDate::parse(text.toStdString());
        QVERIFY(parsed.has_value());
        QCOMPARE(static_cast<int>(parsed->precision()), precision);
        QCOMPARE(parsed->earliest(), earliest);
        QCOMPARE(parsed->latest(), latest);
        QCOMPARE(parsed->text(), text.toStdString());
    }

    void parse_refusesWhatIsNoFhirDate_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"",           "25",         "202",         "20255",      "0000",       "0000-01-01",
              "2025-",      "2025-3",     "2025-13",     "2025-00",    "2025-03-",   "2025-03-1",
              "2025-02-29", "2025-04-31", "2025-03-01T", "2025/03/01", "2025-03/01", "+025",
              "-001",       " 2025",      "2025-03-01 ", "2o25",       "2025-0x",    "20250301",
              "٢٠٢٥"})
            QTest::newRow(text) << QByteArray(text);
    }
    void parse_refusesWhatIsNoFhirDate()
    {
        QFETCH(QByteArray, text);
        const auto parsed = PartialDate::parse(text.toStdString());
        QVERIFY(!parsed.has_value());
        QCOMPARE(parsed.error().code, yarrow::ErrorCode::InvalidArgument);
    }

    void invalidDay_isNothingKnown()
    {
        const PartialDate nothing{QDate()};
        QVERIFY(nothing.isEmpty());
        QCOMPARE(nothing, PartialDate());
        QVERIFY(!nothing.earliest().isValid());
        QVERIFY(!nothing.latest().isValid());
        QCOMPARE(nothing.text(), std::string());
    }

    void order_putsTheLessPreciseFirst()
    {
        const std::vector<PartialDate> ordered{PartialDate(),     date("2024-12-31"), date("2025"),
                                               date("2025-01"),   date("2025-01-01"), date("2025-03"),
                                               date("2025-03-01")};
        for (std::size_t i = 0; i < ordered.size(); ++i) {
            for (std::size_t j = 0; j < ordered.size(); ++j)
                QCOMPARE(ordered[i] < ordered[j], i < j);
        }
    }

    void age_data()
    {
        QTest::addColumn<QByteArray>("birth");
        QTest::addColumn<QDate>("today");
        QTest::addColumn<int>("age"); // -1: not known
        QTest::newRow("day before the birthday") << QByteArray("1980-06-15") << QDate(2025, 6, 14) << 44;
        QTest::newRow("birthday") << QByteArray("1980-06-15") << QDate(2025, 6, 15) << 45;
        QTest::newRow("day of birth") << QByteArray("2025-06-15") << QDate(2025, 6, 15) << 0;
        QTest::newRow("born tomorrow") << QByteArray("2025-06-16") << QDate(2025, 6, 15) << -1;
        QTest::newRow("leap day, 28 February") << QByteArray("2004-02-29") << QDate(2025, 2, 28) << 20;
        QTest::newRow("leap day, 1 March") << QByteArray("2004-02-29") << QDate(2025, 3, 1) << 21;
        QTest::newRow("leap day in a leap year") << QByteArray("2004-02-29") << QDate(2024, 2, 29) << 20;
        QTest::newRow("year only") << QByteArray("1980") << QDate(2025, 1, 1) << 45;
        QTest::newRow("month only") << QByteArray("1980-06") << QDate(2025, 5, 31) << 44;
        QTest::newRow("year ahead") << QByteArray("2026") << QDate(2025, 6, 15) << -1;
    }
    void age()
    {
        QFETCH(QByteArray, birth);
        QFETCH(QDate, today);
        QFETCH(int, age);
        QCOMPARE(ageInYears(date(birth.constData()), today).value_or(-1), age);
    }

    void age_isUnknownWithoutBirthYear()
    {
        QVERIFY(!ageInYears(PartialDate(), QDate(2025, 1, 1)).has_value());
    }
};

QTEST_GUILESS_MAIN(TestPartialDate)
#include "tst_partial_date.moc"
