// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/error.h"

#include <cstdio>
#include <cstdlib>

namespace yarrow {

const char* errorCodeName(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "InvalidArgument";
    case ErrorCode::NotFound:
        return "NotFound";
    case ErrorCode::AlreadyExists:
        return "AlreadyExists";
    case ErrorCode::Stale:
        return "Stale";
    case ErrorCode::SlotTaken:
        return "SlotTaken";
    case ErrorCode::Erased:
        return "Erased";
    case ErrorCode::Forbidden:
        return "Forbidden";
    case ErrorCode::Throttled:
        return "Throttled";
    case ErrorCode::WrongPassword:
        return "WrongPassword";
    case ErrorCode::WeakPassword:
        return "WeakPassword";
    case ErrorCode::KeyStoreUnavailable:
        return "KeyStoreUnavailable";
    case ErrorCode::KeyFileDamaged:
        return "KeyFileDamaged";
    case ErrorCode::DatabaseDamaged:
        return "DatabaseDamaged";
    case ErrorCode::DatabaseNewer:
        return "DatabaseNewer";
    case ErrorCode::DatabaseBusy:
        return "DatabaseBusy";
    case ErrorCode::DiskFull:
        return "DiskFull";
    case ErrorCode::Io:
        return "Io";
    case ErrorCode::InvalidJson:
        return "InvalidJson";
    case ErrorCode::LimitExceeded:
        return "LimitExceeded";
    case ErrorCode::InvalidResource:
        return "InvalidResource";
    case ErrorCode::Crypto:
        return "Crypto";
    case ErrorCode::Cancelled:
        return "Cancelled";
    case ErrorCode::Unsupported:
        return "Unsupported";
    }
    bug("unknown error code", __FILE__, __LINE__);
}

void bug(const char* reason, const char* file, int line) noexcept
{
    std::fprintf(stderr, "yarrow: %s (%s:%d)\n", reason, file, line);
    std::abort();
}

} // namespace yarrow
