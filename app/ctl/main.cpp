// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/error_text.h"
#include "app/ctl/failure.h"
#include "core/log.h"

#include <QCoreApplication>

#include <clocale>
#include <cstring>
#include <langinfo.h>

namespace yarrow::ctl {
namespace {

constexpr const char* kFooter =
    "Every command takes --profile DIR, --user U and --json as well. The password comes from the environment "
    "variable\nYARROW_PASSWORD or a prompt, never from the command line.\nExit codes: 0 done, 1 the "
    "operation failed, 2 wrong usage, 3 locked or wrong password, 4 bad "
    "input.";

void tell(Context& context, const Error& error)
{
    Json details = Json::object();
    if (!error.context.empty())
        details.set("context", error.context);
    if (error.position) {
        details.set("line", static_cast<std::int64_t>(error.position->line));
        details.set("column", static_cast<std::int64_t>(error.position->column));
    }
    std::string sentence = sentenceOf(error);
    if (error.code == ErrorCode::WrongPassword && error.context == "missing")
        sentence =
            "There is no password: set the environment variable named in `yarrowctl --help`, or run this "
            "on a terminal.";
    tellFailure(context.out, errorCodeName(error.code), sentence, details);
}

void addSharedOptions(CLI::App& app, Context& context, bool& json)
{
    app.add_option("--profile", context.profileFolder, "Folder of the clinic's data")->capture_default_str();
    app.add_option("--user,--as", context.userName,
                   "Who acts (default: the administrator of init). Where a command has a --user of its own, "
                   "write this one before the command, or as --as");
    app.add_flag("--json", json, "Write the result as JSON");
    app.set_version_flag("--version", std::string("yarrowctl ") + YARROW_VERSION);
    app.require_subcommand(1);
    app.footer(kFooter);
}

int usage(const CLI::App& app, const CLI::ParseError& error, Context& context)
{
    if (error.get_exit_code() == 0) // --help and --version
        return app.exit(error);
    std::string sentence = error.what();
    if (const auto unknown = app.remaining(true); !unknown.empty())
        sentence = "Not understood: " + unknown.front();
    tellFailure(context.out, "Usage", sentence + ". `--help` behind any command explains it.");
    return static_cast<int>(ExitCode::Usage);
}

int run(int argc, char** argv)
{
    Context context;
    bool json = false;
    CLI::App app("Yarrow's command line: a clinic's records on this workstation", "yarrowctl");
    app.fallthrough();
    addSharedOptions(app, context, json);
    Commands commands;
    addInitCommand(app, commands);
    addDoctorCommand(app, commands);
    addTransferCommands(app, commands);
    addPatientCommands(app, commands);
    addAppointmentCommands(app, commands);
    addResourceCommands(app, commands);
    addConflictCommands(app, commands);
    addQuarantineCommands(app, commands);
    addAuditCommands(app, commands);
    addAccountCommands(app, commands);
    addKeyCommands(app, commands);
    addEnrolCommand(app, commands);
    addSyncCommands(app, commands);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // What was wrong may stand before --json.
        context.out.useJson(std::any_of(argv, argv + argc,
                                        [](const char* word) { return std::strcmp(word, "--json") == 0; }));
        return usage(app, error, context);
    }
    context.out.useJson(json);

    for (const auto& command : commands) {
        if (!command->isWanted())
            continue;
        const auto done = command->run(context);
        if (!done) {
            tell(context, done.error());
            return static_cast<int>(exitCodeOf(done.error().code));
        }
        if (!context.out.flush()) {
            context.out.remark("yarrowctl: Not all of the result could be written to standard output.");
            return static_cast<int>(ExitCode::Failed);
        }
        return static_cast<int>(*done);
    }
    bug("a command line that names no command", __FILE__, __LINE__);
}

/// Names have letters of every language. Qt complains, on every run, about a locale that cannot write them,
/// as bare containers have.
void ensureUtf8()
{
    std::setlocale(LC_ALL, "");
    if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0)
        qputenv("LC_ALL", "C.UTF-8");
}

} // namespace
} // namespace yarrow::ctl

int main(int argc, char** argv)
{
    yarrow::ctl::ensureUtf8();
    const QCoreApplication application(argc, argv); // the key store is reached through Qt
    yarrow::log::setLevel(yarrow::log::Level::Warning);
    yarrow::log::captureQtMessages();
    return yarrow::ctl::run(argc, argv);
}
