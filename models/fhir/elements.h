// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "core/json.h"

#include <QString>
#include <QStringList>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading elements with the JSON types FHIR gives them, and writing single ones in FHIR's order.
namespace yarrow::fhir {

/// One object inside a document, with the way that leads to it. The first element of another type than asked
/// for is remembered by the root; reading goes on with nothing in its place. Lives on the stack, shorter than
/// the document.
class ElementView
{
public:
    /// The document itself. Refused when it is no object, of another resource type, or has an id that is
    /// none.
    ElementView(const Json& document, std::string_view resourceType);
    ElementView(const ElementView&) = delete;
    ElementView& operator=(const ElementView&) = delete;

    [[nodiscard]] const Json& json() const noexcept { return *m_json; }
    [[nodiscard]] bool has(std::string_view name) const noexcept { return m_json->contains(name); }

    // Absent elements read as empty.
    [[nodiscard]] std::string_view string(std::string_view name) const;
    [[nodiscard]] QString text(std::string_view name) const;
    [[nodiscard]] QStringList texts(std::string_view name) const; ///< null items read as empty texts
    [[nodiscard]] std::optional<bool> boolean(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const;
    [[nodiscard]] ElementView object(std::string_view name) const
    {
        return ElementView(*this, name, -1, objectAt(name));
    }

    /// Calls `visit(const ElementView& item)` for each object of a list.
    template <class Visit>
    void forEach(std::string_view name, Visit&& visit) const
    {
        const Json::Array& items = itemsAt(name);
        for (std::size_t i = 0; i < items.size(); ++i) {
            const ElementView item(*this, name, static_cast<int>(i), items[i]);
            if (items[i].isObject())
                visit(item);
            else
                item.refuse({}, "must be an object");
        }
    }

    /// The value of each object of a list, one to one.
    template <class T>
    [[nodiscard]] std::vector<T> list(std::string_view name, T (*read)(const ElementView&)) const
    {
        std::vector<T> values;
        forEach(name, [&](const ElementView& item) { values.push_back(read(item)); });
        return values;
    }

    /// The position in the list that this element is an item of.
    [[nodiscard]] std::size_t index() const noexcept { return static_cast<std::size_t>(m_index); }

    /// Remembers that the element breaks a rule; `name` empty means this element itself.
    void refuse(std::string_view name, std::string_view rule) const;

    /// The value, or InvalidResource with the path of the first element that was refused. For the root.
    template <class T>
    [[nodiscard]] Result<T> result(T value) const
    {
        if (m_error)
            return fail(*m_error);
        return value;
    }

private:
    ElementView(const ElementView& parent, std::string_view name, int index, const Json& json) noexcept
        : m_json(&json)
        , m_parent(&parent)
        , m_name(name)
        , m_index(index)
    {}
    [[nodiscard]] const Json& objectAt(std::string_view name) const;
    [[nodiscard]] const Json::Array& itemsAt(std::string_view name) const;
    void appendPath(std::string& out) const;

    const Json* m_json;
    const ElementView* m_parent = nullptr;
    std::string_view m_name;
    int m_index = -1;
    mutable std::optional<Error> m_error; ///< of the root
};

/// The names of a type's elements in FHIR's order, separated by single spaces.
using ElementOrder = std::string_view;

/// Replaces the element in its place, or adds it where the order says.
Json& put(Json& object, std::string_view name, Json value, ElementOrder order);
/// Takes the element away, with the extensions of a primitive (`_name`).
void drop(Json& object, std::string_view name);

// Each does nothing when `before` and `after` are equal. Empty drops the element.
void writeText(Json& object, std::string_view name, const QString& before, const QString& after,
               ElementOrder order);
void writeCode(Json& object, std::string_view name, std::string_view before, std::string_view after,
               ElementOrder order);
void writeBoolean(Json& object, std::string_view name, bool before, bool after, ElementOrder order);
/// A list of texts. Extensions (`_name`) stay with the text they belong to, also when it is edited in its
/// place.
void writeTexts(Json& object, std::string_view name, const QStringList& before, const QStringList& after,
                ElementOrder order);

/// Makes an empty or null value a new document of that type; `id` may be empty.
void beginDocument(Json& document, std::string_view resourceType, std::string_view id);

/// The codes of a value set. A code that nobody listed reads as `fallback`.
template <class Code>
struct CodeName
{
    Code code;
    std::string_view name;
};

template <class Code, std::size_t N>
[[nodiscard]] constexpr std::string_view codeName(const CodeName<Code> (&table)[N], Code code) noexcept
{
    for (const auto& entry : table) {
        if (entry.code == code)
            return entry.name;
    }
    return {};
}

template <class Code, std::size_t N>
[[nodiscard]] constexpr Code codeNamed(const CodeName<Code> (&table)[N], std::string_view name,
                                       Code fallback) noexcept
{
    for (const auto& entry : table) {
        if (entry.name == name)
            return entry.code;
    }
    return fallback;
}

} // namespace yarrow::fhir
