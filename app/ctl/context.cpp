// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/context.h"

#include "app/ctl/prompt.h"
#include "app/profile_folder.h"

namespace yarrow::ctl {

Context::Context()
    : profileFolder(defaultProfileFolder().toStdString())
    , m_environment{m_clock, m_ids, qgetenv(kKeyStoreVariable) == "none" ? nullptr : &m_keyStore, {}}
{}

Result<QString> Context::actingUser() const
{
    if (!userName.empty())
        return QString::fromStdString(userName);
    if (!profile().hasClinic())
        return fail(ErrorCode::NotFound, "no clinic in " + profileFolder + "; `yarrowctl init` makes one");
    const auto names = Clinic::userNames(profile());
    if (!names)
        return fail(names.error());
    if (names->isEmpty())
        return fail(ErrorCode::NotFound, "no user has a password here; `yarrowctl key recover` gives one");
    return names->first();
}

Result<std::unique_ptr<Clinic>> Context::openClinic() const
{
    if (!profile().hasClinic())
        return fail(ErrorCode::NotFound, "no clinic in " + profileFolder + "; `yarrowctl init` makes one");
    const auto user = actingUser();
    if (!user)
        return fail(user.error());
    const auto password = secret(kPasswordVariable, ("Password of " + user->toStdString() + ": ").c_str());
    if (!password)
        return fail(password.error());
    return Clinic::open(profile(), *user, *password, m_environment);
}

} // namespace yarrow::ctl
