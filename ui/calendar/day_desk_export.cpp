// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "models/items/front_desk.h"
#include "models/items/icalendar.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/message_bar.h"
#include "ui/calendar/schedule_print.h"
#include "ui/widgets/texts.h"

#include <QDir>
#include <QFileDialog>
#include <QPdfWriter>
#include <QPrinter>
#include <QPrinterInfo>
#include <QSaveFile>
#include <QStandardPaths>

// What leaves the program: on paper, as PDF, as a calendar file. Each is noted in the audit.

namespace yarrow {
namespace {

constexpr int kPdfResolution = 1200;

QString safeFileName(QString name)
{
    for (QChar& c : name)
        if (!c.isLetterOrNumber() && c != u'-' && c != u' ')
            c = u'-';
    return name.simplified();
}

} // namespace

/// For the audit.
QString DayDesk::shownText() const
{
    return m_model.isWeek() ? QStringLiteral("week %1").arg(m_model.firstDay().toString(Qt::ISODate))
                            : QStringLiteral("day %1").arg(m_model.day().toString(Qt::ISODate));
}

QString DayDesk::shownFileName() const
{
    return m_model.isWeek() ? tr("Calendar, week of %1").arg(m_model.firstDay().toString(Qt::ISODate))
                            : tr("Calendar, %1").arg(m_model.day().toString(Qt::ISODate));
}

/// Asks for a file beside the page; nothing waits for the answer.
void DayDesk::chooseFile(const QString& title, const QString& name, const QString& filter,
                         std::function<void(const QString&)> then)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    auto* dialog = new QFileDialog(this, title, QDir(folder).filePath(safeFileName(name)), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(filter.section(QStringLiteral("*."), 1).section(u')', 0, 0));
    connect(dialog, &QFileDialog::fileSelected, this,
            [then = std::move(then)](const QString& file) { then(file); });
    dialog->open();
}

void DayDesk::print()
{
    if (QPrinterInfo::defaultPrinter().isNull()) {
        m_message->say(Tone::Warn,
                       tr("No printer is set up on this computer. It can be saved as PDF instead."),
                       {{tr("Save as PDF…"), QStringLiteral("savePdfInstead"), [this] { savePdf(); }}});
        return;
    }
    QPrinter printer(QPrinter::HighResolution);
    printer.setPageOrientation(QPageLayout::Landscape);
    printer.setDocName(tr("Calendar"));
    if (!printSchedule(printer, m_model))
        return say(tr("It could not be printed. The printer does not take it at the moment."));
    m_session.frontDesk().noteExported(QStringLiteral("print ") + shownText());
    Q_EMIT notice(tr("Sent to the printer %1.").arg(printer.printerName()));
}

void DayDesk::savePdf()
{
    chooseFile(tr("Save as PDF"), shownFileName(), tr("PDF (*.pdf)"),
               [this](const QString& file) { writePdf(file); });
}

void DayDesk::saveCalendarFile()
{
    std::vector<AppointmentRow> rows;
    for (const ScheduleColumn& column : m_model.columns())
        for (const ScheduleEntry& entry : column.entries)
            if (!entry.waiting)
                rows.push_back(entry.row);
    chooseFile(
        tr("Save as a calendar file"), shownFileName(), tr("Calendar file (*.ics)"),
        [this, rows, what = shownText()](const QString& file) { writeCalendarFile(file, rows, what); });
}

void DayDesk::saveCalendarFile(const AppointmentRow& row)
{
    const QString what =
        QStringLiteral("appointment %1").arg(QString::fromStdString(row.appointment.id.text()));
    chooseFile(tr("Save as a calendar file"), tr("Appointment"), tr("Calendar file (*.ics)"),
               [this, row, what](const QString& file) { writeCalendarFile(file, {row}, what); });
}

bool DayDesk::writePdf(const QString& file)
{
    QSaveFile out(file);
    bool written = out.open(QIODevice::WriteOnly);
    if (written) {
        QPdfWriter writer(&out);
        writer.setResolution(kPdfResolution);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageOrientation(QPageLayout::Landscape);
        writer.setTitle(m_session.clinicName());
        written = printSchedule(writer, m_model);
    }
    return noteFile(file, written && out.commit(), QStringLiteral("pdf ") + shownText());
}

bool DayDesk::writeCalendarFile(const QString& file, const std::vector<AppointmentRow>& rows,
                                const QString& what)
{
    std::vector<CalendarEvent> events;
    for (const AppointmentRow& row : rows) {
        const Appointment& visit = row.appointment;
        QString who;
        for (const CalendarResource& each : m_model.practitioners())
            if (each.id == visit.practitioner)
                who = each.name;
        CalendarEvent event{visit.id, visit.start, visit.end, visit.status, row.revision, {}, {}, {}};
        event.summary = joinFacts({whoText(row), row.serviceName});
        event.location = joinFacts({row.roomName, m_session.clinicName()});
        event.description = joinFacts({who, row.patientName.isEmpty() ? QString() : visit.description});
        events.push_back(std::move(event));
    }
    QSaveFile out(file);
    const QByteArray text = iCalendar(events, m_session.clinicName(), m_session.clock().now());
    const bool written = out.open(QIODevice::WriteOnly) && out.write(text) == text.size() && out.commit();
    return noteFile(file, written, QStringLiteral("ics ") + what);
}

bool DayDesk::noteFile(const QString& file, bool written, const QString& what)
{
    if (!written) {
        m_message->say(Tone::Warn, tr("%1 could not be written. Choose another place, or make room there.")
                                       .arg(QDir::toNativeSeparators(file)));
        return false;
    }
    m_session.frontDesk().noteExported(what);
    Q_EMIT notice(tr("Saved as %1. The file is not encrypted.").arg(QDir::toNativeSeparators(file)));
    return true;
}

} // namespace yarrow
