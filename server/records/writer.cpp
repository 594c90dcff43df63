// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/writer.h"

#include "server/jobs/webhook_queue.h"
#include "server/records/statistics.h"
#include "server/records/write_batch.h"

namespace yarrow::server::records {
namespace {

Result<WriteOutcome> writeUnderLock(db::Connection& connection, const Principal& caller,
                                    std::vector<fhir::WriteEntry> entries, bool transaction,
                                    std::string_view epoch)
{
    db::Transaction work(connection, caller.tenant);
    const ClinicHead head = lockClinic(work);
    if (!epoch.empty() && epoch != head.epoch)
        return refuse(412, "epoch-changed",
                      "The server's epoch is " + head.epoch +
                          ": compare before you write, it was restored from a backup.");

    WriteBatch batch(work, head, caller, std::move(entries));
    batch.refuseErased();
    batch.answerKnownOperations();
    batch.refuseRepeatedRecords();
    batch.answerConditionalCreates();
    batch.readPresent();
    batch.refuseNewOfErasedPatients();
    batch.checkPreconditions();
    if (batch.callerIsAhead()) {
        if (const auto tag = beginEpochFor(work, head, caller)) {
            work.commit();
            return refuse(412, "epoch-changed",
                          "You have seen newer versions than this server has: it was restored from a backup. "
                          "Its epoch is now " +
                              *tag + ".");
        }
    }
    batch.checkRights();
    batch.checkMedicalRecordNumbers();
    batch.checkBookings();

    if (transaction && batch.anyRefused()) {
        batch.refuseTheRest();
        return batch.takeOutcome();
    }
    const bool isAnythingStored = batch.store();
    WriteOutcome outcome = batch.takeOutcome();
    if (!outcome.notice.types.empty())
        jobs::enqueueWebhooks(work, outcome.notice.types);
    if (isAnythingStored)
        work.commit();
    return outcome;
}

} // namespace

Result<WriteOutcome> write(db::Connection& connection, const Principal& caller,
                           std::vector<fhir::WriteEntry> entries, bool transaction, std::string_view epoch)
{
    auto outcome = writeUnderLock(connection, caller, std::move(entries), transaction, epoch);
    if (outcome && !outcome->notice.types.empty())
        noteStored(connection, caller.tenant, outcome->results.size());
    return outcome;
}

} // namespace yarrow::server::records
