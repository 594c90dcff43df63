// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/commands.h"
#include "server/cli/erasure_log_option.h"
#include "server/cli/tenant_option.h"
#include "server/live/change_notifier.h"
#include "server/records/erasure.h"

#include <iostream>
#include <memory>

namespace yarrow::server::cli {
namespace {

struct Wanted
{
    std::string slug;
    records::ErasureOrder order;
};

void erase(const Options& options, const Wanted& wanted)
{
    db::Connection connection(needed(options.database, "--database"));
    const TenantId tenant = tenantWithSlug(connection, wanted.slug);
    const OptionalErasureLog log(options, connection);
    const auto atTheServer = [](db::Transaction&) -> Result<Author> { return Author{}; };
    const auto outcome = orFail(records::erase(connection, tenant, wanted.order, atTheServer, log.log()));
    live::ChangeNotifier(options.database).post(outcome.notice);
    std::cout << "erased " << outcome.erasure.records.size() << " records\n";
    for (const records::KeptRecord& kept : outcome.kept)
        std::cout << "kept " << kept.type << '/' << kept.id << '\t' << kept.why << '\n';
    std::cout << std::flush;
}

} // namespace

void addEraseCommand(CLI::App& app, Options& options)
{
    CLI::App* command =
        app.add_subcommand("erase", "Erase a patient for good, with all records about this patient alone");
    auto wanted = std::make_shared<Wanted>(); // lives as long as the callback
    command->add_option("--tenant", wanted->slug, "Slug of the clinic")->required();
    command->add_option("--patient", wanted->order.patient, "Id of the patient")->required();
    command->add_option("--ground", wanted->order.legalGround, "Legal ground, for the audit")->required();
    command->add_option("--reason", wanted->order.reason, "Why, for the audit; without names");
    command->callback([&options, wanted] { erase(options, *wanted); });
}

} // namespace yarrow::server::cli
