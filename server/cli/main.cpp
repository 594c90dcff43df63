// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/commands.h"

#include <pqxx/pqxx>

#include <cstdlib>
#include <exception>
#include <iostream>

int main(int argc, char** argv)
{
    using namespace yarrow::server::cli;

    CLI::App app("yarrow-server: where a clinic's workstations meet");
    app.set_version_flag("--version", YARROW_VERSION);
    app.require_subcommand(1);
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.fallthrough(); // options may stand behind the command
    Options options;
    addOptions(app, options);
    addServeCommand(app, options);
    addMigrateCommand(app, options);
    addJobsCommand(app, options);
    addTenantCommand(app, options);
    addCodeCommand(app, options);
    addDeviceCommand(app, options);
    addAuditCommand(app, options);
    addEraseCommand(app, options);

    try {
        app.parse(argc, argv);
        return EXIT_SUCCESS;
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const pqxx::sql_error& error) {
        std::cerr << "yarrow-server: PostgreSQL refused: " << error.what() << '\n';
    } catch (const pqxx::broken_connection& error) {
        std::cerr << "yarrow-server: the database cannot be reached: " << error.what() << '\n';
    } catch (const std::exception& error) {
        std::cerr << "yarrow-server: " << error.what() << '\n';
    }
    return EXIT_FAILURE;
}
