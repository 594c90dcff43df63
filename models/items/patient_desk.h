// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/patient_match.h"
#include "models/items/clinic_rows.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace yarrow {

/// Somebody who may be the person being registered.
struct DuplicateRow
{
    PatientRow patient;
    std::vector<MatchReason> reasons; ///< what both records know
    bool isCertain = false;           ///< hardly a doubt is left
    bool operator==(const DuplicateRow&) const = default;
};

/// A pair of the clinic's worklist.
struct DuplicatePairRow
{
    PatientRow first;
    PatientRow second;
    std::vector<MatchReason> reasons;
    bool operator==(const DuplicatePairRow&) const = default;
};

/// The worklist.
struct DuplicatePairs
{
    std::vector<DuplicatePairRow> pairs;
    std::int64_t left = 0; ///< patients that have still to be compared with the others: read once more
};

/// Patients who may be one person, as the screens see them. Lives on the GUI thread.
class PatientDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~PatientDesk() override = default;

    /// One patient as lists show them, but for what is not sent yet; a short read. NotFound when there is
    /// none such here.
    [[nodiscard]] virtual Result<PatientRow> listed(const PatientId& id) const = 0;
    /// Whose record is used in place of that one, since they were merged; a short read. Nothing when it was
    /// not merged away.
    [[nodiscard]] virtual std::optional<PatientRow> mergedInto(const PatientId& id) const = 0;

    /// Patients who may be this one, the likeliest first. Made for every keystroke: the search runs on a
    /// thread of its own, and a question that a newer one has overtaken is never answered. The callback comes
    /// on the GUI thread, unless the context object has gone by then.
    virtual void findDuplicates(const Patient& typed, QObject* context,
                                Done<std::vector<DuplicateRow>> done) = 0;
    /// Writes the audit entry of a warning that somebody has seen (once it has settled, not per keystroke).
    virtual void noteDuplicatesSeen(int count) = 0;
    /// Puts a pair on the clinic's worklist: somebody was registered although this one looked the same.
    virtual void file(const PatientId& registered, const PatientId& other) = 0;

    /// The pairs that wait for a decision, oldest first, after a look at some of the patients that changed
    /// since the last time. `again`: a list that is on screen is read once more.
    virtual void worklist(bool again, QObject* context, Done<DuplicatePairs> done) = 0;
    virtual void markDifferent(const PatientId& one, const PatientId& other, QObject* context,
                               Done<void> done) = 0;
    /// Gives how many other records moved. Errors as with MergeCommands::merge().
    virtual void merge(const PatientId& kept, const PatientId& gone, QObject* context, Done<int> done) = 0;
    /// Gives what was changed since and is left as it is: elements of the patient, or records.
    virtual void unmerge(const PatientId& gone, QObject* context, Done<QStringList> done) = 0;

Q_SIGNALS:
    void patientsMerged(); ///< or taken apart again: what is on screen is read anew
};

} // namespace yarrow
