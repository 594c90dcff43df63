// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/hours_text.h"
#include "ui/setup/when_text.h"
#include "ui/widgets/form_draft.h"

#include <QJsonArray>
#include <QTest>

using namespace yarrow;

namespace {

const QTimeZone kRome("Europe/Rome");
const QDate kToday(2026, 5, 12);

QTime at(int hour, int minute = 0)
{
    return QTime(hour, minute);
}

TimeRange days(QDate first, QDate last)
{
    return {localDay(first, kRome).start, localDay(last, kRome).end};
}

TimeRange hours(QDate day, int from, int until)
{
    return {toInstant(day, at(from), kRome), toInstant(day, at(until), kRome)};
}

} // namespace

class TestSetupTexts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hours_areReadAsPeopleTypeThem_data()
    {
        using Ranges = std::vector<LocalRange>;
        QTest::addColumn<QString>("text");
        QTest::addColumn<Ranges>("ranges");
        const auto row = [](const char* text, Ranges ranges) {
            QTest::newRow(text) << QString::fromUtf8(text) << std::move(ranges);
        };
        const Ranges split{{at(8), at(12)}, {at(14), at(18)}};
        row("8-12, 14-18", split);
        row("8–12 14–18", split);
        row("14-18;8-12", split);
        row("08:00-12:00 and 14:00 to 18:00", split);
        row("٨-١٢, ١٤-١٨", split);
        row("8:30-12", {{at(8, 30), at(12)}});
        row("830-1215", {{at(8, 30), at(12, 15)}});
        row("8.30 - 12.15", {{at(8, 30), at(12, 15)}});
        row("9am-5pm", {{at(9), at(17)}});
        row("9-5pm", {{at(9), at(17)}});
        row("1-5 pm", {{at(13), at(17)}});
        row("12pm-1pm", {{at(12), at(13)}});
        row("0-24", {{at(0), at(0)}});
        row("20-0", {{at(20), at(0)}});
        row("", {});
        row(" - ", {});
    }
    void hours_areReadAsPeopleTypeThem()
    {
        QFETCH(QString, text);
        QFETCH(std::vector<LocalRange>, ranges);
        const TypedHours typed = readHours(text);
        QCOMPARE(typed.problem, TypedHours::Problem::None);
        QCOMPARE(typed.ranges, ranges);
        QCOMPARE(readHours(shortHoursText(ranges)).ranges, ranges);
    }

    void hours_sayWhatIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<TypedHours::Problem>("problem");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* text, TypedHours::Problem problem, const char* part) {
            QTest::newRow(text) << QString::fromUtf8(text) << problem << QString::fromUtf8(part);
        };
        using enum TypedHours::Problem;
        row("mornings", NotUnderstood, "mornings");
        row("8-12, afternoon", NotUnderstood, ", afternoon");
        row("8", NotUnderstood, "8");
        row("8-25", NotUnderstood, "8-25");
        row("8-12:75", NotUnderstood, "8-12:75");
        row("24-8", NotUnderstood, "24-8");
        row("13pm-14pm", NotUnderstood, "13pm-14pm");
        row("18-8", EndNotAfterStart, "18-8");
        row("8-8", EndNotAfterStart, "8-8");
        row("8-12, 11-18", Overlap, "11–18");
        row("0-24, 8-9", Overlap, "8–9");
    }
    void hours_sayWhatIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(TypedHours::Problem, problem);
        QFETCH(QString, part);
        const TypedHours typed = readHours(text);
        QCOMPARE(typed.problem, problem);
        QCOMPARE(typed.part, part);
        QVERIFY(typed.ranges.empty());
    }

    void when_isReadAsPeopleTypeIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<TimeRange>("when");
        const auto row = [](const char* text, TimeRange when) {
            QTest::newRow(text) << QString::fromUtf8(text) << when;
        };
        const QDate christmasEve(2026, 12, 24);
        row("24.12.2026", days(christmasEve, christmasEve));
        row("24/12", days(christmasEve, christmasEve));
        row("24 Dec", days(christmasEve, christmasEve));
        row("December 24", days(christmasEve, christmasEve));
        row("2026-12-24", days(christmasEve, christmasEve));
        row("24.12.26", days(christmasEve, christmasEve));
        row("11 May", days(QDate(2027, 5, 11), QDate(2027, 5, 11))); // the next one
        row("12 May", days(kToday, kToday));
        row("24 Dec – 6 Jan", days(christmasEve, QDate(2027, 1, 6)));
        row("24.-26.12.", days(christmasEve, QDate(2026, 12, 26)));
        row("24-26 Dec", days(christmasEve, QDate(2026, 12, 26)));
        row("2026-08-03 - 2026-08-14", days(QDate(2026, 8, 3), QDate(2026, 8, 14)));
        row("3.8. - 14.8.2026", days(QDate(2026, 8, 3), QDate(2026, 8, 14)));
        row("3 Aug to 14 Aug", days(QDate(2026, 8, 3), QDate(2026, 8, 14)));
        row("20 May 13:00-15:00", hours(QDate(2026, 5, 20), 13, 15));
        row("20 May 13:00-15", hours(QDate(2026, 5, 20), 13, 15));
        row("20.5.2026 13:00 - 21.5.2026 9:00",
            {toInstant(QDate(2026, 5, 20), at(13), kRome), toInstant(QDate(2026, 5, 21), at(9), kRome)});
        row("20 May 13:00-24:00",
            {toInstant(QDate(2026, 5, 20), at(13), kRome), localDay(QDate(2026, 5, 20), kRome).end});
        row("28-29 Mar 2026", days(QDate(2026, 3, 28), QDate(2026, 3, 29))); // an hour short
    }
    void when_isReadAsPeopleTypeIt()
    {
        QFETCH(QString, text);
        QFETCH(TimeRange, when);
        const TypedWhen typed =
            readWhen(text, kToday, kRome, QLocale(QLocale::English, QLocale::UnitedKingdom));
        QCOMPARE(typed.problem, TypedWhen::Problem::None);
        QVERIFY(typed.when.has_value());
        QCOMPARE(typed.when->start, when.start);
        QCOMPARE(typed.when->end, when.end);
    }

    void when_comesBackFromItsText_data()
    {
        QTest::addColumn<QString>("locale");
        for (const char* name : {"en_GB", "en_US", "de_DE", "fr_FR", "es_ES", "ar_EG", "nl_NL", "it_IT"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void when_comesBackFromItsText()
    {
        QFETCH(QString, locale);
        const QLocale speaking(locale);
        for (const TimeRange& when :
             {days(QDate(2026, 12, 3), QDate(2026, 12, 3)), days(QDate(2026, 12, 24), QDate(2027, 1, 6)),
              hours(QDate(2026, 6, 5), 9, 17),
              TimeRange{toInstant(QDate(2026, 6, 5), at(22), kRome), localDay(QDate(2026, 6, 5), kRome).end},
              TimeRange{toInstant(QDate(2026, 6, 5), at(22), kRome),
                        toInstant(QDate(2026, 6, 7), at(6), kRome)}}) {
            const QString text = shortWhenText(when, kRome, speaking);
            const TypedWhen read = readWhen(text, kToday, kRome, speaking);
            QVERIFY2(read.when == when, qPrintable(text));
        }
    }

    void when_saysWhatIsWrong()
    {
        const QLocale locale(QLocale::English, QLocale::UnitedKingdom);
        const auto problem = [&](const char* text) {
            return readWhen(QString::fromUtf8(text), kToday, kRome, locale).problem;
        };
        using enum TypedWhen::Problem;
        for (const char* text : {"", "soon", "31.2.2026", "13:00-15:00", "12 May 13:00", "1-2-3-4", "May",
                                 "12 May - 14:00", "12 May 25:00-26:00"})
            QVERIFY2(problem(text) == NotUnderstood, text);
        QCOMPARE(problem("12 May 15:00-13:00"), EndNotAfterStart);
        QCOMPARE(problem("14.8.2026 - 3.8.2026"), EndNotAfterStart);
    }

    void draft_keepsTheTypedFieldsOverARecordThatMovedOn()
    {
        const QJsonObject base{{QStringLiteral("name"), QStringLiteral("A")},
                               {QStringLiteral("room"), QStringLiteral("1")}};
        QJsonObject typed = base;
        typed[QStringLiteral("name")] = QStringLiteral("B");
        QJsonObject theirs = base;
        theirs[QStringLiteral("room")] = QStringLiteral("2");
        const QJsonObject both = mergedFields(base, typed, theirs);
        QCOMPARE(both[QStringLiteral("name")].toString(), QStringLiteral("B"));
        QCOMPARE(both[QStringLiteral("room")].toString(), QStringLiteral("2"));
        const FormDraft draft{QStringLiteral("3"), base, typed};
        QVERIFY(readFormDraft(writeFormDraft(draft)) == draft);
        QVERIFY(!readFormDraft({}).has_value());
        QVERIFY(!readFormDraft("{\"version\":99}").has_value());
    }

    void listsOfTwoPeople_keepWhatBothAddedAndChanged()
    {
        const auto merged = [](const QJsonArray& base, const QJsonArray& typed, const QJsonArray& theirs) {
            const auto fields = [](const QJsonArray& list) {
                return QJsonObject{{QStringLiteral("closed"), list}};
            };
            return mergedFields(fields(base), fields(typed), fields(theirs))[QStringLiteral("closed")]
                .toArray();
        };
        // Two closed days more, and one that somebody took out.
        QCOMPARE(merged({1, 2}, {1, 2, 31}, {1, 2, 24}), (QJsonArray{1, 2, 24, 31}));
        QCOMPARE(merged({1, 2}, {2}, {1, 2, 24}), (QJsonArray{2, 24}));
        // A week: Monday here, Tuesday there.
        QCOMPARE(merged({8, 8, 8}, {9, 8, 8}, {8, 7, 8}), (QJsonArray{9, 7, 8}));
    }
};

QTEST_MAIN(TestSetupTexts)
#include "tst_setup_texts.moc"
