// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/erasure_requests.h"

namespace yarrow {

std::vector<ErasureRequest> erasureRequests(Connection& connection)
{
    std::vector<ErasureRequest> requests;
    Query row(connection, "SELECT patient, legal_ground, reason, account, at, refusal FROM erasure_request "
                          "ORDER BY at, patient");
    while (row.step())
        requests.push_back(
            {row.string(0), row.string(1), row.string(2), row.string(3), row.string(4), row.string(5)});
    return requests;
}

void requestErasure(Connection& connection, const ErasureRequest& request)
{
    Query(connection, "INSERT OR REPLACE INTO erasure_request (patient, legal_ground, reason, account, at, "
                      "refusal) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(request.patient, request.legalGround, request.reason, request.account, request.at,
              request.refusal)
        .run();
}

void noteErasureRefused(Connection& connection, const std::string& patient, const std::string& code)
{
    Query(connection, "UPDATE erasure_request SET refusal = ? WHERE patient = ?").bind(code, patient).run();
}

void erasureDone(Connection& connection, const std::string& patient)
{
    Query(connection, "DELETE FROM erasure_request WHERE patient = ?").bind(patient).run();
}

} // namespace yarrow
