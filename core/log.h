// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/id.h"

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

/// Logging that cannot print patient data: a line is made of literals written by us, numbers, ids, error
/// codes and opaque technical words, and of nothing else. Run-time text does not convert to a LogField, so
/// handing a name or a document to the log does not compile.
///
///     log::info("imported", {{"resources", 120}, {"patient", patientId}});
namespace yarrow::log {

enum class Level { Debug, Info, Warning, Error };

class Value
{
public:
    template <std::integral T>
    Value(T number)
        : m_text(std::to_string(number))
    {} // NOLINT: a field reads as {"count", 3}
    Value(bool value)
        : m_text(value ? "true" : "false")
    {}
    /// Only a literal: the constructor is consteval.
    template <std::size_t N>
    consteval Value(const char (&literal)[N])
        : m_literal(literal, N - 1)
    {}
    template <class Tag>
    Value(const Id<Tag>& id)
        : m_text(id.text())
    {}
    /// The error's code, context (free of patient data by contract) and position.
    Value(const Error& error);
    /// A word of the machine (a path, a FHIR type, a SQL constraint): anything but letters, digits and
    /// `/ . _ - : @ =` is replaced by `?`, and it is cut at 200 characters.
    [[nodiscard]] static Value technical(std::string_view word);

    [[nodiscard]] std::string_view text() const noexcept { return m_literal.empty() ? m_text : m_literal; }

private:
    constexpr Value() = default;
    std::string m_text;
    std::string_view m_literal;
};

struct Field
{
    std::string_view name;
    Value value;
};

/// Takes finished lines; replaced in tests. The default writes to standard error. Thread-safe.
using Sink = std::function<void(Level, std::string_view line)>;
void setSink(Sink sink); ///< an empty one restores the default
void setLevel(Level minimum);
/// Sends Qt's own messages through the same sink, with everything between quotes replaced by "…": Qt quotes
/// the values it complains about.
void captureQtMessages();

/// `event` is a literal; the line is `2026-… level event name=value …`.
class Event
{
public:
    template <std::size_t N>
    consteval Event(const char (&literal)[N])
        : m_text(literal, N - 1)
    {} // NOLINT: literals only, on purpose
    [[nodiscard]] std::string_view text() const noexcept { return m_text; }

private:
    std::string_view m_text;
};

void debug(Event event, std::initializer_list<Field> fields = {});
void info(Event event, std::initializer_list<Field> fields = {});
void warning(Event event, std::initializer_list<Field> fields = {});
void error(Event event, std::initializer_list<Field> fields = {});

} // namespace yarrow::log
