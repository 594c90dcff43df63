// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/elements.h"

#include "core/id.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

const Json kNothing;

/// The names behind `name` in the order: those a new element stands in front of.
std::string_view followers(ElementOrder order, std::string_view name)
{
    for (std::size_t from = 0; from < order.size();) {
        const std::size_t end = std::min(order.find(' ', from), order.size());
        if (order.substr(from, end - from) == name)
            return order.substr(std::min(end + 1, order.size()));
        from = end + 1;
    }
    return {};
}

std::string sibling(std::string_view name)
{
    return "_" + std::string(name);
}

/// For each new text the old one it was made from: an equal one, or the one in its place.
std::vector<std::optional<qsizetype>> matchTexts(const QStringList& before, const QStringList& after)
{
    std::vector<std::optional<qsizetype>> origin(static_cast<std::size_t>(after.size()));
    std::vector<bool> taken(static_cast<std::size_t>(before.size()), false);
    const auto take = [&](qsizetype to, qsizetype from) {
        origin[static_cast<std::size_t>(to)] = from;
        taken[static_cast<std::size_t>(from)] = true;
    };
    for (qsizetype to = 0; to < after.size(); ++to) {
        for (qsizetype from = 0; from < before.size(); ++from) {
            if (!taken[static_cast<std::size_t>(from)] && before[from] == after[to]) {
                take(to, from);
                break;
            }
        }
    }
    if (before.size() == after.size()) {
        for (qsizetype i = 0; i < after.size(); ++i) {
            if (!origin[static_cast<std::size_t>(i)] && !taken[static_cast<std::size_t>(i)])
                take(i, i);
        }
    }
    return origin;
}

} // namespace

ElementView::ElementView(const Json& document, std::string_view resourceType)
    : m_json(&document)
    , m_name(resourceType)
{
    if (!document.isObject())
        refuse({}, "must be an object");
    else if (document["resourceType"].string() != resourceType)
        refuse("resourceType", "is another one");
    else if (has("id") && !isFhirId(document["id"].string()))
        refuse("id", "must be 1 to 64 of A-Z a-z 0-9 - .");
}

std::string_view ElementView::string(std::string_view name) const
{
    const Json* value = m_json->find(name);
    if (value == nullptr || value->isNull())
        return {};
    if (!value->isString())
        refuse(name, "must be a string");
    return value->string();
}

QString ElementView::text(std::string_view name) const
{
    const std::string_view utf8 = string(name);
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QStringList ElementView::texts(std::string_view name) const
{
    QStringList texts;
    for (const Json& item : itemsAt(name)) {
        if (!item.isString() && !item.isNull())
            refuse(name, "must be a list of strings");
        texts.append(QString::fromUtf8(item.string().data(), static_cast<qsizetype>(item.string().size())));
    }
    return texts;
}

std::optional<bool> ElementView::boolean(std::string_view name) const
{
    const Json* value = m_json->find(name);
    if (value == nullptr || value->isNull())
        return std::nullopt;
    if (!value->boolean())
        refuse(name, "must be true or false");
    return value->boolean();
}

std::optional<std::int64_t> ElementView::integer(std::string_view name) const
{
    const Json* value = m_json->find(name);
    if (value == nullptr || value->isNull())
        return std::nullopt;
    if (!value->integer())
        refuse(name, "must be a whole number");
    return value->integer();
}

const Json& ElementView::objectAt(std::string_view name) const
{
    const Json* value = m_json->find(name);
    if (value == nullptr || value->isNull())
        return kNothing;
    if (!value->isObject())
        refuse(name, "must be an object");
    return *value;
}

const Json::Array& ElementView::itemsAt(std::string_view name) const
{
    const Json* value = m_json->find(name);
    if (value == nullptr || value->isNull())
        return kNothing.items();
    if (!value->isArray())
        refuse(name, "must be a list");
    return value->items();
}

void ElementView::refuse(std::string_view name, std::string_view rule) const
{
    const ElementView* root = this;
    while (root->m_parent != nullptr)
        root = root->m_parent;
    if (root->m_error)
        return;
    std::string context;
    appendPath(context);
    if (!name.empty())
        context.append(".").append(name);
    context.append(": ").append(rule);
    root->m_error = Error{ErrorCode::InvalidResource, std::move(context), std::nullopt};
}

void ElementView::appendPath(std::string& out) const
{
    if (m_parent != nullptr) {
        m_parent->appendPath(out);
        out += '.';
    }
    out.append(m_name);
    if (m_index >= 0)
        out.append("[").append(std::to_string(m_index)).append("]");
}

Json& put(Json& object, std::string_view name, Json value, ElementOrder order)
{
    return object.insert(name, std::move(value), followers(order, name));
}

void drop(Json& object, std::string_view name)
{
    object.remove(name);
    object.remove(sibling(name));
}

void writeText(Json& object, std::string_view name, const QString& before, const QString& after,
               ElementOrder order)
{
    writeCode(object, name, before.toStdString(), after.toStdString(), order);
}

void writeCode(Json& object, std::string_view name, std::string_view before, std::string_view after,
               ElementOrder order)
{
    if (before == after)
        return;
    if (after.empty())
        drop(object, name);
    else
        put(object, name, Json(after), order);
}

void writeBoolean(Json& object, std::string_view name, bool before, bool after, ElementOrder order)
{
    if (before != after)
        put(object, name, Json(after), order);
}

void writeTexts(Json& object, std::string_view name, const QStringList& before, const QStringList& after,
                ElementOrder order)
{
    if (before == after)
        return;
    if (after.isEmpty()) {
        drop(object, name);
        return;
    }
    const auto origin = matchTexts(before, after);
    const Json* oldTexts = object.find(name);
    const Json* oldExtensions = object.find(sibling(name));
    Json texts = Json::array();
    Json extensions = Json::array();
    bool anyExtension = false;
    for (qsizetype i = 0; i < after.size(); ++i) {
        const auto from = origin[static_cast<std::size_t>(i)];
        if (from && before[*from] == after[i])
            texts.append((*oldTexts)[static_cast<std::size_t>(*from)]);
        else
            texts.append(Json(after[i].toStdString()));
        const Json& extension =
            from && oldExtensions ? (*oldExtensions)[static_cast<std::size_t>(*from)] : kNothing;
        anyExtension = anyExtension || !extension.isNull();
        extensions.append(extension);
    }
    put(object, name, std::move(texts), order);
    if (anyExtension)
        object.set(sibling(name), std::move(extensions));
    else
        object.remove(sibling(name));
}

void beginDocument(Json& document, std::string_view resourceType, std::string_view id)
{
    if (!document.isNull() && !document.members().empty())
        return;
    document = Json::object();
    document.set("resourceType", Json(resourceType));
    if (!id.empty())
        document.set("id", Json(id));
}

} // namespace yarrow::fhir
