// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/resource_stream.h"

#include "models/store/tunables.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace yarrow {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Where a text taken out of the file began; turns places in the text into places in the file.
TextPosition shifted(TextPosition inner, TextPosition start)
{
    if (inner.line == 1)
        return {start.line, start.column + inner.column - 1};
    return {start.line + inner.line - 1, inner.column};
}

Error placed(Error error, TextPosition start)
{
    error.position = error.position ? shifted(*error.position, start) : start;
    return error;
}

/// Cuts the stream into texts of whole JSON values by counting brackets outside strings. It checks nothing
/// else: each piece, and what stands around the entries of a bundle, goes through the strict parser
/// afterwards.
class Scanner
{
public:
    Scanner(std::istream& in, const std::function<Result<void>(StreamedEntry&&)>& visit)
        : m_in(in)
        , m_visit(visit)
    {}

    Result<StreamSummary> run();

private:
    /// Where in a top-level value the scanner is.
    enum class Where { Between, Value, EntryArray, Entry };

    Result<void> take(char c);
    Result<void> takeBetween(char c);
    Result<void> takeValue(char c);
    Result<void> takeEntryArray(char c);
    void followString(char c);
    void followMember(char c);
    Result<void> finishValue();
    Result<void> finishEntry();
    Result<void> visitEntry(Json& entry, TextPosition position, std::size_t bytes);
    Result<void> visitResource(Json resource, TextPosition position, std::size_t bytes);
    [[nodiscard]] TextPosition frameToFile(TextPosition inFrame) const;
    [[nodiscard]] Error endedInside() const;

    std::istream& m_in;
    const std::function<Result<void>(StreamedEntry&&)>& m_visit;
    StreamSummary m_summary;
    TextPosition m_here;

    Where m_where = Where::Between;
    int m_depth = 0;
    bool m_inString = false;
    bool m_escaped = false;
    std::string m_text; // the value, or of a streamed bundle what stands around its entries
    TextPosition m_textStart;
    std::string m_entry;
    TextPosition m_entryStart;
    bool m_commaDue = false;  // in the entry array: an entry has just ended
    bool m_commaSeen = false; // in the entry array: a comma asks for another entry
    std::size_t m_values = 0;

    // Top-level members of the value under way.
    std::size_t m_stringStart = 0;
    std::string m_lastString;
    std::string m_member;
    bool m_isStreamedBundle = false;
    struct Cut
    {
        std::size_t offset;    // in m_text, from where on the text continues …
        TextPosition position; // … at this place of the file
    };
    std::vector<Cut> m_cuts;
};

Result<StreamSummary> Scanner::run()
{
    std::vector<char> chunk(tunables::kImportChunkBytes);
    while (m_in) {
        m_in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        const auto count = static_cast<std::size_t>(m_in.gcount());
        for (std::size_t i = 0; i < count; ++i) {
            if (auto taken = take(chunk[i]); !taken)
                return fail(taken.error());
            if (chunk[i] == '\n') {
                ++m_here.line;
                m_here.column = 1;
            } else {
                ++m_here.column;
            }
        }
    }
    if (m_in.bad())
        return fail(ErrorCode::Io, "read");
    if (m_where != Where::Between)
        return fail(endedInside());
    if (m_values == 0)
        return fail(ErrorCode::InvalidJson, "the file is empty", m_here);
    return m_summary;
}

Result<void> Scanner::take(char c)
{
    switch (m_where) {
    case Where::Between:
        return takeBetween(c);
    case Where::Value:
        return takeValue(c);
    case Where::EntryArray:
        return takeEntryArray(c);
    case Where::Entry:
        if (m_entry.size() >= tunables::kMaxResourceBytes)
            return fail(ErrorCode::LimitExceeded, "one entry is too large", m_entryStart);
        m_entry += c;
        followString(c);
        if (!m_inString && (c == '}' || c == ']') && --m_depth == 2)
            return finishEntry();
        if (!m_inString && (c == '{' || c == '['))
            ++m_depth;
        return {};
    }
    bug("unknown scanner state", __FILE__, __LINE__);
}

Result<void> Scanner::takeBetween(char c)
{
    if (isSpace(c))
        return {};
    if (c != '{')
        return fail(ErrorCode::InvalidJson, "a resource begins with {", m_here);
    m_where = Where::Value;
    m_text.assign(1, c);
    m_textStart = m_here;
    m_depth = 1;
    m_inString = m_escaped = m_isStreamedBundle = false;
    m_member.clear();
    m_lastString.clear();
    m_cuts.clear();
    return {};
}

Result<void> Scanner::takeValue(char c)
{
    const std::size_t limit =
        m_isStreamedBundle ? tunables::kMaxBundleFrameBytes : tunables::kMaxResourceBytes;
    if (m_text.size() >= limit)
        return fail(ErrorCode::LimitExceeded,
                    m_isStreamedBundle ? "what stands around the entries is too large"
                                       : "one resource is too large",
                    m_textStart);
    m_text += c;
    const bool wasInString = m_inString;
    followString(c);
    if (m_inString || wasInString) {
        if (m_depth == 1 && !wasInString)
            m_stringStart = m_text.size();
        else if (m_depth == 1 && !m_inString)
            m_lastString = m_text.substr(m_stringStart, m_text.size() - 1 - m_stringStart);
        return {};
    }
    if (m_depth == 1)
        followMember(c);
    if (c == '{' || c == '[') {
        ++m_depth;
        if (c == '[' && m_depth == 2 && m_member == "entry" && m_isStreamedBundle) {
            m_where = Where::EntryArray;
            m_commaDue = m_commaSeen = false;
        }
    } else if ((c == '}' || c == ']') && --m_depth == 0) {
        return finishValue();
    }
    return {};
}

void Scanner::followString(char c)
{
    if (!m_inString) {
        m_inString = c == '"';
        return;
    }
    if (m_escaped)
        m_escaped = false;
    else if (c == '\\')
        m_escaped = true;
    else if (c == '"')
        m_inString = false;
}

void Scanner::followMember(char c)
{
    if (c == ':')
        m_member = m_lastString;
    else if ((c == ',' || c == '}') && m_member == "resourceType") {
        m_isStreamedBundle = m_lastString == "Bundle";
        m_member.clear();
    } else if (c == ',')
        m_member.clear();
}

Result<void> Scanner::takeEntryArray(char c)
{
    if (isSpace(c))
        return {};
    if (c == ']') {
        if (m_commaSeen)
            return fail(ErrorCode::InvalidJson, "an entry is missing after the comma", m_here);
        m_where = Where::Value;
        m_depth = 1;
        m_cuts.push_back({m_text.size(), m_here});
        m_text += c;
        return {};
    }
    if (c == ',') {
        if (!m_commaDue)
            return fail(ErrorCode::InvalidJson, "a comma without an entry before it", m_here);
        m_commaDue = false;
        m_commaSeen = true;
        return {};
    }
    if (m_commaDue)
        return fail(ErrorCode::InvalidJson, "a comma is missing between entries", m_here);
    if (c != '{')
        return fail(ErrorCode::InvalidResource, "Bundle.entry: must be an object", m_here);
    m_where = Where::Entry;
    m_commaSeen = false;
    m_entry.assign(1, c);
    m_entryStart = m_here;
    m_depth = 3;
    return {};
}

Result<void> Scanner::finishEntry()
{
    m_where = Where::EntryArray;
    m_commaDue = true;
    auto entry = Json::parse(m_entry);
    if (!entry)
        return fail(placed(entry.error(), m_entryStart));
    return visitEntry(*entry, m_entryStart, m_entry.size());
}

TextPosition Scanner::frameToFile(TextPosition inFrame) const
{
    // Back from line and column to the offset, then forward from the nearest cut before it.
    std::size_t offset = 0;
    for (std::size_t line = 1; line < inFrame.line; ++line)
        offset = m_text.find('\n', offset) + 1;
    offset = std::min(offset + inFrame.column - 1, m_text.size());
    std::size_t from = 0;
    TextPosition position = m_textStart;
    for (const Cut& cut : m_cuts) {
        if (cut.offset <= offset) {
            from = cut.offset;
            position = cut.position;
        }
    }
    for (; from < offset; ++from) {
        if (m_text[from] == '\n')
            position = {position.line + 1, 1};
        else
            ++position.column;
    }
    return position;
}

/// The file ended inside a value. It may have been cut off; but when a quote or bracket is missing further
/// up, the strict parser knows where.
Error Scanner::endedInside() const
{
    const bool inEntry = m_where == Where::Entry;
    const auto value = Json::parse(inEntry ? m_entry : m_text);
    if (value || m_where == Where::EntryArray)
        return {ErrorCode::InvalidJson, "the text ends inside a value", m_here};
    if (inEntry)
        return placed(value.error(), m_entryStart);
    Error error = value.error();
    error.position = frameToFile(error.position.value_or(TextPosition{}));
    return error;
}

Result<void> Scanner::finishValue()
{
    m_where = Where::Between;
    ++m_values;
    auto value = Json::parse(m_text);
    if (!value) {
        Error error = value.error();
        error.position = frameToFile(error.position.value_or(TextPosition{}));
        return fail(std::move(error));
    }
    const std::string_view type = (*value)["resourceType"].string();
    if (type != "Bundle")
        return visitResource(std::move(*value), m_textStart, m_text.size());
    m_summary.isBundle = true;
    m_summary.bundleType = (*value)["type"].string();
    // Of a streamed bundle nothing is left here; of one with its type behind its entries, all.
    Json* entries = value->find("entry");
    if (!entries)
        return {};
    if (!entries->isArray())
        return fail(ErrorCode::InvalidResource, "Bundle.entry: must be an array", m_textStart);
    for (Json& entry : entries->mutableItems()) {
        if (auto visited = visitEntry(entry, m_textStart, 0); !visited)
            return visited;
    }
    return {};
}

Result<void> Scanner::visitEntry(Json& entry, TextPosition position, std::size_t bytes)
{
    if (!entry.isObject())
        return fail(ErrorCode::InvalidResource, "Bundle.entry: must be an object", position);
    StreamedEntry streamed;
    streamed.fullUrl = entry["fullUrl"].string();
    streamed.method = entry["request"]["method"].string();
    streamed.url = entry["request"]["url"].string();
    streamed.inBundle = true;
    if (Json* resource = entry.find("resource"))
        streamed.resource = std::move(*resource);
    streamed.position = position;
    streamed.bytes = bytes;
    auto visited = m_visit(std::move(streamed));
    if (!visited && !visited.error().position)
        return fail(placed(visited.error(), position));
    return visited;
}

Result<void> Scanner::visitResource(Json resource, TextPosition position, std::size_t bytes)
{
    StreamedEntry streamed;
    streamed.resource = std::move(resource);
    streamed.position = position;
    streamed.bytes = bytes;
    auto visited = m_visit(std::move(streamed));
    if (!visited && !visited.error().position)
        return fail(placed(visited.error(), position));
    return visited;
}

} // namespace

Result<StreamSummary> streamResources(std::istream& in,
                                      const std::function<Result<void>(StreamedEntry&&)>& visit)
{
    return Scanner(in, visit).run();
}

} // namespace yarrow
