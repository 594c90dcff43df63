// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/sqlite.h"

#include <cstring>

namespace yarrow::testing {

/// A file of a VFS that stands before another one: `More` is what it knows besides, the other's file lies
/// behind it in memory.
template <class More>
struct ForwardingFile
{
    sqlite3_file base;
    sqlite3_io_methods methods;
    More more;

    [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    [[nodiscard]] static ForwardingFile& of(sqlite3_file* file)
    {
        return *reinterpret_cast<ForwardingFile*>(file);
    }
    [[nodiscard]] static sqlite3_file* realOf(sqlite3_file* file) { return of(file).real(); }

    /// Opens the other's file. Every operation goes to it, but for those that are put into `methods`
    /// afterwards.
    [[nodiscard]] int open(sqlite3_vfs* other, sqlite3_filename name, int flags, int* outFlags)
    {
        base.pMethods = nullptr;
        const int code = other->xOpen(other, name, real(), flags, outFlags);
        if (code != SQLITE_OK || !real()->pMethods)
            return code;
        forwardAll();
        base.pMethods = &methods;
        return SQLITE_OK;
    }

private:
    void forwardAll()
    {
        sqlite3_io_methods& m = methods;
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
        m.xSync = [](sqlite3_file* f, int how) { return realOf(f)->pMethods->xSync(realOf(f), how); };
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
    }
};

} // namespace yarrow::testing
