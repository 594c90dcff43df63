// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/exchange_desk.h"
#include "models/store/clinic.h"

#include <functional>
#include <memory>

namespace yarrow {

/// What an exchange of this clinic works on, beside what the whole program shares.
struct ExchangePlace
{
    std::unique_ptr<Connection> connection; ///< of its own, that may write
    Profile profile;
    ClinicIdentity clinic;
    Actor person; ///< who is signed in
};

/// Makes who runs the exchange. Called on the GUI thread once somebody has signed in.
using MakeExchangeRunner = std::function<std::unique_ptr<ExchangeRunner>(ExchangePlace place)>;

} // namespace yarrow
