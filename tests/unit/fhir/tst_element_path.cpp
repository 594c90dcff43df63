// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/element_access.h"
#include "models/fhir/element_path.h"
#include "tests/support/json_text.h"

#include <QTest>

using yarrow::ErrorCode;
using yarrow::Json;
using namespace yarrow::fhir;

namespace {

Json doc(const std::string& text)
{
    auto parsed = Json::parse(json(text));
    if (!parsed)
        qFatal("not JSON: %s", text.c_str());
    return *std::move(parsed);
}

const char* const kPatient =
    "{'resourceType':'Patient','id':'p1','name':[{'use':'official','family':'Rossi','given':['Ada','Lia']}],"
    "'telecom':[{'system':'phone','use':'mobile','value':'555-0101'},{'system':'email','value':'a@example."
    "org'},"
    "{'system':'phone','use':'mobile','value':'555-0102'}],'birthDate':'1984-03-02','_birthDate':{'id':'b'},"
    "'deceasedBoolean':false,'a.b':{'':1},'maritalStatus':{'text':'x'},"
    "'extension':[{'url':'https://a.example/x,y[1]','valueCode':'c'}]}";

} // namespace

/// Reading and writing single elements by their path.
class TestElementPath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void elementAt_findsWhatThePathNames_data();
    void elementAt_findsWhatThePathNames();
    void withElement_changesOneElement_data();
    void withElement_changesOneElement();
    void brokenPaths_areRefused_data();
    void brokenPaths_areRefused();
    void pathsThroughOtherThings_areRefused_data();
    void pathsThroughOtherThings_areRefused();
    void valuesOfAnotherShape_areRefused_data();
    void valuesOfAnotherShape_areRefused();
    void goneItem_isNotFound();
    void wholeDocument_isReplaced();
    void namesAreEscaped();
};

void TestElementPath::elementAt_findsWhatThePathNames_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* path, const char* value) { QTest::newRow(path) << path << value; };
    row("birthDate", "'1984-03-02'");
    row("{birthDate}", "{'birthDate':'1984-03-02','_birthDate':{'id':'b'}}");
    row("gender", "");
    row("name[use=official].family", "'Rossi'");
    row("name[use=official].given", "['Ada','Lia']");
    row("name[use=nickname].family", "");
    row("telecom[system=email]", "{'system':'email','value':'a@example.org'}");
    row("telecom[system=phone,use=mobile].value", "'555-0101'");
    row("telecom[system=phone,use=mobile,*]", "[{'system':'phone','use':'mobile','value':'555-0101'},"
                                              "{'system':'phone','use':'mobile','value':'555-0102'}]");
    row("telecom[system=fax,*]", "");
    row("deceased[x]", "{'deceasedBoolean':false}");
    row("multipleBirth[x]", "");
    row("{deceased[x],birthDate}",
        "{'birthDate':'1984-03-02','_birthDate':{'id':'b'},'deceasedBoolean':false}");
    row("extension[url=https://a.example/x\\,y\\[1\\]].value[x]", "{'valueCode':'c'}");
    row("a\\.b.\\e", "1");
    row("contact[relationship=N].name.family", "");
    row("x.y.z", "");
}

void TestElementPath::elementAt_findsWhatThePathNames()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    const auto found = elementAt(doc(kPatient), path.toStdString());
    QVERIFY(found.has_value());
    QCOMPARE(QByteArray::fromStdString(*found ? (*found)->dump() : "-"),
             value.isEmpty() ? QByteArray("-") : QByteArray::fromStdString(doc(value.toStdString()).dump()));
}

void TestElementPath::withElement_changesOneElement_data()
{
    QTest::addColumn<QString>("document");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("expected");
    QTest::newRow("set") << "{'a':1,'b':2}"
                         << "a"
                         << "3"
                         << "{'a':3,'b':2}";
    QTest::newRow("add") << "{'a':1}"
                         << "b"
                         << "2"
                         << "{'a':1,'b':2}";
    QTest::newRow("take out") << "{'a':1,'b':2}"
                              << "a"
                              << ""
                              << "{'b':2}";
    QTest::newRow("take out what is not there") << "{'a':1}"
                                                << "b.c"
                                                << ""
                                                << "{'a':1}";
    QTest::newRow("through new members") << "{'a':1}"
                                         << "b.c"
                                         << "2"
                                         << "{'a':1,'b':{'c':2}}";
    QTest::newRow("what is left empty goes") << "{'a':1,'b':{'c':{'d':2}}}"
                                             << "b.c.d"
                                             << ""
                                             << "{'a':1}";
    QTest::newRow("emptied item") << "{'name':[{'family':'Rossi'}],'a':1}"
                                  << "name[].family"
                                  << ""
                                  << "{'a':1}";
    QTest::newRow("item without key, made again") << "{'a':1}"
                                                  << "name[].family"
                                                  << "'Rossi'"
                                                  << "{'a':1,'name':[{'family':'Rossi'}]}";
    QTest::newRow("item") << "{'telecom':[{'system':'fax','value':'1'},{'system':'sms','value':'2'}]}"
                          << "telecom[system=fax]"
                          << "{'system':'fax','value':'3'}"
                          << "{'telecom':[{'system':'fax','value':'3'},{'system':'sms','value':'2'}]}";
    QTest::newRow("in an item") << "{'telecom':[{'system':'fax','value':'1'},{'system':'sms','value':'2'}]}"
                                << "telecom[system=sms].value"
                                << "'3'"
                                << "{'telecom':[{'system':'fax','value':'1'},{'system':'sms','value':'3'}]}";
    QTest::newRow("new item") << "{'telecom':[{'system':'fax','value':'1'}]}"
                              << "telecom[system=sms]"
                              << "{'system':'sms','value':'2'}"
                              << "{'telecom':[{'system':'fax','value':'1'},{'system':'sms','value':'2'}]}";
    QTest::newRow("new list") << "{'a':1}"
                              << "telecom[system=sms]"
                              << "{'system':'sms','value':'2'}"
                              << "{'a':1,'telecom':[{'system':'sms','value':'2'}]}";
    QTest::newRow("last item") << "{'a':1,'telecom':[{'system':'sms','value':'2'}]}"
                               << "telecom[system=sms]"
                               << ""
                               << "{'a':1}";
    QTest::newRow("first of equal items") << "{'name':[{'text':'a'},{'text':'b'}]}"
                                          << "name[]"
                                          << ""
                                          << "{'name':[{'text':'b'}]}";
    QTest::newRow("fewer equal items") << "{'name':[{'text':'a'},{'use':'old'},{'text':'b'}]}"
                                       << "name[*]"
                                       << "[{'text':'c'}]"
                                       << "{'name':[{'text':'c'},{'use':'old'}]}";
    QTest::newRow("more equal items") << "{'name':[{'text':'a'},{'use':'old'}]}"
                                      << "name[*]"
                                      << "[{'text':'c'},{'text':'d'}]"
                                      << "{'name':[{'text':'c'},{'text':'d'},{'use':'old'}]}";
    QTest::newRow("no equal items") << "{'name':[{'text':'a'},{'use':'old'},{'text':'b'}]}"
                                    << "name[*]"
                                    << ""
                                    << "{'name':[{'use':'old'}]}";
    QTest::newRow("choice") << "{'deceasedBoolean':true,'a':1}"
                            << "deceased[x]"
                            << "{'deceasedDateTime':'2025'}"
                            << "{'a':1,'deceasedDateTime':'2025'}";
    QTest::newRow("group") << "{'start':'1','_start':{'id':'s'},'status':'booked','a':1}"
                           << "{start,end,status}"
                           << "{'status':'booked','start':'2','end':'3'}"
                           << "{'start':'2','status':'booked','a':1,'end':'3'}";
    QTest::newRow("no group") << "{'start':'1','_start':{'id':'s'},'status':'booked','a':1}"
                              << "{start,end,status}"
                              << ""
                              << "{'a':1}";
    QTest::newRow("group inside") << "{'contained':[{'id':'s','start':'1'}]}"
                                  << "contained[id=s].{start,end}"
                                  << "{'end':'2'}"
                                  << "{'contained':[{'id':'s','end':'2'}]}";
}

void TestElementPath::withElement_changesOneElement()
{
    QFETCH(QString, document);
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(QString, expected);
    const auto wanted = value.isEmpty() ? std::nullopt : std::optional(doc(value.toStdString()));
    const auto changed = withElement(doc(document.toStdString()), path.toStdString(), wanted);
    QVERIFY(changed.has_value());
    QCOMPARE(QByteArray::fromStdString(changed->dump()),
             QByteArray::fromStdString(doc(expected.toStdString()).dump()));
}

void TestElementPath::brokenPaths_areRefused_data()
{
    QTest::addColumn<QString>("path");
    for (const char* path : {".",   "a.",   ".a",  "a..b", "a[",    "a[b",    "a]",     "a[b]c",   "a{",
                             "a}",  "{",    "{}",  "{a",   "{a,}",  "{a}b",   "{a}.b",  "a[x].b",  "a[b,*].c",
                             "a\\", "a\\b", "a,b", "[k]",  "{a.b}", "{a[y]}", "a[k\\]", "a[b][c]", "{a{b}}"})
        QTest::newRow(path) << path;
}

void TestElementPath::brokenPaths_areRefused()
{
    QFETCH(QString, path);
    const auto read = elementAt(doc(kPatient), path.toStdString());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
    QVERIFY(read.error().position);
    QVERIFY(read.error().position->column <= std::size_t(path.size()) + 1);
    const auto written = withElement(doc(kPatient), path.toStdString(), std::nullopt);
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
}

void TestElementPath::pathsThroughOtherThings_areRefused_data()
{
    QTest::addColumn<QString>("path");
    for (const char* path :
         {"birthDate.year", "birthDate[k]", "birthDate[k].a", "name.family", "birthDate.{a}",
          "maritalStatus[k]", "maritalStatus[k,*]", "birthDate.deceased[x]"})
        QTest::newRow(path) << path;
}

void TestElementPath::pathsThroughOtherThings_areRefused()
{
    QFETCH(QString, path);
    const auto read = elementAt(doc(kPatient), path.toStdString());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::InvalidArgument);
    const auto written = withElement(doc(kPatient), path.toStdString(), Json::object());
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
}

void TestElementPath::valuesOfAnotherShape_areRefused_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::newRow("document") << ""
                              << "[]";
    QTest::newRow("item") << "telecom[system=email]"
                          << "'a'";
    QTest::newRow("items") << "telecom[system=email,*]"
                           << "{}";
    QTest::newRow("choice") << "deceased[x]"
                            << "true";
    QTest::newRow("other members") << "deceased[x]"
                                   << "{'deceasedBoolean':true,'gender':'male'}";
    QTest::newRow("group") << "{birthDate}"
                           << "'1990'";
}

void TestElementPath::valuesOfAnotherShape_areRefused()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    const auto written = withElement(doc(kPatient), path.toStdString(), doc(value.toStdString()));
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
}

void TestElementPath::goneItem_isNotFound()
{
    const auto written = withElement(doc(kPatient), "name[use=nickname].family", Json("Dada"));
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::NotFound);
}

void TestElementPath::wholeDocument_isReplaced()
{
    QCOMPARE(**elementAt(doc(kPatient), ""), doc(kPatient));
    QCOMPARE(*withElement(doc(kPatient), "", doc("{'a':1}")), doc("{'a':1}"));
    QVERIFY(!withElement(doc(kPatient), "", std::nullopt));
}

void TestElementPath::namesAreEscaped()
{
    for (const std::string name : {"", "a", "a.b", "a[x]", "{a,b}", "a\\", "e", "\\e", "*"}) {
        const auto path = parsePath(pathName(name));
        QVERIFY(path.has_value());
        QCOMPARE(path->size(), std::size_t(1));
        QCOMPARE(path->front(), (PathSegment{PathSegment::Kind::Member, name, {}, {}}));
    }
}

QTEST_GUILESS_MAIN(TestElementPath)
#include "tst_element_path.moc"
