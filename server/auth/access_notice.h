// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/db/connection.h"

#include <string>
#include <string_view>

namespace yarrow::server {

/// Tells every server process, when the transaction commits, that the rights of a device or account have
/// shrunk: channel yarrow_access, payload `<tenant> <id>`. Inside the transaction, unlike the notices of
/// changes: it is rare, and must not be lost.
inline void noticeAccess(db::Transaction& transaction, std::string_view id)
{
    transaction.run("SELECT pg_notify('yarrow_access', $1)",
                    transaction.tenant().text() + ' ' + std::string(id));
}

} // namespace yarrow::server
