// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/family_desk.h"
#include "models/items/store_thread.h"

namespace yarrow {

/// FamilyDesk on this workstation's store.
class LocalFamilyDesk final : public FamilyDesk
{
    Q_OBJECT
public:
    using ToRow = std::function<PatientRow(PatientHit)>;

    /// The store must outlive it.
    LocalFamilyDesk(StoreThread& store, ToRow toRow)
        : m_store(store)
        , m_toRow(std::move(toRow))
    {}

    void family(const PatientId& patient, bool again, QObject* context,
                Done<std::vector<FamilyRow>> done) override;
    void addPatient(const PatientId& patient, const PatientId& relative, Relation relation, Told told,
                    QObject* context, Done<RelatedPersonId> done) override;
    void savePerson(const RelatedPerson& person, std::int64_t revision, QObject* context,
                    Done<RelatedPersonId> done) override;
    void takeOut(const RelatedPersonId& id, QObject* context,
                 Done<std::vector<RelatedPersonId>> done) override;
    void putBack(const std::vector<RelatedPersonId>& ids, QObject* context,
                 Done<std::vector<RelatedPersonId>> done) override;
    void openingsInARow(const std::vector<OpeningsRequest>& visits, QObject* context,
                        Done<std::vector<std::vector<Opening>>> done) override;

private:
    template <class T>
    void change(QObject* context, std::function<Result<T>(Clinic&)> work, Done<T> done);
    void save(QObject* context, std::function<Result<FamilyCommands::Saved>(Clinic&)> work,
              Done<RelatedPersonId> done);

    StoreThread& m_store;
    ToRow m_toRow;
};

} // namespace yarrow
