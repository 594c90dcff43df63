// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/inbox_deeds.h"

#include "models/store/commands/conflict_commands.h"
#include "models/store/commands/exchange_commands.h"
#include "tests/simulation/local_records.h"

namespace yarrow::simulation {
namespace {

void tell(World& world, Client& client, const std::string& what, const Error* error = nullptr)
{
    std::string text = client.person().userName + ": " + what;
    if (error)
        text.append(" - ").append(errorCodeName(error->code)).append(" ").append(error->context);
    world.say(client.name(), text);
}

/// Whether the workstation shows the edit, or a conflict about it.
bool shows(const LocalState& state, const Edit& edit)
{
    const auto record = state.records.find(edit.name());
    if (edit.isDeletion())
        return record == state.records.end() || record->second.deleted || state.isInTask(edit.name());
    return (record != state.records.end() && record->second.body.find(edit.token) != std::string::npos) ||
           state.isInTask(edit.token);
}

/// What this workstation wrote and does not show any more after a person's decision is that person's choice.
void noteChoice(World& world, Client& client, const LocalState& before)
{
    const LocalState after = client.state();
    for (const Edit& edit : world.oracle.edits()) {
        if (edit.client == client.number() && shows(before, edit) && !shows(after, edit))
            world.oracle.gaveUp(edit.number);
    }
}

} // namespace

void settleConflict(World& world, Client& client, Dice dice)
{
    const LocalState before = client.state();
    CommandScope scope = client.scope();
    ConflictCommands commands(scope);
    const auto open = commands.list(ConflictCommands::Which::Open);
    if (!open || open->empty())
        return;
    const std::string id = dice.oneOf(*open).conflict.id;
    const auto shown = commands.show(id);
    if (!shown)
        return;
    std::vector<Conflict::Choice> choices;
    for (const Conflict::Element& element : shown->conflict.elements) {
        using Take = Conflict::Choice::Take;
        choices.push_back({element.path, dice.chance(600) ? Take::Mine : Take::Theirs, {}});
    }
    const auto settled = commands.settle(id, choices, shown->revision);
    tell(world, client, "settles Task/" + id, settled ? nullptr : &settled.error());
    if (!settled)
        return;
    noteChoice(world, client, before);
    Settlement settlement;
    settlement.client = client.number();
    settlement.author = client.person().account;
    settlement.task = "Task/" + id;
    settlement.at = settled->at;
    settlement.record = settled->focusType + "/" + settled->focusId;
    settlement.isChange = !settled->replaced.empty();
    world.oracle.settled(std::move(settlement));
    client.lastSettlement = *settled;
}

void undoSettlement(World& world, Client& client)
{
    if (!client.lastSettlement)
        return;
    const LocalState before = client.state();
    CommandScope scope = client.scope();
    const auto undone = ConflictCommands(scope).undo(*client.lastSettlement);
    tell(world, client, "takes the settlement of Task/" + client.lastSettlement->id + " back",
         undone ? nullptr : &undone.error());
    if (undone) {
        noteChoice(world, client, before);
        world.oracle.putBack(client.lastSettlement->focusType + "/" + client.lastSettlement->focusId);
    }
    client.lastSettlement.reset();
}

void retryRefused(World& world, Client& client)
{
    CommandScope scope = client.scope();
    const auto sent = ExchangeCommands(scope).retryAll();
    if (sent && *sent > 0)
        tell(world, client, "has " + std::to_string(*sent) + " refused records sent once more");
}

void discardRefused(World& world, Client& client, Dice dice)
{
    const LocalState before = client.state();
    std::vector<std::string> refused;
    for (const auto& [name, record] : LocalState::read(client.connection()).records) {
        if (record.isQuarantined)
            refused.push_back(name);
    }
    if (refused.empty())
        return;
    const std::string name = dice.oneOf(refused);
    const std::size_t slash = name.find('/');
    CommandScope scope = client.scope();
    const auto discarded =
        ExchangeCommands(scope).discard(name.substr(0, slash), name.substr(slash + 1), "entered by mistake");
    tell(world, client, "gives up " + name, discarded ? nullptr : &discarded.error());
    if (discarded)
        noteChoice(world, client, before);
}

} // namespace yarrow::simulation
