// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/conflict_item.h"

#include <QString>

#include <optional>
#include <vector>

namespace yarrow {

/// A record with changes that no server has acknowledged.
struct WaitingRow
{
    enum class Change { Made, Edited, Deleted };
    enum class State { Waiting, UnderWay, Refused };
    /// The server's answer.
    struct Refusal
    {
        int status = 0;  ///< HTTP's
        QString code;    ///< stable; docs/server-errors.md
        QString message; ///< the server's own sentence; empty when it gave none
        QString element; ///< FHIRPath of what it is about; empty when it is not told
        int attempts = 0;
        std::optional<Instant> since;
        std::optional<Instant> retryAt =
            {}; ///< then it is sent again by itself; nothing: it waits for a person
        bool operator==(const Refusal&) const = default;
    };
    RecordSubject subject;
    Change change = Change::Edited;
    State state = State::Waiting;
    QString authorName;
    std::optional<Instant> since;
    std::optional<Refusal> refusal;
    bool mayDiscard = false;
    bool operator==(const WaitingRow&) const = default;
};

struct WaitingRows
{
    std::vector<WaitingRow> rows; ///< oldest first
    int more = 0;                 ///< beyond these
    int hidden = 0;               ///< of records the person may not read
    bool operator==(const WaitingRows&) const = default;
};

/// One of the last exchanges.
struct ExchangeRow
{
    std::optional<Instant> at;
    double seconds = 0;
    int pulled = 0;
    int pushed = 0;
    int merged = 0;
    int conflicts = 0;
    int refused = 0;
    QString outcome; ///< empty when all went well, else the obstacle's name
    QString note;    ///< outbox::Exchange::note: what people should know of the audit chain
    bool operator==(const ExchangeRow&) const = default;
};

} // namespace yarrow
