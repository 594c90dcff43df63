// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/local_key_file.h"
#include "server/cli/options.h"
#include "server/records/erasure_log.h"

#include <memory>
#include <optional>

namespace yarrow::server::cli {

/// The log that --erasure-log names, with the key that it is read by.
class OptionalErasureLog
{
public:
    /// Throws CommandFailed.
    OptionalErasureLog(const Options& options, db::Connection& connection);

    [[nodiscard]] const records::ErasureLog* log() const noexcept { return m_log ? &*m_log : nullptr; }

    /// Erases again what the log has and the database does not. Throws CommandFailed when it cannot be read.
    void replay(db::Transaction& work) const;
    /// Does so with a transaction of its own, and then writes into the log what only the database knows: from
    /// before there was one, or by a server with another. Throws CommandFailed.
    void reconcile(db::Connection& connection) const;

private:
    std::unique_ptr<LocalKeyFile> m_keys;
    std::optional<records::ErasureLog> m_log;
};

} // namespace yarrow::server::cli
