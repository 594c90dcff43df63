// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json/json_document.h"

#include "server/json/json_escapes.h"
#include "server/json/json_parser.h"

namespace yarrow::server {
namespace {

/// What stands between the quotes.
std::string_view inside(std::string_view string) noexcept
{
    return string.substr(1, string.size() - 2);
}

} // namespace

JsonView::Kind JsonView::kind() const noexcept
{
    if (m_index == nullptr)
        return Kind::Missing;
    switch (m_index->text[node().begin]) {
    case '{':
        return Kind::Object;
    case '[':
        return Kind::Array;
    case '"':
        return Kind::String;
    case 't':
    case 'f':
        return Kind::Boolean;
    case 'n':
        return Kind::Null;
    default:
        return Kind::Number;
    }
}

std::string_view JsonView::raw() const noexcept
{
    if (m_index == nullptr)
        return {};
    return std::string_view(m_index->text).substr(node().begin, node().end - node().begin);
}

std::string JsonView::string() const
{
    if (!isString())
        return {};
    return node().extra == 0 ? std::string(inside(raw())) : unescapeJson(raw());
}

bool JsonView::says(std::string_view text) const noexcept
{
    if (!isString())
        return false;
    return node().extra == 0 ? inside(raw()) == text : unescapeJson(raw()) == text;
}

bool JsonView::boolean(bool otherwise) const noexcept
{
    return kind() == Kind::Boolean ? m_index->text[node().begin] == 't' : otherwise;
}

JsonView JsonView::operator[](std::string_view member) const noexcept
{
    const Members all = members();
    for (auto at = all.begin(); at != all.end(); ++at) {
        if (at.name().says(member))
            return at.value();
    }
    return {};
}

JsonView JsonView::operator[](std::size_t index) const noexcept
{
    if (!isArray() || index >= m_index->elements[node().extra])
        return {};
    return {m_index, m_index->elements[node().extra + 1 + index]};
}

std::size_t JsonView::size() const noexcept
{
    switch (kind()) {
    case Kind::Object:
        return node().extra;
    case Kind::Array:
        return m_index->elements[node().extra];
    default:
        return 0;
    }
}

JsonView::Items JsonView::items() const noexcept
{
    Items items;
    if (isArray()) {
        items.m_index = m_index;
        items.m_first = m_index->elements.data() + node().extra + 1;
        items.m_size = m_index->elements[node().extra];
    }
    return items;
}

JsonView::Members JsonView::members() const noexcept
{
    Members members;
    if (isObject()) {
        members.m_index = m_index;
        members.m_first = m_node + 1;
        members.m_end = node().next;
        members.m_size = node().extra;
    }
    return members;
}

Result<JsonDocument> JsonDocument::parse(std::string text)
{
    auto index = std::make_unique<JsonIndex>();
    index->text = std::move(text);
    if (const auto fault = indexJson(*index, kMaxDepth)) {
        return refuse(400, "malformed-json",
                      "The JSON is malformed at line " + std::to_string(fault->line) + ", column " +
                          std::to_string(fault->column) + ": " + std::string(fault->reason) + '.');
    }
    return JsonDocument(std::move(index));
}

} // namespace yarrow::server
