// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_erasure_desk.h"

#include <algorithm>

namespace yarrow {

LocalErasureDesk::LocalErasureDesk(StoreThread& store, QObject* parent)
    : ErasureDesk(parent)
    , m_store(store)
{}

void LocalErasureDesk::erase(const PatientId& patient, const QString& legalGround, const QString& reason,
                             QObject* context, Done<ErasureOutcome> done)
{
    using Outcome = ErasureCommands::Outcome;
    m_store.run<Outcome>(
        this,
        [patient, ground = legalGround.toStdString(), why = reason.toStdString()](Clinic& clinic) {
            return clinic.erasures().erasePatient(patient, ground, why);
        },
        [this, context = QPointer<QObject>(context), done = std::move(done)](const Result<Outcome>& result) {
            if (result)
                Q_EMIT erased();
            if (!context)
                return;
            if (!result) {
                done(fail(result.error()));
                return;
            }
            ErasureOutcome outcome;
            outcome.isRequested = result->isRequested;
            outcome.erased = static_cast<int>(result->done.erased);
            outcome.keptByLaw =
                static_cast<int>(std::count_if(result->done.kept.begin(), result->done.kept.end(),
                                               [](const auto& kept) { return kept.why == "retention-law"; }));
            outcome.keptForOthers = static_cast<int>(result->done.kept.size()) - outcome.keptByLaw;
            outcome.tracesRemain = result->tracesRemain;
            done(outcome);
        });
}

void LocalErasureDesk::requests(QObject* context, Done<std::vector<ErasureRow>> done)
{
    using Requests = std::vector<ErasureRequest>;
    m_store.run<Requests>(
        context, [](Clinic& clinic) { return clinic.erasures().requests(); },
        [done = std::move(done)](const Result<Requests>& requests) {
            if (!requests) {
                done(fail(requests.error()));
                return;
            }
            std::vector<ErasureRow> rows;
            for (const ErasureRequest& request : *requests) {
                ErasureRow row{PatientId::known(request.patient),
                               QString::fromStdString(request.legalGround),
                               {},
                               QString::fromStdString(request.refusal)};
                if (const auto at = parseInstant(request.at))
                    row.at = *at;
                rows.push_back(std::move(row));
            }
            done(std::move(rows));
        });
}

} // namespace yarrow
