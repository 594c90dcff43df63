// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cmake/precompiled/standard.h"

#include <boost/json.hpp>
