// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/db/connection.h"

#include <cstdio>
#include <filesystem>
#include <string_view>

namespace yarrow {

/// A file that takes its name only when it is complete and on the disk, and is removed otherwise. Made anew
/// for its owner alone; whatever lies under the temporary name is not followed.
class PartialFile
{
public:
    explicit PartialFile(std::filesystem::path target);
    ~PartialFile();
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> write(std::string_view text);
    [[nodiscard]] Result<void> writeLine(std::string_view line);
    /// Everything is on the disk, still under the temporary name.
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<void> finish();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_partial;
    std::FILE* m_file = nullptr;
    bool m_created = false;
    bool m_done = false;
};

/// What is read inside it stands still, and nobody who writes waits for it.
class ReadSnapshot
{
public:
    explicit ReadSnapshot(Connection& connection)
        : m_connection(connection)
    {
        m_connection.exec("BEGIN");
    }
    ~ReadSnapshot() { sqlite3_exec(m_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr); }
    ReadSnapshot(const ReadSnapshot&) = delete;
    ReadSnapshot& operator=(const ReadSnapshot&) = delete;

private:
    Connection& m_connection;
};

/// Whether a file would lie in the folder of the connection's database, where nothing in clear belongs.
[[nodiscard]] bool liesInProfile(const std::filesystem::path& file, const Connection& connection);

} // namespace yarrow
