// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/opened_patients.h"
#include "models/store/tunables.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

/// The patients that somebody opened last.
class TestOpenedPatients : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_test = std::make_unique<TestClinic>();
        m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
        m_clinic = m_test->open();
        YARROW_VERIFY_OK(m_clinic->importer().addDocuments({patientDocument("a", "Rossi", "Ada"),
                                                            patientDocument("b", "Bianchi", "Ben"),
                                                            patientDocument("c", "Conti", "Cleo")},
                                                           "test"));
    }
    void cleanup()
    {
        m_clinic.reset();
        m_test.reset();
    }

    void opening_putsFirst_eachOnce_forThisAccountAlone()
    {
        QCOMPARE(opened(), std::vector<std::string>());
        for (const char* id : {"a", "b", "c", "a"})
            view(id);
        QCOMPARE(opened(), (std::vector<std::string>{"a", "c", "b"}));
        const AccountId admin = m_clinic->actor().account;
        m_clinic = m_test->open(QStringLiteral("desk"));
        QCOMPARE(opened(), std::vector<std::string>());
        view("b");
        QCOMPARE(opened(), (std::vector<std::string>{"b"}));
        QCOMPARE(opened(admin), (std::vector<std::string>{"a", "c", "b"}));
    }
    void savingAndSearching_areNoOpening()
    {
        YARROW_VERIFY_OK(m_clinic->patients().search("rossi", 10));
        Patient patient = m_clinic->patients().view(PatientId::known("b"))->patient;
        patient.id = {};
        YARROW_VERIFY_OK(m_clinic->patients().save(patient, 0));
        QCOMPARE(opened(), (std::vector<std::string>{"b"}));
    }
    void erased_isForgottenByEverybody()
    {
        view("a");
        view("b");
        YARROW_VERIFY_OK(m_clinic->erasures().erasePatient(PatientId::known("a"), "gdpr-17", "asked for"));
        QCOMPARE(opened(), (std::vector<std::string>{"b"}));
        QCOMPARE(rows("SELECT count(*) FROM recently_opened WHERE patient = 'a'"), std::int64_t(0));
    }
    void oldest_areForgotten()
    {
        const auto below = m_test->connectBelow();
        {
            Transaction transaction(*below);
            for (int i = 0; i < tunables::kOpenedPatientsKept + 5; ++i)
                opened_patients::note(*below, m_clinic->actor().account,
                                      PatientId::known("p" + std::to_string(i)));
            transaction.commit();
        }
        QCOMPARE(rows("SELECT count(*) FROM recently_opened"), std::int64_t(tunables::kOpenedPatientsKept));
        QCOMPARE(rows("SELECT count(*) FROM recently_opened WHERE patient = 'p0'"), std::int64_t(0));
    }

private:
    void view(const char* id) { YARROW_VERIFY_OK(m_clinic->patients().view(PatientId::known(id))); }
    std::vector<std::string> opened() { return opened(m_clinic->actor().account); }
    std::vector<std::string> opened(const AccountId& account)
    {
        const auto below = m_test->connectBelow();
        std::vector<std::string> ids;
        for (const PatientHit& hit : opened_patients::list(*below, account, 10))
            ids.push_back(hit.id.text());
        return ids;
    }
    std::int64_t rows(const char* sql)
    {
        const auto below = m_test->connectBelow();
        Query row(*below, sql);
        return row.step() ? row.integer(0) : -1;
    }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

QTEST_GUILESS_MAIN(TestOpenedPatients)
#include "tst_opened_patients.moc"
