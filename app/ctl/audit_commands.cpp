// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"

namespace yarrow::ctl {

namespace {

Json toJson(const AuditEntry& entry)
{
    Json row = Json::object();
    row.set("seq", entry.seq);
    row.set("at", entry.at);
    row.set("user", entry.userName);
    row.set("account", entry.account);
    row.set("role", entry.role);
    row.set("device", entry.device);
    row.set("action", entry.action);
    row.set("category", entry.category);
    row.set("outcome", entry.outcome);
    row.set("resourceType", entry.resourceType);
    row.set("resourceId", entry.resourceId);
    row.set("patient", entry.patient);
    row.set("reason", entry.reason);
    row.set("detail", entry.detail);
    row.set("before", entry.beforeDigest);
    row.set("after", entry.afterDigest);
    row.set("hash", entry.hash);
    return row;
}

std::string toLine(const AuditEntry& entry, const QTimeZone& zone)
{
    const auto at = parseInstant(entry.at);
    std::string line = std::to_string(entry.seq) + "  " + (at ? localTextForPeople(*at, zone) : entry.at) +
                       "  " + entry.userName + " (" + entry.role + ")  " + entry.action;
    if (!entry.resourceType.empty())
        line += "  " + entry.resourceType + (entry.resourceId.empty() ? "" : "/" + entry.resourceId);
    if (entry.outcome != "0")
        line += "  [outcome " + entry.outcome + "]";
    if (!entry.detail.empty())
        line += "  " + entry.detail;
    if (!entry.reason.empty())
        line += "  reason: " + entry.reason;
    return line;
}

class ListAudit final : public Command
{
public:
    explicit ListAudit(CLI::App& group)
        : Command(group, "list", "List the audit trail, oldest first")
    {
        app().add_option("--since", m_since, "Only from this time on")->check(isTime());
        app().add_option("--user", m_user, "Only what this user did");
        app().add_option("--patient", m_patient, "Only what concerns this patient's id")->check(isId());
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const QTimeZone zone = (*clinic)->zone();
        AuditCommands::Request request;
        if (!m_since.empty())
            request.since = formatInstant(GivenTime::parse(m_since)->in(zone));
        request.userName = m_user;
        request.patient = m_patient;
        JsonArrayWriter list;
        auto visited = (*clinic)->audit().forEach(request, [&](const AuditEntry& entry) {
            if (context.out.isJson())
                list.item(toJson(entry));
            else
                context.out.line(toLine(entry, zone));
            return true;
        });
        if (!visited)
            return fail(visited.error());
        if (context.out.isJson())
            list.end();
        return ExitCode::Done;
    }

private:
    std::string m_since;
    std::string m_user;
    std::string m_patient;
};

class VerifyAudit final : public Command
{
public:
    explicit VerifyAudit(CLI::App& group)
        : Command(group, "verify", "Check the whole chain and name the first broken entry")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto verified = (*clinic)->audit().verify();
        if (!verified)
            return fail(verified.error());
        const bool ok = !verified->firstBroken.has_value();
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("ok", ok);
            result.set("entries", verified->entries);
            result.set("firstBroken", ok ? Json() : Json(*verified->firstBroken));
            context.out.json(result);
        } else if (ok) {
            context.out.line("The audit trail is whole: " + std::to_string(verified->entries) + " entries.");
        } else {
            context.out.line("The audit trail is broken: entry " + std::to_string(*verified->firstBroken) +
                             " is the first that was changed or is missing (of " +
                             std::to_string(verified->entries) + ").");
        }
        return ok ? ExitCode::Done : ExitCode::Failed;
    }
};

} // namespace

void addAuditCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "audit", "The audit trail");
    commands.push_back(std::make_unique<ListAudit>(group));
    commands.push_back(std::make_unique<VerifyAudit>(group));
}

} // namespace yarrow::ctl
