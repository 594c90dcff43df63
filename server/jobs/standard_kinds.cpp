// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/standard_kinds.h"

#include "server/jobs/export.h"
#include "server/jobs/webhook.h"

namespace yarrow::server::jobs {

std::vector<Kind> standardKinds(const RetentionSettings& retention, const OutgoingPolicy& webhooks,
                                const KeyProvider& keys)
{
    return {cleanupKind(), retentionKind(retention), webhookKind(keys, webhooks), exportKind()};
}

} // namespace yarrow::server::jobs
