// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sync/merge_cases.h"

using mergetest::doc;
using yarrow::Json;
using namespace yarrow::sync;

/// The rules of the merge for single elements and groups of them.
class TestMerge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneSidesChange_isTaken();
    void sameChange_isTakenOnce();
    void differentChanges_dispute();
    void removalAgainstChange_disputes();
    void memberOrderIsTheirs_mineAddsWhereItHasThem();
    void digitsOfDecimalsCount();
    void extensionsOfAPrimitiveMoveWithIt();
    void choiceElementIsOne();
    void datatypesMergeWhole_data();
    void datatypesMergeWhole();
    void namesMergeByPart();
    void appointmentTimesStatusAndParticipantsMoveTogether();
    void otherElementsOfAnAppointmentMerge();
    void ofTwoStageTimesTheEarlierStands_data();
    void ofTwoStageTimesTheEarlierStands();
    void conditionStatusMovesWithAbatement();
};

void TestMerge::oneSidesChange_isTaken()
{
    COMPARE_MERGE("{'resourceType':'Patient','id':'p1','gender':'female','birthDate':'1984-03-02'}",
                  "{'resourceType':'Patient','id':'p1','gender':'other','birthDate':'1984-03-02'}",
                  "{'resourceType':'Patient','id':'p1','gender':'female','birthDate':'1984-02-03'}",
                  "{'resourceType':'Patient','id':'p1','gender':'other','birthDate':'1984-02-03'}");
    COMPARE_MERGE("{'resourceType':'Patient','active':true,'gender':'female'}",
                  "{'resourceType':'Patient','gender':'female'}", //
                  "{'resourceType':'Patient','active':true,'gender':'male'}",
                  "{'resourceType':'Patient','gender':'male'}");
}

void TestMerge::sameChange_isTakenOnce()
{
    COMPARE_MERGE("{'resourceType':'Patient','name':[{'use':'official','family':'Rossi'}]}",
                  "{'resourceType':'Patient','name':[{'use':'official','family':'Bianchi'}]}",
                  "{'resourceType':'Patient','name':[{'family':'Bianchi','use':'official'}]}",
                  "{'resourceType':'Patient','name':[{'family':'Bianchi','use':'official'}]}");
}

void TestMerge::differentChanges_dispute()
{
    COMPARE_MERGE("{'resourceType':'Patient','birthDate':'1984-03-02'}",
                  "{'resourceType':'Patient','birthDate':'1984-03-12'}",
                  "{'resourceType':'Patient','birthDate':'1984-02-03'}",
                  "{'resourceType':'Patient','birthDate':'1984-02-03'}",
                  "birthDate: '1984-03-02' | '1984-03-12' | '1984-02-03'");
    // Added by both.
    COMPARE_MERGE("{'resourceType':'Patient'}", "{'resourceType':'Patient','gender':'male'}",
                  "{'resourceType':'Patient','gender':'other'}",
                  "{'resourceType':'Patient','gender':'other'}", "gender: - | 'male' | 'other'");
}

void TestMerge::removalAgainstChange_disputes()
{
    COMPARE_MERGE("{'resourceType':'Patient','gender':'male'}", "{'resourceType':'Patient'}",
                  "{'resourceType':'Patient','gender':'other'}",
                  "{'resourceType':'Patient','gender':'other'}", "gender: 'male' | - | 'other'");
    COMPARE_MERGE("{'resourceType':'Patient','gender':'male'}", "{'resourceType':'Patient','gender':'other'}",
                  "{'resourceType':'Patient'}", "{'resourceType':'Patient'}", "gender: 'male' | 'other' | -");
}

void TestMerge::memberOrderIsTheirs_mineAddsWhereItHasThem()
{
    COMPARE_MERGE("{'resourceType':'Patient','id':'p1','gender':'male','birthDate':'1990'}",
                  "{'resourceType':'Patient','id':'p1','active':true,'gender':'male','birthDate':'1991',"
                  "'multipleBirthInteger':2}",
                  "{'resourceType':'Patient','id':'p1','birthDate':'1990','gender':'other','x-unknown':[1]}",
                  "{'resourceType':'Patient','id':'p1','active':true,'birthDate':'1991',"
                  "'multipleBirthInteger':2,'gender':'other','x-unknown':[1]}");
}

void TestMerge::digitsOfDecimalsCount()
{
    COMPARE_MERGE("{'resourceType':'Location','position':{'longitude':11.10,'latitude':44.5}}",
                  "{'resourceType':'Location','position':{'longitude':11.1,'latitude':44.5}}",
                  "{'resourceType':'Location','position':{'longitude':11.10,'latitude':44.50}}",
                  "{'resourceType':'Location','position':{'longitude':11.10,'latitude':44.50}}",
                  "position: {'longitude':11.10,'latitude':44.5} | {'longitude':11.1,'latitude':44.5} | "
                  "{'longitude':11.10,'latitude':44.50}");
    COMPARE_MERGE("{'resourceType':'Basic','x':1.1}", "{'resourceType':'Basic','x':1.10}",
                  "{'resourceType':'Basic','x':1.1,'y':2}", "{'resourceType':'Basic','x':1.10,'y':2}");
}

void TestMerge::extensionsOfAPrimitiveMoveWithIt()
{
    COMPARE_MERGE(
        "{'resourceType':'Patient','birthDate':'1984-03-02','gender':'male'}",
        "{'resourceType':'Patient','birthDate':'1984-03-02','_birthDate':{'id':'b'},'gender':'male'}",
        "{'resourceType':'Patient','birthDate':'1984-03-02','gender':'other'}",
        "{'resourceType':'Patient','birthDate':'1984-03-02','_birthDate':{'id':'b'},'gender':'other'}");
    COMPARE_MERGE("{'resourceType':'Patient','birthDate':'1984-03-02','_birthDate':{'id':'b'}}",
                  "{'resourceType':'Patient','birthDate':'1984-03-03','_birthDate':{'id':'b'}}",
                  "{'resourceType':'Patient','birthDate':'1984-03-02'}",
                  "{'resourceType':'Patient','birthDate':'1984-03-02'}",
                  "{birthDate}: {'birthDate':'1984-03-02','_birthDate':{'id':'b'}} | "
                  "{'birthDate':'1984-03-03','_birthDate':{'id':'b'}} | {'birthDate':'1984-03-02'}");
}

void TestMerge::choiceElementIsOne()
{
    COMPARE_MERGE("{'resourceType':'Patient','deceasedBoolean':false}",
                  "{'resourceType':'Patient','deceasedDateTime':'2025-11-02'}",
                  "{'resourceType':'Patient','deceasedBoolean':true}",
                  "{'resourceType':'Patient','deceasedBoolean':true}",
                  "deceased[x]: {'deceasedBoolean':false} | {'deceasedDateTime':'2025-11-02'} | "
                  "{'deceasedBoolean':true}");
    COMPARE_MERGE("{'resourceType':'Patient','deceasedBoolean':false,'gender':'male'}",
                  "{'resourceType':'Patient','deceasedDateTime':'2025-11-02','gender':'male'}",
                  "{'resourceType':'Patient','deceasedBoolean':false,'gender':'other'}",
                  "{'resourceType':'Patient','deceasedDateTime':'2025-11-02','gender':'other'}");
    COMPARE_MERGE(
        "{'resourceType':'Patient','extension':[{'url':'https://a.example/weight','valueInteger':1}]}",
        "{'resourceType':'Patient','extension':[{'url':'https://a.example/weight','valueInteger':2}]}",
        "{'resourceType':'Patient','extension':[{'url':'https://a.example/weight','valueString':'1'}]}",
        "{'resourceType':'Patient','extension':[{'url':'https://a.example/weight','valueString':'1'}]}",
        "extension[url=https://a.example/weight].value[x]: {'valueInteger':1} | {'valueInteger':2} | "
        "{'valueString':'1'}");
}

void TestMerge::datatypesMergeWhole_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("mine");
    QTest::addColumn<QString>("theirs");

    QTest::newRow("Period") << "planningHorizon"
                            << "{'start':'2025-01-01','end':'2025-06-30'}"
                            << "{'start':'2025-02-01','end':'2025-06-30'}"
                            << "{'start':'2025-01-01','end':'2025-12-31'}";
    QTest::newRow("Quantity") << "dose"
                              << "{'value':5,'unit':'mg','code':'mg'}"
                              << "{'value':10,'unit':'mg','code':'mg'}"
                              << "{'value':5,'unit':'g','code':'g'}";
    QTest::newRow("Coding") << "class"
                            << "{'system':'https://s.example','code':'AMB','display':'ambulatory'}"
                            << "{'system':'https://s.example','code':'EMER','display':'ambulatory'}"
                            << "{'system':'https://s.example','code':'AMB','display':'out-patient'}";
    QTest::newRow("CodeableConcept")
        << "code"
        << "{'coding':[{'system':'s','code':'1'}],'text':'one'}"
        << "{'coding':[{'system':'s','code':'2'}],'text':'one'}"
        << "{'coding':[{'system':'s','code':'1'},{'system':'t','code':'i'}],'text':'one'}";
    QTest::newRow("Reference") << "managingOrganization"
                               << "{'reference':'Organization/1','display':'North'}"
                               << "{'reference':'Organization/2','display':'North'}"
                               << "{'reference':'Organization/1','display':'North clinic'}";
    QTest::newRow("Money") << "totalBalance"
                           << "{'value':10.00,'currency':'EUR'}"
                           << "{'value':12.00,'currency':'EUR'}"
                           << "{'value':10.00,'currency':'CHF'}";
    QTest::newRow("Attachment") << "attachment"
                                << "{'contentType':'image/png','data':'AA=='}"
                                << "{'contentType':'image/jpeg','data':'AA=='}"
                                << "{'contentType':'image/png','data':'AB=='}";
    QTest::newRow("Address") << "address"
                             << "{'line':['Via Larga 1'],'city':'Milano'}"
                             << "{'line':['Via Stretta 2'],'city':'Milano'}"
                             << "{'line':['Via Larga 1'],'city':'Monza'}";
}

void TestMerge::datatypesMergeWhole()
{
    QFETCH(QString, name);
    QFETCH(QString, base);
    QFETCH(QString, mine);
    QFETCH(QString, theirs);
    const auto document = [&](const QString& value) {
        return doc("{'resourceType':'Basic','" + name.toStdString() + "':" + value.toStdString() + "}");
    };
    const Merged merged = merge(document(base), document(mine), document(theirs));
    QCOMPARE(merged.document, document(theirs));
    QCOMPARE(merged.disputes.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(merged.disputes[0].path), name);
    QCOMPARE(*merged.disputes[0].mine, document(mine)[name.toStdString()]);
    // Changed on one side, it is taken.
    QCOMPARE(merge(document(base), document(mine), document(base)).document, document(mine));
}

void TestMerge::namesMergeByPart()
{
    COMPARE_MERGE(
        "{'resourceType':'Patient','name':[{'use':'official','family':'Rossi','given':['Ada']}]}",
        "{'resourceType':'Patient','name':[{'use':'official','family':'Bianchi','given':['Ada']}]}",
        "{'resourceType':'Patient','name':[{'use':'official','family':'Rossi','given':['Ada','Lia']}]}",
        "{'resourceType':'Patient','name':[{'use':'official','family':'Bianchi','given':['Ada','Lia']}]}");
    COMPARE_MERGE(
        "{'resourceType':'Patient','name':[{'use':'official','family':'Rossi','given':['Ada']}]}",
        "{'resourceType':'Patient','name':[{'use':'official','family':'Bianchi','given':['Ada','Eva']}]}",
        "{'resourceType':'Patient','name':[{'use':'official','family':'Verdi','given':['Ada','Lia']}]}",
        "{'resourceType':'Patient','name':[{'use':'official','family':'Verdi','given':['Ada','Lia']}]}",
        "name[use=official].family: 'Rossi' | 'Bianchi' | 'Verdi'",
        "name[use=official].given: ['Ada'] | ['Ada','Eva'] | ['Ada','Lia']");
}

void TestMerge::appointmentTimesStatusAndParticipantsMoveTogether()
{
    COMPARE_MERGE("{'resourceType':'Appointment','status':'booked','start':'2025-05-05T09:00:00Z',"
                  "'end':'2025-05-05T09:30:00Z','comment':'x','participant':[{'actor':{'reference':'"
                  "Practitioner/7'}}]}",
                  "{'resourceType':'Appointment','status':'cancelled','start':'2025-05-05T09:00:00Z',"
                  "'end':'2025-05-05T09:30:00Z','comment':'y','participant':[{'actor':{'reference':'"
                  "Practitioner/7'}}]}",
                  "{'resourceType':'Appointment','status':'booked','start':'2025-05-05T10:00:00Z',"
                  "'end':'2025-05-05T10:30:00Z','comment':'x','participant':[{'actor':{'reference':'"
                  "Practitioner/7'}}]}",
                  "{'resourceType':'Appointment','status':'booked','start':'2025-05-05T10:00:00Z',"
                  "'end':'2025-05-05T10:30:00Z','comment':'y','participant':[{'actor':{'reference':'"
                  "Practitioner/7'}}]}",
                  "{start,end,minutesDuration,status,cancelationReason,slot,participant}: "
                  "{'status':'booked','start':'2025-05-05T09:00:00Z','end':'2025-05-05T09:30:00Z',"
                  "'participant':[{'actor':{'reference':'Practitioner/7'}}]} | "
                  "{'status':'cancelled','start':'2025-05-05T09:00:00Z','end':'2025-05-05T09:30:00Z',"
                  "'participant':[{'actor':{'reference':'Practitioner/7'}}]} | "
                  "{'status':'booked','start':'2025-05-05T10:00:00Z','end':'2025-05-05T10:30:00Z',"
                  "'participant':[{'actor':{'reference':'Practitioner/7'}}]}");
}

void TestMerge::otherElementsOfAnAppointmentMerge()
{
    COMPARE_MERGE(
        "{'resourceType':'Appointment','status':'booked','start':'2025-05-05T09:00:00Z','comment':'x'}",
        "{'resourceType':'Appointment','status':'booked','start':'2025-05-05T10:00:00Z',"
        "'_start':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/tz-code',"
        "'valueCode':'Europe/Rome'}]},'comment':'x'}",
        "{'resourceType':'Appointment','status':'booked','start':'2025-05-05T09:00:00Z','comment':'y'}",
        "{'resourceType':'Appointment','status':'booked','start':'2025-05-05T10:00:00Z',"
        "'_start':{'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/tz-code',"
        "'valueCode':'Europe/Rome'}]},'comment':'y'}");
}

void TestMerge::ofTwoStageTimesTheEarlierStands_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("mine");
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<QString>("merged");
    QTest::newRow("both saw them come") << ""
                                        << "arrived 09:02"
                                        << "arrived 09:01"
                                        << "arrived 09:01";
    QTest::newRow("the other way round") << ""
                                         << "arrived 09:01"
                                         << "arrived 09:02"
                                         << "arrived 09:01";
    QTest::newRow("another stage besides") << ""
                                           << "arrived 09:02;in-room 09:10"
                                           << "arrived 09:01"
                                           << "arrived 09:01;in-room 09:10";
    QTest::newRow("both corrected it") << "arrived 09:00"
                                       << "arrived 08:50"
                                       << "arrived 08:55"
                                       << "arrived 08:50";
}

void TestMerge::ofTwoStageTimesTheEarlierStands()
{
    const auto visit = [](const QString& stages) {
        QStringList parts;
        for (const QString& stage : stages.split(u';', Qt::SkipEmptyParts))
            parts << QStringLiteral("{'url':'%1','valueInstant':'2026-05-05T%2:00Z'}")
                         .arg(stage.section(u' ', 0, 0), stage.section(u' ', 1));
        const QString extension =
            parts.isEmpty() ? QString()
                            : QStringLiteral("'extension':[{'extension':[%1],'url':'https://yarrow.example/"
                                             "fhir/StructureDefinition/stage-times'}],")
                                  .arg(parts.join(u','));
        return *Json::parse(QStringLiteral("{'resourceType':'Appointment',%1'status':'arrived'}")
                                .arg(extension)
                                .replace(u'\'', u'"')
                                .toStdString());
    };
    QFETCH(QString, base);
    QFETCH(QString, mine);
    QFETCH(QString, theirs);
    QFETCH(QString, merged);
    const Merged result = merge(visit(base), visit(mine), visit(theirs));
    for (const Dispute& d : result.disputes)
        qInfo() << d.path.c_str() << (d.mine ? d.mine->dump().c_str() : "-");
    QVERIFY(result.disputes.empty());
    QCOMPARE(QString::fromStdString(result.document.dump()), QString::fromStdString(visit(merged).dump()));
}

void TestMerge::conditionStatusMovesWithAbatement()
{
    COMPARE_MERGE(
        "{'resourceType':'Condition','clinicalStatus':{'text':'active'}}",
        "{'resourceType':'Condition','clinicalStatus':{'text':'recurrence'}}",
        "{'resourceType':'Condition','clinicalStatus':{'text':'active'},'abatementString':'in May'}",
        "{'resourceType':'Condition','clinicalStatus':{'text':'active'},'abatementString':'in May'}",
        "{code,clinicalStatus,verificationStatus,abatement[x]}: {'clinicalStatus':{'text':'active'}} | "
        "{'clinicalStatus':{'text':'recurrence'}} | "
        "{'clinicalStatus':{'text':'active'},'abatementString':'in May'}");
}

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"
