// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/records/writer.h"

#include <optional>
#include <string>
#include <string_view>

namespace yarrow::server::live {

// Channels of LISTEN and NOTIFY.
inline constexpr const char* kChangeChannel = "yarrow_change"; ///< `<tenant> <seq> <areas,> <types,>`
inline constexpr const char* kAccessChannel = "yarrow_access"; ///< `<tenant> <id>`; see AccessNotice

/// What the change channel carries. `types` is empty when there were too many to name: any may have changed.
[[nodiscard]] std::string changeText(const records::ChangeNotice& notice);
[[nodiscard]] std::optional<records::ChangeNotice> readChange(std::string_view text);

/// The rights of a device or account have shrunk (`id` is its id), or a subscription is not what it was
/// ("Subscription/…").
struct AccessNotice
{
    TenantId tenant;
    std::string id;
};
[[nodiscard]] std::optional<AccessNotice> readAccess(std::string_view text);

/// `into` tells of both afterwards; they are of the same clinic.
void merge(records::ChangeNotice& into, const records::ChangeNotice& notice);

} // namespace yarrow::server::live
