// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"

#include "core/clock.h"

#include <QMessageLogContext>
#include <QString>
#include <QStringView>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <utility>

namespace yarrow::log {
namespace {

constexpr std::size_t kMaxTechnicalBytes = 200;

std::atomic<Level> minimumLevel = Level::Info;
std::mutex sinkMutex;

Sink& currentSink()
{
    static Sink sink;
    return sink;
}

std::string_view nameOf(Level level)
{
    switch (level) {
    case Level::Debug:
        return "debug";
    case Level::Info:
        return "info";
    case Level::Warning:
        return "warning";
    case Level::Error:
        return "error";
    }
    bug("unknown log level", __FILE__, __LINE__);
}

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string technicalText(std::string_view word)
{
    std::string text(word.substr(0, kMaxTechnicalBytes));
    std::replace_if(
        text.begin(), text.end(),
        [](char c) {
            return !isLetterOrDigit(c) && std::string_view("/._-:@=").find(c) == std::string_view::npos;
        },
        '?');
    return text;
}

std::string errorText(const Error& error)
{
    std::string text = errorCodeName(error.code);
    if (!error.context.empty())
        text += ' ' + error.context;
    if (error.position)
        text += " at " + std::to_string(error.position->line) + ':' + std::to_string(error.position->column);
    return text;
}

/// ` name=value`, in quotes where the value would otherwise not end where it ends.
void appendField(std::string& line, std::string_view name, std::string value)
{
    // One line stays one line, whatever an error's context brings.
    std::replace_if(
        value.begin(), value.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, ' ');
    std::replace(value.begin(), value.end(), '"', '\'');
    line += ' ';
    line += name;
    line += '=';
    const bool isWord = !value.empty() && value.find(' ') == std::string::npos;
    line += isWord ? value : '"' + value + '"';
}

std::string startLine(Level level, std::string_view event)
{
    std::string line = formatInstant(SystemClock().now());
    line += ' ';
    line += nameOf(level);
    line += ' ';
    line += event;
    return line;
}

void finishLine(Level level, std::string line)
{
    static thread_local bool isInSink = false;
    if (std::exchange(isInSink, true))
        return;
    {
        const std::lock_guard lock(sinkMutex);
        if (const Sink& sink = currentSink()) {
            sink(level, line);
        } else {
            line += '\n';
            std::fwrite(line.data(), 1, line.size(), stderr);
        }
    }
    isInSink = false;
}

void write(Level level, Literal event, std::initializer_list<Field> fields)
{
    if (level < minimumLevel.load(std::memory_order_relaxed))
        return;
    std::string line = startLine(level, event.text());
    for (const Field& field : fields)
        appendField(line, field.name.text(), field.value.text());
    finishLine(level, std::move(line));
}

/// Whether the character at `at` is a quotation mark; an apostrophe inside of a word ("can't") is none.
bool isQuote(QStringView text, qsizetype at)
{
    const QChar c = text[at];
    if (c == u'\'' || c == u'\u2019') {
        const bool isAfterWord = at > 0 && text[at - 1].isLetterOrNumber();
        const bool isBeforeWord = at + 1 < text.size() && text[at + 1].isLetterOrNumber();
        return !isAfterWord || !isBeforeWord;
    }
    return QStringView(u"\"`\u2018\u201A\u201B\u201C\u201D\u201E\u201F\u00AB\u00BB\u2039\u203A").contains(c);
}

/// From the first quotation mark to the last, because a quoted value may hold quotation marks itself; a
/// single one takes all that follows.
QString withoutQuotes(QStringView text)
{
    qsizetype first = 0;
    while (first < text.size() && !isQuote(text, first))
        ++first;
    if (first == text.size())
        return text.toString();
    qsizetype last = text.size() - 1;
    while (last > first && !isQuote(text, last))
        --last;
    const QStringView rest = last > first ? text.sliced(last + 1) : QStringView();
    return text.first(first).toString() + QChar(u'\u2026') + rest.toString();
}

Level levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return Level::Debug;
    case QtInfoMsg:
        return Level::Info;
    case QtWarningMsg:
        return Level::Warning;
    default:
        return Level::Error;
    }
}

void writeQtMessage(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    const Level level = levelOf(type);
    if (level < minimumLevel.load(std::memory_order_relaxed))
        return;
    std::string line = startLine(level, "qt");
    appendField(line, "category", technicalText(context.category ? context.category : ""));
    appendField(line, "text", withoutQuotes(message).toStdString());
    finishLine(level, std::move(line));
}

} // namespace

Value Value::technical(std::string_view word) noexcept
{
    return {Kind::Technical, word};
}

std::string Value::text() const
{
    switch (m_kind) {
    case Kind::Bool:
        return m_number != 0 ? "true" : "false";
    case Kind::Signed:
        return std::to_string(static_cast<std::int64_t>(m_number));
    case Kind::Unsigned:
        return std::to_string(m_number);
    case Kind::Text:
        return std::string(m_text);
    case Kind::Technical:
        return technicalText(m_text);
    case Kind::Error:
        return errorText(*m_error);
    }
    bug("unknown kind of log value", __FILE__, __LINE__);
}

void setSink(Sink sink)
{
    const std::lock_guard lock(sinkMutex);
    currentSink() = std::move(sink);
}

void setLevel(Level minimum)
{
    minimumLevel = minimum;
}

void captureQtMessages()
{
    qInstallMessageHandler(writeQtMessage);
}

void debug(Literal event, std::initializer_list<Field> fields)
{
    write(Level::Debug, event, fields);
}

void info(Literal event, std::initializer_list<Field> fields)
{
    write(Level::Info, event, fields);
}

void warning(Literal event, std::initializer_list<Field> fields)
{
    write(Level::Warning, event, fields);
}

void error(Literal event, std::initializer_list<Field> fields)
{
    write(Level::Error, event, fields);
}

} // namespace yarrow::log
