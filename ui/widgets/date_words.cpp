// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/date_words.h"

namespace yarrow {

bool dayFirst(const QLocale& locale)
{
    const QString format = locale.dateFormat(QLocale::ShortFormat);
    return format.indexOf(u'd') < format.indexOf(u'M');
}

int monthNamed(const QString& word, const QLocale& locale)
{
    QString wanted = word.toCaseFolded();
    wanted.remove(u'.');
    if (wanted.size() < 3)
        return 0;
    for (const QLocale& names : {locale, QLocale::c()}) {
        for (int month = 1; month <= 12; ++month) {
            for (const QString& name : {names.monthName(month, QLocale::LongFormat),
                                        names.standaloneMonthName(month, QLocale::LongFormat),
                                        names.monthName(month, QLocale::ShortFormat)}) {
                QString known = name.toCaseFolded();
                known.remove(u'.');
                if (known.startsWith(wanted))
                    return month;
            }
        }
    }
    return 0;
}

QString withPlainDigits(const QString& text)
{
    QString plain;
    for (const QChar c : text)
        plain += c.isDigit() ? QChar(u'0' + c.digitValue()) : c;
    return plain;
}

} // namespace yarrow
