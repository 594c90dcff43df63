// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/sqlite.h"

#include <cstring>

namespace yarrow::testing {

/// An SQLite VFS over the default one whose writing operations (write, truncate, sync, delete) can be made to
/// fail from the N-th on, as on a full or broken disk. It becomes the default for the life of the object; one
/// at a time.
class FaultVfs
{
public:
    FaultVfs()
        : m_real(sqlite3_vfs_find(nullptr))
    {
        s_current = this;
        m_vfs = *m_real;
        m_vfs.zName = "yarrow-fault";
        m_vfs.szOsFile = static_cast<int>(sizeof(File)) + m_real->szOsFile;
        m_vfs.pAppData = this;
        m_vfs.xOpen = &FaultVfs::open;
        m_vfs.xDelete = &FaultVfs::remove;
        sqlite3_vfs_register(&m_vfs, 1);
    }
    ~FaultVfs()
    {
        sqlite3_vfs_register(m_real, 1);
        sqlite3_vfs_unregister(&m_vfs);
        s_current = nullptr;
    }
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;

    /// From the `operation`-th writing operation from now on (1 is the next) all fail with `code`.
    void failFrom(int operation, int code)
    {
        m_left = operation;
        m_code = code;
        m_hit = false;
    }
    void heal() { m_left = 0; }
    [[nodiscard]] bool wasHit() const { return m_hit; }
    [[nodiscard]] int syncs() const { return m_syncs; } ///< of any file, so far

private:
    struct File
    {
        sqlite3_file base;
        sqlite3_io_methods methods;
        [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
    static sqlite3_file* realOf(sqlite3_file* file) { return of(file).real(); }

    int fault()
    {
        if (m_left == 0)
            return SQLITE_OK;
        if (m_left > 1) {
            --m_left;
            return SQLITE_OK;
        }
        m_hit = true;
        return m_code;
    }

    static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* outFlags)
    {
        auto* self = static_cast<FaultVfs*>(vfs->pAppData);
        File& wrapped = of(file);
        wrapped.base.pMethods = nullptr;
        const int code = self->m_real->xOpen(self->m_real, name, wrapped.real(), flags, outFlags);
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
            const int failed = s_current->fault();
            return failed ? failed : realOf(f)->pMethods->xWrite(realOf(f), p, n, at);
        };
        m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
            const int failed = s_current->fault();
            return failed ? failed : realOf(f)->pMethods->xTruncate(realOf(f), size);
        };
        m.xSync = [](sqlite3_file* f, int how) {
            ++s_current->m_syncs;
            const int failed = s_current->fault();
            return failed ? failed : realOf(f)->pMethods->xSync(realOf(f), how);
        };
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
    static int remove(sqlite3_vfs* vfs, const char* name, int syncFolder)
    {
        auto* self = static_cast<FaultVfs*>(vfs->pAppData);
        const int failed = self->fault();
        return failed ? failed : self->m_real->xDelete(self->m_real, name, syncFolder);
    }

    inline static FaultVfs* s_current = nullptr;
    sqlite3_vfs* m_real;
    sqlite3_vfs m_vfs{};
    int m_left = 0;
    int m_code = SQLITE_OK;
    bool m_hit = false;
    int m_syncs = 0;
};

} // namespace yarrow::testing
