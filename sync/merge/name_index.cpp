// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/merge/name_index.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

constexpr std::size_t kFew = 24; ///< up to here looking through all is quicker than hashing

} // namespace

std::size_t NameIndex::add(std::string_view name)
{
    if (const std::size_t known = find(name); known != kNone)
        return known;
    m_names.push_back(name);
    if (m_names.size() > kFew) {
        for (std::size_t i = m_numbers.size(); i < m_names.size(); ++i)
            m_numbers.emplace(m_names[i], i);
    }
    return m_names.size() - 1;
}

std::size_t NameIndex::find(std::string_view name) const noexcept
{
    if (!m_numbers.empty()) {
        const auto found = m_numbers.find(name);
        return found == m_numbers.end() ? kNone : found->second;
    }
    const auto found = std::find(m_names.begin(), m_names.end(), name);
    return found == m_names.end() ? kNone : static_cast<std::size_t>(found - m_names.begin());
}

} // namespace yarrow::sync
