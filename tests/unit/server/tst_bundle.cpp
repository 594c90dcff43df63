// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/bundle.h"
#include "tests/support/json_text.h"

#include <QTest>

#include <rapidcheck.h>

#include <set>

using namespace yarrow::server;
using Method = fhir::WriteEntry::Method;

namespace {

std::string bundleOf(const std::string& type, const std::vector<std::string>& entries)
{
    std::string text = "{'resourceType':'Bundle','type':'" + type + "','entry':[";
    for (std::size_t i = 0; i < entries.size(); ++i)
        text += (i > 0 ? "," : "") + entries[i];
    return json(text + "]}");
}

fhir::BundleRequest readText(const std::string& text)
{
    const auto document = JsonDocument::parse(text);
    auto request = fhir::readBundle(document.value());
    return std::move(request.value());
}

std::string wholeProblem(const std::string& text)
{
    const auto document = JsonDocument::parse(text);
    const auto request = fhir::readBundle(document.value());
    return request ? "" : std::to_string(request.error().status) + ' ' + request.error().code;
}

const std::string kUuid = "urn:uuid:0c5f2f2c-9b71-4c0f-8f3b-5e1a6c1a2b3c";

std::string patient(const std::string& fullUrl, const std::string& more = "")
{
    return "{'fullUrl':'" + fullUrl +
           "','resource':{'resourceType':'Patient'},'request':{'method':'POST','url':'Patient'" + more + "}}";
}

std::string coverage(const std::string& fullUrl, const std::string& reference)
{
    return "{'fullUrl':'" + fullUrl +
           "','resource':{ 'resourceType':'Basic','amount':1.10, 'subject' : {'reference': '" + reference +
           "' }},'request':{'method':'POST','url':'Basic'}}";
}

} // namespace

class TestBundle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void entries_areReadWithAllTheirConditions()
    {
        const auto request = readText(
            bundleOf("batch", {"{'extension':[{'url':'https://yarrow.example/fhir/StructureDefinition/"
                               "operation','valueUuid':'urn:uuid:1'},"
                               "{'url':'https://yarrow.example/fhir/StructureDefinition/"
                               "author','valueString':'anna'},{'url':'x'}],"
                               "'resource':{'resourceType':'Patient','id':'7'},"
                               "'request':{'method':'PUT','url':'Patient/7','ifMatch':'W/\\'e1.5\\''}}",
                               "{'resource':{'resourceType':'Patient'},"
                               "'request':{'method':'POST','url':'Patient','ifNoneExist':'?identifier=a|b'}}",
                               "{'request':{'method':'DELETE','url':'Patient/8'}}",
                               "{'request':{'method':'GET','url':'Patient?name=x'}}",
                               "{'resource':{'resourceType':'Patient','id':'9'},"
                               "'request':{'method':'PUT','url':'Patient/9','ifNoneMatch':'*'}}"}));
        QVERIFY(!request.transaction);
        QCOMPARE(request.entries.size(), std::size_t(5));

        const auto& update = request.entries[0].write.value();
        QCOMPARE(update.method, Method::Update);
        QCOMPARE(update.type + '/' + update.id, std::string("Patient/7"));
        QCOMPARE(update.ifMatch.value_or(""), std::string("e1.5"));
        QCOMPARE(update.operation, std::string("urn:uuid:1"));
        QCOMPARE(update.author, std::string("anna"));
        QCOMPARE(update.document.value().text, json("{'resourceType':'Patient','id':'7'}"));

        const auto& create = request.entries[1].write.value();
        QCOMPARE(create.method, Method::Create);
        QCOMPARE(create.id.size(), std::size_t(36));
        QCOMPARE(create.document.value().id, create.id);
        QCOMPARE(create.document->text, json("{'resourceType':'Patient','id':'" + create.id + "'}"));
        QCOMPARE(create.ifNoneExist.value_or(""), std::string("identifier=a|b"));

        QCOMPARE(request.entries[2].write.value().method, Method::Delete);
        QVERIFY(!request.entries[2].write->document);
        QCOMPARE(request.entries[3].read, std::string("Patient?name=x"));
        QVERIFY(request.entries[4].write.value().ifNoneMatch);
    }

    void wrongEntries_areTheirOwnProblem_data()
    {
        QTest::addColumn<QByteArray>("entry");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char* name, const char* entry, int status, const char* code) {
            QTest::newRow(name) << QByteArray(entry) << status << QByteArray(code);
        };
        row("no object", "7", 400, "bad-entry");
        row("no request", "{}", 400, "bad-entry");
        row("patch", "{'request':{'method':'PATCH','url':'Patient/7'}}", 405, "method-not-allowed");
        row("type", "{'request':{'method':'DELETE','url':'Human/7'}}", 404, "unknown-type");
        row("type not kept", "{'request':{'method':'DELETE','url':'AuditEvent/7'}}", 404, "unknown-type");
        row("leading slash", "{'request':{'method':'DELETE','url':'/Patient/7'}}", 404, "unknown-type");
        row("no id", "{'request':{'method':'DELETE','url':'Patient'}}", 400, "bad-entry-url");
        row("wrong id", "{'request':{'method':'DELETE','url':'Patient/a b'}}", 400, "bad-entry-url");
        row("history", "{'request':{'method':'DELETE','url':'Patient/7/_history/1'}}", 400, "bad-entry-url");
        row("id of a post", "{'request':{'method':'POST','url':'Patient/7'}}", 400, "bad-entry-url");
        row("conditional", "{'request':{'method':'PUT','url':'Patient?name=x'}}", 400,
            "conditional-not-supported");
        row("spaces in a read", "{'request':{'method':'GET','url':'Patient 7'}}", 400, "bad-entry-url");
        row("absolute read", "{'request':{'method':'GET','url':'/fhir/Patient/7'}}", 400, "bad-entry-url");
        row("if-match", "{'request':{'method':'DELETE','url':'Patient/7','ifMatch':'7'}}", 400,
            "bad-if-match");
        row("if-none-match", "{'request':{'method':'DELETE','url':'Patient/7','ifNoneMatch':'7'}}", 400,
            "bad-if-none-match");
        row("if-none-exist", "{'request':{'method':'DELETE','url':'Patient/7','ifNoneExist':'name=x'}}", 400,
            "bad-if-none-exist");
        row("operation",
            "{'extension':[{'url':'https://yarrow.example/fhir/StructureDefinition/operation'}],"
            "'request':{'method':'DELETE','url':'Patient/7'}}",
            400, "bad-operation");
        row("author",
            "{'extension':[{'url':'https://yarrow.example/fhir/StructureDefinition/author','valueString':"
            "'a\\u0000b'}],'request':{'method':'DELETE','url':'Patient/7'}}",
            400, "bad-author");
        row("no resource", "{'request':{'method':'POST','url':'Patient'}}", 400, "not-a-resource");
        row("another type",
            "{'resource':{'resourceType':'Basic'},'request':{'method':'POST','url':'Patient'}}", 400,
            "wrong-type");
        row("another id",
            "{'resource':{'resourceType':'Patient','id':'8'},'request':{'method':'PUT','url':'Patient/7'}}",
            400, "wrong-id");
        row("id missing",
            "{'resource':{'resourceType':'Patient'},'request':{'method':'PUT','url':'Patient/7'}}", 400,
            "wrong-id");
        row("document",
            "{'resource':{'resourceType':'Patient','gender':'f'},'request':{'method':'POST','url':'Patient'}"
            "}",
            422, "bad-code");
    }

    void wrongEntries_areTheirOwnProblem()
    {
        QFETCH(const QByteArray, entry);
        QFETCH(const int, status);
        QFETCH(const QByteArray, code);
        for (const char* type : {"batch", "transaction"}) {
            const auto request = readText(
                bundleOf(type, {entry.toStdString(), "{'request':{'method':'DELETE','url':'Patient/1'}}"}));
            QVERIFY(!request.entries[0].write && request.entries[0].problem);
            QCOMPARE(request.entries[0].problem->code, code.toStdString());
            QCOMPARE(request.entries[0].problem->status, status);
            QVERIFY(request.entries[1].write && !request.entries[1].problem);
        }
    }

    void otherTexts_areRefusedAsAWhole()
    {
        QCOMPARE(wholeProblem("[]"), std::string("400 not-a-bundle"));
        QCOMPARE(wholeProblem(json("{'resourceType':'Patient','type':'batch'}")),
                 std::string("400 not-a-bundle"));
        QCOMPARE(wholeProblem(bundleOf("searchset", {})), std::string("400 not-a-bundle"));
        QCOMPARE(wholeProblem(json("{'resourceType':'Bundle','type':'batch','entry':{}}")),
                 std::string("400 not-a-bundle"));
        QCOMPARE(wholeProblem(bundleOf("batch", std::vector<std::string>(2001, "{}"))),
                 std::string("413 too-many-entries"));
        QCOMPARE(wholeProblem(bundleOf("batch", std::vector<std::string>(2000, "{}"))), std::string());
        QCOMPARE(wholeProblem(json("{'resourceType':'Bundle','type':'transaction'}")), std::string());
    }

    void referencesToCreatedEntries_becomeTheirIds()
    {
        const auto request =
            readText(bundleOf("transaction", {coverage("urn:uuid:self", kUuid), patient(kUuid)}));
        const auto& made = request.entries[1].write.value();
        const auto& referring = request.entries[0].write.value();
        QCOMPARE(referring.document.value().text,
                 json("{ 'resourceType':'Basic','id':'" + referring.id +
                      "','amount':1.10, 'subject' : {'reference': 'Patient/" + made.id + "' }}"));
    }

    void referencesToAddresses_areResolvedToo()
    {
        const std::string base = "http://old.example/fhir/";
        for (const std::string& reference : {base + "Patient/1", std::string("Patient/1")}) {
            const auto request = readText(bundleOf(
                "transaction", {coverage(base + "Basic/5", reference), patient(base + "Patient/1")}));
            const auto text = JsonDocument::parse(request.entries[0].write.value().document.value().text);
            QCOMPARE(text->root()["subject"]["reference"].string(),
                     "Patient/" + request.entries[1].write.value().id);
        }
        const auto other =
            readText(bundleOf("transaction", {coverage("http://new.example/Basic/5", "Patient/1"),
                                              patient(base + "Patient/1")}));
        const auto text = JsonDocument::parse(other.entries[0].write.value().document.value().text);
        QCOMPARE(text->root()["subject"]["reference"].string(), std::string("Patient/1"));
    }

    void referencesInABatch_stayAsTheyAre()
    {
        const auto request = readText(bundleOf("batch", {coverage("urn:uuid:self", kUuid), patient(kUuid)}));
        const auto text = JsonDocument::parse(request.entries[0].write.value().document.value().text);
        QCOMPARE(text->root()["subject"]["reference"].string(), kUuid);
    }

    void conditionalReferences_areRefusedInATransaction()
    {
        const std::string conditional = "Patient?identifier=a|b";
        auto request = readText(bundleOf("transaction", {coverage("", conditional)}));
        QCOMPARE(request.entries[0].problem.value().code, std::string("conditional-reference"));
        QCOMPARE(request.entries[0].problem->expression, std::string("Basic.subject.reference"));
        request = readText(
            bundleOf("transaction", {coverage("", kUuid), patient(kUuid, ",'ifNoneExist':'name=x'")}));
        QCOMPARE(request.entries[0].problem.value().code, std::string("conditional-reference"));
        request = readText(bundleOf("batch", {coverage("", conditional)}));
        QVERIFY(request.entries[0].write.has_value());
    }

    void anAddressGivenTwice_isTheSecondOnesProblem()
    {
        const auto request = readText(bundleOf("transaction", {patient(kUuid), patient(kUuid)}));
        QVERIFY(request.entries[0].write.has_value());
        QCOMPARE(request.entries[1].problem.value().code, std::string("repeated-full-url"));
    }

    void ids_areNewEachTime()
    {
        const auto request = readText(bundleOf("batch", std::vector<std::string>(100, patient(""))));
        std::set<std::string> ids;
        for (const auto& entry : request.entries)
            ids.insert(entry.write.value().id);
        QCOMPARE(ids.size(), std::size_t(100));
    }

    void entityTags_giveTheirVersion()
    {
        QCOMPARE(fhir::versionOfETag("W/\"a.7\"").value_or(""), std::string("a.7"));
        QCOMPARE(fhir::versionOfETag("\"a.7\"").value_or(""), std::string("a.7"));
        for (const char* wrong :
             {"", "*", "W/", "W/\"\"", "\"", "a.7", "W/a.7", "W/\"a\", W/\"b\"", "w/\"a\""})
            QVERIFY2(!fhir::versionOfETag(wrong), wrong);
    }

    void quotedText_isValidJsonWhateverItIs()
    {
        QVERIFY(rc::check([](const std::string& text) {
            const auto document = JsonDocument::parse(fhir::quoted(text));
            RC_ASSERT(document.has_value());
            const bool isUtf8 = QString::fromStdString(text).toStdString() == text;
            RC_ASSERT(!isUtf8 || document->root().string() == text);
        }));
        QCOMPARE(fhir::quoted("a\xFF\xC3\xA9"), std::string("\"a???\""));
        QCOMPARE(fhir::quoted("\xC3\xA9\x1F"), std::string("\"\xC3\xA9\\u001f\""));
    }

    void outcomes_areJsonWhateverTheySay()
    {
        const Problem problem{409, "slot-taken", "It says \"no\"\n\\ and \x01.", "Appointment.start",
                              "Appointment/7"};
        const auto outcome = JsonDocument::parse(fhir::outcomeOf(problem));
        QVERIFY(outcome.has_value());
        const JsonView issue = outcome->root()["issue"][0];
        QVERIFY(outcome->root()["resourceType"].says("OperationOutcome"));
        QVERIFY(issue["severity"].says("error"));
        QVERIFY(issue["code"].says("conflict"));
        QVERIFY(issue["details"]["coding"][0]["code"].says("slot-taken"));
        QVERIFY(issue["details"]["text"].says(problem.detail));
        QVERIFY(issue["expression"][0].says("Appointment.start"));
        QVERIFY(issue["extension"][0]["valueReference"]["reference"].says("Appointment/7"));

        const auto information = JsonDocument::parse(fhir::informationOf({"One.", "Two."}));
        QCOMPARE(information->root()["issue"].size(), std::size_t(2));
        QVERIFY(information->root()["issue"][1]["severity"].says("information"));
    }
};

QTEST_GUILESS_MAIN(TestBundle)
#include "tst_bundle.moc"
