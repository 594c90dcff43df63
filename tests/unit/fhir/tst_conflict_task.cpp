// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "models/fhir/conflict_task.h"
#include "models/fhir/resource_area.h"

#include <QtTest>

using namespace yarrow;

namespace {

Conflict example()
{
    Conflict conflict;
    conflict.id = "7f0c-1";
    conflict.focusType = "AllergyIntolerance";
    conflict.focusId = "a1";
    conflict.patient = "p1";
    conflict.author = "anna";
    conflict.authorName = "Anna Ferri";
    conflict.device = "desk-2";
    conflict.editedAt = "2026-03-02T08:59:00.000Z";
    conflict.detectedAt = "2026-03-02T09:00:00.000Z";
    conflict.theirsVersion = "k3fx.7";
    conflict.theirsAuthor = "bruno";
    conflict.theirsAuthorName = "Bruno Keller";
    conflict.elements = {
        {"criticality", Json("low"), Json("high"), std::nullopt},
        {"telecom[system=phone].value", std::nullopt, Json("-"), Json("2")},
        {"", *Json::parse("{\"a\":1.10}"), Json(), *Json::parse("[true]")},
    };
    return conflict;
}

} // namespace

class TestConflictTask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingOfAConflict_travels()
    {
        const Conflict conflict = example();
        const auto task = Json::parse(fhir::conflictTask(conflict).dump());
        QVERIFY(fhir::isConflictTask(*task));
        const auto read = fhir::readConflict(*task);
        QVERIFY(read.has_value());
        QVERIFY(*read == conflict);
    }

    void aSettlement_travels_andLeavesTheRestAlone()
    {
        Json task = fhir::conflictTask(example());
        task.set("note", *Json::parse("[{\"text\":\"called the patient\"}]"));
        Conflict::Settlement settlement{"bruno", "Bruno Keller", "2026-03-02T10:00:00.000Z", {}};
        settlement.choices = {{"criticality", Conflict::Choice::Take::Mine, {}},
                              {"telecom[system=phone].value", Conflict::Choice::Take::Value, Json("3")},
                              {"", Conflict::Choice::Take::Theirs, {}}};
        const Json settled = fhir::settledTask(task, settlement);
        const auto read = fhir::readConflict(settled);
        QVERIFY(read.has_value());
        QCOMPARE(settled["status"].string(), "completed");
        QVERIFY(read->settlement == settlement);
        QVERIFY(read->elements == example().elements);
        QCOMPARE(settled["note"][0]["text"].string(), "called the patient");
    }

    void aTask_isProtectedAsItsFocus()
    {
        QCOMPARE(fhir::areaOf(fhir::conflictTask(example())), Area::ClinicalRecord);
        Conflict booking = example();
        booking.focusType = "Appointment";
        QCOMPARE(fhir::areaOf(fhir::conflictTask(booking)), Area::Appointments);
        QCOMPARE(fhir::areaOf(*Json::parse("{\"resourceType\":\"Task\"}")), Area::ClinicalRecord);
    }

    void otherTasks_areNoConflicts()
    {
        QVERIFY(!fhir::isConflictTask(
            *Json::parse("{\"resourceType\":\"Task\",\"code\":{\"text\":\"call back\"}}")));
        QVERIFY(!fhir::isConflictTask(*Json::parse("{\"resourceType\":\"Patient\"}")));
    }

    void damage_isNamed_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("focus") << QByteArray("focus") << QByteArray("{}");
        QTest::newRow("input") << QByteArray("input")
                               << QByteArray("[{\"type\":{\"coding\":[{\"system\":\"https://yarrow.example/"
                                             "fhir/CodeSystem/conflict-part\","
                                             "\"code\":\"mine\"}],\"text\":\"x\"},\"valueString\":\"{\"}]");
        QTest::newRow("side") << QByteArray("input")
                              << QByteArray("[{\"type\":{\"text\":\"x\"},\"valueString\":\"1\"}]");
    }
    void damage_isNamed()
    {
        QFETCH(QByteArray, member);
        QFETCH(QByteArray, value);
        Json task = fhir::conflictTask(example());
        task.set(member.toStdString(), *Json::parse(value.toStdString()));
        const auto read = fhir::readConflict(task);
        QVERIFY(!read);
        QVERIFY(read.error().context.find(member.toStdString()) != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestConflictTask)
#include "tst_conflict_task.moc"
