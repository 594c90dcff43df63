// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/admin_handler.h"

#include "server/api/acting_person.h"
#include "server/audit/server_audit.h"

namespace yarrow::server::api {

Handler adminHandler(AdminHandler handler)
{
    return [handler = std::move(handler)](Call& call) -> Result<Response> {
        db::Transaction transaction(call.db, call.principal().tenant);
        const auto admin = actingAdmin(call, transaction);
        if (!admin)
            return tl::unexpected(admin.error());
        Result<Response> response = handler(call, transaction, authorOf(call, *admin));
        if (response)
            transaction.commit();
        return response;
    };
}

void auditAdmin(db::Transaction& transaction, const Author& admin, const std::string& action,
                const std::string& detail)
{
    audit::Event event{action};
    event.account = admin.account;
    event.role = admin.role;
    event.device = admin.device;
    event.detail = detail;
    audit::append(transaction, event);
}

} // namespace yarrow::server::api
