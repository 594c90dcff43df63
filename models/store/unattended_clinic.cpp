// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/unattended_clinic.h"

#include "models/store/clinic_parts.h"
#include "models/store/key_file_change.h"

namespace yarrow {

bool opensUnattended(const Profile& profile, const KdfCost& cost)
{
    const auto keyFile = KeySlotFile::load(pathText(profile.keyFile()), cost);
    return keyFile && keyFile->hasSlot(SlotKind::Device);
}

Result<UnattendedClinic> openUnattended(const Profile& profile, const StoreEnvironment& environment)
{
    auto closed = findClinic(profile, ProfileLock::Kind::Shared, environment);
    if (!closed)
        return fail(closed.error());
    auto opened = openByDeviceSlot(profile, closed->keyFile, environment);
    if (!opened)
        return fail(opened.error());
    if (auto settled = settleKeyFileChangeAlone(*opened->connection, environment.clock, profile); !settled)
        return fail(settled.error());
    return guarded([&]() -> Result<UnattendedClinic> {
        ClinicIdentity identity = readIdentity(*opened->connection);
        opened->connection->serveExchange();
        return UnattendedClinic{std::move(closed->lock), std::move(identity), std::move(opened->connection)};
    });
}

} // namespace yarrow
