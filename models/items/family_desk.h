// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/domain/family.h"
#include "models/domain/openings.h"
#include "models/items/clinic_rows.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace yarrow {

/// Somebody of a patient's family.
struct FamilyRow
{
    RelatedPerson person; ///< the record, of this patient or of the other one
    std::int64_t revision = 0;
    Told told;                             ///< as the patient that was asked about has it
    std::optional<PatientRow> member;      ///< who they are, when they are a patient
    Relation relation = Relation::Contact; ///< what they are to the patient that was asked about
    bool isReciprocal = false;             ///< the record says what that patient is to them
    QString memberShortName = {};          ///< of `member`

    [[nodiscard]] QString name() const;      ///< "Family, Given"
    [[nodiscard]] QString shortName() const; ///< see yarrow::shortName()
    [[nodiscard]] PartialDate birthDate() const;
    [[nodiscard]] QString phone() const;
    bool operator==(const FamilyRow&) const = default;
};

/// Patients' families, as the screens see them. Lives on the GUI thread; callbacks as with ClinicSession.
class FamilyDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~FamilyDesk() override = default;

    /// By relation, then by birth date. `again`: a list that is on screen is read once more.
    virtual void family(const PatientId& patient, bool again, QObject* context,
                        Done<std::vector<FamilyRow>> done) = 0;
    /// Errors of these as with FamilyCommands. Each gives the record, taking out and putting back all records
    /// of the two.
    virtual void addPatient(const PatientId& patient, const PatientId& relative, Relation relation, Told told,
                            QObject* context, Done<RelatedPersonId> done) = 0;
    virtual void savePerson(const RelatedPerson& person, std::int64_t revision, QObject* context,
                            Done<RelatedPersonId> done) = 0;
    virtual void takeOut(const RelatedPersonId& id, QObject* context,
                         Done<std::vector<RelatedPersonId>> done) = 0;
    virtual void putBack(const std::vector<RelatedPersonId>& ids, QObject* context,
                         Done<std::vector<RelatedPersonId>> done) = 0;

    /// For visits one after the other with one practitioner: openings for all of them, in their order; see
    /// findOpeningsInARow(). Time of day, days and limit are those of the first request.
    virtual void openingsInARow(const std::vector<OpeningsRequest>& visits, QObject* context,
                                Done<std::vector<std::vector<Opening>>> done) = 0;

Q_SIGNALS:
    void changed();                                   ///< a family is another than before
    void patientWritten(const yarrow::PatientId& id); ///< and with it that Patient document
};

} // namespace yarrow
