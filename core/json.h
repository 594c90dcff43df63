// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace yarrow {

/// What a document may cost. A document past a limit is refused with LimitExceeded and the place.
struct JsonLimits
{
    std::size_t maxBytes = 64U * 1024U * 1024U; ///< length of the text
    std::size_t maxDepth = 128; ///< arrays and objects inside one another; 1 is a flat object; at most 1000
};

/// A JSON value that loses nothing: numbers keep the digits they were written with (FHIR decimals: `1.10` is
/// not `1.1`), objects keep the order of their members, unknown members stay where they are. What is not kept
/// is white space and the spelling of string escapes.
///
/// Reading never fails: a missing member or one of another type reads as nothing, so that a path of look-ups
/// needs no checks in between. Strings are UTF-8 without NUL; whoever sets one sees to it. A plain value;
/// copy and move as usual; not for sharing between threads while edited.
class Json
{
public:
    enum class Type { Null, Bool, Number, String, Array, Object };

    struct Member;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;

    Json() noexcept = default; ///< null
    Json(bool value) noexcept; // NOLINT(google-explicit-constructor): `object.set("active", true)` reads well
    Json(std::string value) noexcept;
    Json(std::string_view value);
    Json(const char* value);
    Json(std::int64_t value);
    Json(int value);
    Json(Array value) noexcept;
    Json(Object value) noexcept;

    /// A number with the digits given. Asserts that `lexeme` is a JSON number (RFC 8259, section 6).
    [[nodiscard]] static Json number(std::string lexeme);
    [[nodiscard]] static Json array();
    [[nodiscard]] static Json object();

    /// Reads exactly one value; anything but white space behind it is an error. Strict RFC 8259, in UTF-8
    /// without a byte-order mark; a duplicate member name, a lone surrogate and a NUL in a string are errors
    /// too. Errors: InvalidJson or LimitExceeded, both with a position; the context says what was wrong,
    /// never what the text contained.
    [[nodiscard]] static Result<Json> parse(std::string_view text, const JsonLimits& limits = {});

    [[nodiscard]] Type type() const noexcept;
    [[nodiscard]] bool isNull() const noexcept { return type() == Type::Null; }
    [[nodiscard]] bool isObject() const noexcept { return type() == Type::Object; }
    [[nodiscard]] bool isArray() const noexcept { return type() == Type::Array; }
    [[nodiscard]] bool isString() const noexcept { return type() == Type::String; }

    // Reading a scalar: empty when the value is of another type.
    [[nodiscard]] std::string_view string() const noexcept;       ///< "" when not a string
    [[nodiscard]] std::string_view numberLexeme() const noexcept; ///< "" when not a number
    [[nodiscard]] std::optional<bool> boolean() const noexcept;
    /// The number as an integer; nothing when it is no number, has a fraction or exponent, or does not fit.
    [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;

    // Reading a container: a shared empty one when the value is of another type, so that loops need no check.
    [[nodiscard]] const Array& items() const noexcept;
    [[nodiscard]] const Object& members() const noexcept;

    /// The member of that name; null (the shared constant) when there is none or this is no object.
    [[nodiscard]] const Json& operator[](std::string_view name) const noexcept;
    /// The item at `index`; null when there is none or this is no array.
    [[nodiscard]] const Json& operator[](std::size_t index) const noexcept;
    [[nodiscard]] const Json& operator[](int index) const noexcept
    {
        return (*this)[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
    /// The member itself, or nullptr. An explicit null is found.
    [[nodiscard]] const Json* find(std::string_view name) const noexcept;
    [[nodiscard]] Json* find(std::string_view name) noexcept;

    // Editing. All assert that the value is of the right type (an object or an array).
    /// Replaces the member in its place, or appends it at the end.
    Json& set(std::string_view name, Json value);
    /// Like set, but a new member is put in front of the first member that is named in `before` (names one
    /// space apart: the elements that follow `name` in FHIR's order), so that a written document keeps that
    /// order.
    Json& insert(std::string_view name, Json value, std::string_view before);
    /// The member's value, made as an empty object (or array) when it is missing or of another type.
    Json& objectAt(std::string_view name);
    Json& arrayAt(std::string_view name);
    bool remove(std::string_view name); ///< whether it was there
    Json& append(Json value);           ///< the new item
    [[nodiscard]] Array& mutableItems() noexcept;
    [[nodiscard]] Object& mutableMembers() noexcept;

    /// Compact text: no white space, members in order, numbers as they were; only what must be escaped is.
    [[nodiscard]] std::string dump() const;
    void dumpTo(std::string& out) const; ///< appends
    /// The same with two spaces of indentation and a final newline, for people.
    [[nodiscard]] std::string dumpPretty() const;

    /// Same type and content; objects compare in order, numbers by their digits.
    bool operator==(const Json&) const;

private:
    friend class JsonParser;
    struct Number
    {
        std::string lexeme;
        bool operator==(const Number&) const = default;
    };
    std::variant<std::monostate, bool, Number, std::string, Array, Object> m_value;
};

struct Json::Member
{
    std::string name;
    Json value;
    bool operator==(const Member&) const = default;
};

} // namespace yarrow
