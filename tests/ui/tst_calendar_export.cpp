// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "ui/calendar/day_desk.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace yarrow;

/// What leaves the calendar as a file: a PDF of the day and of the week, read back with pdftotext, and
/// calendar files.
class TestCalendarExport : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;

    static DayDesk& desk(CalendarFixture& f)
    {
        return *f.page->findChild<DayDesk*>(QStringLiteral("dayDesk"));
    }
    static MemoryFrontDesk& audit(CalendarFixture& f)
    {
        return static_cast<MemoryFrontDesk&>(f.session->frontDesk());
    }
    static QString textOf(const QString& pdf)
    {
        QProcess reader;
        reader.start(QStandardPaths::findExecutable(QStringLiteral("pdftotext")),
                     {QStringLiteral("-layout"), pdf, QStringLiteral("-")});
        reader.waitForFinished();
        return QString::fromUtf8(reader.readAllStandardOutput());
    }

private Q_SLOTS:
    void day_isReadBackFromItsPdf_onAsManyPagesAsItsColumnsNeed()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
            QSKIP("pdftotext is not installed");
        CalendarFixture f;
        for (int i = 0; i < 4; ++i)
            f.session->addPractitioner(QStringLiteral("Dr. Number %1").arg(i), {});
        f.add(f.first, f.at(11), 30);
        f.add(f.second, f.at(14), 30);
        f.show();
        const QString file = m_folder.filePath(QStringLiteral("day.pdf"));
        QVERIFY(desk(f).writePdf(file));
        const QString text = textOf(file);
        for (const QString& each :
             {QStringLiteral("Yarrow Test Clinic"), QStringLiteral("Tuesday, 12 May 2026"),
              QStringLiteral("Dr. One"), QStringLiteral("Dr. Number 3"),
              QStringLiteral("11:00  Rossi, Ada").simplified(), QStringLiteral("Check-up"),
              QStringLiteral("Page 2 of 2")})
            QVERIFY2(text.simplified().contains(each), qPrintable(each + QLatin1String(" in ") + text));
        QCOMPARE(audit(f).exported(), QStringList{QStringLiteral("pdf day 2026-05-12")});
    }
    void week_isReadBackFromItsPdf()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
            QSKIP("pdftotext is not installed");
        CalendarFixture f;
        f.add(f.first, f.at(11) + std::chrono::hours(48), 30);
        f.show();
        f.press(Qt::Key_4, Qt::AltModifier);
        QVERIFY(f.page->model().isWeek());
        const QString file = m_folder.filePath(QStringLiteral("week.pdf"));
        QVERIFY(desk(f).writePdf(file));
        const QString text = textOf(file).simplified();
        for (const QString& each : {QStringLiteral("Thursday 14"), QStringLiteral("11:00 Rossi, Ada"),
                                    QStringLiteral("Page 1 of 1")})
            QVERIFY2(text.contains(each), qPrintable(each + QLatin1String(" in ") + text));
    }
    void placeThatCannotBeWritten_isToldAbout()
    {
        CalendarFixture f;
        f.show();
        QVERIFY(!desk(f).writePdf(QStringLiteral("/nowhere/at/all.pdf")));
        QVERIFY(f.message().contains(QStringLiteral("could not be written")));
        QVERIFY(audit(f).exported().isEmpty());
    }
    void calendarFile_holdsWhatIsShown()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11), 30);
        f.show();
        const QString file = m_folder.filePath(QStringLiteral("day.ics"));
        QVERIFY(desk(f).writeCalendarFile(file, {f.page->model().entry(id)->row}, QStringLiteral("day")));
        QFile in(file);
        QVERIFY(in.open(QIODevice::ReadOnly));
        const QByteArray text = in.readAll();
        QVERIFY(text.contains("DTSTART:20260512T090000Z\r\n"));
        QVERIFY(text.contains("SUMMARY:Rossi\\, Ada"));
        QCOMPARE(audit(f).exported(), QStringList{QStringLiteral("ics day")});
    }
};

QTEST_MAIN(TestCalendarExport)
#include "tst_calendar_export.moc"
