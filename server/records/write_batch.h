// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/principal.h"
#include "server/db/connection.h"
#include "server/fhir/bundle.h"
#include "server/records/contention.h"
#include "server/records/digest.h"
#include "server/records/epoch.h"
#include "server/records/writer.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace yarrow::server::records {

/// The entries of one request on their way into the database, inside one transaction that holds the clinic's
/// lock. Every step looks at all entries with one statement or a few; an entry that a step refuses or answers
/// is passed over by the steps after it.
class WriteBatch
{
public:
    WriteBatch(db::Transaction& work, const ClinicHead& head, const Principal& caller,
               std::vector<fhir::WriteEntry> entries);

    // In this order:
    void refuseErased();
    void answerKnownOperations();
    void refuseRepeatedRecords();
    void answerConditionalCreates();
    void readPresent();
    void refuseNewOfErasedPatients();
    void checkPreconditions();
    void checkRights();
    void checkMedicalRecordNumbers();
    void checkBookings();

    [[nodiscard]] bool anyRefused() const;
    /// What became of a transaction with a refused entry: nothing of it is done.
    void refuseTheRest();

    /// Returns whether there is anything to commit.
    bool store();

    /// Some If-Match names a version of this epoch that the server has not reached: it was restored from a
    /// backup, if the caller is right.
    [[nodiscard]] bool callerIsAhead() const noexcept { return m_callerIsAhead; }
    [[nodiscard]] WriteOutcome takeOutcome() { return std::move(m_outcome); }

private:
    /// The record as it stands before this request.
    struct Present
    {
        std::int64_t seq = 0;
        std::string epoch;
        bool deleted = false;
        Area area = Area::ClinicalRecord;

        [[nodiscard]] std::string versionId() const { return versionIdOf(epoch, seq); }
    };
    struct Item
    {
        fhir::WriteEntry entry;
        std::optional<Present> present;
        bool settled = false; ///< answered or refused; nothing more is to be done

        [[nodiscard]] bool isDeletion() const { return entry.method == fhir::WriteEntry::Method::Delete; }
        [[nodiscard]] bool isLive() const { return present && !present->deleted; }
    };

    void refuseItem(std::size_t index, Problem problem);
    void answer(std::size_t index, int status, std::string versionId, std::string lastUpdated,
                std::string body);
    /// The present versions are the answers to these entries, with that status, because there is nothing to
    /// do.
    void answerWithPresent(const std::vector<std::pair<std::size_t, int>>& answers);
    /// The entry's operation, if it names one, is to be stored as having led to that version.
    void noteOperation(std::size_t index, std::int64_t seq);
    [[nodiscard]] std::optional<Problem> preconditionOf(const Item& item);
    [[nodiscard]] std::optional<Problem> matchOf(const Item& item);
    void refuseContended(const Claims& claims, const char* code, const char* detail);
    [[nodiscard]] std::vector<std::size_t> open() const; ///< what is not settled
    [[nodiscard]] std::string authorOf(const Item& item) const;

    void number();
    void storeVersions();
    void storeRecords();
    void storeSearchValues();
    void storeMedicalRecordNumbers();
    void storeBookings();
    void storeOperations();
    void storeSummaries();

    db::Transaction& m_work;
    const ClinicHead& m_head;
    const Principal& m_caller;
    std::vector<Item> m_items;
    WriteOutcome m_outcome;
    std::set<std::pair<std::string, std::string>> m_erased;         ///< (type, id): of what the entries name
    std::vector<std::pair<std::size_t, std::int64_t>> m_operations; ///< (entry, version)
    std::int64_t m_lastSeq = 0;                                     ///< given to the newest version
    std::int64_t m_lastUpdated = 0;
    bool m_callerIsAhead = false;
};

} // namespace yarrow::server::records
