// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <simdjson.h>

/// The first stage of reading JSON, which is simdjson's: it checks UTF-8 and finds, with vector instructions,
/// each place where a token may begin. For json_parser.cpp only.
namespace yarrow::json {

/// What is wrong and at which byte. `what` is a literal.
struct Fault
{
    ErrorCode code = ErrorCode::InvalidJson;
    const char* what = nullptr;
    std::size_t offset = 0;
};

/// simdjson's first stage and its buffers, one per thread. They hold offsets, no text.
class TokenFinder
{
public:
    [[nodiscard]] static TokenFinder& ofThisThread();

    /// Finds the tokens of `text`, which ends up in begin() and size() on SUCCESS.
    [[nodiscard]] simdjson::error_code run(std::string_view text);
    [[nodiscard]] const std::uint32_t* begin() const { return m_stage->structural_indexes.get(); }
    [[nodiscard]] std::size_t size() const { return m_stage->n_structural_indexes; }

    /// For each token that opens an array or object, how many commas are directly inside. Only a hint.
    [[nodiscard]] const std::vector<std::uint32_t>& countCommas(std::string_view text);

    /// Gives back what only a large document needed.
    void releaseIfLarge();

private:
    std::unique_ptr<simdjson::internal::dom_parser_implementation> m_stage;
    std::vector<std::uint32_t> m_counts;
    std::vector<std::uint32_t> m_open;
};

/// Why the first stage refused the text: the first bad byte, and where the text is still well-formed for it.
struct Refusal
{
    Fault fault;
    std::size_t goodPrefix = 0;
};
[[nodiscard]] Refusal explainRefusal(std::string_view text);

} // namespace yarrow::json
