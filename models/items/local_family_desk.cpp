// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_family_desk.h"

#include "models/items/patient_rows.h"
#include "models/store/read/clinic_reader.h"

#include <QPointer>

namespace yarrow {

LocalFamilyDesk::LocalFamilyDesk(StoreThread& store, Connection& reading, const QTimeZone& zone,
                                 bool mayReadAppointments)
    : m_store(store)
    , m_reading(reading)
    , m_zone(zone)
    , m_mayReadAppointments(mayReadAppointments)
{}

void LocalFamilyDesk::family(const PatientId& patient, bool again, QObject* context,
                             Done<std::vector<FamilyRow>> done)
{
    using Entries = std::vector<FamilyEntry>;
    m_store.run<Entries>(
        context, [patient, again](Clinic& clinic) { return clinic.families().list(patient, again); },
        [done = std::move(done)](Result<Entries> entries) {
            if (!entries) {
                done(fail(entries.error()));
                return;
            }
            std::vector<FamilyRow> rows;
            for (FamilyEntry& entry : *entries) {
                FamilyRow row{
                    std::move(entry.person), entry.revision, {}, entry.relation, entry.isReciprocal};
                if (entry.member)
                    row.member = patientRow(std::move(*entry.member));
                rows.push_back(std::move(row));
            }
            done(std::move(rows));
        });
}

void LocalFamilyDesk::change(QObject* context, std::function<Result<FamilyCommands::Saved>(Clinic&)> work,
                             Done<RelatedPersonId> done)
{
    m_store.run<FamilyCommands::Saved>(this, std::move(work),
                                       [this, context = QPointer<QObject>(context),
                                        done = std::move(done)](const Result<FamilyCommands::Saved>& saved) {
                                           if (saved)
                                               Q_EMIT changed();
                                           if (!context)
                                               return;
                                           if (saved)
                                               done(saved->id);
                                           else
                                               done(fail(saved.error()));
                                       });
}

void LocalFamilyDesk::addPatient(const PatientId& patient, const PatientId& relative, Relation relation,
                                 bool mayBeTold, QObject* context, Done<RelatedPersonId> done)
{
    change(
        context,
        [patient, relative, relation, mayBeTold](Clinic& clinic) {
            return clinic.families().add(patient, relative, relation, mayBeTold);
        },
        std::move(done));
}

void LocalFamilyDesk::savePerson(const RelatedPerson& person, std::int64_t revision, QObject* context,
                                 Done<RelatedPersonId> done)
{
    change(
        context, [person, revision](Clinic& clinic) { return clinic.families().save(person, revision); },
        std::move(done));
}

void LocalFamilyDesk::setActive(const RelatedPersonId& id, bool active, QObject* context,
                                Done<RelatedPersonId> done)
{
    change(
        context, [id, active](Clinic& clinic) { return clinic.families().setActive(id, active); },
        std::move(done));
}

Result<std::vector<std::vector<Opening>>>
LocalFamilyDesk::openingsInARow(const std::vector<OpeningsRequest>& visits) const
{
    if (!m_mayReadAppointments)
        return fail(ErrorCode::Forbidden, "Appointment");
    return guarded([&] { return ClinicReader(m_reading).openingsInARow(visits, m_zone); });
}

} // namespace yarrow
