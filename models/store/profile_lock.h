// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/profile.h"

namespace yarrow {

/// Keeps two programs from working on one profile where they must not: everybody who has the clinic open
/// holds it shared; who exchanges its files (a key rotation) needs it alone. Released when it is destroyed,
/// or by the system when the process ends, however it ends. POSIX flock on a file of its own.
class ProfileLock
{
public:
    enum class Kind {
        Shared,
        Alone,
        Exchange, ///< with the server: one program at a time; stands beside the other two
    };

    /// DatabaseBusy at once when another process stands in the way; Io when the folder cannot be written.
    [[nodiscard]] static Result<ProfileLock> acquire(const Profile& profile, Kind kind);

    ProfileLock(ProfileLock&& other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
    {}
    ProfileLock& operator=(ProfileLock&& other) noexcept;
    ProfileLock(const ProfileLock&) = delete;
    ProfileLock& operator=(const ProfileLock&) = delete;
    ~ProfileLock();

private:
    explicit ProfileLock(int descriptor)
        : m_descriptor(descriptor)
    {}
    int m_descriptor;
};

} // namespace yarrow
