// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/search_query.h"

#include <QTest>

using namespace yarrow::server;
using fhir::SearchQuery;
using Param = SearchQuery::Param;
using Parameters = std::vector<std::pair<std::string, std::string>>;

namespace {

SearchQuery parsed(const char* type, const Parameters& parameters)
{
    auto query = fhir::parseSearch(type, parameters, false);
    return std::move(query.value());
}

/// What one parameter becomes: its value's text, or the code of the refusal.
std::string textOf(const char* type, const char* name, const std::string& value)
{
    const auto query = fhir::parseSearch(type, {{name, value}}, false);
    return query ? query->all.at(0).anyOf.at(0).text : query.error().code;
}

std::string rangeOf(const std::string& value)
{
    const auto query = fhir::parseSearch("Observation", {{"date", value}}, false);
    if (!query)
        return query.error().code;
    const auto& one = query->all[0].anyOf[0];
    return std::to_string(static_cast<int>(one.prefix)) + ' ' + one.from + ' ' + one.to;
}

} // namespace

class TestSearchQuery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_areReadAsTheIndexHoldsThem()
    {
        QCOMPARE(textOf("Patient", "_id", "a-1"), std::string("a-1"));
        QCOMPARE(textOf("Patient", "identifier", "urn:x|7"), std::string("7\nurn:x"));
        QCOMPARE(textOf("Patient", "identifier", "|7"), std::string("7\n"));
        QCOMPARE(textOf("Patient", "identifier", "7"), std::string("7"));
        QCOMPARE(textOf("Patient", "identifier", "a\\|b"), std::string("a|b"));
        QCOMPARE(textOf("Patient", "name", "José  O'Neil"), std::string("jose oneil"));
        QCOMPARE(textOf("Patient", "phone", "+39 (055) 1234"), std::string("390551234"));
        QCOMPARE(textOf("Observation", "patient", "Patient/7"), std::string("7"));
        QCOMPARE(textOf("Observation", "subject", "7"), std::string("7"));
        QCOMPARE(textOf("Observation", "subject:Patient", "7"), std::string("7"));
        QCOMPARE(textOf("Appointment", "actor", "Location/2"), std::string("Location/2"));
        QCOMPARE(textOf("Appointment", "actor:Location", "2"), std::string("Location/2"));
        QCOMPARE(textOf("Appointment", "status", "booked"), std::string("booked"));
        QCOMPARE(textOf("Appointment", "status", "http://hl7.org/fhir/appointmentstatus|booked"),
                 std::string("booked"));
    }

    void commas_partAlternatives()
    {
        const auto query = parsed("Patient", {{"family", "Ross\\,i,Bianchi"}, {"given", "A"}});
        QCOMPARE(query.all.size(), std::size_t(2));
        QCOMPARE(query.all[0].anyOf.size(), std::size_t(2));
        QCOMPARE(query.all[0].anyOf[0].text, std::string("ross i"));
        QCOMPARE(query.all[0].anyOf[1].text, std::string("bianchi"));
        QCOMPARE(query.all[1].param, Param::Given);
    }

    void exact_isAModifierOfNames()
    {
        QVERIFY(parsed("Patient", {{"family:exact", "A"}}).all[0].anyOf[0].exact);
        QVERIFY(!parsed("Patient", {{"family", "A"}}).all[0].anyOf[0].exact);
        QCOMPARE(textOf("Patient", "family:contains", "A"), std::string("bad-parameter"));
        QCOMPARE(textOf("Patient", "_id:exact", "A"), std::string("bad-parameter"));
    }

    void dates_nameRanges()
    {
        QCOMPARE(rangeOf("2026-05"), std::string("0 2026-05-01T00:00:00Z 2026-06-01T00:00:00Z"));
        QCOMPARE(rangeOf("ne2026"), std::string("1 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z"));
        QCOMPARE(rangeOf("lt2024-02-29"), std::string("2 2024-02-29T00:00:00Z 2024-03-01T00:00:00Z"));
        QCOMPARE(rangeOf("le2026-05-04T09:30+02:00"),
                 std::string("3 2026-05-04T07:30:00Z 2026-05-04T07:31:00Z"));
        QCOMPARE(rangeOf("gt2026-05-04T07:30:00Z"),
                 std::string("4 2026-05-04T07:30:00Z 2026-05-04T07:30:01Z"));
        QCOMPARE(rangeOf("ge2026-05-04T07:30:00.25Z"),
                 std::string("5 2026-05-04T07:30:00.250000Z 2026-05-04T07:30:00.260000Z"));
        for (const char* wrong : {"", "x", "sa2026", "ap2026", "2026-13", "2026-02-30", "26",
                                  "2026-05-04T25:00:00Z", "2026-05-04T07:30:00 02:00", "eq", "today"})
            QCOMPARE(rangeOf(wrong), std::string("bad-parameter"));
    }

    void wrongValues_areRefused_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* type, const char* name, const QByteArray& value, const char* code) {
            QTest::addRow("%s %s=%s", type, name, value.toPercentEncoding().constData())
                << QByteArray(type) << QByteArray(name) << value << QByteArray(code);
        };
        row("Patient", "shoe", "1", "unknown-parameter");
        row("Patient", "patient", "1", "unknown-parameter");
        row("Patient", "date", "2026", "unknown-parameter");
        row("Patient", "status", "x", "unknown-parameter");
        row("Patient", "actor", "Patient/1", "unknown-parameter");
        row("Observation", "family", "x", "unknown-parameter");
        row("Observation", "birthdate", "2000", "unknown-parameter");
        row("Observation", "patient.name", "x", "unknown-parameter");
        row("Observation", "_include", "x", "unknown-parameter");
        row("Patient", "_id", "a b", "bad-parameter");
        row("Patient", "name", "", "bad-parameter");
        row("Patient", "name", "a,,b", "bad-parameter");
        row("Patient", "name", "!?", "bad-parameter");
        row("Patient", "name", QByteArray("a\0b", 3), "bad-parameter");
        row("Patient", "name", "a\xFF", "bad-parameter");
        row("Patient", "phone", "none", "bad-parameter");
        row("Patient", "identifier", "a|", "bad-parameter");
        row("Patient", "identifier", "a|b|c", "bad-parameter");
        row("Observation", "patient", "Group/1", "bad-parameter");
        row("Observation", "patient:Group", "1", "bad-parameter");
        row("Appointment", "actor", "7", "bad-parameter");
        row("Appointment", "actor", "Human/7", "bad-parameter");
        row("Patient", "_count", "-1", "bad-parameter");
        row("Patient", "_count", "ten", "bad-parameter");
        row("Patient", "_count:x", "1", "bad-parameter");
        row("Patient", "_sort", "gender", "bad-parameter");
        row("Patient", "_sort", "date", "bad-parameter");
        row("Patient", "_sort", "_id,_lastUpdated", "bad-parameter");
        row("Observation", "_sort", "name", "bad-parameter");
        row("Patient", "_total", "some", "bad-parameter");
        row("Patient", "_summary", "text", "bad-parameter");
        row("Patient", "_format", "xml", "bad-parameter");
    }

    void wrongValues_areRefused()
    {
        QFETCH(const QByteArray, type);
        QFETCH(const QByteArray, name);
        QFETCH(const QByteArray, value);
        QFETCH(const QByteArray, code);
        const auto query =
            fhir::parseSearch(type.toStdString(), {{name.toStdString(), value.toStdString()}}, false);
        QVERIFY(!query.has_value());
        QCOMPARE(query.error().code, code.toStdString());
        QCOMPARE(query.error().status, 400);
        const std::string bare = name.left(name.indexOf(':')).toStdString();
        QVERIFY(query.error().detail.find(name.contains("_count:") ? name.toStdString() : bare) !=
                std::string::npos);
    }

    void unknownParameters_areListedWhenLenient()
    {
        const auto query =
            fhir::parseSearch("Patient", {{"shoe", "1"}, {"name", "a"}, {"Ann B.=", "1"}}, true);
        QVERIFY(query.has_value());
        QCOMPARE(query->ignored, (std::vector<std::string>{"shoe", "?"}));
        QCOMPARE(query->all.size(), std::size_t(1));
        QVERIFY(!fhir::parseSearch("Patient", {{"name:x", "1"}}, true).has_value());
        QVERIFY(!fhir::parseSearch("Patient", {{"_count", "x"}}, true).has_value());
    }

    void valuesOfAllConditions_areLimited()
    {
        std::string many = "a";
        for (int i = 1; i < fhir::kMaxValues; ++i)
            many += ",a";
        QVERIFY(fhir::parseSearch("Patient", {{"name", many}}, false).has_value());
        QVERIFY(!fhir::parseSearch("Patient", {{"name", many}, {"_id", "1"}}, false).has_value());
    }

    void paging_isReadAndLimited()
    {
        const auto plain = parsed("Patient", {});
        QCOMPARE(plain.count, 50);
        QVERIFY(!plain.total && plain.sort.by == SearchQuery::Sort::By::Id && !plain.sort.descending);
        QVERIFY(parsed("Patient", {{"_lastUpdated", "ge2026"}}).sort.by ==
                SearchQuery::Sort::By::LastUpdated);
        QVERIFY(parsed("Patient", {{"_lastUpdated", "ge2026"}, {"_sort", "_id"}}).sort.by ==
                SearchQuery::Sort::By::Id);
        QCOMPARE(parsed("Patient", {{"_count", "5000"}}).count, fhir::kMaxCount);
        QCOMPARE(parsed("Patient", {{"_count", "0"}}).count, 0);
        QCOMPARE(parsed("Patient", {{"_page", "abc"}}).page, std::string("abc"));
        QVERIFY(parsed("Patient", {{"_total", "accurate"}}).total);
        QVERIFY(!parsed("Patient", {{"_total", "none"}}).total);
        const auto onlyTotal = parsed("Patient", {{"_summary", "count"}, {"_count", "10"}});
        QVERIFY(onlyTotal.total && onlyTotal.count == 0);
        const auto sorted = parsed("Appointment", {{"_sort", "-date"}, {"_format", "application/fhir+json"}});
        QVERIFY(sorted.sort.by == SearchQuery::Sort::By::Date && sorted.sort.descending);
        QVERIFY(parsed("Patient", {{"_sort", "family"}}).sort.by == SearchQuery::Sort::By::Name);
        QVERIFY(parsed("Patient", {{"_sort", "birthdate"}}).sort.by == SearchQuery::Sort::By::Date);
        QVERIFY(!fhir::parseSearch("Patient", {{"_count", "1"}, {"_count", "2"}}, false).has_value());
    }

    void everyNamedParameter_isKnown()
    {
        for (const char* type : {"Patient", "Appointment", "Observation", "Location", "Basic", "Task"}) {
            for (const auto& [name, kind] : fhir::searchParametersOf(type)) {
                const std::string value = kind == "date" ? "2026" : name == "actor" ? "Patient/1" : "1";
                QVERIFY2(fhir::parseSearch(type, {{std::string(name), value}}, false).has_value(),
                         std::string(name).c_str());
            }
        }
        QCOMPARE(fhir::searchParametersOf("Basic").size(), std::size_t(3));
        QCOMPARE(fhir::searchParametersOf("Patient").size(), std::size_t(8));
    }
};

QTEST_GUILESS_MAIN(TestSearchQuery)
#include "tst_search_query.moc"
