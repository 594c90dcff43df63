// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/icalendar.h"

#include <QtTest>

#include <libical/ical.h>

#include <memory>

using namespace yarrow;

/// Calendar files, read back with libical.
class TestICalendar : public QObject
{
    Q_OBJECT
private:
    struct Free
    {
        void operator()(icalcomponent* component) const { icalcomponent_free(component); }
    };
    using Calendar = std::unique_ptr<icalcomponent, Free>;

    static Calendar parsed(const QByteArray& text)
    {
        Calendar calendar(icalparser_parse_string(text.constData()));
        if (calendar && icalcomponent_count_errors(calendar.get()) > 0)
            return nullptr;
        return calendar;
    }
    static CalendarEvent event(const char* id)
    {
        CalendarEvent e;
        e.id = AppointmentId::known(id);
        e.start = parseInstant("2026-05-12T08:30:00Z").value();
        e.end = parseInstant("2026-05-12T08:45:00Z").value();
        e.sequence = 3;
        e.summary = QStringLiteral("Rossi, Ada");
        return e;
    }
    const Instant m_now = parseInstant("2026-05-11T10:00:00Z").value();

private Q_SLOTS:
    void events_areReadBackAsTheyWere()
    {
        CalendarEvent first = event("a-1");
        first.location = QStringLiteral("Room 1; first floor");
        CalendarEvent second = event("a-2");
        second.status = AppointmentStatus::Cancelled;
        const Calendar calendar = parsed(iCalendar({first, second}, QStringLiteral("Clinic"), m_now));
        QVERIFY(calendar);
        icalcomponent* one = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
        QVERIFY(one);
        QCOMPARE(QByteArray(icalcomponent_get_uid(one)), QByteArray("a-1@yarrow.example"));
        QCOMPARE(QString::fromUtf8(icalcomponent_get_summary(one)), first.summary);
        QCOMPARE(QString::fromUtf8(icalcomponent_get_location(one)), first.location);
        QCOMPARE(icalcomponent_get_sequence(one), 3);
        QCOMPARE(icalcomponent_get_status(one), ICAL_STATUS_CONFIRMED);
        const icaltimetype start = icalcomponent_get_dtstart(one);
        QVERIFY(icaltime_is_utc(start));
        QCOMPARE(static_cast<qint64>(icaltime_as_timet(start)) * 1000,
                 static_cast<qint64>(first.start.time_since_epoch().count()));
        QCOMPARE(static_cast<qint64>(icaltime_as_timet(icalcomponent_get_dtend(one))) * 1000,
                 static_cast<qint64>(first.end.time_since_epoch().count()));
        icalcomponent* two = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT);
        QVERIFY(two);
        QCOMPARE(icalcomponent_get_status(two), ICAL_STATUS_CANCELLED);
        QVERIFY(!icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT));
    }
    void texts_areEscaped_andReadBack_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("marks") << QStringLiteral("back\\slash; semicolon, comma: \"quoted\"");
        QTest::newRow("lines") << QStringLiteral("first\nsecond\n\nfourth");
        QTest::newRow("umlauts") << QString(300, QChar(0xFC));
        QTest::newRow("beyond the plane") << QStringLiteral("\U0001F33F").repeated(70);
        QTest::newRow("arabic")
            << QString::fromUtf8("\xD8\xB9\xD9\x8A\xD8\xA7\xD8\xAF\xD8\xA9 ").repeated(20).trimmed();
        QTest::newRow("injection") << QStringLiteral("x\nEND:VEVENT\nBEGIN:VEVENT");
    }
    void texts_areEscaped_andReadBack()
    {
        QFETCH(QString, text);
        CalendarEvent e = event("a-1");
        e.description = text;
        const QByteArray file = iCalendar({e}, {}, m_now);
        const Calendar calendar = parsed(file);
        QVERIFY(calendar);
        QCOMPARE(icalcomponent_count_components(calendar.get(), ICAL_VEVENT_COMPONENT), 1);
        icalcomponent* one = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
        QCOMPARE(QString::fromUtf8(icalcomponent_get_description(one)), text);
        for (const QByteArray& line : file.split('\n')) {
            QVERIFY(line.isEmpty() || line.endsWith('\r'));
            QVERIFY2(line.size() <= 76, line.constData());     // 75 and the carriage return
            QVERIFY(QString::fromUtf8(line).toUtf8() == line); // no character is parted
        }
    }
    void emptyCalendar_isOne()
    {
        const Calendar calendar = parsed(iCalendar({}, QStringLiteral("Clinic"), m_now));
        QVERIFY(calendar);
        QCOMPARE(icalcomponent_count_components(calendar.get(), ICAL_VEVENT_COMPONENT), 0);
    }
};

QTEST_GUILESS_MAIN(TestICalendar)
#include "tst_icalendar.moc"
