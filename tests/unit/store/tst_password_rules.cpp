// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/password_rules.h"

#include <QTest>

#include <algorithm>

using namespace yarrow;

namespace {

QByteArray verdict(const QString& password, const QStringList& ownWords = {})
{
    const auto checked = checkPassword(password, ownWords);
    if (checked)
        return "good";
    return checked.error().code == ErrorCode::WeakPassword
               ? QByteArray::fromStdString(checked.error().context)
               : QByteArray(errorCodeName(checked.error().code));
}

} // namespace

class TestPasswordRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void length_isCountedInCodePoints();
    void verdicts_data();
    void verdicts();
    void ownWords_areCommon();
    void everyListedPassword_isCommon();
    void lists_areFoldedAndSorted();
    void longPasswords_areJudgedToo();
};

void TestPasswordRules::length_isCountedInCodePoints()
{
    QCOMPARE(verdict(QString()), QByteArray("length"));
    QCOMPARE(verdict(QStringLiteral("vK3#qLw8zPe")), QByteArray("length"));
    QCOMPARE(verdict(QStringLiteral("vK3#qLw8zPe7")), QByteArray("good"));
    // 11 characters in 13 UTF-16 units, and 11 in 12 once the accent is composed.
    QCOMPARE(verdict(QStringLiteral("vK3#qLw8z\U0001F33F\U0001F40C")), QByteArray("length"));
    QCOMPARE(verdict(QStringLiteral("vK3#qLw8zPe\u0301")), QByteArray("length"));
    QCOMPARE(verdict(QStringLiteral("vK3#qLw8zP\U0001F33F\U0001F40C")), QByteArray("good"));
}

void TestPasswordRules::verdicts_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<QByteArray>("expected");
    const auto common = [](const char16_t* text) {
        const QString password = QString::fromUtf16(text);
        QTest::newRow(qPrintable(password)) << password << QByteArray("common");
    };
    const auto good = [](const char16_t* text) {
        const QString password = QString::fromUtf16(text);
        QTest::newRow(qPrintable(password)) << password << QByteArray("good");
    };
    common(u"correcthorsebatterystaple");
    common(u"CorrectHorseBatteryStaple");
    common(u"password12345");
    common(u"Password2025!");
    common(u"P4$$w0rd12345");
    common(u"passwordpassword");
    common(u"Welcome2025!!");
    common(u"willkommen1234");
    common(u"Benvenuto2025!");
    common(u"qwertyuiopasdf");
    common(u"qwertzuiopasdf");
    common(u"azertyuiopqsd");
    common(u"poiuytrewqlkj");
    common(u"1qaz2wsx3edc4rfv");
    common(u"123456789012");
    common(u"987654321098");
    common(u"abcdefghijklmnop");
    common(u"zyxwvutsrqponm");
    common(u"aaaaaaaaaaaa");
    common(u"AAAAaaaaAAAA");
    common(u"aaabbbcccddd");
    common(u"abcabcabcabca");
    common(u"k9$vQ2xk9$vQ2x");
    common(u"\U0001F33F\U0001F33F\U0001F33F\U0001F33F\U0001F33F\U0001F33F\U0001F33F\U0001F33F"
           u"\U0001F33F\U0001F33F\U0001F33F\U0001F33F");
    common(u"            ");
    common(u"iloveyou12345");
    common(u"doctor-doctor");
    common(u"Sommer2025!!");
    good(u"correct horse battery");
    good(u"lantern-orchid-42-quay");
    good(u"vK3#qLw8zPe7");
    good(u"piano tiger coffee moon");
    good(u"mia zia beve tre t\u00e8 al mare");
    good(u"zwoelf graue Gaense im Nebel");
    good(u"\u6797\u6a94\u96e8\u5c71\u6cb3\u98a8\u96f2\u82b1\u9ce5\u6708\u661f\u5149");
}

void TestPasswordRules::verdicts()
{
    QFETCH(QString, password);
    QFETCH(QByteArray, expected);
    QCOMPARE(verdict(password), expected);
}

void TestPasswordRules::ownWords_areCommon()
{
    const QStringList own{QStringLiteral("zora.quist"), QStringLiteral("Praxis am Wehr")};
    for (const QString& password :
         {QStringLiteral("zora.quist12"), QStringLiteral("Zora.Quist!!"), QStringLiteral("ZoraQuist2025"),
          QStringLiteral("praxisamwehr"), QStringLiteral("Praxis am Wehr"), QStringLiteral("wehrwehrzora")}) {
        QCOMPARE(verdict(password, own), QByteArray("common"));
    }
    QCOMPARE(verdict(QStringLiteral("zora.quist12")), QByteArray("good"));
    QCOMPARE(verdict(QStringLiteral("zora likes 3 plums"), own), QByteArray("good"));
    QCOMPARE(verdict(QStringLiteral("vK3#qLw8zPe7"), {QString(), QStringLiteral("v")}), QByteArray("good"));
}

void TestPasswordRules::everyListedPassword_isCommon()
{
    for (const std::u16string_view password : common_passwords::passwords()) {
        const QString text = QStringView(password).toString();
        QVERIFY2(verdict(text) == "common", qPrintable(text));
        QVERIFY2(verdict(text.toUpper()) == "common", qPrintable(text));
    }
}

void TestPasswordRules::lists_areFoldedAndSorted()
{
    for (const auto list : {common_passwords::passwords(), common_passwords::words()}) {
        QVERIFY(list.size() > 300);
        QVERIFY(std::is_sorted(list.begin(), list.end()));
        QVERIFY(std::adjacent_find(list.begin(), list.end()) == list.end());
        for (const std::u16string_view entry : list) {
            const QString text = QStringView(entry).toString();
            QCOMPARE(text.normalized(QString::NormalizationForm_C).toCaseFolded(), text);
            QVERIFY(text.size() >= 3);
        }
    }
}

void TestPasswordRules::longPasswords_areJudgedToo()
{
    const QString nearlyOneLetter = QString(100'000, u'a') + u'b';
    QCOMPARE(verdict(nearlyOneLetter), QByteArray("common"));
    QString good;
    for (int i = 0; i < 10'000; ++i)
        good += QChar(static_cast<char16_t>(u'!' + (i * i + i / 7) % 90));
    QCOMPARE(verdict(good), QByteArray("good"));
}

QTEST_GUILESS_MAIN(TestPasswordRules)
#include "tst_password_rules.moc"
