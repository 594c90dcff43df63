// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/push_order.h"

#include <algorithm>
#include <limits>

namespace yarrow::sync {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// Tarjan's strongly connected components, without recursion: chains of references may be long. A component
/// is complete before all that depend on it.
class Components
{
public:
    explicit Components(const std::vector<std::vector<std::size_t>>& edges)
        : m_edges(edges)
        , m_number(edges.size(), kNone)
        , m_low(edges.size(), 0)
        , m_onStack(edges.size(), false)
    {
        for (std::size_t node = 0; node < edges.size(); ++node) {
            if (m_number[node] == kNone)
                visit(node);
        }
    }
    [[nodiscard]] const std::vector<PushGroup>& groups() const noexcept { return m_groups; }

private:
    struct Frame
    {
        std::size_t node;
        std::size_t next = 0; // of its edges
    };

    void enter(std::size_t node)
    {
        m_number[node] = m_low[node] = m_count++;
        m_stack.push_back(node);
        m_onStack[node] = true;
        m_frames.push_back({node});
    }

    void visit(std::size_t root)
    {
        enter(root);
        while (!m_frames.empty()) {
            Frame& frame = m_frames.back();
            const std::size_t node = frame.node;
            if (frame.next < m_edges[node].size()) {
                const std::size_t to = m_edges[node][frame.next++];
                if (m_number[to] == kNone)
                    enter(to);
                else if (m_onStack[to])
                    m_low[node] = std::min(m_low[node], m_number[to]);
                continue;
            }
            m_frames.pop_back();
            if (!m_frames.empty())
                m_low[m_frames.back().node] = std::min(m_low[m_frames.back().node], m_low[node]);
            if (m_low[node] == m_number[node])
                complete(node);
        }
    }

    void complete(std::size_t root)
    {
        PushGroup group;
        std::size_t node = kNone;
        do {
            node = m_stack.back();
            m_stack.pop_back();
            m_onStack[node] = false;
            group.push_back(node);
        } while (node != root);
        std::sort(group.begin(), group.end());
        m_groups.push_back(std::move(group));
    }

    const std::vector<std::vector<std::size_t>>& m_edges;
    std::vector<std::size_t> m_number;
    std::vector<std::size_t> m_low;
    std::vector<bool> m_onStack;
    std::vector<std::size_t> m_stack;
    std::vector<Frame> m_frames;
    std::vector<PushGroup> m_groups;
    std::size_t m_count = 0;
};

} // namespace

std::vector<PushStage> pushOrder(const std::vector<std::vector<std::size_t>>& dependencies)
{
    const Components components(dependencies);
    const auto& groups = components.groups();
    std::vector<std::size_t> stageOf(dependencies.size(), 0);
    std::vector<PushStage> stages;
    for (const PushGroup& group : groups) { // what a group depends on has its stage already
        std::size_t stage = 0;
        for (const std::size_t node : group) {
            for (const std::size_t dependency : dependencies[node]) {
                if (!std::binary_search(group.begin(), group.end(), dependency))
                    stage = std::max(stage, stageOf[dependency] + 1);
            }
        }
        for (const std::size_t node : group)
            stageOf[node] = stage;
        if (stages.size() <= stage)
            stages.resize(stage + 1);
        stages[stage].push_back(group);
    }
    for (PushStage& stage : stages)
        std::sort(stage.begin(), stage.end());
    return stages;
}

} // namespace yarrow::sync
