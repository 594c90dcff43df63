// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"
#include "models/fhir/references.h"

namespace yarrow::ctl {

namespace {

const char* changeName(WaitingRecord::Change change)
{
    switch (change) {
    case WaitingRecord::Change::Made:
        return "made";
    case WaitingRecord::Change::Edited:
        return "edited";
    case WaitingRecord::Change::Deleted:
        return "deleted";
    }
    bug("unknown change", __FILE__, __LINE__);
}

Json toJson(const WaitingRecord& record)
{
    Json row = Json::object();
    row.set("record", record.title.type + "/" + record.title.id);
    row.set("patient", record.title.patient);
    row.set("patientName", record.title.patientName);
    row.set("change", changeName(record.change));
    row.set("edits", record.edits);
    row.set("author", record.authorName);
    row.set("editedAt", record.since);
    row.set("status", record.refused->status);
    row.set("code", record.refused->code);
    row.set("message", record.refused->message);
    row.set("element", record.refused->element);
    row.set("attempts", record.refused->attempts);
    row.set("since", record.refused->since);
    return row;
}

class ListQuarantine final : public Command
{
public:
    explicit ListQuarantine(CLI::App& group)
        : Command(group, "list", "List the edits that the server refused, and why")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        constexpr int kAll = 1'000'000;
        const auto refused = (*clinic)->exchange().waiting(ExchangeCommands::Which::Refused, kAll);
        if (!refused)
            return fail(refused.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const WaitingRecord& record : refused->records)
                list.append(toJson(record));
            context.out.json(list);
        } else {
            std::vector<std::vector<std::string>> rows;
            for (const WaitingRecord& record : refused->records) {
                const auto& why = *record.refused;
                rows.push_back({record.title.type + "/" + record.title.id, changeName(record.change),
                                record.authorName, std::to_string(why.status) + " " + why.code, why.element,
                                why.message});
            }
            context.out.table({"RECORD", "CHANGE", "AUTHOR", "ANSWER", "ELEMENT", "MESSAGE"}, rows,
                              "The server has refused nothing.");
        }
        if (refused->hidden > 0)
            context.out.remark(std::to_string(refused->hidden) +
                               " more concern records that the acting user may not read.");
        return ExitCode::Done;
    }
};

class RetryQuarantine final : public Command
{
public:
    explicit RetryQuarantine(CLI::App& group)
        : Command(group, "retry", "Let refused edits be sent once more with the next exchange")
    {
        app()
            .add_option("reference", m_reference, "Type/id (default: all that the acting user may change)")
            ->check(isReference());
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        std::int64_t retried = 1;
        if (m_reference.empty()) {
            const auto all = (*clinic)->exchange().retryAll();
            if (!all)
                return fail(all.error());
            retried = *all;
        } else {
            const auto named = *fhir::parseReference(m_reference);
            if (auto done = (*clinic)->exchange().retry(named.type, named.id); !done)
                return fail(done.error());
        }
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("retried", retried);
            context.out.json(result);
        } else {
            context.out.line("Sent once more with the next exchange: " + std::to_string(retried) + ".");
        }
        return ExitCode::Done;
    }

private:
    std::string m_reference;
};

class DiscardQuarantine final : public Command
{
public:
    explicit DiscardQuarantine(CLI::App& group)
        : Command(group, "discard",
                  "Give up a record's unsent edits: it is as the server has it, or gone if it never had it")
    {
        app().add_option("reference", m_reference, "Type/id")->required()->check(isReference());
        app().add_option("--reason", m_reason, "Why, for the audit trail")->required();
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto named = *fhir::parseReference(m_reference);
        if (auto done = (*clinic)->exchange().discard(named.type, named.id, m_reason); !done)
            return fail(done.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("record", m_reference);
            context.out.json(result);
        } else {
            context.out.line("The edits of " + m_reference + " are given up.");
        }
        return ExitCode::Done;
    }

private:
    std::string m_reference;
    std::string m_reason;
};

} // namespace

void addQuarantineCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "quarantine", "Edits that the server refused");
    commands.push_back(std::make_unique<ListQuarantine>(group));
    commands.push_back(std::make_unique<RetryQuarantine>(group));
    commands.push_back(std::make_unique<DiscardQuarantine>(group));
}

} // namespace yarrow::ctl
