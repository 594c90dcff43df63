// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"

#include <algorithm>

namespace yarrow::ctl {

namespace {

using Take = Conflict::Choice::Take;

constexpr const char* kWhole = "*"; ///< how the path of a whole record is typed and shown

std::string shownPath(const std::string& path)
{
    return path.empty() ? kWhole : path;
}

std::string recordOf(const Conflict& conflict)
{
    return conflict.focusType + "/" + conflict.focusId;
}

Json orNull(const std::optional<Json>& value)
{
    return value ? *value : Json();
}

const char* takeName(Take take)
{
    return take == Take::Mine ? "mine" : take == Take::Theirs ? "theirs" : "value";
}

Json settlementOf(const Conflict& conflict)
{
    if (!conflict.settlement)
        return {};
    Json settled = Json::object();
    settled.set("by", conflict.settlement->name);
    settled.set("at", conflict.settlement->at);
    Json& choices = settled.arrayAt("choices");
    for (const Conflict::Choice& choice : conflict.settlement->choices) {
        Json& row = choices.append(Json::object());
        row.set("path", shownPath(choice.path));
        row.set("take", takeName(choice.take));
        row.set("value", orNull(choice.value));
    }
    return settled;
}

/// What list and show have in common.
Json rowOf(const Conflict& conflict, const RecordTitle& title)
{
    Json row = Json::object();
    row.set("id", conflict.id);
    row.set("kind", conflictKindCode(conflict.kind));
    row.set("record", recordOf(conflict));
    row.set("patient", conflict.patient);
    row.set("patientName", title.patientName);
    row.set("author", conflict.authorName);
    row.set("editedAt", conflict.editedAt);
    row.set("theirsAuthor", conflict.theirsAuthorName);
    row.set("detectedAt", conflict.detectedAt);
    row.set("settled", settlementOf(conflict));
    return row;
}

std::string onTheClock(const std::string& at, const QTimeZone& zone)
{
    const auto instant = parseInstant(at);
    return instant ? localTextForPeople(*instant, zone) : at;
}

class ListConflicts final : public Command
{
public:
    explicit ListConflicts(CLI::App& group)
        : Command(group, "list", "List the conflicts that wait for a decision, oldest first")
    {
        app().add_flag("--settled", m_settled, "Those settled last instead, newest first");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto listed = (*clinic)->conflicts().list(m_settled ? ConflictCommands::Which::Settled
                                                                  : ConflictCommands::Which::Open);
        if (!listed)
            return fail(listed.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const ListedConflict& one : *listed) {
                Json& row = list.append(rowOf(one.conflict, one.title));
                row.set("maySettle", one.maySettle);
                Json& elements = row.arrayAt("elements");
                for (const Conflict::Element& element : one.conflict.elements)
                    elements.append(shownPath(element.path));
            }
            context.out.json(list);
            return ExitCode::Done;
        }
        std::vector<std::vector<std::string>> rows;
        for (const ListedConflict& one : *listed) {
            std::string elements;
            for (const Conflict::Element& element : one.conflict.elements)
                elements += (elements.empty() ? "" : " ") + shownPath(element.path);
            rows.push_back({one.conflict.id, std::string(conflictKindCode(one.conflict.kind)),
                            recordOf(one.conflict), one.title.patientName, one.conflict.authorName,
                            onTheClock(one.conflict.editedAt, (*clinic)->zone()), elements});
        }
        context.out.table({"ID", "KIND", "RECORD", "PATIENT", "AUTHOR", "EDITED", "ELEMENTS"}, rows,
                          m_settled ? "None was settled yet." : "Nothing waits for a decision.");
        return ExitCode::Done;
    }

private:
    bool m_settled = false;
};

class ConflictCommand : public Command
{
public:
    ConflictCommand(CLI::App& group, const std::string& name, const std::string& description)
        : Command(group, name, description)
    {
        app().add_option("id", m_id, "The conflict's id")->required()->check(isId());
    }

protected:
    std::string m_id;
};

class ShowConflict final : public ConflictCommand
{
public:
    explicit ShowConflict(CLI::App& group)
        : ConflictCommand(group, "show", "Show what is disputed: before, mine, theirs")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto shown = (*clinic)->conflicts().show(m_id);
        if (!shown)
            return fail(shown.error());
        if (context.out.isJson()) {
            context.out.json(toJson(*shown, (*clinic)->zone()));
            return ExitCode::Done;
        }
        const auto text = [](const std::optional<Json>& value) { return value ? value->dump() : "-"; };
        context.out.line(std::string(conflictKindCode(shown->conflict.kind)) + "  " +
                         recordOf(shown->conflict) + "  " + shown->title.patientName);
        context.out.line("edited by " + shown->conflict.authorName + ", " +
                         onTheClock(shown->conflict.editedAt, (*clinic)->zone()));
        if (!shown->conflict.theirsAuthorName.empty())
            context.out.line("what stands is by " + shown->conflict.theirsAuthorName);
        if (const auto& settlement = shown->conflict.settlement)
            context.out.line("settled by " + settlement->name + ", " +
                             onTheClock(settlement->at, (*clinic)->zone()));
        std::vector<std::vector<std::string>> rows;
        for (std::size_t i = 0; i < shown->conflict.elements.size(); ++i) {
            const Conflict::Element& element = shown->conflict.elements[i];
            rows.push_back({shownPath(element.path), text(element.base), text(element.mine),
                            text(element.theirs), text(shown->now[i])});
        }
        context.out.table({"ELEMENT", "BEFORE", "MINE", "THEIRS", "NOW"}, rows, "Nothing is disputed.");
        return ExitCode::Done;
    }

private:
    static Json toJson(const ShownConflict& shown, const QTimeZone& zone)
    {
        Json row = rowOf(shown.conflict, shown.title);
        row.set("device", shown.conflict.device);
        row.set("maySettle", shown.maySettle);
        Json& elements = row.arrayAt("elements");
        for (std::size_t i = 0; i < shown.conflict.elements.size(); ++i) {
            const Conflict::Element& element = shown.conflict.elements[i];
            Json& one = elements.append(Json::object());
            one.set("path", shownPath(element.path));
            one.set("before", orNull(element.base));
            one.set("mine", orNull(element.mine));
            one.set("theirs", orNull(element.theirs));
            one.set("now", orNull(shown.now[i]));
        }
        row.set("wished", shown.wished ? Json(localText(shown.wished->start, zone)) : Json(""));
        row.set("takenBy", shown.holder ? Json(shown.holder->appointment.id.text()) : Json(""));
        row.set("resource", orNull(shown.present));
        return row;
    }
};

/// A value as it was typed. Where the element holds texts, a bare word is one: 1980 is a year, not a number.
std::optional<Json> typedValue(const Conflict::Element& element, const std::string& typed)
{
    const auto isText = [](const std::optional<Json>& value) { return value && value->isString(); };
    const bool holdsText = isText(element.base) || isText(element.mine) || isText(element.theirs);
    if (typed == "null" || typed.empty())
        return std::nullopt;
    if (!holdsText || typed.front() == '"') {
        if (auto value = Json::parse(typed))
            return std::move(*value);
    }
    return Json(typed);
}

class SettleConflict final : public ConflictCommand
{
public:
    explicit SettleConflict(CLI::App& group)
        : ConflictCommand(group, "settle", "Decide a conflict")
    {
        app()
            .add_option("--take", m_take,
                        "mine or theirs for all elements, or ELEMENT=mine, ELEMENT=theirs, ELEMENT=VALUE for "
                        "one; again for more. VALUE is JSON or a text; null takes the element out")
            ->required()
            ->take_all();
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        auto commands = (*clinic)->conflicts();
        const auto shown = commands.show(m_id);
        if (!shown)
            return fail(shown.error());
        const auto choices = choicesFor(shown->conflict);
        if (!choices)
            return fail(choices.error());
        const auto settled = commands.settle(m_id, *choices, shown->revision);
        if (!settled)
            return fail(settled.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("id", settled->id);
            result.set("record", settled->focusType + "/" + settled->focusId);
            Json& changed = result.arrayAt("changed");
            for (const SettledConflict::Replaced& one : settled->replaced)
                changed.append(shownPath(one.path));
            context.out.json(result);
        } else {
            context.out.line(settled->replaced.empty()
                                 ? "Settled; the record stays as it is."
                                 : "Settled; the record was changed and waits to be sent.");
        }
        return ExitCode::Done;
    }

private:
    /// Later words win over earlier ones, so that `--take theirs --take birthDate=1980-03-12` reads as meant.
    Result<std::vector<Conflict::Choice>> choicesFor(const Conflict& conflict) const
    {
        std::vector<Conflict::Choice> choices;
        const auto choose = [&](Conflict::Choice choice) {
            std::erase_if(choices, [&](const auto& known) { return known.path == choice.path; });
            choices.push_back(std::move(choice));
        };
        for (const std::string& word : m_take) {
            if (word == "mine" || word == "theirs") {
                for (const Conflict::Element& element : conflict.elements)
                    choose({element.path, word == "mine" ? Take::Mine : Take::Theirs, {}});
                continue;
            }
            // A path has signs of equality of its own, so it is looked for and not cut out.
            const auto named =
                std::find_if(conflict.elements.begin(), conflict.elements.end(), [&](const auto& element) {
                    return word.starts_with(shownPath(element.path) + "=");
                });
            if (named == conflict.elements.end())
                return fail(ErrorCode::InvalidArgument, "--take " + word + ": no such element");
            const std::string value = word.substr(shownPath(named->path).size() + 1);
            if (value == "mine" || value == "theirs")
                choose({named->path, value == "mine" ? Take::Mine : Take::Theirs, {}});
            else
                choose({named->path, Take::Value, typedValue(*named, value)});
        }
        return choices;
    }

    std::vector<std::string> m_take;
};

class UndoSettlement final : public ConflictCommand
{
public:
    explicit UndoSettlement(CLI::App& group)
        : ConflictCommand(group, "undo", "Take back what you settled here in the last days")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        auto commands = (*clinic)->conflicts();
        const auto undoable = commands.undoable();
        if (!undoable)
            return fail(undoable.error());
        const auto found = std::find_if(undoable->begin(), undoable->end(),
                                        [&](const SettledConflict& one) { return one.id == m_id; });
        if (found == undoable->end())
            return fail(ErrorCode::NotFound, "a settlement of yours: " + m_id);
        const auto undone = commands.undo(*found);
        if (!undone)
            return fail(undone.error());
        const bool isOpen = *undone == ConflictCommands::Undone::Reopened;
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("id", m_id);
            result.set("undone", isOpen ? "reopened" : "put-back");
            context.out.json(result);
        } else {
            context.out.line(isOpen ? "The conflict is open again." : "The record is as it was before.");
        }
        return ExitCode::Done;
    }
};

} // namespace

void addConflictCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "conflicts", "What two people changed without knowing of each other");
    commands.push_back(std::make_unique<ListConflicts>(group));
    commands.push_back(std::make_unique<ShowConflict>(group));
    commands.push_back(std::make_unique<SettleConflict>(group));
    commands.push_back(std::make_unique<UndoSettlement>(group));
}

} // namespace yarrow::ctl
