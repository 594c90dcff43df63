// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/jobs/export.h"
#include "tests/simulation/model_records.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace yarrow::simulation {

/// The Bulk Data exports of yarrow-server, in memory: what a workstation may read, as it was when it asked,
/// in files of NDJSON. Those of a server that was restored are lost with it.
class ModelExports
{
public:
    static constexpr int kRecordsOfFile = 700; ///< few, so that there are several

    struct Export
    {
        server::jobs::Export description;
        std::int64_t readyAt = 0;                    ///< microseconds since 1970, of the server's clock
        std::vector<std::string> files;              ///< NDJSON; the first is number 1
        std::vector<std::vector<std::string>> shown; ///< "Type/id versionId", by file
    };

    /// The id of a new one. 429 `too-many-exports`.
    [[nodiscard]] server::Result<std::string> begin(const ModelDevice& device, const ModelRecords& records,
                                                    const std::string& url, std::int64_t now);
    /// nullptr: there is none of this workstation and this server.
    [[nodiscard]] const Export* find(const std::string& id, const ModelDevice& device,
                                     const ModelRecords& records) const;

    std::int64_t microsPerExport = 2'000'000; ///< how long preparing the files takes

private:
    std::map<std::string, Export> m_exports; ///< by id
};

} // namespace yarrow::simulation
