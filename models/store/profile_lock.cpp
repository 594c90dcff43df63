// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/profile_lock.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace yarrow {

Result<ProfileLock> ProfileLock::acquire(const Profile& profile, Kind kind)
{
    const auto path = profile.folder() / (kind == Kind::Exchange ? "sync-lock" : "lock");
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io,
                    std::string("lock: ") + std::strerror(errno));
    ProfileLock lock(descriptor);
    if (::flock(descriptor, (kind == Kind::Shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0)
        return fail(errno == EWOULDBLOCK ? ErrorCode::DatabaseBusy : ErrorCode::Io, "lock");
    return lock;
}

ProfileLock& ProfileLock::operator=(ProfileLock&& other) noexcept
{
    if (this != &other) {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

ProfileLock::~ProfileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace yarrow
