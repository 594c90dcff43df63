// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/status_line.h"

#include "models/items/exchange_desk.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/frame/tunables.h"
#include "ui/widgets/controls.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace yarrow {

StatusLine::StatusLine(ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_state(makeButton({}, ButtonKind::Quiet, QStringLiteral("workstationState")))
    , m_noticeIcon(new IconLabel(QStringLiteral("check"), ColorToken::Good, 16))
    , m_notice(makeLabel({}, TextStyle::Small))
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("status"));
    m_state->setProperty("look", QStringLiteral("state"));
    m_state->setIconSize(QSize(theme.iconPx(16), theme.iconPx(16)));
    m_state->setToolTip(tr("Open the Sync Centre"));
    connect(m_state, &QPushButton::clicked, this, &StatusLine::syncCentreRequested);
    m_notice->setObjectName(QStringLiteral("notice"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(2), theme.px(2), theme.space(4), theme.px(2));
    row->setSpacing(theme.space(2));
    row->addWidget(m_state);
    row->addStretch(1);
    row->addWidget(m_noticeIcon);
    row->addWidget(m_notice);
    row->addStretch(1);
    // Whoever plans by the clinic's clock should know it when the computer has another.
    const QTimeZone zone = session.zone();
    const QDateTime now =
        QDateTime::fromMSecsSinceEpoch(session.clock().now().time_since_epoch().count(), Qt::UTC);
    if (zone.offsetFromUtc(now) != QTimeZone::systemTimeZone().offsetFromUtc(now))
        row->addWidget(makeLabel(tr("Times in %1").arg(QString::fromLatin1(zone.id())), TextStyle::Small,
                                 ColorToken::TextMuted));

    m_noticeShown.setSingleShot(true);
    m_noticeShown.setInterval(tunables::kNoticeShown);
    connect(&m_noticeShown, &QTimer::timeout, this, [this] { notice({}); });
    connect(&session.exchange(), &ExchangeDesk::statusChanged, this, &StatusLine::refresh);
    connect(&Theme::current(), &Theme::changed, this, &StatusLine::refresh);
    m_tick.setInterval(tunables::kStatusTick);
    connect(&m_tick, &QTimer::timeout, this, &StatusLine::refresh);
    m_tick.start();
    notice({});
    refresh();
}

void StatusLine::notice(const QString& sentence)
{
    m_notice->setText(sentence);
    m_notice->setVisible(!sentence.isEmpty());
    m_noticeIcon->setVisible(!sentence.isEmpty());
    if (!sentence.isEmpty())
        m_noticeShown.start();
}

QString StatusLine::text() const
{
    return m_state->text();
}

void StatusLine::refresh()
{
    const ExchangeLook look =
        lookOf(m_session.exchange().status(), m_session.clock().now(), m_session.zone());
    m_state->setText(look.text);
    m_state->setIcon(Theme::icon(look.icon, toneInk(look.tone)));
    m_state->setAccessibleName(look.text);
    m_state->setAccessibleDescription(tr("Opens the Sync Centre"));
    setLook(m_state, "tone", toneName(look.tone));
}

} // namespace yarrow
