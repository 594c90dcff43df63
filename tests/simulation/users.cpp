// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/users.h"

#include "models/store/commands/resource_commands.h"
#include "server/json/json_document.h"
#include "tests/simulation/family_deeds.h"
#include "tests/simulation/inbox_deeds.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

namespace yarrow::simulation {
namespace {

constexpr const char* kDay = "2026-03-09";
constexpr int kSlots = 6; ///< of a practitioner's day: few, so that they are contested

Json parsed(const std::string& text)
{
    auto value = Json::parse(text);
    YARROW_ASSERT(value.has_value());
    return std::move(*value);
}

std::string number(int value)
{
    return std::to_string(value);
}

/// Half an hour of the day. The end is the token: no two bookings have the same.
struct Slot
{
    std::string start;
    std::string end;
};

Slot slotOf(int place, int token)
{
    constexpr int kFirstHour = 8;
    constexpr int kMilliseconds = 1000;
    char start[64];
    char end[64];
    const int hour = kFirstHour + place / 2;
    const bool isLate = place % 2 == 1;
    std::snprintf(start, sizeof start, "%sT%02d:%02d:00Z", kDay, hour, isLate ? 30 : 0);
    std::snprintf(end, sizeof end, "%sT%02d:%02d:%02d.%03uZ", kDay, hour, isLate ? 58 : 28,
                  token / kMilliseconds % 60, static_cast<unsigned>(token % kMilliseconds));
    return {start, end};
}

Json patient(const std::string& id, const std::string& family, const std::string& given,
             const std::string& city, const std::string& phone)
{
    return parsed(R"({"resourceType":"Patient","id":")" + id +
                  R"(","active":true,"name":[{"use":"official",)" + R"("family":")" + family +
                  R"(","given":[")" + given + R"("]}],"telecom":[{"system":"phone","value":")" + phone +
                  R"(","use":"mobile"}],"gender":"unknown","birthDate":"1980-05-17",)" +
                  R"("address":[{"use":"home","city":")" + city + R"("}],"x-scale":1.10})");
}

Json appointment(const std::string& id, const Slot& slot, const std::string& doctor,
                 const std::string& patientId, const std::string& comment)
{
    return parsed(R"({"resourceType":"Appointment","id":")" + id + R"(","status":"booked","start":")" +
                  slot.start + R"(","end":")" + slot.end + R"(","comment":")" + comment +
                  R"(","participant":[{"actor":{"reference":"Practitioner/)" + doctor +
                  R"("},"status":"accepted"},{"actor":{"reference":"Patient/)" + patientId +
                  R"("},"status":"accepted"}]})");
}

Json allergy(const std::string& id, const std::string& patientId, const std::string& text)
{
    return parsed(R"({"resourceType":"AllergyIntolerance","id":")" + id + R"(","code":{"text":")" + text +
                  R"("},"patient":{"reference":"Patient/)" + patientId + R"("}})");
}

Json prescription(const std::string& id, const std::string& patientId, const std::string& dosage)
{
    return parsed(R"({"resourceType":"MedicationRequest","id":")" + id +
                  R"(","status":"active","intent":"order","medicationCodeableConcept":{"text":"Ramipril"},)" +
                  R"("subject":{"reference":"Patient/)" + patientId + R"("},"dosageInstruction":[{"text":")" +
                  dosage + R"("}]})");
}

Json bloodPressure(const std::string& id, const std::string& patientId, const std::string& text)
{
    return parsed(
        R"({"resourceType":"Observation","id":")" + id +
        R"(","status":"final","category":[{"coding":[{"system":)"
        R"("http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],)" +
        R"("code":{"text":"Blood pressure"},"subject":{"reference":"Patient/)" + patientId +
        R"("},"valueString":")" + text + R"("})");
}

/// What a person does at a workstation, with the tools for it.
class Deed
{
public:
    Deed(World& world, Client& client, Dice dice)
        : m_world(world)
        , m_client(client)
        , m_dice(dice)
    {}

    struct Change
    {
        std::string element;
        std::string token;
    };

    /// A live record of that type that this workstation shows; the first few more often than the others.
    std::string pick(const char* type)
    {
        std::vector<std::string> ids;
        Query query(m_client.connection(),
                    "SELECT id FROM resource WHERE type = ? AND deleted = 0 ORDER BY id");
        query.bind(type);
        while (query.step())
            ids.push_back(query.string(0));
        constexpr int kPopular = 3;
        if (ids.empty())
            return {};
        const int bound = m_dice.chance(700) ? std::min(kPopular, static_cast<int>(ids.size()))
                                             : static_cast<int>(ids.size());
        return ids[static_cast<std::size_t>(m_dice.below(bound))];
    }

    std::string bodyOf(const char* type, const std::string& id)
    {
        Query query(m_client.connection(), "SELECT body FROM resource WHERE type = ? AND id = ?");
        query.bind(type, id);
        return query.step() ? query.string(0) : std::string();
    }

    void put(const Json& document, const std::string& before, const std::vector<Change>& changes)
    {
        CommandScope scope = m_client.scope();
        const auto written = ResourceCommands(scope).put(document);
        const std::string name =
            std::string(document["resourceType"].string()) + "/" + std::string(document["id"].string());
        for (const Change& change : changes) {
            tell(name + " " + change.element + " " + change.token, written.has_value(),
                 written ? ErrorCode::Io : written.error().code);
            if (written)
                m_world.oracle.edited(
                    edit(document["resourceType"].string(), document["id"].string(), change), before);
        }
    }

    /// Changes the record so that `change` puts a new token into an element.
    void update(const char* type, const char* element,
                const std::function<void(Json&, const std::string& token)>& change)
    {
        const std::string id = pick(type);
        if (id.empty())
            return;
        const std::string before = bodyOf(type, id);
        Json document = parsed(before);
        const std::string token = m_world.oracle.nextToken();
        change(document, token);
        put(document, before, {{element, token}});
    }

    void remove(const char* type)
    {
        const std::string id = pick(type);
        if (id.empty())
            return;
        const std::string before = bodyOf(type, id);
        CommandScope scope = m_client.scope();
        const auto removed = ResourceCommands(scope).remove(type, id, "no longer needed");
        tell(std::string(type) + "/" + id + " delete", removed.has_value(),
             removed ? ErrorCode::Io : removed.error().code);
        if (removed)
            m_world.oracle.edited(edit(type, id, {"delete", {}}), before);
    }

    void createPatient()
    {
        const std::string family = token();
        const std::string city = token();
        const std::string phone = token();
        put(patient(newId(), family, "Nova", city, phone), {},
            {{"family", family}, {"city", city}, {"phone", phone}});
    }

    void createFor(const char* element,
                   Json (*make)(const std::string&, const std::string&, const std::string&))
    {
        const std::string patientId = pick("Patient");
        if (patientId.empty())
            return;
        const std::string text = token();
        put(make(newId(), patientId, text), {}, {{element, text}});
    }

    void book()
    {
        const std::string patientId = pick("Patient");
        const std::string doctor = pick("Practitioner");
        if (patientId.empty() || doctor.empty())
            return;
        const std::string comment = token();
        (void)token();
        const Slot slot = freeSlot();
        put(appointment(newId(), slot, doctor, patientId, comment), {},
            {{"slot", slot.end}, {"comment", comment}});
    }

    void relate()
    {
        const std::string patientId = pick("Patient");
        const std::string relative = pick("Patient");
        if (!patientId.empty() && patientId != relative)
            simulation::relate(m_world, m_client, patientId, relative, m_dice);
    }

    void addContact()
    {
        if (const std::string patientId = pick("Patient"); !patientId.empty())
            simulation::addContact(m_world, m_client, patientId, m_dice);
    }

    void takeOutOrPutBack()
    {
        if (const std::string related = pick("RelatedPerson"); !related.empty())
            simulation::takeOutOrPutBack(m_world, m_client, related);
    }

    void inbox(void (*run)(World&, Client&, Dice)) { run(m_world, m_client, m_dice); }

    void move()
    {
        const std::string id = pick("Appointment");
        if (id.empty())
            return;
        const std::string before = bodyOf("Appointment", id);
        Json document = parsed(before);
        (void)token();
        const Slot slot = freeSlot();
        document.set("start", slot.start);
        document.set("end", slot.end);
        put(document, before, {{"slot", slot.end}});
    }

private:
    std::string token() { return m_world.oracle.nextToken(); }
    std::string newId() { return m_client.scope().ids.next(); }
    Slot freeSlot() { return slotOf(m_dice.below(kSlots), m_world.oracle.tokens()); }

    Edit edit(std::string_view type, std::string_view id, const Change& change)
    {
        Edit made;
        made.client = m_client.number();
        made.type = type;
        made.id = id;
        made.element = change.element;
        made.token = change.token;
        made.author = m_client.person().account;
        made.at = m_world.scheduler.now();
        return made;
    }

    void tell(const std::string& what, bool done, ErrorCode code)
    {
        m_world.say(m_client.name(), m_client.person().userName + ": " + what +
                                         (done ? "" : std::string(" - ") + errorCodeName(code)));
    }

    World& m_world;
    Client& m_client;
    Dice m_dice;
};

void setFirst(Json& document, const char* list, const char* member, const std::string& value)
{
    Json& items = document.arrayAt(list);
    if (items.items().empty())
        items.append(Json::object());
    items.mutableItems().front().set(member, value);
}

struct Named
{
    const char* name;
    void (*run)(Deed&);
};

constexpr std::array kDeeds{
    Named{"family",
          [](Deed& deed) {
              deed.update("Patient", "family", [](Json& document, const std::string& token) {
                  setFirst(document, "name", "family", token);
              });
          }},
    Named{"city",
          [](Deed& deed) {
              deed.update("Patient", "city", [](Json& document, const std::string& token) {
                  setFirst(document, "address", "city", token);
              });
          }},
    Named{"phone",
          [](Deed& deed) {
              deed.update("Patient", "phone", [](Json& document, const std::string& token) {
                  setFirst(document, "telecom", "value", token);
              });
          }},
    Named{"comment",
          [](Deed& deed) {
              deed.update("Appointment", "comment",
                          [](Json& document, const std::string& token) { document.set("comment", token); });
          }},
    Named{"cancel",
          [](Deed& deed) {
              deed.update("Appointment", "cancel", [](Json& document, const std::string& token) {
                  document.set("status", "cancelled");
                  document.objectAt("cancelationReason").set("text", token);
              });
          }},
    Named{"allergy",
          [](Deed& deed) {
              deed.update("AllergyIntolerance", "code", [](Json& document, const std::string& token) {
                  document.objectAt("code").set("text", token);
              });
          }},
    Named{"dosage",
          [](Deed& deed) {
              deed.update("MedicationRequest", "dosage", [](Json& document, const std::string& token) {
                  setFirst(document, "dosageInstruction", "text", token);
              });
          }},
    Named{"relation",
          [](Deed& deed) {
              deed.update("RelatedPerson", "relationship", [](Json& document, const std::string& token) {
                  setFirst(document, "relationship", "text", token);
              });
          }},
    Named{"new-patient", [](Deed& deed) { deed.createPatient(); }},
    Named{"new-allergy", [](Deed& deed) { deed.createFor("code", allergy); }},
    Named{"new-prescription", [](Deed& deed) { deed.createFor("dosage", prescription); }},
    Named{"new-measurement", [](Deed& deed) { deed.createFor("value", bloodPressure); }},
    Named{"relate", [](Deed& deed) { deed.relate(); }},
    Named{"new-contact", [](Deed& deed) { deed.addContact(); }},
    Named{"take-out", [](Deed& deed) { deed.takeOutOrPutBack(); }},
    Named{"book", [](Deed& deed) { deed.book(); }},
    Named{"move", [](Deed& deed) { deed.move(); }},
    Named{"settle", [](Deed& deed) { deed.inbox(settleConflict); }},
    Named{"undo", [](Deed& deed) { deed.inbox([](World& w, Client& c, Dice) { undoSettlement(w, c); }); }},
    Named{"retry", [](Deed& deed) { deed.inbox([](World& w, Client& c, Dice) { retryRefused(w, c); }); }},
    Named{"discard", [](Deed& deed) { deed.inbox(discardRefused); }},
    Named{"delete-allergy", [](Deed& deed) { deed.remove("AllergyIntolerance"); }},
    Named{"delete-appointment", [](Deed& deed) { deed.remove("Appointment"); }},
    Named{"delete-relation", [](Deed& deed) { deed.remove("RelatedPerson"); }},
    Named{"delete-prescription", [](Deed& deed) { deed.remove("MedicationRequest"); }},
};

void place(World& world, const std::string& text)
{
    if (world.other) {
        world.other->put(parsed(text));
        return;
    }
    const auto document = server::JsonDocument::parse(text);
    YARROW_ASSERT(document.has_value());
    auto read = server::fhir::readDocument(document->root());
    YARROW_ASSERT(read.has_value());
    const ModelDevice setup{"setup", server::AreaSet::all(), false};
    const auto writtenBy = [&](const Person& person) {
        server::fhir::WriteEntry entry;
        entry.method = server::fhir::WriteEntry::Method::Update;
        entry.type = read->type;
        entry.id = read->id;
        entry.author = person.account;
        entry.document = *read;
        const auto outcome = world.server.records.write(setup, {entry}, false, {}, world.serverTime());
        return outcome.has_value() && !outcome->results.front().problem;
    };
    YARROW_ASSERT(std::any_of(world.people.begin(), world.people.end(), writtenBy));
    const std::int64_t seq = world.server.records.seq();
    world.oracle.stored(world.server.records.version(seq), world.server.records, std::nullopt);
}

} // namespace

std::vector<Person> staff()
{
    return {{"account-anna", "anna", "admin"},        {"account-dario", "dario", "doctor"},
            {"account-dina", "dina", "doctor"},       {"account-nino", "nino", "nurse"},
            {"account-rita", "rita", "receptionist"}, {"account-remo", "remo", "receptionist"}};
}

void furnish(World& world, int rooms)
{
    for (int i = 1; i <= rooms; ++i)
        place(world, R"({"resourceType":"Location","id":"room)" + number(i) + R"(","name":"Room )" +
                         number(i) + R"("})");
    constexpr int kDoctors = 2;
    constexpr int kPatients = 6;
    for (int i = 1; i <= kDoctors; ++i)
        place(world, R"({"resourceType":"Practitioner","id":"dr)" + number(i) +
                         R"(","name":[{"family":"Doc)" + number(i) + R"("}]})");
    for (int i = 1; i <= kPatients; ++i)
        place(world,
              patient("p" + number(i), "Reed", "Pat" + number(i), "Merano", "0473 55501" + number(i)).dump());
    for (int i = 1; i <= 3; ++i) {
        place(world, allergy("al" + number(i), "p" + number(i), "Latex").dump());
        place(world, prescription("rx" + number(i), "p" + number(i), "One in the morning").dump());
        place(
            world,
            appointment("ap" + number(i), slotOf(kSlots + i, 0), "dr1", "p" + number(i), "Check-up").dump());
    }
}

const std::vector<std::string>& deeds()
{
    static const std::vector<std::string> names = []() {
        std::vector<std::string> all;
        for (const Named& deed : kDeeds)
            all.emplace_back(deed.name);
        return all;
    }();
    return names;
}

void act(World& world, Client& client, const std::string& deed, Dice dice)
{
    for (const Named& named : kDeeds) {
        if (named.name == deed) {
            Deed tools(world, client, dice);
            named.run(tools);
        }
    }
    client.rebootIfIdle();
}

} // namespace yarrow::simulation
