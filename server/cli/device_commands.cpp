// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/devices.h"
#include "server/cli/commands.h"
#include "server/cli/tenant_option.h"

#include <iostream>
#include <memory>

namespace yarrow::server::cli {
namespace {

struct Revocation
{
    std::string slug;
    std::string device;
    bool wipe = false;
};

void list(const Options& options, const std::string& slug)
{
    db::Connection connection(needed(options.database, "--database"));
    db::Transaction transaction(connection, tenantWithSlug(connection, slug));
    for (const Device& device : allDevices(transaction)) {
        const char* state = !device.isRevoked ? "active" : device.wipe ? "wiped" : "revoked";
        std::cout << device.id << '\t' << state << '\t' << scopeIdOf(device.areas) << '\t'
                  << (device.lastSeenAt.empty() ? "never seen" : device.lastSeenAt) << '\t' << device.name
                  << '\n';
    }
    std::cout << std::flush;
}

void revoke(const Options& options, const Revocation& wanted)
{
    db::Connection connection(needed(options.database, "--database"));
    db::Transaction transaction(connection, tenantWithSlug(connection, wanted.slug));
    if (!findDevice(transaction, wanted.device))
        throw CommandFailed("The clinic has no workstation " + wanted.device + '.');
    revokeDevice(transaction, wanted.device, wanted.wipe, {});
    transaction.commit();
    std::cout << "revoked " << wanted.device << std::endl;
}

} // namespace

void addDeviceCommand(CLI::App& app, Options& options)
{
    CLI::App* device = app.add_subcommand("device", "Enrolled workstations");
    device->require_subcommand(1);
    device->fallthrough();

    // What the callbacks use lives as long as they do.
    CLI::App* listing = device->add_subcommand("list", "Workstations of a clinic, by name");
    auto slug = std::make_shared<std::string>();
    listing->add_option("--tenant", *slug, "Slug of the clinic")->required();
    listing->callback([&options, slug] { list(options, *slug); });

    CLI::App* revoking = device->add_subcommand("revoke", "Refuse a workstation from now on");
    auto wanted = std::make_shared<Revocation>();
    revoking->add_option("--tenant", wanted->slug, "Slug of the clinic")->required();
    revoking->add_option("device", wanted->device, "Id of the workstation")->required();
    revoking->add_flag("--wipe", wanted->wipe, "Tell it to delete its copy of the records");
    revoking->callback([&options, wanted] { revoke(options, *wanted); });
}

} // namespace yarrow::server::cli
