// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "sync/transport/transport.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// yarrow-server's code for what was erased at a patient's demand, or is about a patient who was.
inline constexpr std::string_view kErased = "erased";
/// And for what this workstation does not hold.
inline constexpr std::string_view kOutsideScope = "outside-scope";

/// One change on its way to the server.
struct WriteEntry
{
    std::string type;
    std::string id;
    std::optional<std::string> document; ///< the bytes; nothing: a deletion
    std::string version;                 ///< If-Match; empty: a new record
    std::string operation;               ///< UUID
    std::string author;                  ///< account id at the server; empty: none is named
};

/// What became of a change.
struct WriteAnswer
{
    int status = 0;
    std::string version; ///< versionId; empty when nothing was stored
    std::string lastUpdated;
    std::optional<std::string> document; ///< as the server stored it, JSON text
    std::string code;                    ///< of an error: yarrow-server's code, else FHIR's issue type
    std::string outcome;                 ///< OperationOutcome, or empty
    std::string author = {};             ///< of a read: account id at the server; empty: it does not tell
};

/// A Bundle of type batch or transaction as yarrow-server takes it: every entry names its operation and
/// author, every update and deletion has If-Match, every new record If-None-Match.
[[nodiscard]] std::string writeBundle(const std::vector<WriteEntry>& entries, bool transaction);

/// The answer to such a Bundle: one per entry, in their order. InvalidResource when it is not.
[[nodiscard]] Result<std::vector<WriteAnswer>> parseWriteAnswers(std::string_view body, std::size_t expected);

/// The answer to a single request, read or write.
[[nodiscard]] WriteAnswer answerOf(const HttpResponse& response);

/// The entry that a transaction failed for; nothing: the answer names none.
[[nodiscard]] std::optional<std::size_t> culpritOf(const WriteAnswer& failure);

} // namespace yarrow::sync
