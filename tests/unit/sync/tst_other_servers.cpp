// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/foreign_desk.h"

using namespace yarrow;
using namespace yarrow::testing;
using sync::Method;
using sync::Obstacle;
using sync::SyncReport;
using Habits = OtherFhirServer::Habits;

class TestOtherServers : public QObject
{
    Q_OBJECT

private:
    /// Every way a server tells its changes, with and without what it may leave out.
    static void addHabits()
    {
        QTest::addColumn<bool>("systemHistory");
        QTest::addColumn<bool>("typeHistory");
        QTest::addColumn<bool>("lastUpdatedSearch");
        QTest::addColumn<bool>("honoursIfMatch");
        QTest::addColumn<bool>("takesClientIds");
        QTest::addColumn<bool>("rewrites");
        QTest::addColumn<bool>("answersMinimal");
        QTest::newRow("whole") << true << true << true << true << true << false << false;
        QTest::newRow("history by type") << false << true << true << true << true << false << false;
        QTest::newRow("last updated") << false << false << true << true << true << false << false;
        QTest::newRow("sweep") << false << false << false << true << true << false << false;
        QTest::newRow("ignores If-Match") << true << true << true << false << true << false << false;
        QTest::newRow("gives its own ids") << true << true << true << true << false << false << false;
        QTest::newRow("rewrites") << true << true << true << true << true << true << false;
        QTest::newRow("answers minimal") << true << true << true << true << true << false << true;
        QTest::newRow("everything at once") << false << false << false << false << false << true << true;
    }
    static Habits habits()
    {
        QFETCH(bool, systemHistory);
        QFETCH(bool, typeHistory);
        QFETCH(bool, lastUpdatedSearch);
        QFETCH(bool, honoursIfMatch);
        QFETCH(bool, takesClientIds);
        QFETCH(bool, rewrites);
        QFETCH(bool, answersMinimal);
        Habits made;
        made.systemHistory = systemHistory;
        made.typeHistory = typeHistory;
        made.instanceHistory = typeHistory;
        made.lastUpdatedSearch = lastUpdatedSearch;
        made.honoursIfMatch = honoursIfMatch;
        made.takesClientIds = takesClientIds;
        made.createsOnce = true;
        made.rewrites = rewrites;
        made.answersMinimal = answersMinimal;
        return made;
    }

private Q_SLOTS:
    void bothDirections_data() { addHabits(); }
    void bothDirections()
    {
        OtherFhirServer server(habits());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        desk.put(patientDocument("p2", "Keller", "Bruno", "1970-01-02", "10042"));
        SyncReport report = desk.sync();
        QCOMPARE(report.obstacle, Obstacle::None);
        QCOMPARE(desk.waiting(), 0);
        QVERIFY(desk.present("Patient", "p1").isObject());
        QCOMPARE(server.idsOf("Patient").size(), 2U);
        QCOMPARE(desk.number("SELECT count(*) FROM patient_index"), 2);

        server.put(withPhone(server.present("Patient", "p1"), "+39 06 1"));
        desk.put(withPhone(desk.present("Patient", "p2"), "+39 06 2"));
        report = desk.sync();
        QCOMPARE(report.obstacle, Obstacle::None);
        QCOMPARE(phoneOf(desk.present("Patient", "p1")), std::string("+39 06 1"));
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
        QCOMPARE(server.idsOf("Patient").size(), 2U);
        for (const std::string& id : server.idsOf("Patient"))
            QVERIFY(!phoneOf(server.present("Patient", id)).empty());
        report = desk.sync();
        QCOMPARE(report.pushed, 0);
    }

    void bothSidesOfARecord_areKept_data() { addHabits(); }
    void bothSidesOfARecord_areKept()
    {
        OtherFhirServer server(habits());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        Json there = server.present("Patient", "p1");
        there.set("gender", "female");
        server.put(there);
        desk.put(withPhone(desk.present("Patient", "p1"), "+39 06 2"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("+39 06 2"));
        QCOMPARE(server.present("Patient", "p1")["gender"].string(), "female");
        QCOMPARE(desk.present("Patient", "p1")["gender"].string(), "female");
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
    }

    void theSameElement_isAConflict_andNothingIsLost_data() { addHabits(); }
    void theSameElement_isAConflict_andNothingIsLost()
    {
        OtherFhirServer server(habits());
        server.put(withPhone(patientDocument("p1", "Marino", "Ada"), "1"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        server.put(withPhone(server.present("Patient", "p1"), "2"));
        desk.put(withPhone(desk.present("Patient", "p1"), "3"));
        (void)desk.sync();
        QCOMPARE(desk.conflicts(), 1);
        QCOMPARE(phoneOf(desk.present("Patient", "p1")), std::string("2"));
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("2"));
    }

    void aLostAnswer_isNotSentTwice_data() { addHabits(); }
    void aLostAnswer_isNotSentTwice()
    {
        OtherFhirServer server(habits());
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.put(patientDocument("p2", "Keller", "Bruno"));
        server.fault = [](const sync::HttpRequest& request, bool isDone) {
            std::optional<sync::TransportError> error;
            if (isDone && request.method != Method::Get)
                error = cut(true);
            return error;
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        QCOMPARE(server.idsOf("Patient").size(), 1U);
        server.fault = {};
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), 1U);
        QCOMPARE(server.versionsOf("Patient", server.idsOf("Patient").front()), 1U);
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE type = 'Patient' AND deleted = 0"), 1);
    }

    void deletions_travelBothWays_data() { addHabits(); }
    void deletions_travelBothWays()
    {
        OtherFhirServer server(habits());
        server.put(patientDocument("p1", "Marino", "Ada"));
        server.put(patientDocument("p2", "Keller", "Bruno"));
        server.put(patientDocument("p3", "Ferri", "Carla"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        server.remove("Patient", "p1");
        desk.remove("Patient", "p2");
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isNull());
        QCOMPARE(server.idsOf("Patient"), std::vector<std::string>{"p3"});
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p2").isNull());
        QVERIFY(desk.present("Patient", "p3").isObject());
    }

    void whatIsMissingOnce_isNotDeleted_twiceItIs()
    {
        Habits silent;
        silent.systemHistory = silent.typeHistory = silent.instanceHistory = false;
        OtherFhirServer server(silent);
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        server.forget("Patient", "p1");
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isObject());
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isNull());
    }

    void whatSomebodyElsePutInBetween_isPutBack()
    {
        Habits careless;
        careless.honoursIfMatch = false;
        OtherFhirServer server(careless);
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.put(withPhone(desk.present("Patient", "p1"), "+39 06 2"));
        // Between the read before the write and the write itself.
        bool done = false;
        server.fault = [&](const sync::HttpRequest& request, bool isDone) {
            if (request.method == Method::Put && !isDone && !done) {
                done = true;
                Json there = server.present("Patient", "p1");
                there.set("gender", "female");
                server.put(there);
            }
            return std::optional<sync::TransportError>();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(done);
        QCOMPARE(server.present("Patient", "p1")["gender"].string(), "female");
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("+39 06 2"));
        QCOMPARE(desk.waiting(), 0);
        QCOMPARE(desk.conflicts(), 0);
    }

    void idsOfTheServersOwn_holdOnTheWireOnly()
    {
        Habits own;
        own.takesClientIds = false;
        own.checksReferences = true;
        OtherFhirServer server(own);
        ForeignDesk desk(server);
        desk.put(
            json(R"({"resourceType":"Observation","id":"o1","status":"final","code":{"text":"Weight"},)"
                 R"("subject":{"reference":"Patient/p1"},"valueQuantity":{"value":71.50,"unit":"kg"}})"));
        desk.put(patientDocument("p1", "Marino", "Ada", "1980-03-12", "10042"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.waiting(), 0);
        const std::string there = server.idsOf("Patient").front();
        QVERIFY(there != "p1");
        QCOMPARE(server.present("Observation", server.idsOf("Observation").front())["subject"]["reference"]
                     .string(),
                 "Patient/" + there);
        QCOMPARE(desk.present("Observation", "o1")["subject"]["reference"].string(), "Patient/p1");
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE deleted = 0 AND type <> 'Basic'"), 2);
        QCOMPARE(desk.present("Observation", "o1")["valueQuantity"]["value"].numberLexeme(), "71.50");

        server.put(withPhone(server.present("Patient", there), "+39 06 9"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(desk.present("Patient", "p1")), std::string("+39 06 9"));
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE deleted = 0 AND type <> 'Basic'"), 2);
    }

    void whatTheServerRefuses_waitsInQuarantine_andTheRestGoesOn()
    {
        Habits strict;
        strict.checksReferences = true;
        OtherFhirServer server(strict);
        ForeignDesk desk(server);
        desk.put(json(R"({"resourceType":"Observation","id":"o1","status":"final","code":{"text":"Weight"},)"
                      R"("subject":{"reference":"Patient/nobody"}})"));
        desk.put(json(R"({"resourceType":"Condition","id":"c1","code":{"text":"Cough"},)"
                      R"("subject":{"reference":"Patient/p1"}})")); // a type the server does not keep
        desk.put(patientDocument("p1", "Marino", "Ada"));
        const SyncReport report = desk.sync();
        QCOMPARE(report.quarantined, 2);
        QCOMPARE(server.idsOf("Patient").size(), 1U);
        QCOMPARE(desk.number("SELECT count(*) FROM quarantine WHERE status = 422"), 1);
        QCOMPARE(desk.number("SELECT count(*) FROM quarantine WHERE code = 'not-offered'"), 1);
        QCOMPARE(desk.waiting(), 2);
    }

    void equalTimes_areToldApartByReading()
    {
        Habits coarse;
        coarse.stampsAlike = true;
        OtherFhirServer server(coarse);
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        for (int i = 0; i < 6; ++i) {
            server.put(withPhone(server.present("Patient", "p1"), std::to_string(i)));
            QCOMPARE(desk.sync().obstacle, Obstacle::None);
            QCOMPARE(phoneOf(desk.present("Patient", "p1")), std::to_string(i));
        }
    }

    void twoBookingsOfTheSameTime_areFound_once_andByTheSameRule()
    {
        const auto booking = [](const std::string& id, const std::string& start, const std::string& end) {
            return json("{\"resourceType\":\"Appointment\",\"id\":\"" + id +
                        "\",\"status\":\"booked\",\"start\":\"2026-03-09T" + start +
                        ":00Z\",\"end\":\"2026-03-09T" + end +
                        ":00Z\",\"participant\":[{\"actor\":{\"reference\":\"Practitioner/d1\"},"
                        "\"status\":\"accepted\"}]}");
        };
        OtherFhirServer server;
        server.put(booking("a1", "09:00", "09:30"));
        server.put(booking("a2", "09:15", "09:45")); // over a1
        server.put(booking("a3", "09:45", "10:00")); // behind it
        ForeignDesk here(server);
        ForeignDesk there(server);
        QCOMPARE(here.sync().conflicts, 1);
        QCOMPARE(there.sync().conflicts, 0); // it came with the pull
        QCOMPARE(there.conflicts(), 1);
        QCOMPARE(server.idsOf("Task").size(), 1U);
        const Json task = server.present("Task", server.idsOf("Task").front());
        QCOMPARE(task["focus"]["reference"].string(), "Appointment/a2");
        QCOMPARE(here.sync().conflicts, 0);
        QCOMPARE(here.conflicts(), 1);
    }

    void aCutPull_goesOnWhereItWas()
    {
        OtherFhirServer server;
        for (int i = 0; i < 20; ++i)
            server.put(patientDocument("p" + std::to_string(i), "Marino", "Ada"));
        ForeignDesk desk(server);
        int pages = 0;
        server.fault = [&](const sync::HttpRequest& request, bool) {
            std::optional<sync::TransportError> error;
            if (request.url.starts_with("_history") && ++pages > 5) // each is asked twice: before and after
                error = cut(false);
            return error;
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        const auto first = desk.number("SELECT count(*) FROM resource");
        QVERIFY(first > 0 && first < 20);
        server.fault = {};
        // What comes while the pages are read stands before them in a history that is newest first.
        server.put(patientDocument("late", "Ferri", "Carla"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.number("SELECT count(*) FROM patient_index"), 21);
    }
};

QTEST_GUILESS_MAIN(TestOtherServers)
#include "tst_other_servers.moc"
