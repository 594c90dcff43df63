// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sync/server_link.h"
#include "models/store/unattended_clinic.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

/// The clinic opened by the key store alone, for the exchange while nobody is signed in.
class TestUnattendedClinic : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_test = std::make_unique<TestClinic>(); }
    void cleanup() { m_test.reset(); }

    void nobodyDecidedSo_itStaysClosed()
    {
        QVERIFY(!opensUnattended(m_test->profile, m_test->environment.kdfCost));
        YARROW_COMPARE_ERROR(openUnattended(m_test->profile, m_test->environment), ErrorCode::NotFound);
    }

    void anAdministratorDecidedSo_itOpensAndWrites()
    {
        allow(true);
        ServerSide(*m_test).enrol();
        QVERIFY(opensUnattended(m_test->profile, m_test->environment.kdfCost));
        auto clinic = openUnattended(m_test->profile, m_test->environment);
        YARROW_VERIFY_OK(clinic);
        QCOMPARE(clinic->identity.databaseId, m_test->databaseId());
        QCOMPARE(clinic->identity.name, std::string("Lindenhof"));
        YARROW_VERIFY_OK(guarded([&] {
            Transaction transaction(*clinic->connection);
            stopServerLink(*clinic->connection, "device-revoked");
            transaction.commit();
        }));
        // Somebody signs in beside it, and finds that.
        QCOMPARE(m_test->open()->exchange().state()->stopped, std::string("device-revoked"));
    }

    void theDecisionIsTakenBack_itStaysClosed()
    {
        allow(true);
        allow(false);
        QVERIFY(!opensUnattended(m_test->profile, m_test->environment.kdfCost));
        YARROW_COMPARE_ERROR(openUnattended(m_test->profile, m_test->environment), ErrorCode::NotFound);
    }

    void withoutTheKeyStore_itStaysClosed()
    {
        allow(true);
        m_test->secrets.setAvailable(false);
        YARROW_COMPARE_ERROR(openUnattended(m_test->profile, m_test->environment),
                             ErrorCode::KeyStoreUnavailable);
        StoreEnvironment without = m_test->environment;
        without.secrets = nullptr;
        YARROW_COMPARE_ERROR(openUnattended(m_test->profile, without), ErrorCode::KeyStoreUnavailable);
    }

    void anOlderDatabase_waitsForSomebody()
    {
        allow(true);
        const auto setSchema = [this](int change) {
            auto connection = m_test->connectBelow();
            const int now = connection->db().execAndGet("PRAGMA user_version").getInt();
            connection->db().exec("PRAGMA user_version = " + std::to_string(now + change));
        };
        setSchema(-1);
        YARROW_COMPARE_ERROR(openUnattended(m_test->profile, m_test->environment), ErrorCode::Unsupported);
        setSchema(2);
        YARROW_COMPARE_ERROR(openUnattended(m_test->profile, m_test->environment), ErrorCode::DatabaseNewer);
        setSchema(-1);
        YARROW_VERIFY_OK(openUnattended(m_test->profile, m_test->environment));
    }

    void aKeyIsNotRotatedMeanwhile()
    {
        allow(true);
        auto clinic = openUnattended(m_test->profile, m_test->environment);
        YARROW_VERIFY_OK(clinic);
        const auto rotate = [this] {
            return Clinic::rotateKey(m_test->profile, QStringLiteral("admin"), TestClinic::password(),
                                     m_test->environment);
        };
        YARROW_COMPARE_ERROR(rotate(), ErrorCode::DatabaseBusy);
        clinic = fail(ErrorCode::Cancelled);
        YARROW_VERIFY_OK(rotate());
        YARROW_VERIFY_OK(openUnattended(m_test->profile, m_test->environment));
    }

private:
    void allow(bool whether) { YARROW_VERIFY_OK(m_test->open()->setDeviceSlot(whether)); }

    std::unique_ptr<TestClinic> m_test;
};

QTEST_GUILESS_MAIN(TestUnattendedClinic)
#include "tst_unattended_clinic.moc"
