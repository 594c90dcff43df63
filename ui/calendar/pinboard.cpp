// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/pinboard.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QDateTime>
#include <QHBoxLayout>

#include <algorithm>

namespace yarrow {

Pinboard::Pinboard(const QTimeZone& zone, QWidget* parent)
    : QFrame(parent)
    , m_zone(zone)
    , m_cards(new QHBoxLayout)
{
    setObjectName(QStringLiteral("pinboard"));
    setProperty("look", QStringLiteral("panel"));
    setAccessibleName(tr("Pinboard"));
    const Theme& theme = Theme::current();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(4), theme.space(2), theme.space(4), theme.space(2));
    row->setSpacing(theme.space(2));
    row->addWidget(new IconLabel(QStringLiteral("cut"), ColorToken::TextMuted, 16));
    row->addWidget(makeLabel(tr("Pinboard"), TextStyle::Strong));
    row->addLayout(m_cards);
    row->addStretch(1);
    row->addWidget(makeLabel(tr("Ctrl+V puts the last one at the selected time"), TextStyle::Small,
                             ColorToken::TextMuted));
    hide();
}

void Pinboard::pin(const AppointmentRow& row)
{
    unpin(row.appointment.id);
    m_rows.push_back(row);
    rebuild();
}

void Pinboard::unpin(const AppointmentId& id)
{
    m_rows.erase(std::remove_if(m_rows.begin(), m_rows.end(),
                                [&](const AppointmentRow& row) { return row.appointment.id == id; }),
                 m_rows.end());
    rebuild();
}

void Pinboard::rebuild()
{
    while (QLayoutItem* item = m_cards->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const AppointmentRow& row : m_rows) {
        const QString when = timeText(localTime(row.appointment.start, m_zone).time());
        auto* card =
            makeButton(tr("%1  %2", "time, patient").arg(when, whoText(row)), ButtonKind::Normal, {}, this);
        card->setIcon(Theme::icon(u"close", ColorToken::TextMuted));
        card->setToolTip(tr("Take it off the pinboard; it stays where it is"));
        connect(card, &QPushButton::clicked, this, [this, id = row.appointment.id] { unpin(id); });
        m_cards->addWidget(card);
    }
    setVisible(!m_rows.empty());
}

} // namespace yarrow
