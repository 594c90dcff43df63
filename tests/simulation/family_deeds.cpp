// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/family_deeds.h"

#include "models/fhir/related_person_fhir.h"
#include "models/store/commands/family_commands.h"

#include <array>

namespace yarrow::simulation {
namespace {

void tell(World& world, Client& client, const std::string& what, const Error* error)
{
    world.say(client.name(), client.person().userName + ": " + what +
                                 (error ? std::string(" - ") + errorCodeName(error->code) : std::string()));
}

std::string bodyOf(Client& client, const char* type, const std::string& id)
{
    Query query(client.connection(), "SELECT body FROM resource WHERE type = ? AND id = ?");
    query.bind(type, id);
    return query.step() ? query.string(0) : std::string();
}

void edited(World& world, const Client& client, const char* type, const std::string& id, std::string element,
            std::string token, const std::string& before)
{
    Edit edit;
    edit.client = client.number();
    edit.type = type;
    edit.id = id;
    edit.element = std::move(element);
    edit.token = std::move(token);
    edit.author = client.person().account;
    edit.at = world.scheduler.now();
    world.oracle.edited(std::move(edit), before);
}

} // namespace

void relate(World& world, Client& client, const std::string& patient, const std::string& relative, Dice dice)
{
    constexpr std::array kRelations{Relation::Parent, Relation::Child, Relation::Sibling, Relation::Guardian};
    const std::string before = bodyOf(client, "Patient", relative);
    CommandScope scope = client.scope();
    const auto added =
        FamilyCommands(scope).add(PatientId::known(patient), PatientId::known(relative),
                                  dice.oneOf(kRelations), {dice.chance(500), dice.chance(500)});
    tell(world, client, "relates Patient/" + relative + " to Patient/" + patient,
         added ? nullptr : &added.error());
    if (!added)
        return;
    const std::string id = added->id.text();
    const std::string name = "RelatedPerson/" + id;
    if (added->revision == 1) // one that was taken out may have come back: that is no new record
        edited(world, client, "RelatedPerson", id, "id", id, {});
    if (before.find(name) == std::string::npos)
        edited(world, client, "Patient", relative, "link of " + id, name, before);
}

void addContact(World& world, Client& client, const std::string& patient, Dice dice)
{
    const std::string family = world.oracle.nextToken();
    RelatedPerson person;
    person.patient = PatientId::known(patient);
    person.relation = dice.chance(500) ? Relation::Guardian : Relation::Contact;
    person.told.relative = true;
    HumanName name;
    name.family = QString::fromStdString(family);
    person.names.push_back(name);
    CommandScope scope = client.scope();
    const auto saved = FamilyCommands(scope).save(person, 0);
    tell(world, client, "adds " + family + " to the family of Patient/" + patient,
         saved ? nullptr : &saved.error());
    if (saved)
        edited(world, client, "RelatedPerson", saved->id.text(), "contact", family, {});
}

void takeOutOrPutBack(World& world, Client& client, const std::string& related)
{
    const auto document = Json::parse(bodyOf(client, "RelatedPerson", related));
    const auto person = document ? fhir::readRelatedPerson(*document) : fail(document.error());
    if (!person)
        return;
    CommandScope scope = client.scope();
    FamilyCommands commands(scope);
    const auto changed =
        person->active ? commands.takeOut(person->id) : commands.putBack(std::vector{person->id});
    tell(world, client, (person->active ? "takes out RelatedPerson/" : "puts back RelatedPerson/") + related,
         changed ? nullptr : &changed.error());
}

} // namespace yarrow::simulation
