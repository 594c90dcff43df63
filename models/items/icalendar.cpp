// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/icalendar.h"

#include <QDateTime>

namespace yarrow {
namespace {

constexpr qsizetype kLongestLine = 75; ///< octets without the break, RFC 5545 section 3.1

/// Adds a content line, folded.
void addLine(QByteArray& out, const QByteArray& line)
{
    qsizetype from = 0;
    qsizetype room = kLongestLine;
    while (line.size() - from > room) {
        qsizetype until = from + room;
        // Not inside a character of UTF-8: its further octets begin with the bits 10.
        while ((static_cast<unsigned char>(line[until]) & 0xC0U) == 0x80U)
            --until;
        out += line.mid(from, until - from) + "\r\n ";
        from = until;
        room = kLongestLine - 1; // the space counts
    }
    out += line.mid(from) + "\r\n";
}

/// Section 3.3.11. Control characters other than the line break have no place in a text.
QByteArray escaped(const QString& text)
{
    QByteArray result;
    const QByteArray utf8 = QString(text).replace(QStringLiteral("\r\n"), QStringLiteral("\n")).toUtf8();
    for (const char c : utf8) {
        if (c == '\n')
            result += "\\n";
        else if (c == '\\' || c == ';' || c == ',')
            (result += '\\') += c;
        else if (static_cast<unsigned char>(c) >= 0x20U && c != 0x7F)
            result += c;
    }
    return result;
}

QByteArray timeOf(Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC)
        .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"))
        .toLatin1();
}

QByteArray statusOf(AppointmentStatus status)
{
    switch (status) {
    case AppointmentStatus::Booked:
    case AppointmentStatus::Arrived:
    case AppointmentStatus::CheckedIn:
    case AppointmentStatus::Fulfilled:
        return "CONFIRMED";
    case AppointmentStatus::Cancelled:
    case AppointmentStatus::NoShow:
    case AppointmentStatus::EnteredInError:
        return "CANCELLED";
    case AppointmentStatus::Proposed:
    case AppointmentStatus::Pending:
    case AppointmentStatus::Waitlist:
        break;
    }
    return "TENTATIVE";
}

void addText(QByteArray& out, const char* name, const QString& text)
{
    if (!text.isEmpty())
        addLine(out, QByteArray(name) + ':' + escaped(text));
}

} // namespace

QByteArray iCalendar(const std::vector<CalendarEvent>& events, const QString& name, Instant now)
{
    QByteArray out;
    addLine(out, "BEGIN:VCALENDAR");
    addLine(out, "VERSION:2.0");
    addLine(out, "PRODID:-//Yarrow//Yarrow//EN");
    addLine(out, "CALSCALE:GREGORIAN");
    addLine(out, "METHOD:PUBLISH");
    addText(out, "X-WR-CALNAME", name);
    for (const CalendarEvent& event : events) {
        addLine(out, "BEGIN:VEVENT");
        addLine(out, "UID:" + QByteArray::fromStdString(event.id.text()) + "@yarrow.example");
        addLine(out, "DTSTAMP:" + timeOf(now));
        addLine(out, "DTSTART:" + timeOf(event.start));
        addLine(out, "DTEND:" + timeOf(event.end));
        addLine(out, "SEQUENCE:" + QByteArray::number(static_cast<qlonglong>(event.sequence)));
        addLine(out, "STATUS:" + statusOf(event.status));
        addText(out, "SUMMARY", event.summary);
        addText(out, "LOCATION", event.location);
        addText(out, "DESCRIPTION", event.description);
        addLine(out, "END:VEVENT");
    }
    addLine(out, "END:VCALENDAR");
    return out;
}

} // namespace yarrow
