// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/enrolment_text.h"
#include "app/ctl/failure.h"
#include "sync/enrolment/enrolment.h"

#include <QFile>
#include <QSysInfo>

#include <iostream>

namespace yarrow::ctl {

namespace {

constexpr qint64 kMaxAuthorityBytes = 1024 * 1024;

Result<std::string> readAuthority(const std::string& path)
{
    if (path.empty())
        return std::string();
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, path + ": " + file.errorString().toStdString());
    return file.read(kMaxAuthorityBytes).toStdString();
}

Json arrayOf(const std::vector<std::string>& texts)
{
    Json array = Json::array();
    for (const std::string& text : texts)
        array.append(text);
    return array;
}

std::string joined(const std::vector<std::string>& texts)
{
    std::string all;
    for (const std::string& text : texts)
        all += (all.empty() ? "" : ", ") + text;
    return all;
}

class Enrol final : public Command
{
public:
    explicit Enrol(CLI::App& app)
        : Command(app, "enrol", "Let this workstation exchange its records with a server")
    {
        Enrol::app().add_option("--server", m_server, "The server's address, https://…")->required();
        auto* code =
            Enrol::app().add_option("--code", m_code, "One-time code, from the server's administrator");
        auto* token = Enrol::app().add_option(
            "--token", m_token,
            "For FHIR servers that are not Yarrow's: their bearer token; - reads it from standard input. "
            "Better in YARROW_SERVER_TOKEN, which others on this machine cannot see");
        token->excludes(code);
        Enrol::app().add_flag("--no-token", m_noToken, "The FHIR server wants no token")->excludes(code);
        Enrol::app().add_option("--ca", m_authority, "Certificate of the one authority to trust (PEM)");
        Enrol::app().add_option("--name", m_name,
                                "What the server calls this workstation (default: its host name)");
        Enrol::app()
            .add_flag("--plain-http", m_plainHttp,
                      "Allow http without TLS: everybody on the network can read the records")
            ->excludes(code);
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto authority = readAuthority(m_authority);
        if (!authority)
            return fail(authority.error());
        const bool hasCode = !m_code.empty();
        if (!hasCode && !m_noToken && !findToken()) {
            tellFailure(context.out, "Usage",
                        "--code is missing; for a FHIR server that is not Yarrow's, a token or --no-token.");
            return ExitCode::Usage;
        }
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto kind = hasCode ? ServerLink::Kind::Yarrow : ServerLink::Kind::Fhir;
        const auto enrolled = enrol(**clinic, kind, *authority, context.environment());
        if (!enrolled) {
            tellFailure(context.out, sync::enrolmentErrorName(enrolled.error()),
                        sentenceOf(enrolled.error()));
            return exitCodeOf(enrolled.error());
        }
        tell(context.out, *enrolled);
        return ExitCode::Done;
    }

private:
    /// From the command line, standard input or the environment, from which it is taken away.
    bool findToken()
    {
        if (m_token == "-") {
            std::getline(std::cin, m_token);
        } else if (m_token.empty()) {
            m_token = qgetenv(kServerTokenVariable).toStdString();
            qunsetenv(kServerTokenVariable);
        }
        return !m_token.empty();
    }

    sync::Enrolment<sync::Enrolled> enrol(Clinic& clinic, ServerLink::Kind kind, const std::string& authority,
                                          const StoreEnvironment& environment) const
    {
        const auto plan = sync::planEnrolment(clinic, kind, m_server);
        if (!plan)
            return tl::unexpected(plan.error());
        const std::string name = m_name.empty() ? QSysInfo::machineHostName().toStdString() : m_name;
        auto enrolled =
            kind == ServerLink::Kind::Yarrow
                ? sync::contact(*plan, sync::CodeEnrolment{m_server, m_code, name, authority}, environment)
                : sync::contact(*plan, sync::TokenEnrolment{m_server, m_token, authority, m_plainHttp},
                                environment);
        if (!enrolled)
            return enrolled;
        if (auto kept = sync::keepEnrolment(clinic, *plan, *enrolled, environment.secrets); !kept)
            return tl::unexpected(kept.error());
        return enrolled;
    }

    static void tell(Output& out, const sync::Enrolled& enrolled)
    {
        if (out.isJson()) {
            Json result = Json::object();
            result.set("server", enrolled.link.url);
            result.set("client", enrolled.link.clientId);
            result.set("clinic", enrolled.clinicName);
            result.set("areas", arrayOf(enrolled.areas));
            result.set("matched", static_cast<std::int64_t>(enrolled.accounts.size()));
            result.set("added", arrayOf(enrolled.added));
            result.set("unknown", arrayOf(enrolled.unknown));
            out.json(result);
            return;
        }
        out.line("This workstation is enrolled with " + enrolled.link.url +
                 (enrolled.clinicName.empty() ? "." : ", clinic " + enrolled.clinicName + "."));
        if (!enrolled.added.empty())
            out.line("New at the server: " + joined(enrolled.added) + ".");
        if (!enrolled.unknown.empty())
            out.line("The server does not know these users, and refuses what they change until its "
                     "administrator adds them: " +
                     joined(enrolled.unknown) + ".");
    }

    std::string m_server;
    std::string m_code;
    std::string m_token;
    std::string m_authority;
    std::string m_name;
    bool m_noToken = false;
    bool m_plainHttp = false;
};

} // namespace

void addEnrolCommand(CLI::App& app, Commands& commands)
{
    commands.push_back(std::make_unique<Enrol>(app));
}

} // namespace yarrow::ctl
