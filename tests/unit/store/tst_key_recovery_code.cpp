// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/recovery_code.h"

#include <QSet>
#include <QTest>

using namespace yarrow;

namespace {

const QString kDigits = QStringLiteral("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

QByteArray refusal(const QString& typed)
{
    const auto code = RecoveryCode::parse(typed);
    if (code)
        return "accepted";
    if (code.error().code != ErrorCode::InvalidArgument)
        return errorCodeName(code.error().code);
    return QByteArray::fromStdString(code.error().context);
}

QByteArray groupAt(qsizetype position)
{
    return "group " + QByteArray::number(position / 6 + 1);
}

} // namespace

class TestRecoveryCode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printed_readsBack();
    void codes_differ();
    void handwriting_isForgiven();
    void anyWrongCharacter_isFoundInItsGroup();
    void swappedNeighbours_areFoundInTheirGroup();
    void swappedGroups_areFound();
    void missingCharacters_areFound();
    void strangeCharacters_areFound();
};

void TestRecoveryCode::printed_readsBack()
{
    for (int i = 0; i < 200; ++i) {
        const RecoveryCode code = RecoveryCode::generate();
        QCOMPARE(code.bits().size(), std::size_t{32});
        QCOMPARE(code.text().split(u'-').size(), 13);
        QCOMPARE(code.text().size(), 13 * 6 - 1);
        const auto read = RecoveryCode::parse(code.text());
        QVERIFY(read.has_value());
        QVERIFY(read->bits().view() == code.bits().view());
    }
}

void TestRecoveryCode::codes_differ()
{
    QSet<QString> seen;
    for (int i = 0; i < 100; ++i)
        seen.insert(RecoveryCode::generate().text());
    QCOMPARE(seen.size(), 100);
}

void TestRecoveryCode::handwriting_isForgiven()
{
    for (int i = 0; i < 50; ++i) {
        const RecoveryCode code = RecoveryCode::generate();
        const QString text = code.text();
        QString oneAsI = text;
        QString oneAsL = text;
        const QStringList spellings{
            text.toLower(),
            QString(text).remove(u'-'),
            QString(text).replace(u'-', u' '),
            QString(text).replace(u'-', QStringLiteral(" \u2013\n")),
            QString(text).replace(u'0', u'O'),
            QString(text).replace(u'0', u'o'),
            oneAsI.replace(u'1', u'i'),
            oneAsL.replace(u'1', u'L'),
            QStringLiteral("  ") + text + QStringLiteral("\t"),
        };
        for (const QString& spelling : spellings) {
            const auto read = RecoveryCode::parse(spelling);
            QVERIFY2(read.has_value(), qPrintable(spelling));
            QVERIFY(read->bits().view() == code.bits().view());
        }
    }
}

void TestRecoveryCode::anyWrongCharacter_isFoundInItsGroup()
{
    const QString text = RecoveryCode::generate().text();
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == u'-')
            continue;
        for (const QChar digit : kDigits) {
            if (digit == text[at])
                continue;
            QString typed = text;
            typed[at] = digit;
            QCOMPARE(refusal(typed), groupAt(at));
        }
    }
}

void TestRecoveryCode::swappedNeighbours_areFoundInTheirGroup()
{
    int swaps = 0;
    for (int i = 0; i < 20; ++i) {
        const QString text = RecoveryCode::generate().text();
        for (qsizetype at = 0; at + 1 < text.size(); ++at) {
            if (text[at] == u'-' || text[at + 1] == u'-' || text[at] == text[at + 1])
                continue;
            QString typed = text;
            typed[at] = text[at + 1];
            typed[at + 1] = text[at];
            QCOMPARE(refusal(typed), groupAt(at));
            ++swaps;
        }
    }
    QVERIFY(swaps > 500);
}

void TestRecoveryCode::swappedGroups_areFound()
{
    const QStringList groups = RecoveryCode::generate().text().split(u'-');
    for (qsizetype a = 0; a < groups.size(); ++a) {
        for (qsizetype b = a + 1; b < groups.size(); ++b) {
            if (groups[a] == groups[b])
                continue;
            QStringList typed = groups;
            typed.swapItemsAt(a, b);
            QCOMPARE(refusal(typed.join(u'-')), "group " + QByteArray::number(a + 1));
        }
    }
}

void TestRecoveryCode::missingCharacters_areFound()
{
    const QString text = RecoveryCode::generate().text();
    QCOMPARE(refusal(QString()), QByteArray("length"));
    QCOMPARE(refusal(text.left(40)), QByteArray("length"));
    QCOMPARE(refusal(QString(text).remove(u'-').left(64)), QByteArray("length"));
    QCOMPARE(refusal(text + text), QByteArray("length"));
    QCOMPARE(refusal(QString(text).remove(14, 1)), QByteArray("group 3"));
    QCOMPARE(refusal(QString(text).insert(14, u'7')), QByteArray("group 3"));
}

void TestRecoveryCode::strangeCharacters_areFound()
{
    for (const QChar strange : {QChar(u'U'), QChar(u'*'), QChar(u'\u00e4'), QChar(u'\0')}) {
        QString typed = RecoveryCode::generate().text();
        typed[20] = strange;
        QCOMPARE(refusal(typed), QByteArray("group 4"));
    }
}

QTEST_GUILESS_MAIN(TestRecoveryCode)
#include "tst_key_recovery_code.moc"
