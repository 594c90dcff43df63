// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/demo/demo_data.h"
#include "models/fhir/patient_links.h"
#include "models/fhir/related_person_fhir.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace yarrow::demo {
namespace {

class Families
{
public:
    explicit Families(People& people)
        : m_people(people)
        , m_relations(people.patients.size())
    {}

    void add()
    {
        for (const Living& living : m_people.households) {
            const std::size_t children = living.first + living.adults;
            const std::size_t end = children + living.children;
            if (end > m_people.patients.size())
                continue;
            if (living.adults == 2)
                relate(living.first, living.first + 1, Relation::Spouse);
            for (std::size_t child = children; child < end; ++child) {
                for (std::size_t adult = living.first; adult < children; ++adult)
                    relate(child, adult, Relation::Parent);
                for (std::size_t other = child + 1; other < end; ++other)
                    relate(child, other, Relation::Sibling);
            }
            if (living.adults == 1 && living.children > 0)
                addGuardian(children);
        }
        m_people.documents = inOrder();
    }

private:
    /// Children first: the relations of a patient name the patient, and the relatives name the relations.
    std::vector<Json> inOrder()
    {
        std::vector<std::size_t> order(m_people.patients.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (const Living& living : m_people.households) {
            const auto first = order.begin() + static_cast<std::ptrdiff_t>(living.first);
            const auto children = first + static_cast<std::ptrdiff_t>(living.adults);
            if (living.first + living.adults + living.children <= order.size())
                std::rotate(first, children, children + static_cast<std::ptrdiff_t>(living.children));
        }
        std::vector<Json> documents;
        for (const std::size_t patient : order) {
            documents.push_back(std::move(m_people.documents[patient]));
            std::move(m_relations[patient].begin(), m_relations[patient].end(),
                      std::back_inserter(documents));
        }
        return documents;
    }
    RelatedPerson personOf(std::size_t patient, const std::string& who, Relation relation)
    {
        RelatedPerson person;
        person.patient = m_people.patients[patient].id;
        person.id = RelatedPersonId::known(idFor("RelatedPerson", person.patient.text() + who));
        person.relation = relation;
        person.told.relative = relation == Relation::Parent || relation == Relation::Guardian;
        return person;
    }
    void relate(std::size_t patient, std::size_t relative, Relation relation)
    {
        const RelatedPerson person = personOf(patient, m_people.patients[relative].id.text(), relation);
        fhir::writeRelatedPerson(person, m_relations[patient].emplace_back());
        fhir::addPatientLink(m_people.documents[relative], {"RelatedPerson/" + person.id.text(), "seealso"});
    }
    /// Somebody who is no patient: a grandparent with the number of the house.
    void addGuardian(std::size_t child)
    {
        const Patient& patient = m_people.patients[child];
        if (patient.telecoms.empty())
            return;
        RelatedPerson person = personOf(child, "guardian", Relation::Guardian);
        HumanName name;
        name.family = patient.names.front().family;
        name.given = {QStringLiteral("Toma")};
        person.names = {name};
        person.telecoms = {patient.telecoms.front()};
        fhir::writeRelatedPerson(person, m_relations[child].emplace_back());
    }

    People& m_people;
    std::vector<std::vector<Json>> m_relations; ///< by patient
};

} // namespace

void addFamilies(People& people)
{
    Families(people).add();
}

} // namespace yarrow::demo
