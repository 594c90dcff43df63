// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/model_exports.h"

#include "server/api/export_routes.h"
#include "server/records/instant.h"
#include "tests/simulation/model_server.h"

#include <algorithm>
#include <charconv>

namespace yarrow::simulation {

using server::refuse;
using server::Response;

namespace {

/// Adds the record to the last file, or to a new one: a file holds records of one type, and not too many.
void add(ModelExports::Export& to, const ModelVersion& version)
{
    auto& files = to.description.files;
    if (files.empty() || files.back().type != version.type ||
        files.back().records == ModelExports::kRecordsOfFile) {
        files.push_back({static_cast<int>(files.size()) + 1, false, version.type, 0});
        to.files.emplace_back();
        to.shown.emplace_back();
    }
    ++files.back().records;
    std::string line = version.body;
    std::erase_if(line, [](char c) { return c == '\r' || c == '\n'; });
    to.files.back().append(line).append("\n");
    to.shown.back().push_back(version.name() + " " + version.versionId());
}

} // namespace

server::Result<std::string> ModelExports::begin(const ModelDevice& device, const ModelRecords& records,
                                                const std::string& url, std::int64_t now)
{
    const auto underWay = std::count_if(m_exports.begin(), m_exports.end(),
                                        [&](const auto& entry) { return entry.second.readyAt > now; });
    if (underWay >= server::jobs::kExportsAtOnce)
        return refuse(429, "too-many-exports", "Two exports are under way; wait for one of them.");
    const std::string id = "export-" + std::to_string(m_exports.size() + 1);
    Export made;
    made.readyAt = now + microsPerExport;
    made.description.id = id;
    made.description.request.owner = device.id;
    made.description.request.url = url;
    made.description.request.areas = device.areas;
    made.description.epoch = records.epoch();
    made.description.transactionTime = server::instantOf(records.lastUpdated());
    for (const auto& [name, seq] : records.present()) {
        const ModelVersion& version = records.version(seq);
        if (!version.isDeletion() && device.areas.contains(version.area))
            add(made, version);
    }
    m_exports.emplace(id, std::move(made));
    return id;
}

const ModelExports::Export* ModelExports::find(const std::string& id, const ModelDevice& device,
                                               const ModelRecords& records) const
{
    const auto found = m_exports.find(id);
    if (found == m_exports.end() || found->second.description.request.owner != device.id ||
        found->second.description.epoch != records.epoch())
        return nullptr;
    return &found->second;
}

ModelServer::Answer ModelServer::routeExport(const Call& call, const std::vector<std::string>& parts)
{
    const std::string base = kAddress;
    if (parts[1] == "$export") {
        if (call.request.headers.find("Prefer") != "respond-async")
            return refuse(400, "respond-async-required", "An export needs the header Prefer: respond-async.");
        const auto id = exports.begin(call.device, records, base + call.request.path, call.now);
        if (!id)
            return tl::unexpected(id.error());
        Response response;
        response.status = 202;
        response.headers.add("Content-Location", base + "/fhir/$export-status/" + *id);
        response.headers.add("Retry-After", "2");
        return response;
    }
    const ModelExports::Export* found =
        parts.size() > 2 ? exports.find(parts[2], call.device, records) : nullptr;
    if (!found)
        return refuse(404, "no-such-export", "There is no such export, or it has expired.");
    Response response;
    if (parts[1] == "$export-status" && call.now < found->readyAt) {
        response.status = 202;
        response.headers.add("Retry-After", "2");
        return response;
    }
    if (parts[1] == "$export-status") {
        response.headers.add("Content-Type", "application/json");
        response.body = server::api::exportManifest(found->description, base);
        return response;
    }
    if (!call.device.areas.contains(found->description.request.areas))
        return refuse(403, "scope-changed", "Less may be read now than when the export began; export again.");
    std::size_t number = 0;
    if (parts.size() == 4)
        std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), number);
    if (number == 0 || number > found->files.size() || call.now < found->readyAt)
        return refuse(404, "no-such-export", "The export has no such file.");
    response.headers.add("Content-Type", "application/fhir+ndjson");
    response.body = found->files[number - 1];
    call.shown.insert(call.shown.end(), found->shown[number - 1].begin(), found->shown[number - 1].end());
    return response;
}

} // namespace yarrow::simulation
