// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/forwarding_vfs.h"

#include <map>
#include <string>

namespace yarrow::testing {

/// An SQLite VFS over the default one that knows how much of a file a power cut would leave: what was written
/// before the last sync of it. Nothing is really synced, so it is fast. For files that only grow, as a
/// write-ahead log that nobody folds does. Register it once and never take it away.
class PowerCutVfs
{
public:
    static constexpr const char* kName = "yarrow-power-cut";

    static PowerCutVfs& instance()
    {
        static PowerCutVfs vfs;
        return vfs;
    }

    /// Bytes of the file that a power cut leaves; 0 if it was never synced.
    [[nodiscard]] sqlite3_int64 synced(const std::string& path) const
    {
        const auto found = m_synced.find(path);
        return found == m_synced.end() ? 0 : found->second;
    }
    /// What is in the file now is on the disk.
    void note(const std::string& path, sqlite3_int64 bytes) { m_synced[path] = bytes; }

    /// From now on syncs through this open file do nothing.
    static void ignoreSyncs(sqlite3_file* file)
    {
        File::of(file).methods.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
    }

private:
    struct Name
    {
        const char* path; ///< lives as long as the file is open
    };
    using File = ForwardingFile<Name>;

    PowerCutVfs()
        : m_real(sqlite3_vfs_find(nullptr))
    {
        m_vfs = *m_real;
        m_vfs.pNext = nullptr;
        m_vfs.zName = kName;
        m_vfs.szOsFile = static_cast<int>(sizeof(File)) + m_real->szOsFile;
        m_vfs.pAppData = m_real;
        m_vfs.xOpen = &PowerCutVfs::open;
        m_vfs.xDelete = [](sqlite3_vfs* vfs, const char* name, int) {
            auto* real = static_cast<sqlite3_vfs*>(vfs->pAppData);
            return real->xDelete(real, name, 0);
        };
        sqlite3_vfs_register(&m_vfs, 0);
    }

    static int sync(sqlite3_file* file, int)
    {
        sqlite3_int64 size = 0;
        const int code = File::realOf(file)->pMethods->xFileSize(File::realOf(file), &size);
        if (const char* path = File::of(file).more.path; code == SQLITE_OK && path)
            instance().m_synced[path] = size;
        return code;
    }

    static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* outFlags)
    {
        File& wrapped = File::of(file);
        wrapped.more.path = name;
        const int code = wrapped.open(static_cast<sqlite3_vfs*>(vfs->pAppData), name, flags, outFlags);
        wrapped.methods.xSync = &PowerCutVfs::sync;
        return code;
    }

    sqlite3_vfs* m_real;
    sqlite3_vfs m_vfs{};
    std::map<std::string, sqlite3_int64> m_synced; ///< by the file's path
};

} // namespace yarrow::testing
