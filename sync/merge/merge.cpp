// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/merge/merge.h"

#include "sync/merge/merge_object.h"
#include "sync/merge/same_value.h"
#include "sync/merge/stage_times.h"

#include <algorithm>
#include <iterator>

namespace yarrow::sync {
namespace {

/// What changes without anyone changing what the record says.
constexpr std::string_view kAroundContent = "meta text";

/// What a server writes into `meta` by itself.
constexpr std::string_view kServersMeta = "versionId lastUpdated source";

constexpr std::string_view kAlwaysWhole[] = {"AllergyIntolerance", "AuditEvent", "MedicationRequest",
                                             "Provenance"};

constexpr std::string_view kWholeOnceSigned[] = {"ClinicalImpression", "Composition", "DiagnosticReport",
                                                 "DocumentReference", "Observation"};

/// The states of those after which they change by amendment only.
constexpr std::string_view kSigned[] = {"amended", "appended", "completed", "corrected", "final"};

template <std::size_t N>
bool isOneOf(const std::string_view (&names)[N], std::string_view name) noexcept
{
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool isSigned(const Json& document) noexcept
{
    // A DocumentReference has the state of the note in docStatus, its own in status.
    return isOneOf(kSigned, document["status"].string()) || isOneOf(kSigned, document["docStatus"].string());
}

/// Whether a person must decide as soon as both sides changed anything.
bool isWholeResource(const Json& base, const Json& mine, const Json& theirs) noexcept
{
    const std::string_view type = base["resourceType"].string();
    if (mine["resourceType"].string() != type || theirs["resourceType"].string() != type)
        return true;
    return isOneOf(kAlwaysWhole, type) ||
           (isOneOf(kWholeOnceSigned, type) && (isSigned(base) || isSigned(mine) || isSigned(theirs)));
}

bool sameMeta(const Json& a, const Json& b)
{
    if (a.isObject() || b.isObject())
        return (a.isObject() || a.isNull()) && (b.isObject() || b.isNull()) && sameBut(a, b, kServersMeta);
    return a == b;
}

/// Whether a server may have made the narrative from the rest (Narrative.status).
bool mayBeGenerated(const Json* text) noexcept
{
    if (text == nullptr)
        return true;
    const std::string_view status = (*text)["status"].string();
    return status == "generated" || status == "extensions" || status == "empty";
}

bool sameText(const Json* a, const Json* b)
{
    return sameValue(a, b) || (mayBeGenerated(a) && mayBeGenerated(b));
}

} // namespace

Merged merge(const Json& base, const Json& mine, const Json& theirs)
{
    if (sameValue(base, mine))
        return {theirs, {}};
    if (!base.isObject() || !mine.isObject() || !theirs.isObject()) {
        if (sameValue(base, theirs))
            return {mine, {}};
        if (sameValue(mine, theirs))
            return {theirs, {}};
        return {theirs, {{{}, base, mine, theirs}}};
    }
    const bool theirsChanged = !sameBut(base, theirs, kAroundContent);
    if (theirsChanged && isWholeResource(base, mine, theirs) && !sameBut(base, mine, kAroundContent) &&
        !sameBut(mine, theirs, kAroundContent))
        return {theirs, {{{}, base, mine, theirs}}};

    const bool mineTells = !theirsChanged && sameValue(base.find("text"), theirs.find("text"));
    ElementMerge elements;
    Json document = elements.resource({&base, &mine, &theirs}, mineTells);
    Merged merged{std::move(document), elements.takeDisputes()};
    settleStageTimes(base, mine, theirs, merged);
    return merged;
}

bool saysTheSame(const Json& a, const Json& b)
{
    if (!a.isObject() || !b.isObject())
        return sameValue(a, b);
    return sameBut(a, b, kAroundContent) && sameMeta(a["meta"], b["meta"]) &&
           sameText(a.find("text"), b.find("text"));
}

} // namespace yarrow::sync
