// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/enrolment_code.h"

#include <QTest>

#include <set>

using namespace yarrow::server;

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

} // namespace

class tst_enrolment_code : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCode_isFourGroupsOfFive()
    {
        const std::string text = EnrolmentCode::random().text();
        QCOMPARE(text.size(), std::size_t(23));
        for (std::size_t i = 0; i < text.size(); ++i)
            QCOMPARE(text[i] == '-', i % 6 == 5);
    }

    void codes_differ()
    {
        std::set<std::string> seen;
        for (int i = 0; i < 1000; ++i)
            seen.insert(EnrolmentCode::random().text());
        QCOMPARE(seen.size(), std::size_t(1000));
    }

    void asPeopleType_isTheSameCode()
    {
        const EnrolmentCode code = EnrolmentCode::random();
        std::string typed;
        for (const char c : code.text()) {
            if (c == '1')
                typed += 'l';
            else if (c == '0')
                typed += 'o';
            else if (c == '-')
                typed += ' ';
            else
                typed += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        const auto parsed = EnrolmentCode::parse(typed);
        QVERIFY(parsed);
        QCOMPARE(parsed->text(), code.text());
        QCOMPARE(parsed->hash(), code.hash());
    }

    void anyWrongCharacter_isNoticedAndItsGroupNamed()
    {
        const std::string text = EnrolmentCode::random().text();
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '-')
                continue;
            for (const char c : kAlphabet) {
                if (c == text[i])
                    continue;
                std::string wrong = text;
                wrong[i] = c;
                const auto parsed = EnrolmentCode::parse(wrong);
                QVERIFY(!parsed);
                QCOMPARE(parsed.error().code, std::string("enrolment-code-mistyped"));
                QVERIFY(parsed.error().detail.find("Group " + std::to_string(i / 6 + 1)) == 0);
            }
        }
    }

    void exchangedNeighbours_areNoticed()
    {
        for (int round = 0; round < 50; ++round) {
            const std::string text = EnrolmentCode::random().text();
            for (std::size_t i = 0; i + 1 < text.size(); ++i) {
                std::string wrong = text;
                std::swap(wrong[i], wrong[i + 1]);
                if (text[i] != text[i + 1] && text[i] != '-' && text[i + 1] != '-')
                    QVERIFY2(!EnrolmentCode::parse(wrong), wrong.c_str());
            }
        }
    }

    void exchangedGroups_areNoticed()
    {
        for (int round = 0; round < 50; ++round) {
            const std::string text = EnrolmentCode::random().text();
            std::string wrong = text.substr(6, 6) + text.substr(0, 6) + text.substr(12);
            QVERIFY(!EnrolmentCode::parse(wrong));
            wrong = text.substr(0, 6) + text.substr(18, 5) + '-' + text.substr(12, 6) + text.substr(6, 5);
            QVERIFY(!EnrolmentCode::parse(wrong));
        }
    }

    void whatIsNoCode_isRefused()
    {
        for (const char* text :
             {"", "-", "AAAAA", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "UUUUU-UUUUU-UUUUU-UUUUU", "äöüäö-äöüäö"})
            QVERIFY2(!EnrolmentCode::parse(text), text);
    }
};

QTEST_GUILESS_MAIN(tst_enrolment_code)
#include "tst_enrolment_code.moc"
