// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <memory>

namespace yarrow::server::ops {
namespace {

std::shared_ptr<spdlog::logger> g_logger; // set once, before there are threads

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

spdlog::level::level_enum levelOf(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        break;
    }
    return spdlog::level::err;
}

// Log lines are ASCII: what is no printable ASCII is escaped, bytes that are no UTF-8 included.
void appendText(std::string& line, std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    line += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < 0x20 || byte > 0x7E) {
            line += "\\u00";
            line += kDigits[byte >> 4U];
            line += kDigits[byte & 0x0FU];
        } else {
            line += c;
        }
    }
    line += '"';
}

struct ValueWriter
{
    std::string& line;
    void operator()(std::string_view text) const { appendText(line, text); }
    void operator()(std::int64_t number) const { line += std::to_string(number); }
    void operator()(double number) const { line += fmt::format("{:.3f}", number); }
    void operator()(bool flag) const { line += flag ? "true" : "false"; }
};

} // namespace

std::string logLine(LogLevel level, std::string_view event, std::initializer_list<LogField> fields)
{
    std::string line = "\"level\":\"";
    line += kLevelNames.at(static_cast<std::size_t>(level));
    line += "\",\"event\":";
    appendText(line, event);
    for (const LogField& field : fields) {
        line += ',';
        appendText(line, field.name);
        line += ':';
        std::visit(ValueWriter{line}, field.value);
    }
    return line + '}';
}

void startLog(LogLevel least)
{
    g_logger = std::make_shared<spdlog::logger>("yarrow", std::make_shared<spdlog::sinks::stdout_sink_mt>());
    g_logger->set_level(levelOf(least));
    g_logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%fZ\",%v", spdlog::pattern_time_type::utc);
    g_logger->flush_on(spdlog::level::warn);
    spdlog::register_logger(g_logger);
    spdlog::flush_every(std::chrono::seconds(1));
}

void flushLog()
{
    if (g_logger)
        g_logger->flush();
}

std::optional<LogLevel> logLevelFrom(std::string_view name)
{
    for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
        if (kLevelNames.at(i) == name)
            return static_cast<LogLevel>(i);
    }
    return std::nullopt;
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields)
{
    if (g_logger && g_logger->should_log(levelOf(level)))
        g_logger->log(levelOf(level), "{}", logLine(level, event, fields));
}

} // namespace yarrow::server::ops
