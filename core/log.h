// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/id.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

/// Logging that cannot print patient data: a line is made of literals written by us, numbers, ids, error
/// codes and opaque technical words, and of nothing else. Run-time text does not convert to a Literal or a
/// Value, so handing a name or a document to the log does not compile.
///
///     log::info("imported", {{"resources", 120}, {"patient", patientId}});
namespace yarrow::log {

enum class Level { Debug, Info, Warning, Error };

/// A text that stands in the source code: its constructor is consteval.
class Literal
{
public:
    template <std::size_t N>
    consteval Literal(const char (&text)[N])
        : m_text(text, N - 1) // NOLINT: a literal reads as one
    {}
    [[nodiscard]] constexpr std::string_view text() const noexcept { return m_text; }

private:
    std::string_view m_text;
};

template <class T>
concept Countable = std::integral<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

/// What may stand behind `name=`. It refers to what it is made of: made in the call that logs it, never kept.
class Value
{
public:
    template <Countable T>
    constexpr Value(T number) noexcept // NOLINT: a field reads as {"count", 3}
        : m_kind(std::same_as<T, bool>       ? Kind::Bool
                 : std::unsigned_integral<T> ? Kind::Unsigned
                                             : Kind::Signed)
        , m_number(static_cast<std::uint64_t>(number))
    {}
    template <std::size_t N>
    consteval Value(const char (&literal)[N])
        : m_kind(Kind::Text)
        , m_text(literal, N - 1) // NOLINT: literals only
    {}
    template <class Tag>
    Value(const Id<Tag>& id) noexcept
        : m_kind(Kind::Text)
        , m_text(id.text()) // NOLINT: ids are made to be logged
    {}
    Value(ErrorCode code) noexcept
        : m_kind(Kind::Text)
        , m_text(errorCodeName(code))
    {} // NOLINT: as above
    /// The error's code, context (free of patient data by contract) and position.
    Value(const Error& error) noexcept
        : m_kind(Kind::Error)
        , m_error(&error)
    {} // NOLINT: as above
    /// A word of the machine (a path, a FHIR type, a SQL constraint): anything but ASCII letters, digits and
    /// `/ . _ - : @ =` is replaced by `?`, and it is cut at 200 bytes.
    [[nodiscard]] static Value technical(std::string_view word) noexcept;

    /// As it stands in the line, but for the quotes around a text with spaces.
    [[nodiscard]] std::string text() const;

private:
    enum class Kind { Bool, Signed, Unsigned, Text, Technical, Error };
    Value(Kind kind, std::string_view text) noexcept
        : m_kind(kind)
        , m_text(text)
    {}

    Kind m_kind;
    std::uint64_t m_number = 0;
    std::string_view m_text;
    const Error* m_error = nullptr;
};

struct Field
{
    Literal name;
    Value value;
};

/// Takes finished lines, one at a time; replaced in tests. The default writes to standard error. What a sink
/// logs itself is dropped.
using Sink = std::function<void(Level, std::string_view line)>;
void setSink(Sink sink); ///< an empty one restores the default; the old one is not called any more on return
void setLevel(Level minimum); ///< Info at first
/// Sends Qt's own messages through the same sink. From the first quotation mark to the last, a message is
/// replaced by "…": Qt quotes the values it complains about.
void captureQtMessages();

// The line is `2026-03-29T01:30:00.250Z warning event name=value …`. Thread-safe.
void debug(Literal event, std::initializer_list<Field> fields = {});
void info(Literal event, std::initializer_list<Field> fields = {});
void warning(Literal event, std::initializer_list<Field> fields = {});
void error(Literal event, std::initializer_list<Field> fields = {});

} // namespace yarrow::log
