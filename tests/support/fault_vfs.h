// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/forwarding_vfs.h"

#include <unistd.h>

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
    /// The process ends right before the `operation`-th writing operation from now on, as a killed one does.
    void dieBefore(int operation)
    {
        failFrom(operation, SQLITE_OK);
        m_dies = true;
    }
    static constexpr int kDied = 99; ///< exit status then
    void heal()
    {
        m_left = 0;
        m_dies = false;
    }
    [[nodiscard]] bool wasHit() const { return m_hit; }
    [[nodiscard]] int syncs() const { return m_syncs; } ///< of any file, so far

private:
    struct Nothing
    {};
    using File = ForwardingFile<Nothing>;

    int fault()
    {
        if (m_left == 0)
            return SQLITE_OK;
        if (m_left > 1) {
            --m_left;
            return SQLITE_OK;
        }
        if (m_dies)
            ::_exit(kDied);
        m_hit = true;
        return m_code;
    }

    static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* outFlags)
    {
        auto* self = static_cast<FaultVfs*>(vfs->pAppData);
        File& wrapped = File::of(file);
        const int code = wrapped.open(self->m_real, name, flags, outFlags);
        wrapped.methods.xWrite = [](sqlite3_file* f, const void* p, int n, sqlite3_int64 at) {
            const int failed = s_current->fault();
            return failed ? failed : File::realOf(f)->pMethods->xWrite(File::realOf(f), p, n, at);
        };
        wrapped.methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
            const int failed = s_current->fault();
            return failed ? failed : File::realOf(f)->pMethods->xTruncate(File::realOf(f), size);
        };
        wrapped.methods.xSync = [](sqlite3_file* f, int how) {
            ++s_current->m_syncs;
            const int failed = s_current->fault();
            return failed ? failed : File::realOf(f)->pMethods->xSync(File::realOf(f), how);
        };
        return code;
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
    bool m_dies = false;
    int m_syncs = 0;
};

} // namespace yarrow::testing
