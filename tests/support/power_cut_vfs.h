// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/sqlite.h"

#include <cstring>
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

private:
    struct File
    {
        sqlite3_file base;
        sqlite3_io_methods methods;
        const char* name; ///< lives as long as the file is open
        [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
    static sqlite3_file* realOf(sqlite3_file* file) { return of(file).real(); }

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
        const int code = realOf(file)->pMethods->xFileSize(realOf(file), &size);
        if (code == SQLITE_OK && of(file).name)
            instance().m_synced[of(file).name] = size;
        return code;
    }

    static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* outFlags)
    {
        auto* real = static_cast<sqlite3_vfs*>(vfs->pAppData);
        File& wrapped = of(file);
        wrapped.base.pMethods = nullptr;
        wrapped.name = name;
        const int code = real->xOpen(real, name, wrapped.real(), flags, outFlags);
        if (code != SQLITE_OK || !wrapped.real()->pMethods)
            return code;
        sqlite3_io_methods& m = wrapped.methods;
        std::memset(&m, 0, sizeof m);
        m.iVersion = 2; // with shared memory for the write-ahead log, without memory mapping
        m.xClose = [](sqlite3_file* f) { return realOf(f)->pMethods->xClose(realOf(f)); };
        m.xRead = [](sqlite3_file* f, void* p, int n, sqlite3_int64 at) {
            return realOf(f)->pMethods->xRead(realOf(f), p, n, at);
        };
        m.xWrite = [](sqlite3_file* f, const void* p, int n, sqlite3_int64 at) {
            return realOf(f)->pMethods->xWrite(realOf(f), p, n, at);
        };
        m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
            return realOf(f)->pMethods->xTruncate(realOf(f), size);
        };
        m.xSync = &PowerCutVfs::sync;
        m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return realOf(f)->pMethods->xFileSize(realOf(f), size);
        };
        m.xLock = [](sqlite3_file* f, int lock) { return realOf(f)->pMethods->xLock(realOf(f), lock); };
        m.xUnlock = [](sqlite3_file* f, int lock) { return realOf(f)->pMethods->xUnlock(realOf(f), lock); };
        m.xCheckReservedLock = [](sqlite3_file* f, int* out) {
            return realOf(f)->pMethods->xCheckReservedLock(realOf(f), out);
        };
        m.xFileControl = [](sqlite3_file* f, int op, void* p) {
            return realOf(f)->pMethods->xFileControl(realOf(f), op, p);
        };
        m.xSectorSize = [](sqlite3_file* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); };
        m.xDeviceCharacteristics = [](sqlite3_file* f) {
            return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f));
        };
        m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** p) {
            return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, p);
        };
        m.xShmLock = [](sqlite3_file* f, int offset, int n, int how) {
            return realOf(f)->pMethods->xShmLock(realOf(f), offset, n, how);
        };
        m.xShmBarrier = [](sqlite3_file* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); };
        m.xShmUnmap = [](sqlite3_file* f, int remove) {
            return realOf(f)->pMethods->xShmUnmap(realOf(f), remove);
        };
        wrapped.base.pMethods = &m;
        return SQLITE_OK;
    }

    sqlite3_vfs* m_real;
    sqlite3_vfs m_vfs{};
    std::map<std::string, sqlite3_int64> m_synced; ///< by the file's path
};

} // namespace yarrow::testing
