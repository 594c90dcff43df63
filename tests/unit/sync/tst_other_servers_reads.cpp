// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/foreign/dialect.h"
#include "tests/support/foreign_desk.h"

using namespace yarrow;
using namespace yarrow::testing;
using sync::HttpRequest;
using sync::Method;
using sync::Obstacle;
using Habits = OtherFhirServer::Habits;

namespace {

Habits withoutHistory()
{
    Habits habits;
    habits.systemHistory = habits.typeHistory = habits.instanceHistory = false;
    return habits;
}

Json booking(const std::string& id, const std::string& start, const std::string& end)
{
    return json("{\"resourceType\":\"Appointment\",\"id\":\"" + id +
                "\",\"status\":\"booked\",\"start\":\"2026-03-09T" + start + ":00Z\",\"end\":\"2026-03-09T" +
                end +
                ":00Z\",\"participant\":[{\"actor\":{\"reference\":\"Practitioner/d1\"},"
                "\"status\":\"accepted\"}]}");
}

std::vector<std::string> limitsOf(ForeignDesk& desk)
{
    const auto link = readServerLink(desk.connection());
    const auto dialect = sync::Dialect::fromJson(link->dialect);
    return dialect ? dialect->limits() : std::vector<std::string>{"?"};
}

} // namespace

/// What is taken from servers that are not ours, and what is not believed.
class TestOtherServersReads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lostAccess_deletesNothing()
    {
        OtherFhirServer server(withoutHistory());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        server.hidden.insert("Patient/p1");
        server.refuses = [](const HttpRequest& request) { return request.url == "Patient/p1" ? 403 : 0; };
        for (int i = 0; i < 3; ++i)
            (void)desk.sync();
        QVERIFY(desk.present("Patient", "p1").isObject());
    }

    void anotherToken_beginsTheComparisonAnew()
    {
        OtherFhirServer server(withoutHistory());
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        server.forget("Patient", "p1");
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        auto link = readServerLink(desk.connection());
        link->enrolledAt = "2026-03-02T10:00:00.000Z";
        desk.enrol(*link);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isObject());
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isNull());
    }

    void whatWasSeenSinceTheLastComparison_isNotDeletedByTheNextOne()
    {
        OtherFhirServer server(withoutHistory());
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        desk.put(patientDocument("p1", "Marino", "Ada"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None); // compared, then acknowledged
        const auto isLost = [&](bool lost) {
            server.hidden = lost ? std::set<std::string>{"Patient/p1"} : std::set<std::string>{};
            server.refuses = [lost](const HttpRequest& request) {
                return lost && request.url == "Patient/p1" && request.method == Method::Get ? 404 : 0;
            };
        };
        isLost(true);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isObject());
        isLost(false);
        desk.put(withPhone(desk.present("Patient", "p1"), "+39 06 1"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(phoneOf(server.present("Patient", "p1")), std::string("+39 06 1"));
        isLost(true);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isObject());
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isNull());
    }

    void aDeletionOfTheSameMoment_isFoundInTheHistory()
    {
        Habits habits;
        habits.says410 = false;
        OtherFhirServer server(habits);
        server.clock = [] { return *parseInstant("2026-03-02T09:00:00Z"); };
        server.put(patientDocument("p1", "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isObject());
        server.remove("Patient", "p1");
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isNull());
    }

    void whatWasDeletedLongAgo_doesNotHoldTheBrake()
    {
        Habits habits = withoutHistory();
        habits.pageEntries = 500;
        OtherFhirServer server(habits);
        for (int i = 0; i < 130; ++i)
            server.put(patientDocument("p" + std::to_string(i), "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        for (int i = 0; i < 60; ++i)
            desk.remove("Patient", "p" + std::to_string(i));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(server.idsOf("Patient").size(), 70U);
    }

    void aTypeThatIsRefused_isPassedOver_andNamed_data()
    {
        QTest::addColumn<bool>("histories");
        QTest::newRow("histories") << true;
        QTest::newRow("searches") << false;
    }
    void aTypeThatIsRefused_isPassedOver_andNamed()
    {
        QFETCH(bool, histories);
        Habits habits;
        habits.systemHistory = false;
        habits.typeHistory = habits.instanceHistory = histories;
        OtherFhirServer server(habits);
        server.put(patientDocument("p1", "Marino", "Ada"));
        server.refuses = [](const HttpRequest& request) {
            return request.url.starts_with("Observation") ? 403 : 0;
        };
        ForeignDesk desk(server);
        desk.put(patientDocument("p2", "Keller", "Bruno"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isObject());
        QVERIFY(server.present("Patient", "p2").isObject());
        const auto limits = limitsOf(desk);
        QVERIFY(std::find(limits.begin(), limits.end(), "unread-types") != limits.end());
        server.refuses = {};
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        const auto after = limitsOf(desk);
        QVERIFY(std::find(after.begin(), after.end(), "unread-types") == after.end());
    }

    void aTypeThatBreaks_isToldAtTheEnd_andTheOthersGoOn()
    {
        Habits habits;
        habits.systemHistory = false;
        OtherFhirServer server(habits);
        server.put(patientDocument("p1", "Marino", "Ada"));
        server.refuses = [](const HttpRequest& request) {
            return request.url.starts_with("Appointment") ? 500 : 0;
        };
        ForeignDesk desk(server);
        desk.put(patientDocument("p2", "Keller", "Bruno"));
        QCOMPARE(desk.sync().obstacle, Obstacle::ServerError);
        QVERIFY(desk.present("Patient", "p1").isObject());
        QVERIFY(server.present("Patient", "p2").isObject());
    }

    void aTokenThatReadsNothing_isToldSo()
    {
        Habits habits;
        habits.systemHistory = false;
        OtherFhirServer server(habits);
        ForeignDesk desk(server);
        server.refuses = [](const HttpRequest& request) {
            return request.method == Method::Get && request.url.find("_history?") != std::string::npos ? 403
                                                                                                       : 0;
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Unauthorised);
    }

    void aCopyOfOurOwn_thatWasNoted_isReadUnderOurName()
    {
        Habits habits = withoutHistory();
        habits.takesClientIds = false;
        OtherFhirServer server(habits);
        ForeignDesk desk(server);
        desk.put(patientDocument("p1", "Marino", "Ada"));
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        const std::string there = server.idsOf("Patient").front();
        Transaction transaction(desk.connection());
        outbox::refetch(desk.connection(), "Patient", there);
        transaction.commit();
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(desk.number("SELECT count(*) FROM refetch"), 0);
        QCOMPARE(desk.number("SELECT count(*) FROM resource WHERE type = 'Patient'"), 1);
    }

    void overlaps_areFoundAfterACutPull_andWhenMineIsAcknowledged()
    {
        OtherFhirServer server;
        for (int i = 0; i < 4; ++i)
            server.put(patientDocument("p" + std::to_string(i), "Marino", "Ada"));
        server.put(booking("a1", "09:00", "09:30"));
        server.put(booking("a2", "09:15", "09:45"));
        ForeignDesk desk(server);
        int pages = 0;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            const bool isThird = request.url.starts_with("_history") && !isDone &&
                                 ++pages == 3; // the probe's own records come first
            return isThird ? std::optional(cut(false)) : std::nullopt;
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::Offline);
        QVERIFY(desk.present("Appointment", "a2").isObject());
        server.fault = {};
        QCOMPARE(desk.sync().conflicts, 1);

        server.put(booking("a3", "11:00", "11:30"));
        desk.put(booking("mine", "11:15", "11:45"));
        QCOMPARE(desk.sync().conflicts, 1);
        QCOMPARE(server.idsOf("Task").size(), 2U);
        for (const std::string& id : server.idsOf("Task"))
            QVERIFY(server.present("Task", id).find("requester") == nullptr);
    }

    void anOverlap_isOneConflict_whereTheServerGivesIds()
    {
        Habits habits;
        habits.takesClientIds = false;
        OtherFhirServer server(habits);
        ForeignDesk here(server);
        ForeignDesk there(server);
        here.put(booking("a1", "09:00", "09:30"));
        there.put(booking("a2", "09:15", "09:45"));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(here.sync().obstacle, Obstacle::None);
            QCOMPARE(there.sync().obstacle, Obstacle::None);
        }
        QCOMPARE(server.idsOf("Task").size(), 1U);
        QCOMPARE(here.conflicts(), 1);
        QCOMPARE(there.conflicts(), 1);
    }

    void whatIsChangedWhileThePagesAreRead_makesNothingSlipThrough()
    {
        OtherFhirServer server([] {
            Habits habits = withoutHistory();
            habits.pageEntries = 3;
            return habits;
        }());
        const auto name = [](int i) { return "p" + std::to_string(i); };
        for (int i = 0; i < 9; ++i)
            server.put(patientDocument(name(i), "Marino", "Ada"));
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        for (int i = 0; i < 9; ++i)
            server.put(withPhone(server.present("Patient", name(i)), "1"));
        bool done = false;
        server.fault = [&](const HttpRequest& request, bool isDone) {
            if (isDone && !done && request.url.starts_with("Patient?_sort")) {
                done = true;
                server.put(withPhone(server.present("Patient", name(0)), "2"));
            }
            return std::optional<sync::TransportError>();
        };
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(done);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        for (int i = 0; i < 9; ++i)
            QCOMPARE(phoneOf(desk.present("Patient", name(i))), std::string(i == 0 ? "2" : "1"));
    }

    void whatWasDeletedBeforeTheFirstExchange_doesNotLiveAgain_data()
    {
        QTest::addColumn<bool>("systemHistory");
        QTest::newRow("history of all") << true;
        QTest::newRow("history by type") << false;
    }
    void whatWasDeletedBeforeTheFirstExchange_doesNotLiveAgain()
    {
        QFETCH(bool, systemHistory);
        Habits habits;
        habits.systemHistory = systemHistory;
        OtherFhirServer server(habits);
        server.put(patientDocument("p1", "Marino", "Ada"));
        for (int i = 2; i < 6; ++i) // the deletion comes pages before what was deleted
            server.put(patientDocument("p" + std::to_string(i), "Keller", "Bruno"));
        server.remove("Patient", "p1");
        ForeignDesk desk(server);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QVERIFY(desk.present("Patient", "p1").isNull());
        QCOMPARE(desk.number("SELECT count(*) FROM patient_index"), 4);
    }

    void aProbeThatIsCutOff_leavesNothingAtTheServer_data()
    {
        QTest::addColumn<bool>("answersMinimal");
        QTest::newRow("whole answers") << false;
        QTest::newRow("answers minimal") << true;
    }
    void aProbeThatIsCutOff_leavesNothingAtTheServer()
    {
        QFETCH(bool, answersMinimal);
        Habits habits;
        habits.answersMinimal = answersMinimal;
        int cutAt = 0; // before the first request, then behind it, then before the second one…
        bool wasCut = true;
        for (; wasCut; ++cutAt) {
            OtherFhirServer server(habits);
            ForeignDesk desk(server);
            int moments = 0;
            wasCut = false;
            server.fault = [&](const HttpRequest& request, bool) {
                std::optional<sync::TransportError> error;
                if (request.url.starts_with("Basic/") && moments++ == cutAt) {
                    wasCut = true;
                    error = cut(true);
                }
                return error;
            };
            const sync::SyncReport report = desk.sync();
            QCOMPARE(report.obstacle, wasCut ? Obstacle::Offline : Obstacle::None);
            QCOMPARE(desk.sync().obstacle, Obstacle::None);
            QCOMPARE(server.idsOf("Basic").size(), 0U);
            QVERIFY(limitsOf(desk).empty());
        }
        QVERIFY(cutAt > 8);
    }

    void theDialect_tellsItsLimits()
    {
        OtherFhirServer whole;
        ForeignDesk desk(whole);
        QCOMPARE(desk.sync().obstacle, Obstacle::None);
        QCOMPARE(limitsOf(desk), std::vector<std::string>());

        Habits boastful;
        boastful.tellsHistory = false;
        OtherFhirServer boaster(boastful);
        ForeignDesk third(boaster);
        QCOMPARE(third.sync().obstacle, Obstacle::None);
        QCOMPARE(limitsOf(third), std::vector<std::string>{"no-history"});

        Habits poor = withoutHistory();
        poor.lastUpdatedSearch = poor.honoursIfMatch = poor.takesClientIds = false;
        poor.createsOnce = poor.keepsTasks = false;
        OtherFhirServer bare(poor);
        ForeignDesk other(bare);
        QCOMPARE(other.sync().obstacle, Obstacle::None);
        QCOMPARE(limitsOf(other), (std::vector<std::string>{"reads-everything", "no-deletions", "no-history",
                                                            "ignores-preconditions", "own-ids",
                                                            "may-create-twice", "no-tasks"}));
    }
};

QTEST_GUILESS_MAIN(TestOtherServersReads)
#include "tst_other_servers_reads.moc"
