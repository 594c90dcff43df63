// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "client.h"

#include <QTest>
