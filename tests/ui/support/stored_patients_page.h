// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"
#include "tests/ui/support/drive.h"
#include "ui/patients/patients_page.h"
#include "ui/theme/theme.h"

#include <QLabel>

#include <memory>
#include <vector>

namespace yarrow::testing {

/// The patients page on a real window, over a clinic in a real store, at which a receptionist is signed in.
/// To be inherited by the tests.
class StoredPatientsPage
{
protected:
    void makeClinic(std::vector<Json> documents)
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_test = std::make_unique<TestClinic>();
        m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
        YARROW_VERIFY_OK(m_test->open()->importer().addDocuments(std::move(documents), "test"));
    }
    void openClinic(int width)
    {
        auto session = LocalClinicSession::open(m_test->open(QStringLiteral("desk")));
        QVERIFY(session.has_value());
        m_session = *session;
        m_page = std::make_unique<PatientsPage>(*m_session);
        m_page->resize(width, 900);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    void closeClinic()
    {
        m_page.reset();
        m_session.reset();
    }
    void removeClinic()
    {
        closeClinic();
        m_test.reset();
    }
    bool open(const char* patient, const QString& name)
    {
        m_page->showPatient(PatientId::known(patient));
        return QTest::qWaitFor([&] {
            const auto* banner = shown<QLabel>(*m_page, "bannerName");
            return banner && banner->text() == name;
        });
    }

    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    std::unique_ptr<PatientsPage> m_page;
};

} // namespace yarrow::testing
