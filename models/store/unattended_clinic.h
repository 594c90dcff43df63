// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/clinic.h"

#include <memory>

namespace yarrow {

/// A clinic's database that nobody has signed in to, opened by the key store alone: for the exchange with the
/// server, and for nothing that shows a record. Belongs to the thread that uses it.
struct UnattendedClinic
{
    ProfileLock lock;
    ClinicIdentity identity;
    std::unique_ptr<Connection> connection; ///< serves the exchange; see Clinic::openSyncConnection()
};

/// Whether somebody decided that the key store opens the clinic of this profile; see Clinic::setDeviceSlot().
[[nodiscard]] bool opensUnattended(const Profile& profile, const KdfCost& cost = {});

/// NotFound when there is no clinic or no device slot; KeyStoreUnavailable; DatabaseBusy while a key is
/// rotated; Unsupported when the database is older than this program: signing in brings it up to date, with
/// the person there who is told how that went. DatabaseNewer; WrongPassword when the key store's secret is
/// another's.
[[nodiscard]] Result<UnattendedClinic> openUnattended(const Profile& profile,
                                                      const StoreEnvironment& environment);

} // namespace yarrow
