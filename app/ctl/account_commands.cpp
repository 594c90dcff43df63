// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/prompt.h"

namespace yarrow::ctl {

namespace {

Json jsonOf(const ListedAccount& listed)
{
    Json json = Json::object();
    json.set("account", listed.account.id.text());
    json.set("user", listed.account.userName);
    json.set("name", listed.account.displayName);
    json.set("role", roleCode(listed.account.role));
    json.set("active", listed.account.active);
    json.set("atServer", listed.atServer);
    json.set("waits", listed.waits);
    json.set("refusal", listed.refusal);
    return json;
}

class List final : public Command
{
public:
    explicit List(CLI::App& group)
        : Command(group, "list", "Everybody who may sign in, and what the server knows of them")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto accounts = (*clinic)->accounts().listAll();
        if (!accounts)
            return fail(accounts.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const ListedAccount& listed : *accounts)
                list.append(jsonOf(listed));
            context.out.json(list);
            return ExitCode::Done;
        }
        for (const ListedAccount& listed : *accounts) {
            std::string line = listed.account.userName + ", " + std::string(roleCode(listed.account.role));
            if (!listed.account.active)
                line += ", disabled";
            if (listed.waits)
                line += ", the server is told with the next exchange";
            if (!listed.refusal.empty())
                line += ", the server refused the last change: " + listed.refusal;
            context.out.line(line + ".");
        }
        return ExitCode::Done;
    }
};

/// Those that change what is known of an account.
class Change final : public Command
{
public:
    enum class Kind { Change, Deactivate, Reactivate };

    Change(CLI::App& group, Kind kind)
        : Command(group, nameOf(kind), descriptionOf(kind))
        , m_kind(kind)
    {
        app().add_option("USER", m_user, "Their user name")->required();
        app().add_option("--reason", m_reason, "For the audit trail");
        if (kind != Kind::Change)
            return;
        app()
            .add_option("--role", m_role, "What they may do")
            ->check(CLI::IsMember({"admin", "doctor", "nurse", "receptionist", "billing"}));
        app().add_option("--name", m_name, "What they are called on the screen");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        AccountEdit edit;
        if (m_kind != Kind::Change)
            edit.active = m_kind == Kind::Reactivate;
        if (!m_role.empty())
            edit.role = roleFromCode(m_role);
        if (!m_name.empty())
            edit.displayName = m_name;
        const auto changed = (*clinic)->accounts().change(m_user, edit, m_reason);
        if (!changed)
            return fail(changed.error());
        if (context.out.isJson()) {
            Json json = Json::object();
            json.set("user", changed->userName);
            json.set("name", changed->displayName);
            json.set("role", roleCode(changed->role));
            json.set("active", changed->active);
            context.out.json(json);
        } else {
            context.out.line(changed->userName +
                             (changed->active ? " may sign in, as " : " may not sign in, was ") +
                             std::string(roleCode(changed->role)) + ".");
        }
        return ExitCode::Done;
    }

private:
    static std::string nameOf(Kind kind)
    {
        return kind == Kind::Change ? "change" : kind == Kind::Deactivate ? "deactivate" : "reactivate";
    }
    static std::string descriptionOf(Kind kind)
    {
        return kind == Kind::Change       ? "Give somebody another role or name"
               : kind == Kind::Deactivate ? "Let somebody sign in nowhere any more"
                                          : "Let somebody sign in again";
    }

    Kind m_kind;
    std::string m_user;
    std::string m_role;
    std::string m_name;
    std::string m_reason;
};

/// Those that need the person's password: a new one, or theirs.
class Password final : public Command
{
public:
    Password(CLI::App& group, bool isNew)
        : Command(group, isNew ? "password" : "admit",
                  isNew ? "Give somebody else a new password: YARROW_NEW_PASSWORD or asked for"
                        : "Let somebody of the clinic sign in at this workstation, by their password: "
                          "YARROW_NEW_PASSWORD or asked for")
        , m_isNew(isNew)
    {
        app().add_option("USER", m_user, "Their user name")->required();
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto password =
            m_isNew ? newSecret(kNewPasswordVariable, ("New password for " + m_user + ": ").c_str())
                    : secret(kNewPasswordVariable, ("Password of " + m_user + ": ").c_str());
        if (!password)
            return fail(password.error());
        const QString user = QString::fromStdString(m_user);
        if (auto done = m_isNew ? (*clinic)->setPassword(user, *password) : (*clinic)->admit(user, *password);
            !done)
            return fail(done.error());
        if (context.out.isJson()) {
            Json json = Json::object();
            json.set("user", m_user);
            context.out.json(json);
        } else {
            context.out.line(m_user + " can sign in here now.");
        }
        return ExitCode::Done;
    }

private:
    bool m_isNew;
    std::string m_user;
};

class Everybody final : public Command
{
public:
    explicit Everybody(CLI::App& group)
        : Command(group, "everybody",
                  "Whether everybody of the clinic signs in at this workstation without being let in first")
    {
        app().add_option("WHETHER", m_whether, "yes or no")->required()->check(CLI::IsMember({"yes", "no"}));
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        if (auto done = (*clinic)->setDeviceSlot(m_whether == "yes"); !done)
            return fail(done.error());
        if (context.out.isJson()) {
            Json json = Json::object();
            json.set("everybody", m_whether == "yes");
            context.out.json(json);
        } else {
            context.out.line(m_whether == "yes" ? "Everybody of the clinic signs in here."
                                                : "Who is let in signs in here.");
        }
        return ExitCode::Done;
    }

private:
    std::string m_whether;
};

} // namespace

void addAccountCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "account", "Who may sign in");
    commands.push_back(std::make_unique<List>(group));
    for (const auto kind : {Change::Kind::Change, Change::Kind::Deactivate, Change::Kind::Reactivate})
        commands.push_back(std::make_unique<Change>(group, kind));
    for (const bool isNew : {true, false})
        commands.push_back(std::make_unique<Password>(group, isNew));
    commands.push_back(std::make_unique<Everybody>(group));
}

} // namespace yarrow::ctl
