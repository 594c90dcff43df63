// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/crypto.h"
#include "server/auth/tenants.h"
#include "server/cli/commands.h"
#include "server/cli/password_prompt.h"

#include <iostream>
#include <memory>

namespace yarrow::server::cli {
namespace {

void create(const Options& options, NewTenant wanted)
{
    db::Connection connection(needed(options.database, "--database"));
    wanted.adminPassword = newPassword("Password of " + wanted.adminUser);
    const auto created = createTenant(connection, wanted);
    crypto::wipe(wanted.adminPassword);
    if (!created)
        throw CommandFailed(created.error());
    std::cout << "clinic " << created->id.text() << " (" << wanted.slug << ")\n"
              << "administrator " << wanted.adminUser << '@' << wanted.slug << " (" << created->adminAccount
              << ")\n"
              << "enrolment code " << created->code.code << ", good until " << created->code.expiresAt
              << std::endl;
}

void list(const Options& options)
{
    db::Connection connection(needed(options.database, "--database"));
    for (const TenantRow& row : allTenants(connection))
        std::cout << row.slug << '\t' << row.id.text() << '\t' << row.createdAt << '\t'
                  << (row.suspended ? "suspended" : "active") << '\t' << row.name << '\n';
    std::cout << std::flush;
}

} // namespace

void addTenantCommand(CLI::App& app, Options& options)
{
    CLI::App* tenant = app.add_subcommand("tenant", "Clinics of this server");
    tenant->require_subcommand(1);
    tenant->fallthrough();

    CLI::App* making =
        tenant->add_subcommand("create", "Make a clinic and its first administrator, and print a code "
                                         "that lets the first workstation in");
    auto wanted = std::make_shared<NewTenant>(); // lives as long as the command's callback
    making->add_option("--slug", wanted->slug, "Short name, as in user@slug: a-z, 0-9 and -")->required();
    making->add_option("--name", wanted->name, "Name of the clinic")->required();
    making->add_option("--admin", wanted->adminUser, "User name of the first administrator")->required();
    making->add_option("--admin-name", wanted->adminName, "Full name of the administrator");
    making->footer("The administrator's password is read from YARROW_PASSWORD, or asked for.");
    making->callback([&options, wanted] { create(options, *wanted); });

    tenant->add_subcommand("list", "All clinics, by slug")->callback([&options] { list(options); });
}

} // namespace yarrow::server::cli
