// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/element_path.h"

#include "models/fhir/element_identity.h"

#include <algorithm>
#include <optional>

namespace yarrow::fhir {
namespace {

constexpr std::string_view kSpecial = ".[]{},\\";
constexpr std::string_view kEmptyName = "\\e";
constexpr std::string_view kAll = "*";
constexpr std::string_view kChoice = "x";

std::optional<std::string> unescaped(std::string_view text)
{
    if (text == kEmptyName)
        return std::string();
    if (text.empty())
        return std::nullopt;
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            if (++i == text.size() || kSpecial.find(text[i]) == std::string_view::npos)
                return std::nullopt;
        } else if (kSpecial.find(text[i]) != std::string_view::npos) {
            return std::nullopt;
        }
        name += text[i];
    }
    return name;
}

/// Reads a path from left to right; each step is false when there is no such thing at the place reached.
class PathReader
{
public:
    explicit PathReader(std::string_view path)
        : m_path(path)
    {}

    Result<std::vector<PathSegment>> read()
    {
        std::vector<PathSegment> segments;
        if (m_path.empty())
            return segments;
        do {
            const bool mayFollow = segments.empty() || segments.back().kind == PathSegment::Kind::Member ||
                                   segments.back().kind == PathSegment::Kind::Item;
            if (!mayFollow || !readSegment(segments.emplace_back()))
                return refuse();
        } while (take('.'));
        if (m_at != m_path.size())
            return refuse();
        return segments;
    }

private:
    [[nodiscard]] tl::unexpected<Error> refuse() const
    {
        return fail(ErrorCode::InvalidArgument, "no path", TextPosition{1, m_at + 1});
    }

    bool take(char c)
    {
        if (m_at == m_path.size() || m_path[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    /// The text up to the first of `ends` that has no backslash in front.
    std::string_view takeUntil(std::string_view ends)
    {
        const std::size_t begin = m_at;
        while (m_at < m_path.size() && ends.find(m_path[m_at]) == std::string_view::npos)
            m_at = std::min(m_at + (m_path[m_at] == '\\' ? 2 : 1), m_path.size());
        return m_path.substr(begin, m_at - begin);
    }

    bool readSegment(PathSegment& segment)
    {
        if (take('{'))
            return readGroup(segment);
        const std::string_view text = takeUntil(".[");
        const auto name = unescaped(text);
        if (!name)
            return false;
        segment.name = *name;
        if (!take('['))
            return true;
        const std::string_view key = takeUntil("]");
        if (!take(']'))
            return false;
        if (key == kChoice) {
            segment = PathSegment{PathSegment::Kind::Members, {}, {}, {std::string(text) + "[x]"}};
        } else if (key == kAll || key.ends_with(",*")) {
            segment.kind = PathSegment::Kind::Items;
            segment.key = key.substr(0, key.size() - std::min<std::size_t>(key.size(), 2));
        } else {
            segment.kind = PathSegment::Kind::Item;
            segment.key = key;
        }
        return true;
    }

    bool readGroup(PathSegment& segment)
    {
        segment.kind = PathSegment::Kind::Members;
        do {
            const std::string_view element = takeUntil(",}");
            const std::string_view name =
                element.ends_with("[x]") ? element.substr(0, element.size() - 3) : element;
            if (!unescaped(name))
                return false;
            segment.elements.emplace_back(element);
        } while (take(','));
        return take('}');
    }

    std::string_view m_path;
    std::size_t m_at = 0;
};

} // namespace

std::string pathName(std::string_view member)
{
    if (member.empty())
        return std::string(kEmptyName);
    std::string name;
    for (const char c : member) {
        if (kSpecial.find(c) != std::string_view::npos)
            name += '\\';
        name += c;
    }
    return name;
}

Result<std::vector<PathSegment>> parsePath(std::string_view path)
{
    return PathReader(path).read();
}

bool hasMember(const PathSegment& members, std::string_view member)
{
    const std::string_view choice = choiceOf(member);
    const std::string element = choice.empty() ? pathName(extendedBy(member)) : std::string(choice);
    const auto& elements = members.elements;
    return std::find(elements.begin(), elements.end(), element) != elements.end();
}

} // namespace yarrow::fhir
