// SPDX-License-Identifier: GPL-3.0-or-later
// The chain a workstation writes is the chain the server recomputes.
#include "server/audit/entry.h"
#include "server/auth/crypto.h"
#include "server/auth/password_verifier.h"
#include "tests/support/test_clinic.h"

namespace server = yarrow::server;
using namespace yarrow::testing;

namespace {

server::audit::Entry uploaded(const yarrow::AuditEntry& entry, const std::string& previous)
{
    server::audit::Entry result;
    result.seq = entry.seq;
    result.incarnation = entry.incarnation;
    result.at = entry.at;
    result.account = entry.account;
    result.role = entry.role;
    result.device = entry.device;
    result.action = entry.action;
    result.category = entry.category;
    result.resourceType = entry.resourceType;
    result.resourceId = entry.resourceId;
    result.patient = entry.patient;
    result.outcome = entry.outcome;
    result.beforeDigest = server::crypto::fromHex(entry.beforeDigest).value();
    result.afterDigest = server::crypto::fromHex(entry.afterDigest).value();
    result.reason = entry.reason;
    result.detail = entry.detail;
    result.previous = previous;
    result.hash = server::crypto::fromHex(entry.hash).value();
    return result;
}

} // namespace

class TestAuditAgreement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWorkstationsEntries_hashAsTheServerRecomputes()
    {
        TestClinic test;
        auto clinic = test.open();
        YARROW_VERIFY_OK(clinic->resources().put(patientDocument("p1", "Rossi", "Ada")));
        YARROW_VERIFY_OK(
            clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria"), "wedd\u00EDng"));
        YARROW_VERIFY_OK(clinic->resources().get("Patient", "p1"));
        std::string previous(server::audit::kDigestSize, '\0');
        int entries = 0;
        int withDigests = 0;
        YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const yarrow::AuditEntry& entry) {
            const server::audit::Entry one = uploaded(entry, previous);
            if (server::audit::hashOf(one) != one.hash)
                return false;
            previous = one.hash;
            withDigests += !one.beforeDigest.empty() && !one.afterDigest.empty() ? 1 : 0;
            ++entries;
            return true;
        }));
        QCOMPARE(entries, 6);
        QCOMPARE(withDigests, 1);
    }
};

QTEST_GUILESS_MAIN(TestAuditAgreement)
#include "tst_audit_agreement.moc"
