// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/repeat_section.h"
#include "ui/calendar/series_texts.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QLabel>
#include <QSpinBox>
#include <QtTest>

using namespace yarrow;

/// Rules in words, and the form that makes them.
class TestSeriesTexts : public QObject
{
    Q_OBJECT
private:
    const QTimeZone m_rome = QTimeZone("Europe/Rome");
    /// A Tuesday, the second of its month.
    const QDate m_day = QDate(2026, 5, 12);

    QString sentenceOf(const char* text) const
    {
        const auto recurrence = parseRecurrence(text, m_rome);
        return recurrence ? ruleSentence(recurrence->rule, m_day) : QStringLiteral("not a rule");
    }
    static void choose(RepeatSection& section, const QString& kind)
    {
        auto* box = section.findChild<QComboBox*>(QStringLiteral("repeatKind"));
        box->setCurrentIndex(box->findText(kind));
        QCOMPARE(box->currentText(), kind);
    }
    QString ruleOf(const RepeatSection& section) const
    {
        const auto recurrence = section.recurrence();
        return recurrence ? QString::fromStdString(recurrenceText(*recurrence, m_rome)) : QString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
    }
    void aRule_isSaidInWords_data()
    {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* rule, const char* words) {
            QTest::newRow(rule) << QByteArray(rule) << QString::fromUtf8(words);
        };
        row("FREQ=DAILY;COUNT=5", "Every day.");
        row("FREQ=DAILY;INTERVAL=3;COUNT=5", "Every 3 days.");
        row("FREQ=WEEKLY;COUNT=5", "Every week on Tuesday.");
        row("FREQ=WEEKLY;BYDAY=TH,MO;COUNT=5", "Every week on Monday and Thursday.");
        row("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;COUNT=5", "Every 2 weeks on Friday.");
        row("FREQ=MONTHLY;COUNT=5", "On day 12 of every month.");
        row("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=3;COUNT=5", "On day 3 of every 2 months.");
        row("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5", "On the last day of every month.");
        row("FREQ=MONTHLY;BYDAY=2TU;COUNT=5", "On the second Tuesday of every month.");
        row("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR;COUNT=5", "On the last Friday of every 3 months.");
        row("FREQ=YEARLY;COUNT=5", "It repeats by a rule of its own.");
        row("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=5", "It repeats by a rule of its own.");
        row("FREQ=MONTHLY;BYDAY=-2MO;COUNT=5", "It repeats by a rule of its own.");
    }
    void aRule_isSaidInWords()
    {
        QFETCH(QByteArray, rule);
        QFETCH(QString, words);
        QCOMPARE(sentenceOf(rule.constData()), words);
    }
    void theForm_makesTheRule_andTakesItBack_data()
    {
        QTest::addColumn<QDate>("day");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("rule");
        QTest::newRow("daily") << m_day << QStringLiteral("Daily")
                               << QStringLiteral("RRULE:FREQ=DAILY;COUNT=6;INTERVAL=2");
        QTest::newRow("weekly") << m_day << QStringLiteral("Weekly")
                                << QStringLiteral("RRULE:FREQ=WEEKLY;COUNT=6;INTERVAL=2;BYDAY=TU");
        QTest::newRow("day of the month")
            << m_day << QStringLiteral("Monthly, on day 12")
            << QStringLiteral("RRULE:FREQ=MONTHLY;COUNT=6;INTERVAL=2;BYMONTHDAY=12");
        QTest::newRow("second Tuesday") << m_day << QStringLiteral("Monthly, on the second Tuesday")
                                        << QStringLiteral("RRULE:FREQ=MONTHLY;COUNT=6;INTERVAL=2;BYDAY=2TU");
        QTest::newRow("last day") << QDate(2026, 4, 30) << QStringLiteral("Monthly, on the last day")
                                  << QStringLiteral("RRULE:FREQ=MONTHLY;COUNT=6;INTERVAL=2;BYMONTHDAY=-1");
        QTest::newRow("last Thursday")
            << QDate(2026, 4, 30) << QStringLiteral("Monthly, on the last Thursday")
            << QStringLiteral("RRULE:FREQ=MONTHLY;COUNT=6;INTERVAL=2;BYDAY=-1TH");
    }
    void theForm_makesTheRule_andTakesItBack()
    {
        QFETCH(QDate, day);
        QFETCH(QString, kind);
        QFETCH(QString, rule);
        RepeatSection section;
        section.setStart(day, QTime(9, 0));
        QVERIFY(!section.recurrence());
        choose(section, kind);
        section.findChild<QSpinBox*>(QStringLiteral("repeatInterval"))->setValue(2);
        QCOMPARE(ruleOf(section), rule);
        RepeatSection again;
        again.setStart(day, QTime(9, 0));
        again.setRecurrence(section.recurrence());
        QCOMPARE(ruleOf(again), rule);
    }
    void chosenWeekdays_andALastDay_areInTheRule()
    {
        RepeatSection section;
        section.setStart(m_day, QTime(9, 0));
        choose(section, QStringLiteral("Weekly"));
        section.findChild<QCheckBox*>(QStringLiteral("repeatDay5"))->setChecked(true);
        section.findChild<QComboBox*>(QStringLiteral("repeatEnd"))->setCurrentIndex(1);
        const auto recurrence = section.recurrence();
        QVERIFY(recurrence);
        QCOMPARE(recurrence->rule.days, (std::vector<RuleDay>{{0, 2}, {0, 5}}));
        QCOMPARE(recurrence->rule.until, std::optional(QDate(2026, 8, 12)));
        QVERIFY(!recurrence->rule.count);
    }
    void anotherFirstDay_takesTheWeekdayAlong_butNoOthers()
    {
        RepeatSection section;
        section.setStart(m_day, QTime(9, 0));
        choose(section, QStringLiteral("Weekly"));
        section.setStart(m_day.addDays(1), QTime(9, 0));
        QCOMPARE(section.recurrence()->rule.days, (std::vector<RuleDay>{{0, 3}}));
        section.findChild<QCheckBox*>(QStringLiteral("repeatDay1"))->setChecked(true);
        section.setStart(m_day.addDays(2), QTime(9, 0));
        QCOMPARE(section.recurrence()->rule.days, (std::vector<RuleDay>{{0, 1}, {0, 3}}));
    }
    void aFirstDayWithoutThatChoice_takesTheNearestOne()
    {
        RepeatSection section;
        section.setStart(QDate(2026, 4, 30), QTime(9, 0));
        choose(section, QStringLiteral("Monthly, on the last Thursday"));
        section.setStart(QDate(2026, 5, 7), QTime(9, 0));
        QCOMPARE(ruleOf(section), QStringLiteral("RRULE:FREQ=MONTHLY;COUNT=6;BYDAY=1TH"));
    }
    void aRuleWithTooManyVisits_isNoRule_andSaysSo()
    {
        RepeatSection section;
        section.setStart(m_day, QTime(9, 0));
        choose(section, QStringLiteral("Daily"));
        QVERIFY(section.isValid());
        section.findChild<QComboBox*>(QStringLiteral("repeatEnd"))->setCurrentIndex(1);
        section.findChild<QDateEdit*>(QStringLiteral("repeatUntil"))->setDate(m_day.addYears(3));
        QVERIFY(!section.isValid());
        QVERIFY(section.findChild<QLabel*>(QStringLiteral("repeatSentence"))
                    ->text()
                    .startsWith(QStringLiteral("A series has at most 400 visits.")));
    }
    void whatIsInTheWay_isSaidInASentence()
    {
        SeriesPlan plan;
        AppointmentRow other;
        other.appointment.id = AppointmentId::known("other");
        other.appointment.start = toInstant(m_day, QTime(9, 0), m_rome);
        other.appointment.end = toInstant(m_day, QTime(9, 30), m_rome);
        other.patientName = QStringLiteral("Verdi, Carla");
        plan.inTheWay.emplace(other.appointment.id, other);
        const auto nameOf = [](const std::string& reference) {
            return reference == "Device/laser" ? QStringLiteral("Laser") : QStringLiteral("Dr. Neri");
        };
        const auto said = [&](ObstacleKind kind, const QString& reason = {}, const AppointmentId& id = {}) {
            return obstacleSentences({{kind, "Device/laser", reason, id}}, plan, nameOf, m_rome).join(u'|');
        };
        const AppointmentId id = other.appointment.id;
        QCOMPARE(said(ObstacleKind::Taken, {}, id),
                 QStringLiteral("Taken 09:00–09:30 for Verdi, Carla (Laser)."));
        QCOMPARE(said(ObstacleKind::Taken), QStringLiteral("Another visit of this series needs Laser then."));
        QCOMPARE(said(ObstacleKind::Taken, {}, AppointmentId::known("unread")),
                 QStringLiteral("Already taken: Laser."));
        QCOMPARE(said(ObstacleKind::Blocked, QStringLiteral("Service")),
                 QStringLiteral("Laser is not available: Service."));
        QCOMPARE(said(ObstacleKind::Holiday, QStringLiteral("Whit Monday")),
                 QStringLiteral("The clinic is closed: Whit Monday."));
        QCOMPARE(said(ObstacleKind::OutsideHours), QStringLiteral("Outside the working hours of Laser."));
        // One visit that takes both is told once, before what is less of an obstacle.
        QCOMPARE(obstacleSentences({{ObstacleKind::Past, {}, {}, {}},
                                    {ObstacleKind::Taken, "Practitioner/dr", {}, id},
                                    {ObstacleKind::Taken, "Device/laser", {}, id}},
                                   plan, nameOf, m_rome),
                 (QStringList{QStringLiteral("Taken 09:00–09:30 for Verdi, Carla (Dr. Neri and Laser)."),
                              QStringLiteral("This time is over.")}));
    }
};

QTEST_MAIN(TestSeriesTexts)
#include "tst_series_texts.moc"
