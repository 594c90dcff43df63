// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sync/merge_cases.h"

using mergetest::doc;
using yarrow::Json;
using namespace yarrow::sync;

/// The rules of the merge that a whole resource, or its metadata, goes by.
class TestMergeResources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prescriptionsDisputeWhole();
    void prescriptionChangedByOneSideIsTaken();
    void signedNotesDisputeWhole_data();
    void signedNotesDisputeWhole();
    void draftNotesMergeBySection();
    void containedResourcesMergeById();
    void saysTheSame_ignoresWhatServersAdd_data();
    void saysTheSame_ignoresWhatServersAdd();
    void serversMetaIsTheirs();
    void tagsAreASet();
    void narrativeNeverDisputes();
};

void TestMergeResources::prescriptionsDisputeWhole()
{
    const std::string base =
        "{'resourceType':'MedicationRequest','id':'m1','status':'active','priority':'routine'}";
    const std::string mine =
        "{'resourceType':'MedicationRequest','id':'m1','status':'stopped','priority':'routine'}";
    const std::string theirs =
        "{'resourceType':'MedicationRequest','id':'m1','status':'active','priority':'urgent'}";
    COMPARE_MERGE(base, mine, theirs, theirs, ": " + base + " | " + mine + " | " + theirs);
    COMPARE_MERGE(base, mine, mine, mine);
}

void TestMergeResources::prescriptionChangedByOneSideIsTaken()
{
    // What the server does to meta and narrative is no change of the prescription.
    COMPARE_MERGE(
        "{'resourceType':'MedicationRequest','meta':{'versionId':'1'},'status':'active'}",
        "{'resourceType':'MedicationRequest','meta':{'versionId':'1'},'status':'stopped'}",
        "{'resourceType':'MedicationRequest','meta':{'versionId':'2'},'text':{'status':'generated'},"
        "'status':'active'}",
        "{'resourceType':'MedicationRequest','meta':{'versionId':'2'},'text':{'status':'generated'},"
        "'status':'stopped'}");
}

void TestMergeResources::signedNotesDisputeWhole_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("draft") << "Composition"
                           << "'status':'preliminary'" << false;
    QTest::newRow("final") << "Composition"
                           << "'status':'final'" << true;
    QTest::newRow("amended") << "Composition"
                             << "'status':'amended'" << true;
    QTest::newRow("letter") << "DocumentReference"
                            << "'status':'current','docStatus':'final'" << true;
    QTest::newRow("letter in the making") << "DocumentReference"
                                          << "'status':'current'" << false;
    QTest::newRow("report") << "DiagnosticReport"
                            << "'status':'final'" << true;
    QTest::newRow("assessment") << "ClinicalImpression"
                                << "'status':'completed'" << true;
    QTest::newRow("result") << "Observation"
                            << "'status':'final'" << true;
    QTest::newRow("result to come") << "Observation"
                                    << "'status':'registered'" << false;
    QTest::newRow("encounter") << "Encounter"
                               << "'status':'finished'" << false;
    QTest::newRow("allergy") << "AllergyIntolerance"
                             << "'id':'a'" << true;
    QTest::newRow("audit") << "AuditEvent"
                           << "'id':'a'" << true;
}

void TestMergeResources::signedNotesDisputeWhole()
{
    QFETCH(QString, type);
    QFETCH(QString, state);
    QFETCH(bool, isWhole);
    const std::string begin = "{'resourceType':'" + type.toStdString() + "'," + state.toStdString();
    const Json base = doc(begin + ",'language':'it','implicitRules':'1'}");
    const Json mine = doc(begin + ",'language':'de','implicitRules':'1'}");
    const Json theirs = doc(begin + ",'language':'it','implicitRules':'2'}");
    const Merged merged = merge(base, mine, theirs);
    QCOMPARE(merged.disputes.empty(), !isWhole);
    if (isWhole)
        QCOMPARE(merged.disputes.front(), (Dispute{"", base, mine, theirs}));
    else
        QCOMPARE(merged.document, doc(begin + ",'language':'de','implicitRules':'2'}"));
}

void TestMergeResources::draftNotesMergeBySection()
{
    COMPARE_MERGE("{'resourceType':'Composition','status':'preliminary','section':["
                  "{'title':'History','text':{'status':'additional','div':'h'}},"
                  "{'title':'Plan','text':{'status':'additional','div':'p'}}]}",
                  "{'resourceType':'Composition','status':'preliminary','section':["
                  "{'title':'History','text':{'status':'additional','div':'h2'}},"
                  "{'title':'Plan','text':{'status':'additional','div':'p2'}}]}",
                  "{'resourceType':'Composition','status':'preliminary','section':["
                  "{'title':'History','text':{'status':'additional','div':'h'}},"
                  "{'title':'Plan','text':{'status':'additional','div':'p3'}}]}",
                  "{'resourceType':'Composition','status':'preliminary','section':["
                  "{'title':'History','text':{'status':'additional','div':'h2'}},"
                  "{'title':'Plan','text':{'status':'additional','div':'p3'}}]}",
                  "section[title=Plan].text: {'status':'additional','div':'p'} | "
                  "{'status':'additional','div':'p2'} | {'status':'additional','div':'p3'}");
}

void TestMergeResources::containedResourcesMergeById()
{
    COMPARE_MERGE(
        "{'resourceType':'Basic','contained':[{'resourceType':'Slot','id':'s','start':'1','end':'2'},"
        "{'resourceType':'Patient','id':'p','gender':'male'}]}",
        "{'resourceType':'Basic','contained':[{'resourceType':'Slot','id':'s','start':'0','end':'2'},"
        "{'resourceType':'Patient','id':'p','gender':'other'}]}",
        "{'resourceType':'Basic','contained':[{'resourceType':'Patient','id':'p','gender':'male',"
        "'active':true},{'resourceType':'Slot','id':'s','start':'1','end':'3'}]}",
        "{'resourceType':'Basic','contained':[{'resourceType':'Patient','id':'p','gender':'other',"
        "'active':true},{'resourceType':'Slot','id':'s','start':'1','end':'3'}]}",
        "contained[id=s].{schedule,start,end,status,overbooked}: {'start':'1','end':'2'} | "
        "{'start':'0','end':'2'} | {'start':'1','end':'3'}");
}

void TestMergeResources::saysTheSame_ignoresWhatServersAdd_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<bool>("same");
    QTest::newRow("order") << "{'a':1,'b':{'c':1,'d':2}}"
                           << "{'b':{'d':2,'c':1},'a':1}" << true;
    QTest::newRow("value") << "{'a':1}"
                           << "{'a':2}" << false;
    QTest::newRow("digits") << "{'a':1.0}"
                            << "{'a':1.00}" << false;
    QTest::newRow("more") << "{'a':1}"
                          << "{'a':1,'b':1}" << false;
    QTest::newRow("version") << "{'meta':{'versionId':'1','source':'#a'}}"
                             << "{'meta':{'versionId':'2','lastUpdated':'2025-01-01T00:00:00Z'}}" << true;
    QTest::newRow("meta") << "{'a':1}"
                          << "{'a':1,'meta':{'versionId':'1'}}" << true;
    QTest::newRow("tag") << "{'a':1}"
                         << "{'a':1,'meta':{'tag':[{'code':'x'}]}}" << false;
    QTest::newRow("generated") << "{'a':1}"
                               << "{'a':1,'text':{'status':'generated','div':'x'}}" << true;
    QTest::newRow("written") << "{'a':1}"
                             << "{'a':1,'text':{'status':'additional','div':'x'}}" << false;
    QTest::newRow("items") << "{'a':[1,2]}"
                           << "{'a':[2,1]}" << false;
}

void TestMergeResources::saysTheSame_ignoresWhatServersAdd()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(bool, same);
    QCOMPARE(saysTheSame(doc(a.toStdString()), doc(b.toStdString())), same);
    QCOMPARE(saysTheSame(doc(b.toStdString()), doc(a.toStdString())), same);
}

void TestMergeResources::serversMetaIsTheirs()
{
    COMPARE_MERGE("{'resourceType':'Patient','meta':{'versionId':'1','lastUpdated':'2025-01-01T00:00:00Z'}}",
                  "{'resourceType':'Patient','meta':{'versionId':'7','source':'#mine'},'gender':'male'}",
                  "{'resourceType':'Patient','meta':{'versionId':'2','lastUpdated':'2025-01-02T00:00:00Z',"
                  "'source':'#theirs'}}",
                  "{'resourceType':'Patient','meta':{'versionId':'2','lastUpdated':'2025-01-02T00:00:00Z',"
                  "'source':'#theirs'},'gender':'male'}");
    COMPARE_MERGE("{'resourceType':'Patient'}",
                  "{'resourceType':'Patient','meta':{'versionId':'7','source':'#mine'},'gender':'male'}",
                  "{'resourceType':'Patient'}",
                  "{'resourceType':'Patient','meta':{'source':'#mine'},'gender':'male'}");
}

void TestMergeResources::tagsAreASet()
{
    COMPARE_MERGE(
        "{'resourceType':'Patient','meta':{'tag':[{'system':'s','code':'a'}]}}",
        "{'resourceType':'Patient','meta':{'tag':[{'system':'s','code':'a'},{'system':'s','code':'m'}]}}",
        "{'resourceType':'Patient','meta':{'tag':[{'system':'s','code':'t'}]}}",
        "{'resourceType':'Patient','meta':{'tag':[{'system':'s','code':'m'},{'system':'s','code':'t'}]}}");
}

void TestMergeResources::narrativeNeverDisputes()
{
    // Only mine changed anything: its narrative belongs to it.
    COMPARE_MERGE("{'resourceType':'Patient','text':{'status':'generated','div':'1'},'gender':'male'}",
                  "{'resourceType':'Patient','text':{'status':'generated','div':'2'},'gender':'other'}",
                  "{'resourceType':'Patient','text':{'status':'generated','div':'1'},'gender':'male'}",
                  "{'resourceType':'Patient','text':{'status':'generated','div':'2'},'gender':'other'}");
    for (const char* theirs : {"{'resourceType':'Patient','text':{'status':'generated','div':'3'},'gender':'"
                               "male','birthDate':'1990'}",
                               "{'resourceType':'Patient','text':{'status':'generated','div':'1'},'gender':'"
                               "male','birthDate':'1990'}"}) {
        const Json merged =
            merge(doc("{'resourceType':'Patient','text':{'status':'generated','div':'1'},'gender':'male'}"),
                  doc("{'resourceType':'Patient','text':{'status':'generated','div':'2'},'gender':'other'}"),
                  doc(theirs))
                .document;
        QCOMPARE(merged["text"], doc(theirs)["text"]);
        QCOMPARE(merged["gender"].string(), std::string_view("other"));
    }
}

QTEST_GUILESS_MAIN(TestMergeResources)
#include "tst_merge_resources.moc"
