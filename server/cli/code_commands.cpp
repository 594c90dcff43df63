// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/enrolment.h"
#include "server/cli/commands.h"
#include "server/cli/tenant_option.h"

#include <iostream>
#include <memory>

namespace yarrow::server::cli {
namespace {

struct WantedCode
{
    std::string slug;
    std::vector<std::string> areas = {"clinic"};
    std::int64_t hours = kEnrolmentHours;
};

void create(const Options& options, const WantedCode& wanted)
{
    db::Connection connection(needed(options.database, "--database"));
    const AreaSet areas = orFail(areasFromCodes(wanted.areas));
    db::Transaction transaction(connection, tenantWithSlug(connection, wanted.slug));
    const NewEnrolmentCode made = makeEnrolmentCode(transaction, areas, wanted.hours, {});
    transaction.commit();
    std::cout << made.code << ", good until " << made.expiresAt << std::endl;
}

} // namespace

void addCodeCommand(CLI::App& app, Options& options)
{
    CLI::App* code = app.add_subcommand("code", "Enrolment codes");
    code->require_subcommand(1);
    code->fallthrough();

    CLI::App* making = code->add_subcommand("create", "Print a code that lets one workstation in");
    auto wanted = std::make_shared<WantedCode>(); // lives as long as the command's callback
    making->add_option("--tenant", wanted->slug, "Slug of the clinic")->required();
    making->add_option("--areas", wanted->areas, "clinic, front-desk, or area codes with commas")
        ->delimiter(',');
    making->add_option("--hours", wanted->hours, "For how long it is good")
        ->check(CLI::Range(1, 30 * 24))
        ->capture_default_str();
    making->callback([&options, wanted] { create(options, *wanted); });
}

} // namespace yarrow::server::cli
