// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "sync/merge/merge.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::sync {

/// Three versions of one value; nullptr where a version has none.
struct Versions
{
    const Json* base = nullptr;
    const Json* mine = nullptr;
    const Json* theirs = nullptr;
};

/// The merge below the rules for whole resources: walks the three versions side by side and collects what
/// disputes. Lives for one merge.
class ElementMerge
{
public:
    /// The document, from three resources of one type. `mineTells`: the narrative is mine's.
    Json resource(const Versions& versions, bool mineTells);

    [[nodiscard]] std::vector<Dispute> takeDisputes() noexcept { return std::move(m_disputes); }

private:
    enum class Place { Resource, Meta, Inside };
    class PathScope;
    struct Members;
    struct Items;

    Json object(const Versions& versions, Place place);
    void decide(Members& members, std::size_t element, Place place);
    void decideTogether(Members& members, std::size_t element);
    std::optional<Json> meta(const Versions& versions);

    std::optional<Json> list(std::string_view name, const Versions& versions);
    void alike(Items& items, std::size_t kind);

    /// What becomes of the value that the path has reached; nothing when it is gone.
    std::optional<Json> value(std::string_view name, const Versions& versions);

    void dispute(std::optional<Json> base, std::optional<Json> mine, std::optional<Json> theirs);

    std::string m_path;
    std::vector<Dispute> m_disputes;
    bool m_mineTells = false;
};

/// Adds a segment to the path while it lives.
class ElementMerge::PathScope
{
public:
    PathScope(std::string& path, std::string_view segment)
        : m_path(path)
        , m_size(path.size())
    {
        if (!path.empty())
            path += '.';
        path += segment;
    }
    PathScope(const PathScope&) = delete;
    PathScope& operator=(const PathScope&) = delete;
    ~PathScope() { m_path.resize(m_size); }

private:
    std::string& m_path;
    std::size_t m_size;
};

/// The first order with what only the second has behind what it follows there. Numbers below `count`, each
/// at most once in an order.
[[nodiscard]] std::vector<std::size_t> interleaved(const std::vector<std::size_t>& first,
                                                   const std::vector<std::size_t>& second, std::size_t count);

[[nodiscard]] inline std::optional<Json> copyOf(const Json* value)
{
    return value ? std::optional(*value) : std::nullopt;
}

} // namespace yarrow::sync
