// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

namespace yarrow {

/// Why the last exchange ended before everything was exchanged.
enum class ExchangeObstacle {
    None,
    Offline,      ///< no answer
    Busy,         ///< the server asks to wait
    ServerError,  ///< something is wrong at the server
    Unauthorised, ///< the server takes nothing from this workstation any more
    Untrusted,    ///< its certificate was not accepted
    Refused,      ///< its answers make no sense to go on after
    AskDeletions, ///< it would delete more here than anybody expects: somebody must confirm
    LocalFailure, ///< the own database: full, damaged, busy
};

/// The exchange as it runs in this process: told by whoever runs it.
struct ExchangeProgress
{
    bool isRunning = false; ///< one is under way
    ExchangeObstacle obstacle = ExchangeObstacle::None;
    QString detail;                      ///< of the obstacle, in English; no patient data
    std::optional<Instant> completedAt;  ///< when last everything had been exchanged
    std::optional<Instant> offlineSince; ///< since when no exchange has got through
    std::optional<Instant> nextAt;       ///< when it is tried again
    bool matchesServer = false;          ///< what the server has was compared with what is here
    QStringList limits;   ///< codes of what a server that is not ours cannot do; sync/README.md has them
    bool isFirst = false; ///< the server's records were never here completely yet
    bool operator==(const ExchangeProgress&) const = default;
};

/// Where the changes of this workstation are.
struct ExchangeStatus
{
    bool hasServer = false; ///< whether the workstation was ever enrolled
    QString serverUrl;
    bool isPaused = false;
    QString stopped;   ///< why nothing is exchanged until somebody acts, in English; empty: nothing is wrong
    int waiting = 0;   ///< records with changes that no server has acknowledged, refused ones included
    int refused = 0;   ///< of them, those the server refused
    int conflicts = 0; ///< open ones that the person may see
    ExchangeProgress progress;
    bool operator==(const ExchangeStatus&) const = default;
};

} // namespace yarrow
