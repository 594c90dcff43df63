// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>
#include <vector>

namespace yarrow::server {

/// Why a request, or one entry of it, was refused. Written as an OperationOutcome under /fhir and as a
/// problem document (RFC 9457) elsewhere. Never holds patient data, SQL or a stack trace.
struct Problem
{
    int status = 500;            ///< of HTTP
    std::string code;            ///< stable, kebab-case: "version-conflict"; see docs/server-errors.md
    std::string detail;          ///< one English sentence: what is wrong, and where
    std::string expression = {}; ///< the element concerned (FHIRPath: "Patient.birthDate"), empty for none
    std::string reference =
        {}; ///< the record concerned besides the one named: "Appointment/…", empty for none
    /// Header fields that belong to the answer when it is the whole request that is refused: Retry-After,
    /// WWW-Authenticate…
    std::vector<std::pair<std::string, std::string>> headers = {};

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// What can be expected to fail. Failures of PostgreSQL are exceptions of libpqxx, caught where the request
/// ends.
template <class T>
using Result = tl::expected<T, Problem>;

[[nodiscard]] inline tl::unexpected<Problem> refuse(int status, std::string code, std::string detail,
                                                    std::string expression = {}, std::string reference = {})
{
    return tl::unexpected<Problem>(
        Problem{status, std::move(code), std::move(detail), std::move(expression), std::move(reference), {}});
}

} // namespace yarrow::server
