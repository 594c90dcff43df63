// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"
#include "models/fhir/references.h"

namespace yarrow::ctl {

namespace {

/// `at` as it stands in the audit, for people on the clinic's clock.
std::string onTheClock(const std::string& at, const QTimeZone& zone)
{
    const auto instant = parseInstant(at);
    return instant ? localTextForPeople(*instant, zone) : at;
}

class ResourceCommand : public Command
{
public:
    ResourceCommand(CLI::App& group, const std::string& name, const std::string& description)
        : Command(group, name, description)
    {
        app().add_option("reference", m_reference, "Type/id")->required()->check(isReference());
    }

protected:
    /// A view into what was typed.
    [[nodiscard]] fhir::Reference reference() const { return *fhir::parseReference(m_reference); }

private:
    std::string m_reference;
};

class GetResource final : public ResourceCommand
{
public:
    explicit GetResource(CLI::App& group)
        : ResourceCommand(group, "get", "Print a record's FHIR document")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto read = (*clinic)->resources().get(reference().type, reference().id);
        if (!read)
            return fail(read.error());
        if (context.out.isJson())
            context.out.json(read->document);
        else
            context.out.text(read->document.dumpPretty());
        return ExitCode::Done;
    }
};

class ResourceHistory final : public ResourceCommand
{
public:
    explicit ResourceHistory(CLI::App& group)
        : ResourceCommand(group, "history",
                          "List what was done to a record on this workstation, oldest first")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto steps = (*clinic)->resources().history(reference().type, reference().id);
        if (!steps)
            return fail(steps.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const HistoryStep& step : *steps) {
                auto row = toJson(step);
                if (!row)
                    return fail(row.error());
                list.append(std::move(*row));
            }
            context.out.json(list);
            return ExitCode::Done;
        }
        std::vector<std::vector<std::string>> rows;
        for (const HistoryStep& step : *steps)
            rows.push_back(
                {onTheClock(step.at, (*clinic)->zone()), step.action, step.userName, step.role, step.reason});
        context.out.table({"AT", "ACTION", "USER", "ROLE", "REASON"}, rows, "Nothing is known of it.");
        return ExitCode::Done;
    }

private:
    static Result<Json> toJson(const HistoryStep& step)
    {
        Json row = Json::object();
        row.set("at", step.at);
        row.set("action", step.action);
        row.set("user", step.userName);
        row.set("role", step.role);
        row.set("reason", step.reason);
        row.set("digest", step.digest);
        row.set("resource", Json());
        if (step.document) {
            auto document = Json::parse(*step.document);
            if (!document)
                return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
            row.set("resource", std::move(*document));
        }
        return row;
    }
};

} // namespace

void addResourceCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "resource", "Any FHIR record by its type and id");
    commands.push_back(std::make_unique<GetResource>(group));
    commands.push_back(std::make_unique<ResourceHistory>(group));
}

} // namespace yarrow::ctl
