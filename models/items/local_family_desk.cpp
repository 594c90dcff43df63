// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_family_desk.h"

#include <QPointer>

namespace yarrow {

void LocalFamilyDesk::family(const PatientId& patient, bool again, QObject* context,
                             Done<std::vector<FamilyRow>> done)
{
    using Entries = std::vector<FamilyEntry>;
    m_store.run<Entries>(
        context, [patient, again](Clinic& clinic) { return clinic.families().list(patient, again); },
        [this, done = std::move(done)](Result<Entries> entries) {
            if (!entries) {
                done(fail(entries.error()));
                return;
            }
            std::vector<FamilyRow> rows;
            for (FamilyEntry& entry : *entries) {
                FamilyRow row{std::move(entry.person), entry.revision,    entry.told, {},
                              entry.relation,          entry.isReciprocal};
                if (entry.member)
                    row.member = m_toRow(std::move(*entry.member));
                row.memberShortName = std::move(entry.shortName);
                rows.push_back(std::move(row));
            }
            done(std::move(rows));
        });
}

/// Tells that it is another family even when nobody waits for the answer any more.
template <class T>
void LocalFamilyDesk::change(QObject* context, std::function<Result<T>(Clinic&)> work, Done<T> done)
{
    m_store.run<T>(
        this, std::move(work),
        [this, context = QPointer<QObject>(context), done = std::move(done)](const Result<T>& changedOne) {
            if (changedOne)
                Q_EMIT changed();
            if (context)
                done(changedOne);
        });
}

void LocalFamilyDesk::save(QObject* context, std::function<Result<FamilyCommands::Saved>(Clinic&)> work,
                           Done<RelatedPersonId> done)
{
    change<FamilyCommands::Saved>(this, std::move(work),
                                  [this, context = QPointer<QObject>(context),
                                   done = std::move(done)](const Result<FamilyCommands::Saved>& saved) {
                                      if (saved && !saved->linked.isEmpty())
                                          Q_EMIT patientWritten(saved->linked);
                                      if (!context)
                                          return;
                                      if (saved)
                                          done(saved->id);
                                      else
                                          done(fail(saved.error()));
                                  });
}

void LocalFamilyDesk::addPatient(const PatientId& patient, const PatientId& relative, Relation relation,
                                 Told told, QObject* context, Done<RelatedPersonId> done)
{
    save(
        context,
        [patient, relative, relation, told](Clinic& clinic) {
            return clinic.families().add(patient, relative, relation, told);
        },
        std::move(done));
}

void LocalFamilyDesk::savePerson(const RelatedPerson& person, std::int64_t revision, QObject* context,
                                 Done<RelatedPersonId> done)
{
    save(
        context, [person, revision](Clinic& clinic) { return clinic.families().save(person, revision); },
        std::move(done));
}

void LocalFamilyDesk::takeOut(const RelatedPersonId& id, QObject* context,
                              Done<std::vector<RelatedPersonId>> done)
{
    change<std::vector<RelatedPersonId>>(
        context, [id](Clinic& clinic) { return clinic.families().takeOut(id); }, std::move(done));
}

void LocalFamilyDesk::putBack(const std::vector<RelatedPersonId>& ids, QObject* context,
                              Done<std::vector<RelatedPersonId>> done)
{
    change<std::vector<RelatedPersonId>>(
        context, [ids](Clinic& clinic) { return clinic.families().putBack(ids); }, std::move(done));
}

void LocalFamilyDesk::openingsInARow(const std::vector<OpeningsRequest>& visits, QObject* context,
                                     Done<std::vector<std::vector<Opening>>> done)
{
    m_store.run<std::vector<std::vector<Opening>>>(
        context, [visits](Clinic& clinic) { return clinic.families().openingsInARow(visits); },
        std::move(done));
}

} // namespace yarrow
