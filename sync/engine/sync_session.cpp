// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/sync_session.h"

#include <curl/curl.h>

#include <charconv>
#include <ctime>

namespace yarrow::sync {
namespace {

Stop stopOf(const TransportError& error)
{
    using Reason = TransportError::Reason;
    switch (error.reason) {
    case Reason::Untrusted:
        return {Obstacle::Untrusted, error.detail, {}};
    case Reason::Unauthorised:
        return {Obstacle::Unauthorised, error.detail, {}};
    case Reason::TooLarge:
        return {Obstacle::Refused, error.detail, {}};
    case Reason::Cancelled:
        return {Obstacle::Cancelled, {}, {}};
    case Reason::Unreachable:
    case Reason::TimedOut:
    case Reason::CutOff:
        break;
    }
    return {Obstacle::Offline, error.detail, {}};
}

void completeFhirRequest(const ServerLink& link, HttpRequest& request)
{
    if (link.kind == ServerLink::Kind::Yarrow && request.url.find("://") == std::string::npos)
        request.url.insert(0, request.url.empty() ? "fhir" : "fhir/");
    request.headers.add("Accept", "application/fhir+json");
}

/// What concerns the whole exchange ends it.
Step<HttpResponse> judge(SyncSession::Answer response, bool takesForbidden)
{
    if (!response)
        return stop(stopOf(response.error()));
    const int status = response->status;
    if (status == 401 || (status == 403 && !takesForbidden))
        return stop(Obstacle::Unauthorised, answerOf(*response).code);
    if (status == 429 || status == 503)
        return stop(Stop{Obstacle::Busy, answerOf(*response).code, retryAfterOf(*response)});
    if (status >= 500)
        return stop(serverError(answerOf(*response)));
    return std::move(*response);
}

} // namespace

Stop serverError(const WriteAnswer& answer)
{
    return {Obstacle::ServerError,
            "HTTP " + std::to_string(answer.status) + " " + answer.code,
            {},
            answer.status,
            answer.code,
            answer.outcome};
}

const char* obstacleName(Obstacle obstacle) noexcept
{
    switch (obstacle) {
    case Obstacle::None:
        return "none";
    case Obstacle::Offline:
        return "offline";
    case Obstacle::Busy:
        return "busy";
    case Obstacle::ServerError:
        return "server-error";
    case Obstacle::Unauthorised:
        return "unauthorised";
    case Obstacle::Untrusted:
        return "untrusted";
    case Obstacle::Refused:
        return "refused";
    case Obstacle::AskDeletions:
        return "ask-deletions";
    case Obstacle::LocalFailure:
        return "local-failure";
    case Obstacle::Cancelled:
        return "cancelled";
    case Obstacle::Unsettled:
        return "unsettled";
    }
    return "";
}

std::optional<std::chrono::seconds> retryAfterOf(const HttpResponse& response)
{
    constexpr std::int64_t kLongest = 3600; // a server's mistake must not silence a workstation for a day
    const std::string text(response.headers.find("Retry-After"));
    std::int64_t seconds = 0;
    const char* const end = text.data() + text.size();
    if (const auto parsed = std::from_chars(text.data(), end, seconds);
        parsed.ec != std::errc() || parsed.ptr != end) {
        const std::time_t until = curl_getdate(text.c_str(), nullptr);
        const std::time_t now = curl_getdate(std::string(response.headers.find("Date")).c_str(), nullptr);
        if (until < 0 || now < 0) // neither form, or a date without one to compare it with
            return std::nullopt;
        seconds = until - now;
    }
    if (seconds <= 0) // "at once" of a server that has just failed: the pauses between tries grow as always
        return std::nullopt;
    return std::chrono::seconds(std::min(seconds, kLongest));
}

Step<HttpResponse> SyncSession::send(HttpRequest request, bool takesForbidden)
{
    completeFhirRequest(link, request);
    return ask(request, takesForbidden);
}

Step<HttpResponse> SyncSession::ask(const HttpRequest& request, bool takesForbidden)
{
    if (cancelled)
        return stop(Obstacle::Cancelled);
    ++report.roundTrips;
    return judge(transport.send(request), takesForbidden);
}

SyncSession::Pending SyncSession::begin(HttpRequest request)
{
    completeFhirRequest(link, request);
    ++report.roundTrips;
    const auto when = transport.canOverlap() ? std::launch::async : std::launch::deferred;
    return std::async(when, [this, request = std::move(request)]() -> Answer {
        if (cancelled)
            return tl::unexpected(TransportError{TransportError::Reason::Cancelled, false, {}});
        return transport.send(request);
    });
}

Step<HttpResponse> SyncSession::finish(Pending pending, bool takesForbidden)
{
    return judge(pending.get(), takesForbidden);
}

void eraseRecord(SyncSession& session, SyncWork& work, const ServerVersion& version, std::int64_t sweep)
{
    Actor actor;
    actor.device = session.clinic.device;
    RecordStore store(session.connection, session.clock, session.clinic, actor);
    for (const RecordErasure::Erased& one : work.records().erase(version, sweep)) {
        if (!one.wasHere)
            continue;
        ++session.report.erased;
        session.report.erasedEdits += one.unsentEdits;
        if (one.unsentEdits == 0 && one.type != "Patient")
            continue;
        AuditEvent event{AuditAction::Erased, auditCategoryOf(one.type), one.type, one.id, one.patient};
        event.detail = std::to_string(one.unsentEdits) + " unsent edits";
        store.audit(event);
    }
}

void count(SyncReport& report, const Reconciler::Outcome& outcome)
{
    report.merged += outcome.merged ? 1 : 0;
    report.conflicts += outcome.conflicts;
}

} // namespace yarrow::sync
