// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/element_identity.h"
#include "tests/support/json_text.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::fhir;

/// What identifies members and items of FHIR documents.
class TestElementIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choicesAreKnownByBaseAndType_data();
    void choicesAreKnownByBaseAndType();
    void groupsAreThoseOfTheType();
    void keysAreMadeFromWhatStays_data();
    void keysAreMadeFromWhatStays();
};

void TestElementIdentity::choicesAreKnownByBaseAndType_data()
{
    QTest::addColumn<QString>("member");
    QTest::addColumn<QString>("choice");
    const auto row = [](const char* member, const char* choice) {
        QTest::newRow(member) << member << choice;
    };
    row("deceasedBoolean", "deceased[x]");
    row("_deceasedDateTime", "deceased[x]");
    row("valueCodeableConcept", "value[x]");
    row("multipleBirthInteger", "multipleBirth[x]");
    row("doseNumberString", "doseNumber[x]");
    row("doseQuantity", "dose[x]");
    row("minimumVolumeQuantity", "minimumVolume[x]");
    row("birthDate", "");
    row("valueSet", "");
    row("reasonCode", "");
    row("value", "");
    row("String", "");
    row("_", "");
    row("", "");
}

void TestElementIdentity::choicesAreKnownByBaseAndType()
{
    QFETCH(QString, member);
    QFETCH(QString, choice);
    const std::string name = member.toStdString();
    QCOMPARE(QString::fromUtf8(choiceOf(name).data(), qsizetype(choiceOf(name).size())), choice);
}

void TestElementIdentity::groupsAreThoseOfTheType()
{
    using Kind = ElementName::Kind;
    QCOMPARE(elementOf("Appointment", "_start"), elementOf("Appointment", "participant"));
    QCOMPARE(elementOf("Appointment", "start").kind, Kind::Group);
    QCOMPARE(elementOf("Condition", "abatementAge"), elementOf("Condition", "clinicalStatus"));
    QCOMPARE(elementOf("Appointment", "comment"), (ElementName{Kind::Plain, "comment"}));
    QCOMPARE(elementOf("", "start"), (ElementName{Kind::Plain, "start"}));
    QCOMPARE(elementOf("Patient", "_birthDate"), (ElementName{Kind::Plain, "birthDate"}));
    QCOMPARE(elementOf("Immunization", "status").kind, Kind::Group);
    QVERIFY(!(elementOf("Immunization", "status") == elementOf("Immunization", "lotNumber")));
}

void TestElementIdentity::keysAreMadeFromWhatStays_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("key"); // null: cannot be told apart
    QTest::newRow("id first") << "telecom"
                              << "{'id':'7','system':'phone'}"
                              << "id=7";
    QTest::newRow("telecom") << "telecom"
                             << "{'system':'phone','use':'mobile','value':'555-0101'}"
                             << "system=phone,use=mobile";
    QTest::newRow("name") << "name"
                          << "{'use':'official','family':'Rossi'}"
                          << "use=official";
    QTest::newRow("name without use") << "name"
                                      << "{'family':'Rossi'}"
                                      << "";
    QTest::newRow("address") << "address"
                             << "{'use':'home','type':'postal','city':'Milano'}"
                             << "use=home,type=postal";
    QTest::newRow("identifier")
        << "identifier"
        << "{'system':'https://a.example/mrn','type':{'coding':[{'system':'t','code':'MR'}]},"
           "'value':'1'}"
        << "system=https://a.example/mrn,type=t|MR";
    QTest::newRow("contact") << "contact"
                             << "{'relationship':[{'coding':[{'code':'N'}]}]}"
                             << "relationship=N";
    QTest::newRow("participant") << "participant"
                                 << "{'actor':{'reference':'Practitioner/7'},'status':'accepted'}"
                                 << "actor=Practitioner/7";
    QTest::newRow("encounter participant")
        << "participant"
        << "{'individual':{'reference':'Practitioner/7'},'type':[{'text':'x'}]}"
        << "individual=Practitioner/7";
    QTest::newRow("logical reference") << "participant"
                                       << "{'actor':{'identifier':{'system':'s','value':'9'}}}"
                                       << "actor=s|9";
    QTest::newRow("language") << "communication"
                              << "{'language':{'coding':[{'code':'it'}]}}"
                              << "language=it";
    QTest::newRow("practitioner's language") << "communication"
                                             << "{'coding':[{'code':'it'}]}"
                                             << "code=it";
    QTest::newRow("link") << "link"
                          << "{'other':{'reference':'Patient/2'},'type':'seealso'}"
                          << "other=Patient/2";
    QTest::newRow("extension") << "extension"
                               << "{'url':'u','valueCode':'c'}"
                               << "url=u";
    QTest::newRow("reference") << "generalPractitioner"
                               << "{'reference':'Practitioner/1','display':'x'}"
                               << "reference=Practitioner/1";
    QTest::newRow("concept") << "category"
                             << "{'coding':[{'system':'s','code':'c'}]}"
                             << "code=s|c";
    QTest::newRow("tag") << "tag"
                         << "{'system':'s','code':'c'}"
                         << "system=s,code=c";
    QTest::newRow("item") << "item"
                          << "{'linkId':'3.1'}"
                          << "linkId=3.1";
    QTest::newRow("numbered") << "item"
                              << "{'sequence':3}"
                              << "sequence=3";
    QTest::newRow("note") << "note"
                          << "{'authorString':'a','time':'2025-01-01','text':'x'}"
                          << "authorString=a,time=2025-01-01";
    QTest::newRow("note without time") << "note"
                                       << "{'text':'x'}"
                                       << "";
    QTest::newRow("hours") << "availableTime"
                           << "{'daysOfWeek':['mon']}" << QString();
    QTest::newRow("text") << "given"
                          << "'Ada'" << QString();
    QTest::newRow("special") << "extension"
                             << "{'url':'a,b]c[d'}"
                             << "url=a\\,b\\]c\\[d";
}

void TestElementIdentity::keysAreMadeFromWhatStays()
{
    QFETCH(QString, list);
    QFETCH(QString, item);
    QFETCH(QString, key);
    const auto parsed = Json::parse(json(item.toStdString()));
    QVERIFY(parsed.has_value());
    const auto found = itemKey(list.toStdString(), *parsed);
    QCOMPARE(found.has_value(), !key.isNull());
    if (found)
        QCOMPARE(QString::fromStdString(*found), key);
}

QTEST_GUILESS_MAIN(TestElementIdentity)
#include "tst_element_identity.moc"
