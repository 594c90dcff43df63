// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/problem.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::server {

/// The index of a JsonDocument, of no use without it.
struct JsonIndex
{
    /// A value; what it is, its first character tells. The values of an array or object follow it, names as
    /// strings.
    struct Node
    {
        std::uint32_t begin = 0; ///< in the text: [begin, end)
        std::uint32_t end = 0;
        std::uint32_t next = 0; ///< node behind this value and all that is in it
        /// Of an object: how many members. Of an array: where its list begins in `elements`. Of a string: 1
        /// if it has escapes.
        std::uint32_t extra = 0;
    };

    std::string text;
    std::vector<Node> nodes;
    std::vector<std::uint32_t> elements; ///< per array: how many, then the node of each
};

/// A value inside a JsonDocument, which must outlive it; the document may be moved meanwhile. Cheap to copy.
/// Asking a missing value gives missing values and empty texts, so that paths can be written without checks:
/// view["name"][0]["family"].string().
class JsonView
{
public:
    enum class Kind { Missing, Null, Boolean, Number, String, Array, Object };
    class Items;
    class Members;

    JsonView() = default; ///< missing

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool exists() const noexcept { return m_index != nullptr; }
    [[nodiscard]] bool isObject() const noexcept { return kind() == Kind::Object; }
    [[nodiscard]] bool isArray() const noexcept { return kind() == Kind::Array; }
    [[nodiscard]] bool isString() const noexcept { return kind() == Kind::String; }
    /// Exactly as it stands in the text, digits, escapes and inner spaces included.
    [[nodiscard]] std::string_view raw() const noexcept;
    /// Where raw() begins in the document's text.
    [[nodiscard]] std::size_t offset() const noexcept { return exists() ? node().begin : 0; }
    [[nodiscard]] std::string string() const; ///< unescaped; empty when it is no string
    /// Whether it is a string that says this.
    [[nodiscard]] bool says(std::string_view text) const noexcept;
    [[nodiscard]] bool boolean(bool otherwise = false) const noexcept;
    /// The member of that name; looks through the members one by one.
    [[nodiscard]] JsonView operator[](std::string_view member) const noexcept;
    /// The item at that place, in constant time.
    [[nodiscard]] JsonView operator[](std::size_t index) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept; ///< of an array or object, else 0

    /// Of an array, as a range of JsonView; empty for anything else.
    [[nodiscard]] Items items() const noexcept;
    /// Of an object, in order, as a range of pairs of name and JsonView; empty for anything else.
    [[nodiscard]] Members members() const noexcept;

private:
    friend class JsonDocument;
    JsonView(const JsonIndex* index, std::uint32_t node) noexcept
        : m_index(index)
        , m_node(node)
    {}
    [[nodiscard]] const JsonIndex::Node& node() const noexcept { return m_index->nodes[m_node]; }

    const JsonIndex* m_index = nullptr;
    std::uint32_t m_node = 0;
};

class JsonView::Items
{
public:
    class Iterator
    {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = JsonView;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = JsonView;

        Iterator() = default;
        JsonView operator*() const noexcept { return JsonView(m_index, *m_at); }
        Iterator& operator++() noexcept
        {
            ++m_at;
            return *this;
        }
        Iterator operator++(int) noexcept
        {
            const Iterator before = *this;
            ++m_at;
            return before;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.m_at == b.m_at; }

    private:
        friend class Items;
        Iterator(const JsonIndex* index, const std::uint32_t* at) noexcept
            : m_index(index)
            , m_at(at)
        {}
        const JsonIndex* m_index = nullptr;
        const std::uint32_t* m_at = nullptr;
    };

    [[nodiscard]] Iterator begin() const noexcept { return {m_index, m_first}; }
    [[nodiscard]] Iterator end() const noexcept { return {m_index, m_first + m_size}; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }

private:
    friend class JsonView;
    const JsonIndex* m_index = nullptr;
    const std::uint32_t* m_first = nullptr;
    std::size_t m_size = 0;
};

class JsonView::Members
{
public:
    class Iterator
    {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = std::pair<std::string, JsonView>;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = value_type;

        Iterator() = default;
        value_type operator*() const { return {name().string(), value()}; }
        [[nodiscard]] JsonView name() const noexcept { return {m_index, m_node}; } ///< a string
        [[nodiscard]] JsonView value() const noexcept { return {m_index, m_node + 1}; }
        Iterator& operator++() noexcept
        {
            m_node = m_index->nodes[m_node + 1].next;
            return *this;
        }
        Iterator operator++(int) noexcept
        {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.m_node == b.m_node; }

    private:
        friend class Members;
        Iterator(const JsonIndex* index, std::uint32_t node) noexcept
            : m_index(index)
            , m_node(node)
        {}
        const JsonIndex* m_index = nullptr;
        std::uint32_t m_node = 0;
    };

    [[nodiscard]] Iterator begin() const noexcept { return {m_index, m_first}; }
    [[nodiscard]] Iterator end() const noexcept { return {m_index, m_end}; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] bool empty() const noexcept { return m_size == 0; }

private:
    friend class JsonView;
    const JsonIndex* m_index = nullptr;
    std::uint32_t m_first = 0;
    std::uint32_t m_end = 0;
    std::size_t m_size = 0;
};

/// A JSON text with an index over it: read strictly after RFC 8259, nothing repaired, the text kept as it
/// came. Numbers stay text. Refused, each with the line and column: anything outside the grammar, invalid
/// UTF-8, lone surrogates in escapes, a member that stands twice in one object, nesting deeper than
/// `kMaxDepth`, text behind the value.
class JsonDocument
{
public:
    static constexpr int kMaxDepth = 64; ///< arrays and objects inside one another; 1 is a flat object

    /// 400 `malformed-json`. Takes time in proportion to the text, whatever it holds.
    [[nodiscard]] static Result<JsonDocument> parse(std::string text);

    [[nodiscard]] JsonView root() const noexcept { return {m_index.get(), 0}; }
    [[nodiscard]] const std::string& text() const noexcept { return m_index->text; }

private:
    explicit JsonDocument(std::unique_ptr<const JsonIndex> index) noexcept
        : m_index(std::move(index))
    {}
    std::unique_ptr<const JsonIndex> m_index; // on the heap: views stay valid when the document moves
};

} // namespace yarrow::server
