// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/interrupt_guard.h"
#include "sync/service/linked_exchange.h"
#include "sync/service/sync_service.h"

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <chrono>

namespace yarrow::ctl {

namespace {

constexpr std::chrono::milliseconds kInterruptCheck{100};

Json jsonOf(const sync::SyncReport& report)
{
    Json result = Json::object();
    result.set("pulled", report.pulled);
    result.set("pushed", report.pushed);
    result.set("merged", report.merged);
    result.set("conflicts", report.conflicts);
    result.set("quarantined", report.quarantined);
    result.set("erased", report.erased);
    result.set("erasedEdits", report.erasedEdits);
    result.set("bytes", report.bytes);
    result.set("roundTrips", report.roundTrips);
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3f", report.seconds);
    result.set("seconds", Json::number(seconds));
    result.set("waiting", report.waiting);
    result.set("matchesServer", report.matchesServer);
    result.set("obstacle", sync::obstacleName(report.obstacle));
    result.set("detail", report.detail);
    result.set("auditSent", report.audit.sent);
    result.set("auditWaiting", report.audit.waiting);
    result.set("auditNote", report.audit.note());
    result.set("auditDetail", report.audit.broken.empty() ? report.audit.problem : report.audit.broken);
    return result;
}

/// What people should know of the audit chain; empty: nothing.
std::string auditSentenceOf(const sync::AuditReport& audit)
{
    const std::string broken =
        "The server found that the audit of this workstation does not hold together (" + audit.broken +
        "). Its administrator should look into it.";
    const std::string also = audit.broken.empty() ? std::string() : ' ' + broken;
    const std::string goesOn =
        " Its audit goes on in a new chain, and the server's administrator sees that." + also;
    if (audit.begun == "restored")
        return "This workstation was restored from a backup." + goesOn;
    if (audit.begun == "copied")
        return "This workstation's records are a copy of one that went on." + goesOn;
    if (audit.begun == "moved")
        return "This workstation's records came from another machine, or it was enrolled anew." + goesOn;
    if (!audit.broken.empty())
        return broken;
    if (!audit.problem.empty())
        return "Audit entries could not be sent (" + audit.problem + "); the next exchange tries again.";
    return {};
}

std::string sentenceOf(const sync::SyncReport& report)
{
    using sync::Obstacle;
    const std::string detail = report.detail.empty() ? std::string(".") : " (" + report.detail + ").";
    switch (report.obstacle) {
    case Obstacle::None:
        return report.waiting == 0 ? "Everything is exchanged."
                                   : std::to_string(report.waiting) + " records wait for a person.";
    case Obstacle::Offline:
        return "The server did not answer" + detail + " What is new here is kept.";
    case Obstacle::Busy:
        return "The server is busy" + detail;
    case Obstacle::ServerError:
        return "The server failed" + detail;
    case Obstacle::Unauthorised:
        return "The server takes nothing from this workstation any more" + detail +
               " What is new here is kept.";
    case Obstacle::Untrusted:
        return "The server was not trusted" + detail;
    case Obstacle::Refused:
        return "The server gave an answer that makes no sense to go on after" + detail;
    case Obstacle::AskDeletions:
        return "The server would delete many records here" + detail +
               " If that is right, say so with --allow-deletions.";
    case Obstacle::LocalFailure:
        return "This workstation could not go on" + detail;
    case Obstacle::Cancelled:
        return "Cancelled; the next exchange goes on from here.";
    case Obstacle::Unsettled:
        return "There is more to exchange; the next exchange goes on.";
    }
    return {};
}

void tell(Output& out, const sync::SyncReport& report)
{
    if (out.isJson()) {
        out.json(jsonOf(report));
        return;
    }
    out.line("Taken " + std::to_string(report.pulled) + ", sent " + std::to_string(report.pushed) +
             ", merged " + std::to_string(report.merged) + ", conflicts " + std::to_string(report.conflicts) +
             ", refused " + std::to_string(report.quarantined) + ".");
    if (report.erased != 0)
        out.line("Erased at a patient's demand: " + std::to_string(report.erased) + " records, with " +
                 std::to_string(report.erasedEdits) + " edits that were not sent yet.");
    out.line(sentenceOf(report));
    if (const std::string audit = auditSentenceOf(report.audit); !audit.empty())
        out.line(audit);
}

class Sync final : public Command
{
public:
    explicit Sync(CLI::App& parent)
        : Command(parent, "sync", "Exchange with the server, once")
    {
        app().add_flag("--allow-deletions", m_allowDeletions,
                       "Let the server delete many records here, this once");
        app().add_flag("--watch", m_watch,
                       "Go on until Ctrl+C: after changes here and there, and every minute");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        auto connection = (*clinic)->openSyncConnection();
        if (!connection)
            return fail(connection.error());
        const auto state = (*clinic)->exchange().state();
        if (!state)
            return fail(state.error());
        if (!state->hasServer)
            return fail(ErrorCode::NotFound, "this workstation is not enrolled with a server");
        if (m_allowDeletions) {
            if (auto noted = (*clinic)->exchange().noteDeletionsAllowed(); !noted)
                return fail(noted.error());
        }
        const InterruptGuard guard;
        if (m_watch)
            return watch(context, **clinic, std::move(*connection));
        const StoreEnvironment& environment = context.environment();
        sync::LinkedExchange exchange({**connection, context.profile(), environment.clock, environment.ids,
                                       (*clinic)->identity(), environment.secrets},
                                      g_interrupted);
        if (m_allowDeletions)
            exchange.allowDeletions();
        const sync::SyncReport report = exchange.run();
        tell(context.out, report);
        return report.isComplete() ? ExitCode::Done : ExitCode::Failed;
    }

private:
    Result<ExitCode> watch(Context& context, const Clinic& clinic,
                           std::unique_ptr<Connection> connection) const
    {
        const StoreEnvironment& environment = context.environment();
        sync::SyncService service({std::move(connection), context.profile(), environment.clock,
                                   environment.ids, clinic.identity(), environment.secrets, clinic.actor()});
        std::string signedOut;
        QObject::connect(&service, &sync::SyncService::statusChanged, &service,
                         [&signedOut](const sync::SyncStatus& status) {
                             signedOut = status.signedOut;
                             if (!signedOut.empty())
                                 QCoreApplication::quit();
                         });
        if (m_allowDeletions)
            service.allowDeletions();
        QObject::connect(&service, &sync::SyncService::exchanged, &service,
                         [&context](const sync::SyncReport& report) {
                             tell(context.out, report);
                             static_cast<void>(context.out.flush()); // who reads may have gone; it goes on
                         });
        QTimer interrupted;
        QObject::connect(&interrupted, &QTimer::timeout, &interrupted, [] {
            if (g_interrupted)
                QCoreApplication::quit();
        });
        interrupted.start(kInterruptCheck);
        QCoreApplication::exec();
        if (!signedOut.empty())
            return fail(ErrorCode::Forbidden, signedOut);
        return ExitCode::Done;
    }

    bool m_allowDeletions = false;
    bool m_watch = false;
};

class Status final : public Command
{
public:
    explicit Status(CLI::App& group)
        : Command(group, "status", "What waits, and how the last exchange went")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto state = (*clinic)->exchange().state();
        if (!state)
            return fail(state.error());
        const auto exchanges = (*clinic)->exchange().lastExchanges();
        if (!exchanges)
            return fail(exchanges.error());
        const auto complete = std::find_if(exchanges->begin(), exchanges->end(),
                                           [](const auto& one) { return one.outcome.empty(); });
        const std::string completeAt = complete == exchanges->end() ? std::string() : complete->at;
        if (context.out.isJson())
            context.out.json(jsonOf(*state, completeAt));
        else
            tellPeople(context.out, *state, completeAt);
        return ExitCode::Done;
    }

private:
    static Json jsonOf(const ExchangeState& state, const std::string& completeAt)
    {
        Json result = Json::object();
        result.set("enrolled", state.hasServer);
        result.set("server", state.serverUrl);
        result.set("paused", state.isPaused);
        result.set("stopped", state.stopped);
        result.set("waiting", state.waiting);
        result.set("conflicts", state.conflicts);
        result.set("quarantined", state.refused);
        result.set("completeAt", completeAt);
        result.set("lastAt", state.last ? state.last->at : "");
        result.set("lastOutcome", state.last ? state.last->outcome : "");
        return result;
    }

    static void tellPeople(Output& out, const ExchangeState& state, const std::string& completeAt)
    {
        if (!state.hasServer) {
            out.line("This workstation is not enrolled with a server.");
            return;
        }
        out.line("Server: " + state.serverUrl);
        if (!state.stopped.empty())
            out.line("Stopped by the server: " + state.stopped + ".");
        if (state.isPaused)
            out.line("Paused.");
        out.line("Waiting: " + std::to_string(state.waiting) + ", conflicts: " +
                 std::to_string(state.conflicts) + ", refused: " + std::to_string(state.refused) + ".");
        out.line(completeAt.empty() ? "Never exchanged completely."
                                    : "Last complete exchange: " + completeAt + ".");
        if (state.last && !state.last->outcome.empty())
            out.line("The last attempt, " + state.last->at + ", ended early: " + state.last->outcome + ".");
    }
};

class Pause final : public Command
{
public:
    Pause(CLI::App& group, bool paused)
        : Command(group, paused ? "pause" : "resume",
                  paused ? "The desktop exchanges nothing until resumed" : "The desktop exchanges again")
        , m_paused(paused)
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        if (auto set = (*clinic)->exchange().setPaused(m_paused); !set)
            return fail(set.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("paused", m_paused);
            context.out.json(result);
        } else {
            context.out.line(m_paused ? "The exchange is paused." : "The exchange goes on.");
        }
        return ExitCode::Done;
    }

private:
    bool m_paused;
};

} // namespace

void addSyncCommands(CLI::App& app, Commands& commands)
{
    auto exchange = std::make_unique<Sync>(app);
    CLI::App& group = *app.get_subcommand("sync");
    // Before the exchange: a command below counts as its parent too.
    commands.push_back(std::make_unique<Status>(group));
    commands.push_back(std::make_unique<Pause>(group, true));
    commands.push_back(std::make_unique<Pause>(group, false));
    commands.push_back(std::move(exchange));
}

} // namespace yarrow::ctl
