// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/merge/stage_times.h"

#include "core/clock.h"
#include "models/fhir/appointment_extensions.h"
#include "models/fhir/datatypes_fhir.h"
#include "sync/merge/same_value.h"

#include <algorithm>

namespace yarrow::sync {
namespace {

constexpr std::string_view kStages[] = {"arrived", "in-room", "done"};

bool isStage(const Json& part)
{
    return std::find(std::begin(kStages), std::end(kStages), part["url"].string()) != std::end(kStages);
}

const Json* stageTimes(const Json& appointment)
{
    return fhir::findExtension(appointment, fhir::kStageTimes);
}

const Json* part(const Json* times, std::string_view stage)
{
    return times ? fhir::findExtension(*times, stage) : nullptr;
}

/// What the extension holds besides the stages.
Json others(const Json& times)
{
    Json rest = times;
    Json parts = Json::array();
    for (const Json& item : times["extension"].items())
        if (!isStage(item))
            parts.append(item);
    rest.set("extension", std::move(parts));
    return rest;
}

/// nullptr when one of them cannot be told.
const Json* earlier(const Json& mine, const Json& theirs)
{
    const auto mineAt = parseInstant(mine["valueInstant"].string());
    const auto theirsAt = parseInstant(theirs["valueInstant"].string());
    if (!mineAt || !theirsAt)
        return nullptr;
    return *mineAt < *theirsAt ? &mine : &theirs;
}

void put(Json& times, std::string_view stage, const Json* value)
{
    Json parts = Json::array();
    bool isPut = value == nullptr;
    for (const Json& item : times["extension"].items()) {
        if (item["url"].string() != stage) {
            parts.append(item);
        } else if (!isPut) {
            parts.append(*value);
            isPut = true;
        }
    }
    if (!isPut)
        parts.append(*value);
    times.set("extension", std::move(parts));
}

} // namespace

void settleStageTimes(const Json& base, const Json& mine, const Json& theirs, Merged& merged)
{
    const std::string path = "extension[url=" + std::string(fhir::kStageTimes) + "]";
    const auto isAboutThem = [&](const Dispute& dispute) { return dispute.path.starts_with(path); };
    if (std::none_of(merged.disputes.begin(), merged.disputes.end(), isAboutThem))
        return;
    // While somebody has to decide about the status, the times belong to it.
    if (std::any_of(merged.disputes.begin(), merged.disputes.end(),
                    [](const Dispute& dispute) { return dispute.path.find("status") != std::string::npos; }))
        return;
    const Json* before = stageTimes(base);
    const Json* here = stageTimes(mine);
    const Json* there = stageTimes(theirs);
    if (!here || !there || !sameValue(others(*here), others(*there)))
        return;
    Json times = *there;
    for (const std::string_view stage : kStages) {
        const Json* was = part(before, stage);
        const Json* ours = part(here, stage);
        const Json* other = part(there, stage);
        if (sameValue(ours, other) || sameValue(was, ours))
            continue;
        if (!sameValue(was, other)) {
            if (!ours || !other)
                return;
            ours = earlier(*ours, *other);
            if (!ours)
                return;
        }
        put(times, stage, ours);
    }
    fhir::extensionAt(merged.document, fhir::kStageTimes, {}) = std::move(times);
    std::erase_if(merged.disputes, isAboutThem);
}

} // namespace yarrow::sync
