// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/audit/chain_intake.h"
#include "server/audit/entry.h"
#include "server/auth/crypto.h"

#include <QTest>

#include <array>

using namespace yarrow::server;
using namespace yarrow::server::audit;

namespace {

Entry example()
{
    Entry entry;
    entry.seq = 7;
    entry.incarnation = "inc-1";
    entry.at = "2026-03-02T09:00:00.000Z";
    entry.account = "acc-1";
    entry.role = "doctor";
    entry.device = "desk-2";
    entry.action = "update";
    entry.category = "health-data";
    entry.resourceType = "Patient";
    entry.resourceId = "p1";
    entry.patient = "p1";
    entry.outcome = "0";
    for (int i = 0; i < 32; ++i)
        entry.beforeDigest += static_cast<char>(i);
    entry.reason = "wedd\u00EDng";
    entry.detail = "a:b,c";
    entry.previous = std::string(32, '\x11');
    return entry;
}

constexpr std::array kTexts{&Entry::incarnation, &Entry::at,      &Entry::account,  &Entry::role,
                            &Entry::device,      &Entry::action,  &Entry::category, &Entry::resourceType,
                            &Entry::resourceId,  &Entry::patient, &Entry::outcome,  &Entry::beforeDigest,
                            &Entry::afterDigest, &Entry::reason,  &Entry::detail};

} // namespace

class tst_audit_entry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theHash_isTheOneComputedElsewhere()
    {
        // Python's hashlib over the netstrings written out by hand.
        QCOMPARE(crypto::toHex(hashOf(example())),
                 std::string("9947e0583f6e1c2c9a4ff6b28e129bb2edde1ffaae0002ec2db3bd7aacb458d8"));
    }

    void everyField_isHashed()
    {
        const std::string before = hashOf(example());
        for (const auto field : kTexts) {
            Entry changed = example();
            changed.*field += 'x';
            QVERIFY(hashOf(changed) != before);
        }
        Entry changed = example();
        changed.seq = 8;
        QVERIFY(hashOf(changed) != before);
        changed = example();
        changed.previous[31] = '\x12';
        QVERIFY(hashOf(changed) != before);
        changed = example();
        changed.hash = "x"; // it is the result
        QCOMPARE(hashOf(changed), before);
        QVERIFY(fingerprintOf(changed) != fingerprintOf(example()));
    }

    void whatMovesFromOneFieldToTheNext_changesTheHash()
    {
        const std::string before = hashOf(example());
        for (std::size_t i = 0; i + 1 < kTexts.size(); ++i) {
            Entry moved = example();
            std::string& from = moved.*kTexts[i];
            std::string& to = moved.*kTexts[i + 1];
            if (from.empty())
                continue;
            to.insert(to.begin(), from.back());
            from.pop_back();
            QVERIFY(hashOf(moved) != before);
        }
    }

    void aCheckpointsText_isItsFourLines()
    {
        QCOMPARE(checkpointText({"inc-1", 12, std::string(32, '\xAB'), {}}),
                 "yarrow-audit-checkpoint\ninc-1\n12\n" + crypto::toHex(std::string(32, '\xAB')));
    }
};

QTEST_GUILESS_MAIN(tst_audit_entry)
#include "tst_audit_entry.moc"
