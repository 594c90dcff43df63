// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/opened_patients.h"

#include "models/store/search/patient_row.h"
#include "models/store/tunables.h"

namespace yarrow::opened_patients {

void note(Connection& connection, const AccountId& account, const PatientId& patient)
{
    Query(connection, "DELETE FROM recently_opened WHERE account = ? AND patient = ?")
        .bind(account.text(), patient.text())
        .run();
    Query(connection, "INSERT INTO recently_opened (account, patient) VALUES (?, ?)")
        .bind(account.text(), patient.text())
        .run();
    Query(connection, "DELETE FROM recently_opened WHERE account = ?1 AND pk NOT IN "
                      "(SELECT pk FROM recently_opened WHERE account = ?1 ORDER BY pk DESC LIMIT ?2)")
        .bind(account.text(), tunables::kOpenedPatientsKept)
        .run();
}

std::vector<PatientHit> list(Connection& connection, const AccountId& account, int limit)
{
    std::vector<PatientHit> hits;
    Query row(connection, "WITH opened AS (SELECT o.pk AS place, r.pk AS record FROM recently_opened o "
                          "JOIN resource r ON r.type = 'Patient' AND r.id = o.patient WHERE o.account = ?) "
                          "SELECT " YARROW_PATIENT_COLUMNS " FROM patient_index "
                          "JOIN opened ON opened.record = patient_index.pk "
                          "ORDER BY opened.place DESC LIMIT ?");
    row.bind(account.text(), limit);
    while (row.step())
        hits.push_back(patientHit(row));
    return hits;
}

void forget(Connection& connection, std::string_view patient)
{
    Query(connection, "DELETE FROM recently_opened WHERE patient = ?").bind(patient).run();
}

} // namespace yarrow::opened_patients
