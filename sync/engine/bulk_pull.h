// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "models/store/sync/outbox.h"
#include "sync/engine/sync_session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yarrow::sync {

/// The first exchange with a server that holds much: a Bulk Data export (NDJSON), file by file. The records
/// of a file can be used as soon as they are stored; a pull that is cut off goes on with the file it was at.
/// Behind the last one the feed goes on from the moment the export was made of.
class BulkPull
{
public:
    explicit BulkPull(SyncSession& session)
        : m_session(session)
    {}
    /// False when the server gives no export, or lost it: nothing is under way any more.
    [[nodiscard]] Step<bool> run();

private:
    [[nodiscard]] Step<bool> begin();
    [[nodiscard]] Step<bool> awaitManifest();
    [[nodiscard]] Step<bool> takeFiles();
    /// False when a line is no record, or there are not `wanted` of them. (A file cut off behind a line looks
    /// whole.)
    [[nodiscard]] Step<bool> takeFile(std::string_view lines, std::optional<std::int64_t> wanted);
    void takeChunk(SyncWork& work, const std::vector<ServerVersion>& versions);
    void finish(const Json& manifest);
    void save();
    void giveUp();

    SyncSession& m_session;
    std::optional<outbox::BulkExport> m_export;
};

} // namespace yarrow::sync
