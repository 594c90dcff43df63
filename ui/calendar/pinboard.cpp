// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/pinboard.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QBoxLayout>
#include <QDateTime>

namespace yarrow {

Pinboard::Pinboard(PinnedAppointments& pinned, const QTimeZone& zone, Qt::Orientation orientation,
                   QWidget* parent)
    : QFrame(parent)
    , m_pinned(pinned)
    , m_zone(zone)
    , m_orientation(orientation)
    , m_cards(
          new QBoxLayout(orientation == Qt::Horizontal ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom))
    , m_hint(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
{
    setObjectName(QStringLiteral("pinboard"));
    setProperty("look", QStringLiteral("panel"));
    setAccessibleName(tr("Pinboard"));
    const Theme& theme = Theme::current();
    m_cards->setSpacing(theme.space(1));
    if (orientation == Qt::Horizontal) {
        auto* row = new QHBoxLayout(this);
        row->setContentsMargins(theme.space(4), theme.space(2), theme.space(4), theme.space(2));
        row->setSpacing(theme.space(2));
        row->addWidget(new IconLabel(QStringLiteral("cut"), ColorToken::TextMuted, 16));
        row->addWidget(makeLabel(tr("Pinboard"), TextStyle::Strong));
        row->addLayout(m_cards);
        row->addStretch(1);
        m_hint->setWordWrap(false);
        row->addWidget(m_hint);
    } else {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(theme.space(1));
        column->addLayout(m_cards);
        column->addWidget(m_hint);
    }
    connect(&pinned, &PinnedAppointments::changed, this, &Pinboard::rebuild);
    rebuild();
}

void Pinboard::rebuild()
{
    while (QLayoutItem* item = m_cards->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const AppointmentRow& row : m_pinned.rows()) {
        const QString when = timeText(localTime(row.appointment.start, m_zone).time());
        auto* card =
            makeButton(tr("%1  %2", "time, patient").arg(when, whoText(row)), ButtonKind::Normal, {}, this);
        card->setIcon(Theme::icon(u"close", ColorToken::TextMuted));
        card->setToolTip(tr("Take it off the pinboard; it stays where it is"));
        connect(card, &QPushButton::clicked, &m_pinned,
                [this, id = row.appointment.id] { m_pinned.unpin(id); });
        m_cards->addWidget(card);
    }
    const bool empty = m_pinned.isEmpty();
    m_hint->setText(empty ? tr("Ctrl+X pins the selected appointment here, Ctrl+V puts it elsewhere.")
                          : tr("Ctrl+V puts the last one at the selected time"));
    if (m_orientation == Qt::Horizontal)
        setVisible(!empty);
}

} // namespace yarrow
