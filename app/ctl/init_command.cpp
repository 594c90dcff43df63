// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/prompt.h"
#include "models/store/records/workstation_wipe.h"

namespace yarrow::ctl {

namespace {

class Init final : public Command
{
public:
    explicit Init(CLI::App& parent)
        : Command(parent, "init", "Make a new clinic in the profile and print its recovery code, once")
    {
        app().add_option("--clinic", m_clinic, "The clinic's name")->required();
        app().add_option("--admin", m_admin, "User name of the first administrator")->required();
        app().add_option("--name", m_name, "What the administrator is called (default: the user name)");
        app()
            .add_option("--zone", m_zone, "The clinic's time zone (default: the machine's)")
            ->check(isZone());
        app().add_flag("--demo", m_demo, "Fill it with a demo clinic of invented patients");
    }

    Result<ExitCode> run(Context& context) override
    {
        const StoreEnvironment environment = context.environment();
        if (auto resumed = resumeWipe(context.profile(), environment.secrets, environment.kdfCost); !resumed)
            return fail(resumed.error());
        if (context.profile().hasClinic())
            return fail(ErrorCode::AlreadyExists, "a clinic in " + context.profileFolder);
        const auto password = newSecret(kPasswordVariable, ("New password for " + m_admin + ": ").c_str());
        if (!password)
            return fail(password.error());
        const auto created =
            Clinic::create(context.profile(),
                           {QString::fromStdString(m_clinic), zone(), QString::fromStdString(m_admin),
                            QString::fromStdString(m_name.empty() ? m_admin : m_name), *password},
                           context.environment());
        if (!created)
            return fail(created.error());
        print(context, *created);
        if (!created->usesKeyStore)
            context.out.remark("Warning: there is no key store on this machine, so the password alone "
                               "protects the data. Whoever "
                               "gets a copy of the files can try passwords on them for as long as they like: "
                               "let it be a long one.");
        return m_demo ? fill(context, *password) : Result<ExitCode>(ExitCode::Done);
    }

private:
    static CLI::Validator isZone()
    {
        return CLI::Validator(
            [](std::string& value) {
                return QTimeZone::isTimeZoneIdAvailable(QByteArray::fromStdString(value))
                           ? std::string()
                           : "\"" + value + "\" is not a time zone such as Europe/Rome";
            },
            std::string());
    }
    [[nodiscard]] QTimeZone zone() const
    {
        return QTimeZone(m_zone.empty() ? QTimeZone::systemTimeZoneId() : QByteArray::fromStdString(m_zone));
    }

    void print(Context& context, const Clinic::Created& created) const
    {
        const std::string code = created.recoveryCode.text().toStdString();
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("profile", context.profileFolder);
            result.set("clinic", m_clinic);
            result.set("user", m_admin);
            result.set("recoveryCode", code);
            result.set("keyStore", created.usesKeyStore);
            context.out.json(result);
            return;
        }
        context.out.line("The clinic " + m_clinic + " is ready in " + context.profileFolder + "; " + m_admin +
                         " can sign in.");
        context.out.line("");
        context.out.line("Recovery code: " + code);
        context.out.line("");
        context.out.line(
            "It opens the clinic when every password is lost, and is shown only this once. Print it "
            "and keep it where you keep what must not be lost or stolen.");
    }

    /// The clinic is there already: when this fails, it is an empty one.
    Result<ExitCode> fill(Context& context, const QString& password) const
    {
        const auto clinic =
            Clinic::open(context.profile(), QString::fromStdString(m_admin), password, context.environment());
        if (!clinic)
            return fail(clinic.error());
        const auto filled = (*clinic)->importer().addDemoClinic();
        if (!filled)
            return fail(filled.error());
        if (!filled->failed.empty())
            return fail(filled->failed.front().error);
        if (!context.out.isJson())
            context.out.line("The demo clinic has " + std::to_string(filled->created) + " records.");
        return ExitCode::Done;
    }

    std::string m_clinic;
    std::string m_admin;
    std::string m_name;
    std::string m_zone;
    bool m_demo = false;
};

} // namespace

void addInitCommand(CLI::App& app, Commands& commands)
{
    commands.push_back(std::make_unique<Init>(app));
}

} // namespace yarrow::ctl
