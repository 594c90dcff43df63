// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cmake/precompiled/widgets.h"

#include <QTest>
