// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/key_provider.h"
#include "server/problem.h"
#include "server/records/erasure.h"

#include <string>
#include <vector>

namespace yarrow::server::records {

/// A file with every erasure, kept apart from the database's backups: so that one that is restored learns
/// what was erased since. One line for each, wrapped by the key provider, with the hash of the line before:
/// nobody reads it, adds to it or takes a line from its middle without the key. Its owner alone may read it.
/// Several processes may write the same file. From every thread.
class ErasureLog
{
public:
    /// `keys` outlives it.
    ErasureLog(std::string path, const KeyProvider& keys);

    /// In their order; none without a file. A last line that was not written to its end is none. 503
    /// `erasure-log` when the file cannot be read, names its line when one is not as it was written.
    [[nodiscard]] Result<std::vector<LoggedErasure>> read() const;
    /// Returns when they are on the disk. 503 `erasure-log`.
    [[nodiscard]] Result<void> append(const std::vector<LoggedErasure>& erasures) const;

private:
    std::string m_path;
    const KeyProvider& m_keys;
};

} // namespace yarrow::server::records
