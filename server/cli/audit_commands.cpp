// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/entry_rows.h"
#include "server/cli/commands.h"
#include "server/cli/tenant_option.h"

#include <iostream>
#include <memory>

namespace yarrow::server::cli {
namespace {

void verify(const Options& options, const std::string& slug)
{
    db::Connection connection(needed(options.database, "--database"));
    db::Transaction transaction(connection, tenantWithSlug(connection, slug), db::Isolation::RepeatableRead,
                                true);
    int broken = 0;
    for (const std::string& incarnation : audit::allChains(transaction)) {
        const audit::ChainReport report = audit::verifyChain(transaction, incarnation);
        std::cout << incarnation << '\t' << report.entries << " entries\t";
        if (report.firstBroken) {
            std::cout << "broken at " << *report.firstBroken << '\n';
            ++broken;
        } else {
            std::cout << "whole\n";
        }
    }
    std::cout << std::flush;
    if (broken > 0)
        throw CommandFailed(std::to_string(broken) + " of the clinic's audit chains " +
                            (broken == 1 ? "is" : "are") + " broken.");
}

} // namespace

void addAuditCommand(CLI::App& app, Options& options)
{
    CLI::App* audit = app.add_subcommand("audit", "The audit trail");
    audit->require_subcommand(1);
    audit->fallthrough();

    CLI::App* verifying =
        audit->add_subcommand("verify", "Recompute every chain of a clinic, the server's own and the "
                                        "workstations'; fails when one is broken");
    auto slug = std::make_shared<std::string>(); // lives as long as the command's callback
    verifying->add_option("--tenant", *slug, "Slug of the clinic")->required();
    verifying->callback([&options, slug] { verify(options, *slug); });
}

} // namespace yarrow::server::cli
