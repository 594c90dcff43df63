// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read libpqxx
#include "server/live/socket_hub.h"
#include "server/live/subscription.h"
#endif

#include <QTest>

using namespace yarrow::server;
using namespace yarrow::server::live;

namespace {

constexpr std::int64_t kNow = 1'000'000;

class FakeSocket final : public Socket
{
public:
    explicit FakeSocket(Principal caller)
        : m_caller(std::move(caller))
    {}
    [[nodiscard]] const Principal& caller() const noexcept override { return m_caller; }
    void ping(std::shared_ptr<Binding> binding) override
    {
        heard += "ping " + binding->subscription + " ";
        last = std::move(binding);
    }
    void unbound(std::string subscription) override { heard += "unbound " + subscription + " "; }
    void close(Farewell) override { heard += "closed "; }

    std::string heard;
    std::shared_ptr<Binding> last;

private:
    Principal m_caller;
};

} // namespace

class TestSocketHub : public QObject
{
    Q_OBJECT

private:
    TenantId m_clinic = TenantId::random();
    SocketHub m_hub{100};

    std::shared_ptr<FakeSocket> add(const TenantId& tenant, const char* device,
                                    AreaSet areas = AreaSet::all())
    {
        Principal caller;
        caller.tenant = tenant;
        caller.device = device;
        caller.areas = areas;
        auto socket = std::make_shared<FakeSocket>(caller);
        m_hub.add(socket);
        return socket;
    }
    bool bind(const Socket& socket, const char* id, std::set<std::string> types = {},
              std::int64_t endsAt = kNow + 1)
    {
        auto binding = std::make_shared<Binding>();
        binding->subscription = id;
        binding->types = std::move(types);
        binding->endsAt = endsAt;
        return m_hub.bind(socket, std::move(binding));
    }
    records::ChangeNotice notice(std::set<std::string> types, Area area = Area::Appointments) const
    {
        records::ChangeNotice made;
        made.tenant = m_clinic;
        made.seq = 7;
        made.types = std::move(types);
        made.areas.insert(area);
        return made;
    }

private Q_SLOTS:
    void aChange_pingsWhomItConcerns()
    {
        AreaSet vitals;
        vitals.insert(Area::Vitals);
        const auto patients = add(m_clinic, "a");
        const auto everything = add(m_clinic, "b");
        const auto blind = add(m_clinic, "c", vitals);
        const auto ended = add(m_clinic, "d");
        const auto elsewhere = add(TenantId::random(), "e");
        bind(*patients, "1", {"Patient"});
        bind(*everything, "2");
        bind(*blind, "3");
        bind(*ended, "4", {}, kNow);
        bind(*elsewhere, "5");
        m_hub.changed(notice({"Appointment", "Slot"}), kNow);
        QCOMPARE(patients->heard, std::string());
        QCOMPARE(everything->heard, std::string("ping 2 "));
        m_hub.changed(notice({}), kNow); // nobody knows which types
        QCOMPARE(patients->heard, std::string("ping 1 "));
        QCOMPARE(blind->heard + ended->heard + elsewhere->heard, std::string());
    }

    void aSecondPing_waitsForTheFirst()
    {
        const auto socket = add(m_clinic, "a");
        bind(*socket, "1");
        m_hub.changed(notice({"Patient"}), kNow);
        m_hub.changed(notice({"Patient"}), kNow);
        m_hub.pingEverybody();
        QCOMPARE(socket->heard, std::string("ping 1 "));
        socket->last->pinged = false;
        m_hub.pingEverybody();
        QCOMPARE(socket->heard, std::string("ping 1 ping 1 "));
    }

    void aRevocation_closesThatDevicesSockets()
    {
        const auto revoked = add(m_clinic, "lost-one");
        const auto other = add(m_clinic, "other");
        m_hub.accessChanged({TenantId::random(), "lost-one"});
        QCOMPARE(revoked->heard, std::string());
        m_hub.accessChanged({m_clinic, "lost-one"});
        QCOMPARE(revoked->heard, std::string("closed "));
        QCOMPARE(other->heard, std::string());
    }

    void aChangedSubscription_isUnbound()
    {
        const auto socket = add(m_clinic, "a");
        bind(*socket, "1");
        bind(*socket, "2");
        m_hub.accessChanged({m_clinic, "Subscription/1"});
        m_hub.changed(notice({"Patient"}), kNow);
        QCOMPARE(socket->heard, std::string("unbound 1 ping 2 "));
    }

    void bindings_areBounded_andTheSameOneIsReplaced()
    {
        const auto socket = add(m_clinic, "a");
        for (std::size_t i = 0; i < SocketHub::kMostBindings; ++i)
            QVERIFY(bind(*socket, std::to_string(i).c_str()));
        QVERIFY(!bind(*socket, "one-more"));
        QVERIFY(bind(*socket, "0", {"Patient"}));
        m_hub.remove(*socket);
    }

    void whatIsRemoved_hearsNothing()
    {
        const std::size_t before = m_hub.size();
        const auto socket = add(m_clinic, "a");
        bind(*socket, "1");
        QCOMPARE(m_hub.size(), before + 1);
        m_hub.remove(*socket);
        m_hub.remove(*socket);
        QCOMPARE(m_hub.size(), before);
        m_hub.changed(notice({"Patient"}), kNow);
        QCOMPARE(socket->heard, std::string());
        QCOMPARE(socket.use_count(), 1L);
    }

    void notices_comeThroughTheirText()
    {
        records::ChangeNotice sent = notice({"Patient", "Appointment"});
        sent.areas.insert(Area::PatientIdentity);
        const auto heard = readChange(changeText(sent)).value();
        QCOMPARE(heard.tenant, sent.tenant);
        QCOMPARE(heard.seq, sent.seq);
        QCOMPARE(heard.types, sent.types);
        QVERIFY(heard.areas == sent.areas);

        for (int i = 0; i < 1000; ++i)
            sent.types.insert("Type" + std::to_string(i));
        QVERIFY(changeText(sent).size() < 8000);
        QVERIFY(readChange(changeText(sent)).value().types.empty());
        for (const char* text : {"", "x", "x 1 a b", "00000000-0000-4000-8000-000000000000 x  ",
                                 "00000000-0000-4000-8000-000000000000 1 vitals"})
            QVERIFY2(!readChange(text), text);
    }

    void criteria_areTypes_andNothingElse()
    {
        using Types = std::set<std::string>;
        QCOMPARE(readCriteria("Patient?").value(), Types{"Patient"});
        QCOMPARE(readCriteria("Patient").value(), Types{"Patient"});
        QCOMPARE(readCriteria("?").value(), Types{});
        QCOMPARE(readCriteria("?_type=Patient,Slot").value(), (Types{"Patient", "Slot"}));
        for (const char* criteria :
             {"", "patient?", "Patient?name=x", "?_type=", "?_type=Patient&_count=1", "?x", "Bundle?"})
            QCOMPARE(readCriteria(criteria) ? std::string("accepted ") + criteria
                                            : readCriteria(criteria).error().code,
                     std::string("bad-criteria"));
    }

    void aSubscription_becomesActive_andEndsInTime()
    {
        const auto read = [](const std::string& status, const std::string& more) {
            const auto document = JsonDocument::parse(
                "{\"resourceType\":\"Subscription\",\"status\":\"" + status +
                "\",\"reason\":\"r\",\"criteria\":\"?\",\"x\":1.10,\"channel\":{\"type\":\"websocket\"}" +
                more + "}");
            return readSubscription(document.value(), kNow);
        };
        const Subscription made = read("requested", "").value();
        QVERIFY(made.active);
        QVERIFY(made.body.find("\"status\":\"active\"") != std::string::npos);
        QVERIFY(made.body.find("\"end\":\"1970-01-31T00:00:01Z\"") != std::string::npos);
        QVERIFY(made.body.find("\"x\":1.10") != std::string::npos);
        QVERIFY(!read("off", "").value().active);
        QCOMPARE(read("active", ",\"end\":\"1970-01-02T00:00:00Z\"").value().endsAt, 86'400'000'000LL);
        QCOMPARE(read("error", "").error().expression, std::string("Subscription.status"));
        for (const char* end : {"1970-01-01T00:00:01Z", "1970-02-01T00:00:00Z", "1970-01-02", "soon"})
            QCOMPARE(read("active", std::string(",\"end\":\"") + end + "\"").error().expression,
                     std::string("Subscription.end"));
    }
};

QTEST_APPLESS_MAIN(TestSocketHub)
#include "tst_socket_hub.moc"
