// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"
#include "sync/transport/transport.h"
#include "tests/simulation/model_exports.h"
#include "tests/simulation/model_records.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::simulation {

/// What the model answers, and which versions the caller learns the content of by it.
struct ModelAnswer
{
    sync::HttpResponse response;
    std::vector<std::string> shown; ///< "Type/id versionId"
};

/// yarrow-server in one process: answers FHIR requests of workstations as the real one does, from memory.
/// What reads and writes documents and bundles is the server's own code; what is kept is ModelRecords'.
/// Knows no faults: those belong to the network.
class ModelServer
{
public:
    static constexpr const char* kAddress = "https://clinic.example";

    explicit ModelServer(ModelRecords::Rules rules = {})
        : records("lineage1", rules)
    {}

    /// `now` in microseconds since 1970, of the server's own clock.
    [[nodiscard]] ModelAnswer handle(const std::string& device, const sync::HttpRequest& request,
                                     std::int64_t now);

    ModelRecords records;
    ModelExports exports;
    std::map<std::string, ModelDevice> devices;
    /// Called after each request that stored something, with the numbers of the first and last new version.
    std::function<void(std::int64_t first, std::int64_t last)> stored;

private:
    using Answer = server::Result<server::Response>;
    struct Call
    {
        const ModelDevice& device;
        const server::Request& request;
        std::int64_t now;
        std::vector<std::string>& shown;
    };

    [[nodiscard]] Answer route(const Call& call);
    [[nodiscard]] Answer read(const Call& call, std::string_view path, std::string_view query);
    [[nodiscard]] Answer readHistory(const Call& call, const std::string& type, const std::string& id,
                                     std::string_view query);
    [[nodiscard]] Answer writeOne(const Call& call, server::fhir::WriteEntry::Method method,
                                  const std::string& type, const std::string& id);
    [[nodiscard]] Answer postBundle(const Call& call);
    [[nodiscard]] Answer routeExport(const Call& call, const std::vector<std::string>& parts);
    [[nodiscard]] Answer routeAudit(const Call& call, const std::vector<std::string>& parts);
    [[nodiscard]] server::Result<server::records::WriteOutcome>
    write(const Call& call, std::vector<server::fhir::WriteEntry> entries, bool transaction);
};

} // namespace yarrow::simulation
