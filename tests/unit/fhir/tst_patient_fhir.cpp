// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/patient_fhir.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow;
using namespace yarrow::fhir;

namespace {

QString anyText()
{
    return *rc::gen::element(QString(), QStringLiteral("a"), QStringLiteral("Ünïcode"),
                             QStringLiteral("O'Neil"), QStringLiteral("李"), QStringLiteral("two words"));
}

QStringList anyTexts()
{
    QStringList texts;
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
        const QString text = anyText();
        if (!text.isEmpty())
            texts.append(text);
    }
    return texts;
}

/// Leaves, removes, adds, repeats or reorders items, and changes some of them.
template <class T, class Change>
void edit(std::vector<T>& items, Change&& change)
{
    for (T& item : items) {
        if (*rc::gen::inRange(0, 3) == 0)
            change(item);
    }
    if (!items.empty() && *rc::gen::inRange(0, 3) == 0)
        items.erase(items.begin() + *rc::gen::inRange(0, static_cast<int>(items.size())));
    if (*rc::gen::inRange(0, 3) == 0) {
        T item;
        change(item);
        items.insert(items.begin() + *rc::gen::inRange(0, static_cast<int>(items.size()) + 1), item);
    }
    if (items.size() > 1 && *rc::gen::inRange(0, 4) == 0)
        std::swap(items.front(), items.back());
}

void editAnyhow(Patient& patient)
{
    edit(patient.identifiers, [](Identifier& identifier) {
        identifier.use =
            *rc::gen::element(Identifier::Use::Usual, Identifier::Use::Old, Identifier::Use::Unset);
        identifier.typeCode = *rc::gen::element<std::string>("", "MR", "SS");
        identifier.value = anyText();
    });
    edit(patient.names, [](HumanName& name) {
        name.use = *rc::gen::element(HumanName::Use::Official, HumanName::Use::Maiden, HumanName::Use::Unset);
        name.family = anyText();
        name.given = anyTexts();
        name.text.clear(); // a text that spells out other parts is dropped: a test of its own
    });
    edit(patient.telecoms, [](ContactPoint& contact) {
        contact.system = *rc::gen::element(ContactPoint::System::Phone, ContactPoint::System::Email);
        contact.use = *rc::gen::element(ContactPoint::Use::Home, ContactPoint::Use::Unset);
        contact.value = anyText();
        contact.rank = *rc::gen::inRange(0, 3);
    });
    edit(patient.addresses, [](PostalAddress& address) {
        address.use = *rc::gen::element(PostalAddress::Use::Home, PostalAddress::Use::Unset);
        address.lines = anyTexts();
        address.city = anyText();
    });
    patient.active = *rc::gen::arbitrary<bool>();
    patient.sex = *rc::gen::element(Sex::Female, Sex::Male, Sex::Other, Sex::Unknown);
    patient.birthDate = *PartialDate::parse(*rc::gen::element<std::string>("1980", "1980-06", "1980-06-15"));
    if (*rc::gen::arbitrary<bool>())
        patient.birthDate = {};
    patient.deceased = *rc::gen::arbitrary<bool>();
    patient.deceasedOn =
        patient.deceased && *rc::gen::arbitrary<bool>() ? PartialDate(QDate(2025, 1, 2)) : PartialDate();
    patient.language = *rc::gen::element<std::string>("", "it", "de", "el");
}

} // namespace

class TestPatientFhir : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=19800615 max_success=300"); }

    void read_givesWhatTheDocumentSays()
    {
        const Patient patient = readPatient(golden::parsed(golden::kPatient)).value();
        QCOMPARE(patient.id, PatientId::known("p-1"));
        QCOMPARE(patient.active, true);
        QCOMPARE(patient.identifiers.size(), std::size_t(2));
        QCOMPARE(patient.identifiers[0].typeCode, std::string());
        QCOMPARE(medicalRecordNumber(patient), QStringLiteral("A-10001"));
        QCOMPARE(formatName(*displayName(patient)), QStringLiteral("Moretti, Ada Maria"));
        QCOMPARE(patient.names[1].use, HumanName::Use::Maiden);
        QCOMPARE(patient.telecoms.size(), std::size_t(4));
        QCOMPARE(patient.telecoms[1].rank, 1);
        QCOMPARE(patient.telecoms[1].use, ContactPoint::Use::Mobile);
        QCOMPARE(patient.telecoms[2].system, ContactPoint::System::Other);
        QCOMPARE(patient.addresses[0].lines,
                 QStringList({QStringLiteral("Via Prova 1"), QStringLiteral("Scala B")}));
        QCOMPARE(patient.sex, Sex::Female);
        QCOMPARE(patient.birthDate, PartialDate(QDate(1980, 6, 15)));
        QCOMPARE(patient.deceased, false);
        QCOMPARE(patient.language, std::string("it"));
    }

    void read_knowsBothWaysToBeDeceased()
    {
        auto read = readPatient(golden::parsed(R"({"resourceType":"Patient","deceasedBoolean":true})"));
        QVERIFY(read->deceased && read->deceasedOn.isEmpty());
        read = readPatient(golden::parsed(R"({"resourceType":"Patient","deceasedBoolean":false})"));
        QVERIFY(!read->deceased);
        read = readPatient(
            golden::parsed(R"({"resourceType":"Patient","deceasedDateTime":"2019-03-30T23:59:00-03:30"})"));
        QVERIFY(read->deceased);
        QCOMPARE(read->deceasedOn, PartialDate(QDate(2019, 3, 30)));
    }

    void read_namesTheElementItRefuses_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char* path, const char* document) {
            QTest::newRow(path) << QByteArray(document) << QByteArray(path);
        };
        row("Patient: must be an object", R"(["Patient"])");
        row("Patient.resourceType: is another one", R"({"resourceType":"Person"})");
        row("Patient.id: must be 1 to 64 of A-Z a-z 0-9 - .", R"({"resourceType":"Patient","id":"a b"})");
        row("Patient.active: must be true or false", R"({"resourceType":"Patient","active":"yes"})");
        row("Patient.birthDate: must be a date", R"({"resourceType":"Patient","birthDate":"15.6.1980"})");
        row("Patient.birthDate: must be a string", R"({"resourceType":"Patient","birthDate":1980})");
        row("Patient.name: must be a list", R"({"resourceType":"Patient","name":{"family":"X"}})");
        row("Patient.name[1].given: must be a list of strings",
            R"({"resourceType":"Patient","name":[{},{"given":[1]}]})");
        row("Patient.telecom[0]: must be an object", R"({"resourceType":"Patient","telecom":["112"]})");
        row("Patient.telecom[1].rank: must be a whole number",
            R"({"resourceType":"Patient","telecom":[{},{"rank":1.5}]})");
    }
    void read_namesTheElementItRefuses()
    {
        QFETCH(QByteArray, document);
        QFETCH(QByteArray, path);
        const auto read = readPatient(golden::parsed(document.constData()));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, ErrorCode::InvalidResource);
        QCOMPARE(read.error().context, path.toStdString());
    }

    void write_withoutChangeIsTheSameToTheLetter()
    {
        Json document = golden::parsed(golden::kPatient);
        const std::string before = document.dump();
        writePatient(readPatient(document).value(), document);
        QCOMPARE(document.dump(), before);
    }

    void write_changesOneTextAndNothingElse_data()
    {
        QTest::addColumn<std::function<void(Patient&)>>("change");
        QTest::addColumn<std::string>("what");
        QTest::addColumn<std::string>("with");
        using Change = std::function<void(Patient&)>;
        const auto row = [](const char* name, Change change, std::string what, std::string with) {
            QTest::newRow(name) << change << what << with;
        };
        row(
            "a phone", [](Patient& p) { p.telecoms[0].value = QStringLiteral("112"); }, R"("+39 02 5550100")",
            R"("112")");
        row(
            "the birth date", [](Patient& p) { p.birthDate = PartialDate(QDate(1981, 1, 2)); },
            R"("1980-06-15")", R"("1981-01-02")");
        row(
            "sex", [](Patient& p) { p.sex = Sex::Other; }, R"("female")", R"("other")");
        row(
            "the second of two names", [](Patient& p) { p.names[1].family = QStringLiteral("Spät"); },
            R"("Früh")", R"("Spät")");
        row(
            "a record number", [](Patient& p) { p.identifiers[1].value = QStringLiteral("A-9"); },
            R"("A-10001")", R"("A-9")");
        row(
            "a contact's use", [](Patient& p) { p.telecoms[1].use = ContactPoint::Use::Work; }, R"("mobile")",
            R"("work")");
        row(
            "removing an e-mail address", [](Patient& p) { p.telecoms.erase(p.telecoms.begin() + 3); },
            R"(,{"system":"email","value":"ada@mail.example"})", "");
        row(
            "removing a phone in front", [](Patient& p) { p.telecoms.erase(p.telecoms.begin()); },
            R"({"extension":[{"url":"urn:x:verified","valueBoolean":true}],"system":"phone","value":"+39 02 5550100",)"
            R"("use":"home","period":{"start":"2020"}},)",
            "");
        row(
            "adding a phone behind",
            [](Patient& p) {
                ContactPoint contact;
                contact.use = ContactPoint::Use::Work;
                contact.value = QStringLiteral("118");
                p.telecoms.push_back(contact);
            },
            R"("value":"ada@mail.example"})",
            R"("value":"ada@mail.example"},{"system":"phone","value":"118","use":"work"})");
        row(
            "inactive", [](Patient& p) { p.active = false; }, R"("name":[{"id")",
            R"("active":false,"name":[{"id")");
        row(
            "deceased", [](Patient& p) { p.deceased = true; }, R"("address":)",
            R"("deceasedBoolean":true,"address":)");
        row(
            "the language", [](Patient& p) { p.language = "fr"; },
            R"({"coding":[{"system":"urn:ietf:bcp:47","code":"it","display":"Italian"}],"text":"Italiano"})",
            R"({"coding":[{"system":"urn:ietf:bcp:47","code":"fr"}]})");
    }
    void write_changesOneTextAndNothingElse()
    {
        using Change = std::function<void(Patient&)>;
        QFETCH(Change, change);
        QFETCH(std::string, what);
        QFETCH(std::string, with);
        Json document = golden::parsed(golden::kPatient);
        const std::string expected = golden::replaced(document.dump(), what, with);
        Patient patient = readPatient(document).value();
        change(patient);
        writePatient(patient, document);
        QCOMPARE(document.dump(), expected);
        QCOMPARE(readPatient(document).value(), patient);
    }

    void write_keepsExtensionsWithTheGivenNameTheyBelongTo()
    {
        Json document = golden::parsed(golden::kPatient);
        Patient patient = readPatient(document).value();
        patient.names[0].given = {QStringLiteral("Maria"), QStringLiteral("Ada"), QStringLiteral("Eva")};
        writePatient(patient, document);
        const Json& extensions = document["name"][0]["_given"];
        QCOMPARE(extensions.items().size(), std::size_t(3));
        QCOMPARE(extensions[0]["extension"][0]["url"].string(), std::string_view("urn:x:middle"));
        QVERIFY(extensions[1].isNull() && extensions[2].isNull());

        patient.names[0].given = {QStringLiteral("Ada")};
        writePatient(patient, document);
        QVERIFY(!document["name"][0].contains("_given"));
    }

    void write_dropsATextThatSpellsOutOldParts()
    {
        Json document = golden::parsed(golden::kPatient);
        Patient patient = readPatient(document).value();
        patient.names[0].family = QStringLiteral("Bianchi");
        patient.addresses[0].city = QStringLiteral("Roma");
        writePatient(patient, document);
        QVERIFY(!document["name"][0].contains("text"));
        QVERIFY(!document["address"][0].contains("text"));
        QVERIFY(document["name"][0].contains("_family"));
        QCOMPARE(document["address"][0]["district"].string(), std::string_view("MI"));
    }

    void write_aKnownBirthDateIsNoLongerAbsent()
    {
        Json document = golden::parsed(golden::kBirthDateUnknown);
        Patient patient = readPatient(document).value();
        patient.birthDate = PartialDate(QDate(1990, 1, 1));
        writePatient(patient, document);
        QCOMPARE(document.dump(), std::string(R"({"resourceType":"Patient","birthDate":"1990-01-01"})"));
    }

    void write_makesANewDocumentInFhirsOrder()
    {
        Patient patient = readPatient(golden::parsed(golden::kPatient)).value();
        patient.deceased = true;
        Json document;
        writePatient(patient, document);
        std::string names;
        for (const Json::Member& member : document.members())
            names.append(member.name).append(" ");
        QCOMPARE(names, std::string(
                            "resourceType id identifier active name telecom gender birthDate deceasedBoolean "
                            "address communication "));
        QCOMPARE(readPatient(document).value(), patient);
    }

    void write_thenReadGivesWhatWasWritten()
    {
        QVERIFY(rc::check("over a rich document, a small one and none", [] {
            const int which = *rc::gen::inRange(0, 3);
            Json document = which == 0 ? golden::parsed(golden::kPatient)
                            : which == 1
                                ? golden::parsed(R"({"meta":{},"resourceType":"Patient","id":"p-1"})")
                                : Json();
            Patient patient = which == 2 ? Patient() : readPatient(document).value();
            patient.id = PatientId::known("p-1");
            editAnyhow(patient);
            writePatient(patient, document);
            if (which == 0 && patient.language.empty())
                patient.language = "de"; // the other language of the document moves up
            const auto read = readPatient(document);
            RC_ASSERT(read.has_value());
            RC_ASSERT(read->identifiers == patient.identifiers);
            RC_ASSERT(read->names == patient.names);
            RC_ASSERT(read->telecoms == patient.telecoms);
            RC_ASSERT(read->addresses == patient.addresses);
            RC_ASSERT(*read == patient);
            const std::string once = document.dump();
            writePatient(patient, document);
            RC_ASSERT(document.dump() == once);
            if (which == 0)
                RC_ASSERT(document["unknownElement"].dump() == R"({"deep":[1,2.50,null]})");
        }));
    }
};

QTEST_GUILESS_MAIN(TestPatientFhir)
#include "tst_patient_fhir.moc"
