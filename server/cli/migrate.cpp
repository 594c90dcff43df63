// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/commands.h"
#include "server/db/migrations.h"

#include <iostream>
#include <memory>

namespace yarrow::server::cli {

void addMigrateCommand(CLI::App& app, Options& options)
{
    CLI::App* command =
        app.add_subcommand("migrate", "Bring the database's schema up to date (--database-owner)");
    auto createRole = std::make_shared<bool>(false); // lives as long as the command's callback
    command->add_flag("--create-role", *createRole,
                      "Make the role yarrow_app when it is missing; needs a superuser");
    command->callback([&options, createRole] {
        db::MigrateOptions how;
        how.createRole = *createRole;
        how.onApplied = [](const db::Migration& migration) {
            std::cout << "applied " << migration.version << ' ' << migration.name << std::endl;
        };
        const int count = orFail(db::migrate(needed(options.databaseOwner, "--database-owner"), how));
        if (count == 0)
            std::cout << "nothing to do: the schema is at " << db::newestKnownVersion() << std::endl;
    });
}

} // namespace yarrow::server::cli
