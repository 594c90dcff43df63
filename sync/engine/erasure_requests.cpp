// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine/erasure_requests.h"

#include "models/store/commands/account_commands.h"
#include "models/store/records/patient_erasure.h"
#include "models/store/sync/erasure_requests.h"
#include "sync/protocol/json_request.h"

namespace yarrow::sync {
namespace {

HttpRequest requestOf(SyncSession& session, const ErasureRequest& wanted)
{
    Json body = Json::object();
    body.set("patient", wanted.patient);
    body.set("legalGround", wanted.legalGround);
    body.set("reason", wanted.reason);
    return jsonRequest(Method::Post, "api/v1/erasures", body,
                       outbox::serverAccount(session.connection, wanted.account));
}

void take(SyncSession& session, const ErasureRequest& wanted, const HttpResponse& response)
{
    SyncWork work(session);
    if (response.status == 404 && refusalCode(response) == "not-found") {
        Actor actor;
        actor.device = session.clinic.device;
        if (const auto id = AccountId::parse(wanted.account)) {
            actor.account = *id;
            if (const auto account = findAccount(session.connection, *id))
                actor.role = account->role;
        }
        session.report.erased +=
            erasePatient(session.connection, session.clock, session.clinic, actor, {wanted.patient},
                         ErasureReach::HereAlone, wanted.legalGround, wanted.reason)
                .erased;
        erasureDone(session.connection, wanted.patient);
    } else if (response.status == 200) {
        erasureDone(session.connection, wanted.patient);
    } else {
        noteErasureRefused(session.connection, wanted.patient, refusalCode(response));
    }
    work.commit();
}

} // namespace

Step<void> sendErasureRequests(SyncSession& session)
{
    for (const ErasureRequest& wanted : erasureRequests(session.connection)) {
        if (!wanted.refusal.empty())
            continue;
        const auto response = session.ask(requestOf(session, wanted), true);
        if (!response)
            return stop(response.error());
        take(session, wanted, *response);
    }
    return {};
}

} // namespace yarrow::sync
