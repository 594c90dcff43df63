// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/router.h"

#include <stdexcept>

namespace yarrow::server {
namespace {

std::vector<std::string_view> segmentsOf(std::string_view path)
{
    std::vector<std::string_view> segments;
    if (!path.empty() && path.front() == '/')
        path.remove_prefix(1);
    if (!path.empty() && path.back() == '/')
        path.remove_suffix(1);
    if (path.empty())
        return segments;
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
        segments.push_back(path.substr(0, slash));
        path.remove_prefix(slash + 1);
    }
    segments.push_back(path);
    return segments;
}

bool isPlaceholder(std::string_view segment) noexcept
{
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

} // namespace

/// What may follow after some segments of a path.
struct Router::Node
{
    std::map<std::string, std::unique_ptr<Node>, std::less<>> texts;
    std::unique_ptr<Node> any;
    std::map<std::string, const Route*, std::less<>> methods; // of the patterns that end here

    [[nodiscard]] const Node* find(const std::vector<std::string_view>& segments, std::size_t at) const
    {
        if (at == segments.size())
            return methods.empty() ? nullptr : this;
        if (const auto text = texts.find(segments[at]); text != texts.end()) {
            if (const Node* found = text->second->find(segments, at + 1))
                return found;
        }
        return any && !segments[at].empty() ? any->find(segments, at + 1) : nullptr;
    }

    [[nodiscard]] std::string allowed() const
    {
        std::string list;
        for (const auto& [method, route] : methods) {
            if (method == "*")
                continue;
            list += (list.empty() ? "" : ", ") + method;
            if (method == "GET" && methods.find("HEAD") == methods.end())
                list += ", HEAD";
        }
        return list;
    }
};

Router::Router()
    : m_root(std::make_unique<Node>())
{}

Router::~Router() = default;

void Router::add(Route route)
{
    m_routes.push_back(std::make_unique<Route>(std::move(route)));
    const Route& added = *m_routes.back();
    Node* node = m_root.get();
    for (const std::string_view segment : segmentsOf(added.pattern)) {
        std::unique_ptr<Node>& next = isPlaceholder(segment) ? node->any : node->texts[std::string(segment)];
        if (!next)
            next = std::make_unique<Node>();
        node = next.get();
    }
    if (!node->methods.emplace(added.method, &added).second)
        throw std::logic_error("Two routes for " + added.method + " " + added.pattern);
}

Result<Router::Match> Router::find(std::string_view method, std::string_view path) const
{
    const std::vector<std::string_view> segments = segmentsOf(path);
    const Node* node = m_root->find(segments, 0);
    if (node == nullptr)
        return refuse(404, "no-such-path", "Nothing is served under this path.");
    auto found = node->methods.find(method);
    if (found == node->methods.end() && method == "HEAD")
        found = node->methods.find("GET");
    if (found == node->methods.end())
        found = node->methods.find("*");
    if (found == node->methods.end())
        return refuse(405, "method-not-allowed", "This path takes " + node->allowed() + ".");

    Match match{found->second, {}};
    const std::vector<std::string_view> pattern = segmentsOf(match.route->pattern);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (isPlaceholder(pattern[i]))
            match.path.emplace(pattern[i].substr(1, pattern[i].size() - 2), segments[i]);
    }
    return match;
}

std::string Router::methodsOf(std::string_view path) const
{
    const Node* node = m_root->find(segmentsOf(path), 0);
    return node == nullptr ? std::string() : node->allowed();
}

} // namespace yarrow::server
