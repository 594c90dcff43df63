// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/demo_clinic.h"

#include "models/fhir/appointment_fhir.h"
#include "models/fhir/demo/demo_data.h"

#include <algorithm>
#include <iterator>

namespace yarrow {

std::vector<Json> demoClinic(QDate today, const QTimeZone& zone)
{
    const Json staffData = demo::load("staff");
    demo::Staff staff = demo::makeStaff(staffData, today, zone);
    demo::People people = demo::makePeople(demo::load("people"), today);
    auto visits = demo::makeVisits(staffData, staff, people.patients, today, zone);
    for (Appointment& entry : demo::makeWaiting(staff, people.patients, today, zone))
        visits.push_back(std::move(entry));
    std::vector<Json> records =
        demo::makeRecords(demo::load("records"), people.patients, staff.roles.front().practitioner, today);

    demo::addFamilies(people);

    std::vector<Json> documents = std::move(staff.documents);
    std::move(people.documents.begin(), people.documents.end(), std::back_inserter(documents));
    for (const Appointment& visit : visits)
        fhir::writeAppointment(visit, documents.emplace_back());
    std::move(records.begin(), records.end(), std::back_inserter(documents));
    return documents;
}

} // namespace yarrow
