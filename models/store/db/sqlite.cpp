// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/sqlite.h"

#include <cerrno>

namespace yarrow {

Error toError(const SQLite::Exception& exception)
{
    // SQLiteCpp's own misuse exceptions carry no SQLite code.
    const int extended =
        exception.getExtendedErrorCode() > 0 ? exception.getExtendedErrorCode() : exception.getErrorCode();
    return toError(extended);
}

Error toError(int extendedCode, int systemErrno)
{
    const std::string context = "sqlite " + std::to_string(extendedCode);
    if (systemErrno == ENOSPC)
        return {ErrorCode::DiskFull, context, std::nullopt};
    switch (extendedCode & 0xff) {
    case SQLITE_FULL:
        return {ErrorCode::DiskFull, context, std::nullopt};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorCode::DatabaseDamaged, context, std::nullopt};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return {ErrorCode::DatabaseBusy, context, std::nullopt};
    case SQLITE_CONSTRAINT:
        return {ErrorCode::AlreadyExists, context, std::nullopt};
    case SQLITE_INTERRUPT:
        return {ErrorCode::Cancelled, context, std::nullopt};
    case SQLITE_IOERR:
        // SQLCipher answers a page whose seal does not fit with a plain I/O error of no system call.
        if (extendedCode == SQLITE_IOERR || extendedCode == SQLITE_IOERR_SHORT_READ ||
            extendedCode == SQLITE_IOERR_CORRUPTFS)
            return {ErrorCode::DatabaseDamaged, context, std::nullopt};
        return {ErrorCode::Io, context, std::nullopt};
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return {ErrorCode::DatabaseDamaged, context, std::nullopt};
    default:
        return {ErrorCode::Io, context, std::nullopt};
    }
}

} // namespace yarrow
