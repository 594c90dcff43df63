// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/account_desk.h"
#include "ui/widgets/notes.h"

#include <QString>

namespace yarrow {

/// Words for accounts.

[[nodiscard]] QString calledText(const AccountRow& row); ///< the name, or the user name where there is none
[[nodiscard]] QString roleRightsText(Role role);         ///< what somebody with the role may do
/// A word or two for the list: what keeps somebody from signing in comes first; empty: nothing is to be said.
[[nodiscard]] QString accountStateText(const AccountRow& row, const AccountList& list);

struct AccountNote
{
    Tone tone = Tone::Plain;
    QString text;
};
/// Whether and where somebody can sign in, and what to do where they cannot.
[[nodiscard]] AccountNote accountNote(const AccountRow& row, const AccountList& list);
/// Empty when the server has taken the last change, or has not been told.
[[nodiscard]] QString accountRefusalText(const AccountRow& row);
[[nodiscard]] QString lastAdministratorText();

/// Whether nobody else could change accounts.
[[nodiscard]] bool isLastAdministrator(const AccountRow& row, const AccountList& list);
/// Whether somebody can be let in here with the password that the server knows.
[[nodiscard]] bool canBeLetIn(const AccountRow& row, const AccountList& list);

} // namespace yarrow
