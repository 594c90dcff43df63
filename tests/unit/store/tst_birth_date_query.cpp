// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/birth_date_query.h"

#include <QtTest>

class TestBirthDateQuery : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void usualNotations_areUnderstood_data();
    void usualNotations_areUnderstood();
    void otherText_isNoDate_data();
    void otherText_isNoDate();
};

void TestBirthDateQuery::usualNotations_areUnderstood_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("prefixes"); // sorted, joined by a space
    const auto row = [](const char* typed, const char* prefixes) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(prefixes);
    };
    row("1980-03-12", "19800312");
    row("1980/3/12", "19800312");
    row("1980.03.12", "19800312");
    row("19800312", "19800312");
    row("31.12.1980", "19801231");
    row("12/31/1980", "19801231");
    row("12.03.1980", "19800312 19801203"); // day first, or month first
    row("3-12-1980", "19800312 19801203");
    row("12/3/80", "19800312 19801203");
    row("31/12/26", "20261231");
    row("31/12/27", "19271231"); // not in the future
    row("31121980", "19801231");
    row("12 Mar 1980", "19800312");
    row("12 march 1980", "19800312");
    row("March 12, 1980", "19800312");
    row("12. März 1980", "19800312");
    row("12 août 1980", "19800812");
    row("12 dic 1980", "19801212");
    row("5 giugno 1980", "19800605");
    row("03/1980", "198003");
    row("1980-03", "198003");
    row("Mar 1980", "198003");
    row("1980", "1980");
    row("29.2.2024", "20240229");
}

void TestBirthDateQuery::usualNotations_areUnderstood()
{
    QFETCH(QString, typed);
    QFETCH(QString, prefixes);
    QStringList found;
    for (const std::string& prefix : yarrow::birthDatePrefixes(typed.toStdString(), 2026))
        found << QString::fromStdString(prefix);
    found.sort();
    QCOMPARE(found.join(u' '), prefixes);
}

void TestBirthDateQuery::otherText_isNoDate_data()
{
    QTest::addColumn<QString>("typed");
    for (const char* typed :
         {"", "Rossi", "12", "12.03", "30.2.1980", "32.1.1980", "1.13.1980x", "1234567", "123456789",
          "0612345678", "1500-01-01", "2150-01-01", "may", "12 foo 1980", "Marta 12 1980 7"})
        QTest::newRow(typed) << QString::fromUtf8(typed);
}

void TestBirthDateQuery::otherText_isNoDate()
{
    QFETCH(QString, typed);
    QVERIFY(yarrow::birthDatePrefixes(typed.toStdString(), 2026).empty());
}

QTEST_GUILESS_MAIN(TestBirthDateQuery)
#include "tst_birth_date_query.moc"
