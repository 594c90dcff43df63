// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace yarrow::server {

/// Who changes something: what the audit says.
struct Author
{
    std::string account = {}; ///< empty: the command line
    std::string role = {};
    std::string device = {};
};

} // namespace yarrow::server
