// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/crypto.h"
#include "server/auth/tenants.h"
#include "server/cli/commands.h"
#include "server/cli/password_prompt.h"
#include "server/cli/tenant_option.h"

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

void suspend(const Options& options, const std::string& slug, bool suspended)
{
    db::Connection connection(needed(options.database, "--database"));
    db::Transaction transaction(connection, tenantWithSlug(connection, slug));
    const bool changed = setSuspended(transaction, suspended);
    transaction.commit();
    std::cout << slug << (changed ? " is " : " was already ") << (suspended ? "suspended" : "active")
              << std::endl;
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

    const auto add = [&](const char* name, const char* help, bool suspended) {
        CLI::App* command = tenant->add_subcommand(name, help);
        auto slug = std::make_shared<std::string>();
        command->add_option("slug", *slug, "Slug of the clinic")->required();
        command->callback([&options, slug, suspended] { suspend(options, *slug, suspended); });
    };
    add("suspend", "Close a clinic: nobody signs in or is answered, nothing is deleted", true);
    add("resume", "Open it again", false);

    tenant->add_subcommand("list", "All clinics, by slug")->callback([&options] { list(options); });
}

} // namespace yarrow::server::cli
