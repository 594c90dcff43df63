// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sync/merge_cases.h"

using mergetest::doc;
using yarrow::Json;
using namespace yarrow::sync;

namespace {

/// A document of a type with one list.
std::string patient(const std::string& list, const std::string& items)
{
    return "{'resourceType':'Patient','" + list + "':[" + items + "]}";
}

} // namespace

/// The rules of the merge for items of lists.
class TestMergeLists : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoNumbersForOneMobile_dispute();
    void additionsOfBothSides_areKept();
    void differentItemsForOneKey_dispute();
    void twoDrawnRecordNumbers_dispute();
    void removedByOneSide_isGone();
    void removalAgainstChange_disputes();
    void itemsWithOneKey_followTheSideThatChangedThem();
    void itemsWithOneKey_areNeverMixed();
    void sameAdditionToItemsWithOneKey_isTakenOnce();
    void contactsAreNeverMixed();
    void extensionsMergeByUrl();
    void languagesMergeByLanguage();
    void linksMergeByPatient();
    void referencesAreASet();
    void itemsWithIdsMergeById();
    void itemsThatCannotBeToldApart_areOneElement();
    void minesNewItemsGoBehindTheirNeighbours();
    void reorderOfOneSide_isTaken();
    void disputedItemsWithOneKey_keepTheirOrder();
    void lastItemTakenAway_takesTheList();
    void longListsAreQuick_data();
    void longListsAreQuick();
};

void TestMergeLists::twoNumbersForOneMobile_dispute()
{
    const auto telecom = [](const std::string& value, const std::string& more = {}) {
        return patient("telecom", "{'system':'email','value':'ada@example.org'},"
                                  "{'system':'phone','use':'mobile','value':'" +
                                      value + "'" + more + "}");
    };
    COMPARE_MERGE(telecom("555-0101"), telecom("555-0102"), telecom("555-0103"), telecom("555-0103"),
                  "telecom[system=phone,use=mobile].value: '555-0101' | '555-0102' | '555-0103'");
    COMPARE_MERGE(telecom("555-0101"), telecom("555-0102"), telecom("555-0101", ",'rank':1"),
                  telecom("555-0102", ",'rank':1"));
}

void TestMergeLists::additionsOfBothSides_areKept()
{
    COMPARE_MERGE("{'resourceType':'Patient','id':'p'}",
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0101'}"),
                  patient("telecom", "{'system':'email','value':'ada@example.org'}"),
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0101'},"
                                     "{'system':'email','value':'ada@example.org'}"));
}

void TestMergeLists::differentItemsForOneKey_dispute()
{
    COMPARE_MERGE("{'resourceType':'Patient'}",
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0101','rank':1}"),
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0102'}"),
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0102'}"),
                  "telecom[system=phone,use=home]: - | "
                  "{'system':'phone','use':'home','value':'555-0101','rank':1} | "
                  "{'system':'phone','use':'home','value':'555-0102'}");
}

void TestMergeLists::twoDrawnRecordNumbers_dispute()
{
    const std::string old = "{'use':'old','system':'https://clinic.example/mrn','value':'1'}";
    const auto drawn = [](const std::string& value) {
        return "{'use':'usual','system':'https://clinic.example/mrn','value':'" + value + "'}";
    };
    COMPARE_MERGE(patient("identifier", drawn("1")), patient("identifier", drawn("2")),
                  patient("identifier", drawn("3")), patient("identifier", drawn("3")),
                  "identifier[system=https://clinic.example/mrn]: " + drawn("1") + " | " + drawn("2") +
                      " | " + drawn("3"));
    COMPARE_MERGE(patient("identifier", drawn("1")), patient("identifier", drawn("2") + "," + old),
                  patient("identifier", drawn("3") + "," + old),
                  patient("identifier", drawn("3") + "," + old),
                  "identifier[system=https://clinic.example/mrn,*]: [" + drawn("1") + "] | [" + drawn("2") +
                      "," + old + "] | [" + drawn("3") + "," + old + "]");
}

void TestMergeLists::removedByOneSide_isGone()
{
    COMPARE_MERGE(patient("name", "{'use':'official','family':'Rossi'},{'use':'nickname','text':'Dada'}"),
                  patient("name", "{'use':'official','family':'Rossi'}"),
                  patient("name", "{'use':'official','family':'Verdi'},{'use':'nickname','text':'Dada'}"),
                  patient("name", "{'use':'official','family':'Verdi'}"));
}

void TestMergeLists::removalAgainstChange_disputes()
{
    COMPARE_MERGE(patient("telecom", "{'system':'phone','use':'home','value':'555-0101'}"),
                  "{'resourceType':'Patient'}",
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0102'}"),
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0102'}"),
                  "telecom[system=phone,use=home]: {'system':'phone','use':'home','value':'555-0101'} | - | "
                  "{'system':'phone','use':'home','value':'555-0102'}");
    COMPARE_MERGE(patient("telecom", "{'system':'phone','use':'home','value':'555-0101'}"),
                  patient("telecom", "{'system':'phone','use':'home','value':'555-0102'}"),
                  "{'resourceType':'Patient'}", "{'resourceType':'Patient'}",
                  "telecom[system=phone,use=home]: {'system':'phone','use':'home','value':'555-0101'} | "
                  "{'system':'phone','use':'home','value':'555-0102'} | -");
}

void TestMergeLists::itemsWithOneKey_followTheSideThatChangedThem()
{
    const auto mobile = [](const std::string& value) { return "{'system':'phone','value':'" + value + "'}"; };
    const auto mobiles = [&](const std::string& a, const std::string& b) {
        return patient("telecom", mobile(a) + "," + mobile(b));
    };
    COMPARE_MERGE(mobiles("1", "2"), mobiles("3", "2"), mobiles("1", "4"), mobiles("3", "4"));
    COMPARE_MERGE(mobiles("1", "2"), patient("telecom", mobile("2")), mobiles("1", "4"),
                  patient("telecom", mobile("4")), );
}

void TestMergeLists::itemsWithOneKey_areNeverMixed()
{
    const std::string a = "{'system':'phone','value':'1'}";
    const std::string b = "{'system':'phone','value':'2'}";
    const std::string mine = "{'system':'phone','value':'3'}";
    const std::string theirs = "{'system':'phone','value':'1','rank':1}";
    COMPARE_MERGE(patient("telecom", a + "," + b), patient("telecom", mine + "," + b),
                  patient("telecom", theirs + "," + b), patient("telecom", theirs + "," + b),
                  "telecom[system=phone,*]: [" + a + "," + b + "] | [" + mine + "," + b + "] | [" + theirs +
                      "," + b + "]");
}

void TestMergeLists::sameAdditionToItemsWithOneKey_isTakenOnce()
{
    const std::string a = "{'url':'https://a.example/race','valueCode':'a'}";
    const std::string b = "{'url':'https://a.example/race','valueCode':'b'}";
    const std::string c = "{'url':'https://a.example/race','valueCode':'c'}";
    COMPARE_MERGE(patient("extension", a), patient("extension", a + "," + b),
                  patient("extension", a + "," + b), patient("extension", a + "," + b));
    COMPARE_MERGE(patient("extension", a), patient("extension", a + "," + b),
                  patient("extension", a + "," + c), patient("extension", a + "," + c),
                  "extension[url=https://a.example/race,*]: [" + a + "] | [" + a + "," + b + "] | [" + a +
                      "," + c + "]");
}

void TestMergeLists::contactsAreNeverMixed()
{
    const auto contact = [](const std::string& name, const std::string& phone) {
        return "{'relationship':[{'coding':[{'code':'N'}]}],'name':{'text':'" + name +
               "'},'telecom':[{'system':'phone','value':'" + phone + "'}]}";
    };
    COMPARE_MERGE(patient("contact", contact("Eva Rossi", "555-0101")),
                  patient("contact", contact("Ugo Bruni", "555-0101")),
                  patient("contact", contact("Eva Rossi", "555-0199")),
                  patient("contact", contact("Eva Rossi", "555-0199")),
                  "contact[relationship=N]: " + contact("Eva Rossi", "555-0101") + " | " +
                      contact("Ugo Bruni", "555-0101") + " | " + contact("Eva Rossi", "555-0199"));
}

void TestMergeLists::extensionsMergeByUrl()
{
    const auto extensions = [](const std::string& a, const std::string& b) {
        return patient("extension", "{'url':'https://a.example/one,two[3]','valueString':'" + a +
                                        "'},{'url':'https://a.example/nested','extension':[{'url':'inner',"
                                        "'valueBoolean':" +
                                        b + "}]}");
    };
    COMPARE_MERGE(extensions("x", "true"), extensions("y", "true"), extensions("x", "false"),
                  extensions("y", "false"));
    COMPARE_MERGE(extensions("x", "true"), extensions("y", "true"), extensions("z", "true"),
                  extensions("z", "true"),
                  "extension[url=https://a.example/one\\,two\\[3\\]].value[x]: {'valueString':'x'} | "
                  "{'valueString':'y'} | {'valueString':'z'}");
}

void TestMergeLists::languagesMergeByLanguage()
{
    const auto language = [](const std::string& code, const std::string& preferred) {
        return "{'language':{'coding':[{'system':'urn:ietf:bcp:47','code':'" + code +
               "'}]},'preferred':" + preferred + "}";
    };
    COMPARE_MERGE(patient("communication", language("it", "true")),
                  patient("communication", language("it", "false") + "," + language("de", "true")),
                  patient("communication", language("it", "true") + "," + language("en", "false")),
                  patient("communication", language("it", "false") + "," + language("de", "true") + "," +
                                               language("en", "false")));
}

void TestMergeLists::linksMergeByPatient()
{
    const auto link = [](const std::string& id, const std::string& type) {
        return "{'other':{'reference':'Patient/" + id + "'},'type':'" + type + "'}";
    };
    COMPARE_MERGE(patient("link", link("1", "seealso") + "," + link("2", "seealso")),
                  patient("link", link("1", "replaces") + "," + link("2", "seealso")),
                  patient("link", link("1", "refer") + "," + link("2", "replaces")),
                  patient("link", link("1", "refer") + "," + link("2", "replaces")),
                  "link[other=Patient/1].type: 'seealso' | 'replaces' | 'refer'");
}

void TestMergeLists::referencesAreASet()
{
    const std::string one = "{'reference':'Practitioner/1'}";
    const std::string two = "{'reference':'Practitioner/2'}";
    const std::string three = "{'reference':'Practitioner/3'}";
    COMPARE_MERGE(patient("generalPractitioner", one + "," + two), patient("generalPractitioner", two),
                  patient("generalPractitioner", one + "," + two + "," + three),
                  patient("generalPractitioner", two + "," + three));
}

void TestMergeLists::itemsWithIdsMergeById()
{
    COMPARE_MERGE(
        patient("telecom", "{'id':'a','system':'phone','value':'1'},{'id':'b','system':'phone','value':'2'}"),
        patient("telecom", "{'id':'a','system':'phone','value':'3'},{'id':'b','system':'phone','value':'2'}"),
        patient("telecom",
                "{'id':'b','system':'phone','value':'2','rank':1},{'id':'a','system':'phone','value':'4'}"),
        patient("telecom",
                "{'id':'b','system':'phone','value':'2','rank':1},{'id':'a','system':'phone','value':'4'}"),
        "telecom[id=a].value: '1' | '3' | '4'");
}

void TestMergeLists::itemsThatCannotBeToldApart_areOneElement()
{
    COMPARE_MERGE(
        patient("availableTime", "{'daysOfWeek':['mon']}"),
        patient("availableTime", "{'daysOfWeek':['mon']},{'daysOfWeek':['tue']}"),
        patient("availableTime", "{'daysOfWeek':['fri']}"),
        patient("availableTime", "{'daysOfWeek':['fri']}"),
        "availableTime: [{'daysOfWeek':['mon']}] | [{'daysOfWeek':['mon']},{'daysOfWeek':['tue']}] | "
        "[{'daysOfWeek':['fri']}]");
    COMPARE_MERGE(patient("availableTime", "{'daysOfWeek':['mon']}"),
                  patient("availableTime", "{'daysOfWeek':['mon']},{'daysOfWeek':['tue']}"),
                  patient("availableTime", "{'daysOfWeek':['mon']}"),
                  patient("availableTime", "{'daysOfWeek':['mon']},{'daysOfWeek':['tue']}"));
}

void TestMergeLists::minesNewItemsGoBehindTheirNeighbours()
{
    const auto codes = [](const std::string& letters) {
        std::string items;
        for (const char letter : letters)
            items += std::string(items.empty() ? "" : ",") + "{'linkId':'" + letter + "'}";
        return patient("item", items);
    };
    COMPARE_MERGE(codes("abc"), codes("1a23bc4"), codes("axbc"), codes("1a23xbc4"));
    COMPARE_MERGE(codes("abc"), codes("ab1c"), codes("cab"), codes("cab1"));
    COMPARE_MERGE(codes("abc"), codes("a1c"), codes("abxc"), codes("a1xc"));
}

void TestMergeLists::reorderOfOneSide_isTaken()
{
    const auto codes = [](const std::string& letters) {
        std::string items;
        for (const char letter : letters)
            items += std::string(items.empty() ? "" : ",") + "{'linkId':'" + letter + "'}";
        return patient("item", items);
    };
    COMPARE_MERGE(codes("abc"), codes("cba"), codes("abcx"), codes("cxba"));
    COMPARE_MERGE(codes("abc"), codes("abcx"), codes("cba"), codes("cxba"));
    COMPARE_MERGE(codes("abc"), codes("bac"), codes("cba"), codes("cba"));
}

void TestMergeLists::disputedItemsWithOneKey_keepTheirOrder()
{
    const auto link = [](const std::string& other, const std::string& type) {
        return "{'other':{'reference':'Patient/" + other + "'},'type':'" + type + "'}";
    };
    const std::string one = link("1", "refer");
    const std::string two = link("2", "refer");
    const std::string a = link("3", "refer");
    const std::string b = link("3", "seealso");
    const std::string changed = link("3", "replaces");
    COMPARE_MERGE(patient("link", one + "," + a + "," + two + "," + b), patient("link", two + "," + one),
                  patient("link", one + "," + a + "," + two + "," + changed),
                  patient("link", two + "," + a + "," + one + "," + changed),
                  "link[other=Patient/3,*]: [" + a + "," + b + "] | - | [" + a + "," + changed + "]");
}

void TestMergeLists::lastItemTakenAway_takesTheList()
{
    COMPARE_MERGE(patient("telecom", "{'system':'fax','value':'1'},{'system':'pager','value':'2'}"),
                  patient("telecom", "{'system':'fax','value':'1'}"),
                  patient("telecom", "{'system':'pager','value':'2'}"), "{'resourceType':'Patient'}");
}

void TestMergeLists::longListsAreQuick_data()
{
    QTest::addColumn<bool>("alike");
    QTest::newRow("each with its key") << false;
    QTest::newRow("all with one key") << true;
}

void TestMergeLists::longListsAreQuick()
{
    QFETCH(bool, alike);
    constexpr int kMany = 10'000;
    Json base = doc("{'resourceType':'Basic'}");
    for (int i = 0; i < kMany; ++i) {
        Json item = Json::object();
        item.set("url", alike ? std::string("u") : std::to_string(i));
        item.set("valueInteger", i);
        base.arrayAt("extension").append(std::move(item));
    }
    Json mine = base;
    Json theirs = base;
    (*mine.find("extension")).mutableItems()[10].set("valueInteger", -1);
    (*theirs.find("extension")).mutableItems()[kMany - 10].set("valueInteger", -2);
    const Merged merged = merge(base, mine, theirs);
    QVERIFY(merged.disputes.empty());
    QCOMPARE(merged.document["extension"].items().size(), std::size_t(kMany));
    QCOMPARE(merged.document["extension"][10]["valueInteger"].integer(), std::optional<std::int64_t>(-1));
    QCOMPARE(merged.document["extension"][kMany - 10]["valueInteger"].integer(),
             std::optional<std::int64_t>(-2));
}

QTEST_GUILESS_MAIN(TestMergeLists)
#include "tst_merge_lists.moc"
