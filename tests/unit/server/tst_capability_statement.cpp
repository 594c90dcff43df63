// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/capability_statement.h"
#include "server/fhir/resource_types.h"
#include "server/fhir/search_query.h"
#include "server/json/json_document.h"

#include <QTest>

using namespace yarrow::server;

namespace {

std::vector<std::string> textsOf(JsonView list, std::string_view member)
{
    std::vector<std::string> texts;
    for (const JsonView item : list.items())
        texts.push_back(item[member].string());
    return texts;
}

} // namespace

class TestCapabilityStatement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statement_hasWhatFhirRequires()
    {
        const auto document = JsonDocument::parse(
            fhir::capabilityStatement("https://clinic.example:8443", "1.2", "2026-05-04"));
        QVERIFY(document.has_value());
        const JsonView root = document->root();
        QVERIFY(root["resourceType"].says("CapabilityStatement"));
        for (const char* required : {"status", "date", "kind", "fhirVersion", "format", "rest"})
            QVERIFY2(root[required].exists(), required);
        QVERIFY(root["fhirVersion"].says("4.0.1"));
        QVERIFY(root["software"]["version"].says("1.2"));
        QVERIFY(root["implementation"]["url"].says("https://clinic.example:8443/fhir"));
        const JsonView rest = root["rest"][0];
        QVERIFY(rest["extension"][0]["valueUri"].says("wss://clinic.example:8443/fhir/ws"));
        QVERIFY(rest["security"]["extension"][0]["extension"][0]["valueUri"].says(
            "https://clinic.example:8443/auth/token"));
        QCOMPARE(textsOf(rest["interaction"], "code"),
                 (std::vector<std::string>{"transaction", "batch", "history-system"}));
        QCOMPARE(textsOf(rest["operation"], "name"), std::vector<std::string>{"export"});
    }

    void everyStoredType_isListedWithItsParameters()
    {
        const auto document =
            JsonDocument::parse(fhir::capabilityStatement("http://localhost:1", "1", "2026"));
        const JsonView rest = document->root()["rest"][0];
        QVERIFY(rest["extension"][0]["valueUri"].says("ws://localhost:1/fhir/ws"));
        const auto types = fhir::storedTypes();
        QCOMPARE(rest["resource"].size(), types.size() + 1);
        QVERIFY(rest["resource"][types.size()]["type"].says("Subscription"));
        for (std::size_t i = 0; i < types.size(); ++i) {
            const JsonView resource = rest["resource"][i];
            QVERIFY(resource["type"].says(types[i]));
            QCOMPARE(resource["interaction"].size(), std::size_t(8));
            QVERIFY(resource["conditionalCreate"].boolean() && !resource["conditionalUpdate"].boolean(true));
            std::vector<std::string> names;
            for (const auto& [name, kind] : fhir::searchParametersOf(types[i]))
                names.emplace_back(name);
            QCOMPARE(textsOf(resource["searchParam"], "name"), names);
        }
    }
};

QTEST_GUILESS_MAIN(TestCapabilityStatement)
#include "tst_capability_statement.moc"
