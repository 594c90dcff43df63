// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace yarrow::server::ops {

enum class LogLevel { Debug, Info, Warning, Error };

/// A member of a log line. Ids, counts and codes only: never a name, a document, SQL, or a query string.
struct LogField
{
    std::string_view name;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    LogField(std::string_view field, std::string_view text)
        : name(field)
        , value(text)
    {}
    LogField(std::string_view field, const std::string& text)
        : name(field)
        , value(std::string_view(text))
    {}
    LogField(std::string_view field, const char* text)
        : name(field)
        , value(std::string_view(text))
    {}
    LogField(std::string_view field, std::int64_t number)
        : name(field)
        , value(number)
    {}
    LogField(std::string_view field, int number)
        : name(field)
        , value(std::int64_t{number})
    {}
    LogField(std::string_view field, double number)
        : name(field)
        , value(number)
    {}
    LogField(std::string_view field, bool flag)
        : name(field)
        , value(flag)
    {}
};

/// Where log() writes from now on: standard output, one JSON object per line. Without it nothing is written.
void startLog(LogLevel least);
/// Writes what is still in memory; before the process ends.
void flushLog();
[[nodiscard]] std::optional<LogLevel>
logLevelFrom(std::string_view name); ///< "debug", "info", "warning", "error"

/// One line: time, level, event and the fields. `event` is a stable kebab-case word. From any thread.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// The line itself, without time. For tests.
[[nodiscard]] std::string logLine(LogLevel level, std::string_view event,
                                  std::initializer_list<LogField> fields);

} // namespace yarrow::server::ops
