// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/memory_session.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/exchange/sync_centre.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QtTest>

#include <set>

using namespace yarrow;

/// Every code that an exchange tells people about has a sentence of its own.
class TestExchangeTexts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::current().install(); }

    void eachLimitOfAServer_hasItsSentence()
    {
        // As sync/README.md lists them.
        const QStringList codes{QStringLiteral("not-probed"),       QStringLiteral("reads-everything"),
                                QStringLiteral("no-deletions"),     QStringLiteral("no-history"),
                                QStringLiteral("own-ids"),          QStringLiteral("ignores-preconditions"),
                                QStringLiteral("may-create-twice"), QStringLiteral("no-tasks"),
                                QStringLiteral("unread-types")};
        const QStringList texts = limitTexts(codes);
        QCOMPARE(texts.size(), codes.size());
        QCOMPARE(QSet<QString>(texts.begin(), texts.end()).size(), codes.size());
        QVERIFY(limitTexts({QStringLiteral("of-tomorrow")}).isEmpty());
    }

    void eachNote_isSaidWithItsExchange()
    {
        ExchangeRow row;
        const QString quiet = exchangeText(row);
        std::set<QString> said;
        for (const char* note : {"incarnation-restored", "incarnation-copied", "incarnation-moved",
                                 "audit-broken", "audit-not-sent"}) {
            row.note = QLatin1String(note);
            QVERIFY2(exchangeText(row).startsWith(quiet), note);
            QVERIFY2(!exchangeText(row).contains(row.note), note);
            said.insert(noteText(row.note));
        }
        QCOMPARE(said.size(), std::size_t(5));
        QVERIFY(noteText(QStringLiteral("of-tomorrow")).contains(QLatin1String("of-tomorrow")));
    }

    void eachReasonOfAnotherServer_saysWhatToDo()
    {
        std::set<QString> said;
        for (const char* code : {"another-record", "not-found", "forbidden", "not-offered"}) {
            WaitingRow::Refusal refusal;
            refusal.status = 403;
            refusal.code = QLatin1String(code);
            said.insert(refusalText(refusal));
        }
        QCOMPARE(said.size(), std::size_t(4)); // none of them the sentence for any 403
    }

    void syncCentre_saysWhatTheServerCannotDo()
    {
        MemorySession session;
        SyncCentre centre(session);
        centre.show();
        auto* limits = centre.findChild<QLabel*>(QStringLiteral("syncLimits"));
        QVERIFY(limits != nullptr && !limits->isVisibleTo(&centre));
        ExchangeStatus status;
        status.hasServer = true;
        status.serverUrl = QStringLiteral("https://fhir.example");
        status.progress.limits = QStringList{QStringLiteral("no-tasks")};
        session.desk().setStatus(status);
        QVERIFY(limits->isVisibleTo(&centre));
        QCOMPARE(limits->text(), limitTexts(status.progress.limits).front());
    }
};

QTEST_MAIN(TestExchangeTexts)
#include "tst_exchange_texts.moc"
