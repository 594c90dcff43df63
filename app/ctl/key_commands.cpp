// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/prompt.h"

namespace yarrow::ctl {

namespace {

class AddUser final : public Command
{
public:
    explicit AddUser(CLI::App& group)
        : Command(group, "add-user",
                  "Let somebody sign in; their password is YARROW_NEW_PASSWORD or asked for")
    {
        app().add_option("--user", m_user, "The new user's name")->required();
        app()
            .add_option("--role", m_role, "What they may do")
            ->required()
            ->check(CLI::IsMember({"admin", "doctor", "nurse", "receptionist", "billing"}));
        app().add_option("--name", m_name, "What they are called on the screen (default: the user name)");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto password = newSecret(kNewPasswordVariable, ("New password for " + m_user + ": ").c_str());
        if (!password)
            return fail(password.error());
        const auto added = (*clinic)->addUser(QString::fromStdString(m_user),
                                              QString::fromStdString(m_name.empty() ? m_user : m_name),
                                              *roleFromCode(m_role), *password);
        if (!added)
            return fail(added.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("user", added->userName);
            result.set("role", roleCode(added->role));
            result.set("account", added->id.text());
            context.out.json(result);
        } else {
            context.out.line(added->userName + " can sign in now, as " + std::string(roleCode(added->role)) +
                             ".");
        }
        return ExitCode::Done;
    }

private:
    std::string m_user;
    std::string m_role;
    std::string m_name;
};

class Recover final : public Command
{
public:
    explicit Recover(CLI::App& group)
        : Command(group, "recover",
                  "Give a user (--user, or the administrator) a new password with the recovery code")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto user = context.actingUser();
        if (!user)
            return fail(user.error());
        const auto typed = secret(kRecoveryCodeVariable, "Recovery code: ");
        if (!typed)
            return fail(typed.error());
        const auto code = RecoveryCode::parse(*typed);
        if (!code)
            return fail(ErrorCode::WrongPassword, "recovery code, " + code.error().context);
        const auto password =
            newSecret(kNewPasswordVariable, ("New password for " + user->toStdString() + ": ").c_str());
        if (!password)
            return fail(password.error());
        if (auto recovered =
                Clinic::recover(context.profile(), *code, *user, *password, context.environment());
            !recovered)
            return fail(recovered.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("user", user->toStdString());
            context.out.json(result);
        } else {
            context.out.line(user->toStdString() + " can sign in with the new password.");
        }
        return ExitCode::Done;
    }
};

class Rotate final : public Command
{
public:
    explicit Rotate(CLI::App& group)
        : Command(group, "rotate", "Encrypt the database under a new key; every password stays as it is")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto user = context.actingUser();
        if (!user)
            return fail(user.error());
        const auto password =
            secret(kPasswordVariable, ("Password of " + user->toStdString() + ": ").c_str());
        if (!password)
            return fail(password.error());
        if (auto rotated = Clinic::rotateKey(context.profile(), *user, *password, context.environment());
            !rotated)
            return fail(rotated.error());
        const auto keyFile = KeySlotFile::load(QString::fromStdString(context.profile().keyFile().string()));
        if (!keyFile)
            return fail(keyFile.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("keyVersion", keyFile->keyVersion());
            context.out.json(result);
        } else {
            context.out.line("The database has a new key, number " + std::to_string(keyFile->keyVersion()) +
                             ". Older backups still open with the key file that lies beside them.");
        }
        return ExitCode::Done;
    }
};

} // namespace

void addKeyCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "key", "Users' keys to the database");
    commands.push_back(std::make_unique<AddUser>(group));
    commands.push_back(std::make_unique<Recover>(group));
    commands.push_back(std::make_unique<Rotate>(group));
}

} // namespace yarrow::ctl
