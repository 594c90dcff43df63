// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cmake/precompiled/standard.h"

#include <QByteArray>
#include <QDateTime>
#include <QHash>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimeZone>
