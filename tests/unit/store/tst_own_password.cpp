// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/sign_in_throttle.h"
#include "models/store/sync/account_exchange.h"
#include "tests/support/server_side.h"

using namespace yarrow;
using namespace yarrow::testing;

namespace {

const QString kFresh = QStringLiteral("copper lantern moth 88");

} // namespace

/// Whoever is signed in changes their own password at this workstation.
class TestOwnPassword : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_test = std::make_unique<TestClinic>();
        m_test->addUser(QStringLiteral("nina"), Role::Nurse);
        m_clinic = m_test->open(QStringLiteral("nina"));
    }
    void cleanup()
    {
        m_clinic.reset();
        m_test.reset();
    }

    void thePresentPassword_isReplacedAndNobodyElses()
    {
        YARROW_VERIFY_OK(m_clinic->changeOwnPassword(TestClinic::password(), kFresh));
        YARROW_COMPARE_ERROR(signIn(TestClinic::password()), ErrorCode::WrongPassword);
        YARROW_VERIFY_OK(signIn(kFresh));
        QVERIFY(m_test->open() != nullptr); // the administrator's opens as before
        QCOMPARE(trail(), QStringList{QStringLiteral("0")});
        // Again, with the key file as it is now.
        YARROW_VERIFY_OK(m_clinic->changeOwnPassword(kFresh, TestClinic::password()));
        YARROW_VERIFY_OK(signIn(TestClinic::password()));
    }

    void wrongOnes_areAuditedAndThrottledLikeSignIns()
    {
        for (int attempt = 0; attempt < 3; ++attempt)
            YARROW_COMPARE_ERROR(m_clinic->changeOwnPassword(QStringLiteral("not the password"), kFresh),
                                 ErrorCode::WrongPassword);
        const auto tooEarly = m_clinic->changeOwnPassword(TestClinic::password(), kFresh);
        YARROW_COMPARE_ERROR(tooEarly, ErrorCode::Throttled);
        QCOMPARE(tooEarly.error().context, std::string("5"));
        YARROW_COMPARE_ERROR(signIn(TestClinic::password()), ErrorCode::Throttled);
        QCOMPARE(trail(), (QStringList{QStringLiteral("4"), QStringLiteral("4"), QStringLiteral("4")}));
        m_test->clock.advance(std::chrono::seconds(5));
        YARROW_VERIFY_OK(m_clinic->changeOwnPassword(TestClinic::password(), kFresh));
        QCOMPARE(trail().size(), 4);
        QVERIFY(m_detail.endsWith(QLatin1String("after 3 wrong ones")));
        YARROW_VERIFY_OK(signIn(kFresh)); // at once: the count is cleared
    }

    void whatTheRulesRefuse_spendsNoAttempt()
    {
        const auto common =
            m_clinic->changeOwnPassword(TestClinic::password(), QStringLiteral("password1234"));
        YARROW_COMPARE_ERROR(common, ErrorCode::WeakPassword);
        QCOMPARE(common.error().context, std::string("common"));
        YARROW_COMPARE_ERROR(m_clinic->changeOwnPassword(TestClinic::password(), QStringLiteral("short")),
                             ErrorCode::WeakPassword);
        YARROW_COMPARE_ERROR(m_clinic->changeOwnPassword(TestClinic::password(), TestClinic::password()),
                             ErrorCode::InvalidArgument);
        QVERIFY(trail().isEmpty());
        SignInThrottle throttle(QString::fromStdString(m_test->profile.throttleFile().string()),
                                m_test->clock);
        const auto attempt = throttle.begin(m_clinic->actor().account);
        YARROW_VERIFY_OK(attempt);
        QCOMPARE(attempt->failuresBefore, 0);
        YARROW_VERIFY_OK(signIn(TestClinic::password()));
    }

    void withoutTheKeyStore_nothingChanges()
    {
        m_test->secrets.setAvailable(false);
        YARROW_COMPARE_ERROR(m_clinic->changeOwnPassword(TestClinic::password(), kFresh),
                             ErrorCode::KeyStoreUnavailable);
        m_test->secrets.setAvailable(true);
        YARROW_VERIFY_OK(signIn(TestClinic::password()));
    }

    void whatAnAdministratorReplaced_isNotChangedByItsOwner()
    {
        YARROW_VERIFY_OK(m_test->open()->setPassword(QStringLiteral("nina"), kFresh));
        YARROW_COMPARE_ERROR(
            m_clinic->changeOwnPassword(TestClinic::password(), QStringLiteral("seven quiet herons wade")),
            ErrorCode::WrongPassword);
        YARROW_VERIFY_OK(signIn(kFresh));
    }

    void theServersPassword_staysAndSoDoesWhatIsTold()
    {
        ServerSide server(*m_test);
        server.enrol();
        const AccountId nina = m_clinic->actor().account;
        {
            Transaction transaction(server.connection());
            const Account account = *findAccount(server.connection(), nina);
            static_cast<void>(takeAccounts(server.connection(), m_test->clock, m_clinic->identity(),
                                           {{nina.text(), account.userName, account.displayName, account.role,
                                             true, "r1", 1, R"({"salt":"s","hash":"h"})"}},
                                           "tag"));
            transaction.commit();
        }
        YARROW_VERIFY_OK(m_clinic->changeOwnPassword(TestClinic::password(), kFresh));
        YARROW_VERIFY_OK(signIn(kFresh));
        QVERIFY(!accountVerifier(server.connection(), nina).empty());
        for (const AccountChange& change : accountChanges(server.connection()))
            QVERIFY(change.wanted.id != nina);
        // Where the server's password opens by itself, another one would change nothing.
        YARROW_VERIFY_OK(m_test->open()->setDeviceSlot(true));
        YARROW_COMPARE_ERROR(m_clinic->changeOwnPassword(kFresh, TestClinic::password()),
                             ErrorCode::Unsupported);
        YARROW_VERIFY_OK(signIn(kFresh));
    }

private:
    [[nodiscard]] Result<std::unique_ptr<Clinic>> signIn(const QString& password)
    {
        return Clinic::open(m_test->profile, QStringLiteral("nina"), password, m_test->environment);
    }
    /// Outcomes of the changes of passwords in the audit, oldest first; m_detail is of the last.
    QStringList trail()
    {
        QStringList outcomes;
        const auto read = m_test->open()->audit().forEach({}, [&](const AuditEntry& entry) {
            if (entry.action == auditActionCode(AuditAction::PasswordChanged)) {
                outcomes << QString::fromStdString(entry.outcome);
                m_detail = QString::fromStdString(entry.detail);
            }
            return true;
        });
        if (!read)
            qFatal("%s", read.error().context.c_str());
        return outcomes;
    }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
    QString m_detail;
};

QTEST_GUILESS_MAIN(TestOwnPassword)
#include "tst_own_password.moc"
