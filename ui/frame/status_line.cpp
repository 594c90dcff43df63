// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/status_line.h"

#include "ui/frame/tunables.h"
#include "ui/widgets/controls.h"

#include <QHBoxLayout>
#include <QLabel>

namespace yarrow {

StatusLine::StatusLine(const ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_icon(new IconLabel(QStringLiteral("workstation"), ColorToken::TextMuted, 16))
    , m_state(makeLabel({}, TextStyle::Small, ColorToken::TextMuted))
    , m_noticeIcon(new IconLabel(QStringLiteral("check"), ColorToken::Good, 16))
    , m_notice(makeLabel({}, TextStyle::Small))
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("status"));
    m_state->setObjectName(QStringLiteral("workstationState"));
    m_notice->setObjectName(QStringLiteral("notice"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.space(4), theme.space(1), theme.space(4), theme.space(1));
    row->setSpacing(theme.space(2));
    row->addWidget(m_icon);
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
    connect(&session, &ClinicSession::stateChanged, this, &StatusLine::refresh);
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
    const WorkstationState state = m_session.state();
    const int unsent = state.unsentChanges;
    QString text;
    if (!state.hasServer)
        text = unsent > 0 ? tr("On this workstation only · %n changes kept here", nullptr, unsent)
                          : tr("On this workstation only");
    else
        text = unsent > 0 ? tr("%n changes not sent yet, kept here", nullptr, unsent)
                          : tr("No change is waiting to be sent");
    m_state->setText(text);
    m_state->setAccessibleName(text);
}

} // namespace yarrow
