// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::server {

class JsonDocument;

/// A value inside a JsonDocument, which must outlive it. Cheap to copy. Asking a missing value gives missing
/// values and empty texts, so that paths can be written without checks: view["name"][0]["family"].string().
class JsonView
{
public:
    enum class Kind { Missing, Null, Boolean, Number, String, Array, Object };

    JsonView() = default; ///< missing

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool exists() const noexcept { return m_document != nullptr; }
    [[nodiscard]] bool isObject() const noexcept { return kind() == Kind::Object; }
    [[nodiscard]] bool isArray() const noexcept { return kind() == Kind::Array; }
    [[nodiscard]] bool isString() const noexcept { return kind() == Kind::String; }
    /// Exactly as it stands in the text, digits, escapes and inner spaces included.
    [[nodiscard]] std::string_view raw() const noexcept;
    /// Where raw() begins in the document's text.
    [[nodiscard]] std::size_t offset() const noexcept;
    [[nodiscard]] std::string string() const; ///< unescaped; empty when it is no string
    [[nodiscard]] bool boolean(bool otherwise = false) const noexcept;
    [[nodiscard]] JsonView operator[](std::string_view member) const noexcept;
    [[nodiscard]] JsonView operator[](std::size_t index) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept; ///< of an array or object, else 0

    /// Of an array; empty for anything else.
    [[nodiscard]] std::vector<JsonView> items() const;
    /// Of an object, in order; empty for anything else.
    [[nodiscard]] std::vector<std::pair<std::string, JsonView>> members() const;

private:
    friend class JsonDocument;
    JsonView(const JsonDocument* document, std::uint32_t node) noexcept
        : m_document(document)
        , m_node(node)
    {}
    const JsonDocument* m_document = nullptr;
    std::uint32_t m_node = 0;
};

/// A JSON text with an index over it: read strictly after RFC 8259, nothing repaired, the text kept as it
/// came. Numbers stay text. Refused, each with the line and column: anything outside the grammar, invalid
/// UTF-8, lone surrogates in escapes, a member that stands twice in one object, nesting deeper than
/// `kMaxDepth`, text behind the value.
class JsonDocument
{
public:
    static constexpr int kMaxDepth = 64;

    /// 400 `malformed-json`.
    [[nodiscard]] static Result<JsonDocument> parse(std::string text);

    [[nodiscard]] JsonView root() const noexcept;
    [[nodiscard]] const std::string& text() const noexcept;
};

} // namespace yarrow::server
