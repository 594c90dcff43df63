// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/tour_exchange.h"

#include "models/domain/opening_hours.h"
#include "models/store/read/clinic_reader.h"
#include "models/store/sync/account_exchange.h"
#include "models/store/sync/outbox.h"
#include "models/store/sync/server_link.h"
#include "sync/engine/reconciler.h"

#include <algorithm>
#include <functional>

namespace yarrow {
namespace {

using namespace std::chrono_literals;

const QString kUser = QStringLiteral("demo");
const QString kPassword = QStringLiteral("achillea-millefolium");

/// Sets the member of that name wherever it is met, of each list in the first item only.
void setText(Json& value, std::string_view name, const std::string& text)
{
    if (value.isObject()) {
        if (value.contains(name)) {
            value.set(name, text);
            return;
        }
        for (Json::Member& member : value.mutableMembers())
            setText(member.value, name, text);
    } else if (value.isArray() && !value.items().empty()) {
        setText(value.mutableItems().front(), name, text);
    }
}

class Morning
{
public:
    Morning(Clinic& clinic, std::unique_ptr<Connection> connection, const StoreEnvironment& environment)
        : m_clinic(clinic)
        , m_connection(std::move(connection))
        , m_environment(environment)
    {}

    /// Colleagues: one from before there was a server, one whom the server is told of, one who left, and one
    /// of another workstation.
    bool people()
    {
        const auto add = [&](const char* user, const char* name, Role role) {
            return m_clinic.addUser(QLatin1String(user), QString::fromUtf8(name), role, kPassword)
                .has_value();
        };
        bool all = add("ines", "Ines Okonjo", Role::Receptionist);
        enrol();
        all = add("piero", "Piero Neri", Role::Doctor) && all;
        all = add("tomas", "Tomas Varga", Role::Nurse) && all;
        AccountEdit left;
        left.active = false;
        all = m_clinic.accounts().change("tomas", left, "Left the clinic.").has_value() && all;
        std::vector<RemoteAccount> there;
        for (const Account& account : allAccounts(*m_connection)) {
            if (account.userName == "ines" || account.userName == kUser.toStdString())
                there.push_back({account.id.text(),
                                 account.userName,
                                 account.displayName,
                                 account.role,
                                 true,
                                 "1",
                                 0,
                                 {}});
        }
        there.push_back({"samira", "samira", "Samira Haddad", Role::Nurse, true, "1", 1, "{}"});
        exchange([&](SyncRecords&) {
            static_cast<void>(
                takeAccounts(*m_connection, m_environment.clock, m_clinic.identity(), there, "demo"));
        });
        return all;
    }

    void enrol()
    {
        exchange([&](SyncRecords&) {
            ServerLink link;
            link.url = "https://clinic.example";
            link.enrolledAt = formatInstant(now() - 24h * 30);
            writeServerLink(*m_connection, link);
        });
    }

    /// The server has everything up to now.
    void acknowledgeAll()
    {
        exchange([&](SyncRecords& records) {
            for (const std::int64_t pk : outbox::ready(*m_connection)) {
                const auto record = *records.find(pk);
                records.rebase(record, next(record.type, record.id, record.body), {}, true);
            }
        });
    }

    /// Somebody at another workstation was first.
    bool conflict(const std::string& patient, const std::function<void(Json&)>& mine,
                  const std::function<void(Json&)>& theirs)
    {
        return conflict("Patient", patient, mine, theirs);
    }
    bool conflict(const std::string& type, const std::string& id, const std::function<void(Json&)>& mine,
                  const std::function<void(Json&)>& theirs)
    {
        const auto before = m_clinic.resources().get(type, id);
        if (!before)
            return false;
        Json edited = before->document;
        mine(edited);
        Json other = before->document;
        theirs(other);
        if (!m_clinic.resources().put(edited))
            return false;
        exchange([&](SyncRecords& records) {
            const auto record = *records.find(type, id);
            sync::Reconciler(*m_connection, m_environment.clock, m_clinic.identity(), records)
                .merge(record, next(type, id, other.dump()));
        });
        acknowledgeTasks();
        return true;
    }

    /// Books the next opening, and somebody else has it already.
    bool takenBooking(const PatientId& patient, const PatientId& other)
    {
        auto booked = book(patient);
        if (!booked)
            return false;
        const std::string id = booked->id.text();
        booked->id = AppointmentId::known(m_environment.ids.next());
        exchange([&](SyncRecords& records) {
            auto record = *records.find("Appointment", id);
            const WaitingEdit edit = record.edits.back();
            records.beginPush(record.pk, {m_environment.ids.next(), edit.seq, edit.author, edit.unit,
                                          edit.document, record.version, edit.at});
            record = *records.find("Appointment", id);
            sync::Reconciler(*m_connection, m_environment.clock, m_clinic.identity(), records)
                .bookingTaken(record);
            Json theirs = *Json::parse(*edit.document);
            theirs.set("id", booked->id.text());
            std::string text = theirs.dump();
            const std::string mine = "Patient/" + patient.text();
            for (auto at = text.find(mine); at != std::string::npos; at = text.find(mine, at + 1))
                text.replace(at, mine.size(), "Patient/" + other.text());
            records.take(next("Appointment", booked->id.text(), text));
        });
        acknowledgeTasks();
        return true;
    }

    std::optional<Appointment> book(const PatientId& patient)
    {
        OpeningsRequest request;
        request.earliest = now() + 24h;
        request.duration = 15min;
        request.limit = 1;
        const auto openings = m_clinic.appointments().openings(request);
        if (!openings || openings->empty())
            return std::nullopt;
        Appointment wished;
        wished.patient = patient;
        wished.practitioner = openings->front().practitioner;
        wished.room = openings->front().room;
        wished.start = openings->front().when.start;
        wished.end = openings->front().when.end;
        const auto saved = m_clinic.appointments().save(wished, 0);
        return saved ? std::optional(saved->now.appointment) : std::nullopt;
    }

    bool refused(const std::string& patient, const std::function<void(Json&)>& edit,
                 const outbox::Refusal& refusal)
    {
        if (!edited("Patient", patient, edit))
            return false;
        exchange([&](SyncRecords& records) {
            const auto record = *records.find("Patient", patient);
            outbox::quarantine(*m_connection, record.pk, record.edits.back().seq, refusal,
                               formatInstant(now()));
        });
        return true;
    }

    bool edited(const std::string& type, const std::string& id, const std::function<void(Json&)>& edit)
    {
        auto record = m_clinic.resources().get(type, id);
        if (!record)
            return false;
        edit(record->document);
        return m_clinic.resources().put(record->document).has_value();
    }

    /// Registered twice; the other record is the one in use by now.
    bool mergedAway(const PatientId& kept)
    {
        const auto known = m_clinic.patients().view(kept);
        if (!known)
            return false;
        Patient twice;
        twice.names = known->patient.names;
        twice.birthDate = known->patient.birthDate;
        twice.sex = known->patient.sex;
        const auto saved = m_clinic.patients().save(twice, 0);
        return saved && m_clinic.merges().merge(kept, saved->id, "The same person.").has_value();
    }

    /// Of two visits that are expected today, one was changed here a moment ago, the other at two
    /// workstations.
    bool changesOfToday()
    {
        const QTimeZone zone = m_clinic.zone();
        const TimeRange today = localDay(toLocalDate(now(), zone), zone);
        const auto visits = ClinicReader(*m_connection).appointments(today.start, today.end);
        std::vector<std::string> expected;
        for (const ListedAppointment& visit : visits.value())
            if (visit.appointment.status == AppointmentStatus::Booked)
                expected.push_back(visit.appointment.id.text());
        const auto note = [](const char* text) {
            return [text](Json& document) { document.set("comment", text); };
        };
        return expected.size() >= 2 && edited("Appointment", expected[0], note("Brings the X-rays.")) &&
               conflict("Appointment", expected[1], note("Needs an interpreter."),
                        note("Comes with her son."));
    }

    void note(const outbox::Exchange& exchanged)
    {
        exchange([&](SyncRecords&) { outbox::addExchange(*m_connection, exchanged); });
    }

    [[nodiscard]] Instant now() const { return m_environment.clock.now(); }

private:
    void exchange(const std::function<void(SyncRecords&)>& work)
    {
        Transaction transaction(*m_connection);
        SyncRecords records(*m_connection, m_environment.clock, VersionOrder::Sequence);
        work(records);
        records.finish();
        transaction.commit();
    }
    void acknowledgeTasks()
    {
        exchange([&](SyncRecords& records) {
            for (const std::int64_t pk : outbox::ready(*m_connection)) {
                const auto record = *records.find(pk);
                if (record.type == "Task")
                    records.rebase(record, next(record.type, record.id, record.body), {}, true);
            }
        });
    }
    ServerVersion next(const std::string& type, const std::string& id, const std::optional<std::string>& body)
    {
        ServerVersion version{type, id, "demo." + std::to_string(++m_sequence), formatInstant(now()), {}};
        if (body)
            version.record = *PreparedRecord::ofServer(*Json::parse(*body));
        return version;
    }

    Clinic& m_clinic;
    std::unique_ptr<Connection> m_connection;
    const StoreEnvironment& m_environment;
    int m_sequence = 0;
};

bool live(Morning& morning, Clinic& clinic)
{
    const auto patients = clinic.patients().search("a", 12);
    if (!patients || patients->size() < 9)
        return false;
    const auto id = [&](std::size_t nth) { return (*patients)[nth].id; };
    const auto set = [](const char* name, const char* text) {
        return [name, text](Json& document) { setText(document, name, text); };
    };
    const bool peopled = morning.people() && morning.mergedAway(id(8));
    morning.acknowledgeAll();
    const std::string ago = formatInstant(morning.now() - 26min);
    morning.note({ago, 1.4, 214, 3, 0, 0, 0, {}});
    morning.note({formatInstant(morning.now() - 14min), 20.0, 0, 0, 0, 0, 0, "offline"});
    bool all = morning.conflict(
        id(0).text(),
        [](Json& document) {
            document.set("birthDate", std::string(document["birthDate"].string().substr(0, 4)) + "-03-21");
            setText(document["telecom"].isNull() ? document : *document.find("telecom"), "value",
                    "+39 055 555 0177");
        },
        [](Json& document) {
            document.set("birthDate", std::string(document["birthDate"].string().substr(0, 4)) + "-03-12");
            setText(document["telecom"].isNull() ? document : *document.find("telecom"), "value",
                    "+39 055 555 0164");
        });
    all = morning.conflict(id(1).text(), set("city", "Scandicci"), set("city", "Fiesole")) && all;
    all = morning.takenBooking(id(2), id(3)) && all;
    all = morning.refused(
              id(4).text(), set("postalCode", "5012"),
              {422, "bad-value",
               R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid",)"
               R"("details":{"text":"Not a postal code of that country."},)"
               R"("expression":["Patient.address[0].postalCode"]}]})"}) &&
          all;
    all = morning.refused(id(5).text(), set("family", "Marchetti"), {403, "author-disabled", {}}) && all;
    all = morning.edited("Patient", id(6).text(), set("city", "Prato")) && all;
    all = morning.book(id(7)).has_value() && all;
    all = morning.changesOfToday() && all;
    morning.note({formatInstant(morning.now() - 2min), 0.4, 3, 4, 1, 3, 2, {}});
    return all && peopled;
}

} // namespace

bool makeTourExchange(const Profile& profile, const StoreEnvironment& environment)
{
    auto clinic = Clinic::open(profile, kUser, kPassword, environment);
    if (!clinic)
        return false;
    auto connection = (*clinic)->openSyncConnection();
    if (!connection)
        return false;
    Morning morning(**clinic, std::move(*connection), environment);
    return live(morning, **clinic);
}

} // namespace yarrow
