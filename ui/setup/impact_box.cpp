// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/impact_box.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

constexpr std::size_t kShown = 8;

} // namespace

ImpactBox::ImpactBox(ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_title(makeParagraph({}, TextStyle::Strong))
    , m_lines(new QVBoxLayout)
    , m_confirm(makeButton(tr("Save all the same"), ButtonKind::Danger, QStringLiteral("impactConfirm")))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("impactBox"));
    setProperty("look", QStringLiteral("note-warn"));
    setAccessibleName(tr("Appointments outside of hours"));
    m_title->setObjectName(QStringLiteral("impactTitle"));
    m_lines->setSpacing(0);
    auto* back = makeButton(tr("Go on editing"), ButtonKind::Normal, QStringLiteral("impactBack"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addStretch(1);
    buttons->addWidget(back);
    buttons->addWidget(m_confirm);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(3));
    column->setSpacing(theme.space(2));
    column->addWidget(m_title);
    column->addLayout(m_lines);
    column->addWidget(
        makeParagraph(tr("They stay as they are until somebody moves them."), TextStyle::Small));
    column->addLayout(buttons);
    connect(m_confirm, &QPushButton::clicked, this, &ImpactBox::confirmed);
    connect(back, &QPushButton::clicked, this, &ImpactBox::dismiss);
    hide();
}

void ImpactBox::ask(const std::vector<AppointmentRow>& rows)
{
    dismiss();
    m_title->setText(
        tr("%n coming appointment(s) would be outside of hours.", nullptr, static_cast<int>(rows.size())));
    for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
        const AppointmentRow& row = rows[i];
        const QDateTime start = localTime(row.appointment.start, m_session.zone());
        QString with;
        for (const CalendarResource& practitioner : m_session.practitioners()) {
            if (practitioner.id == row.appointment.practitioner)
                with = practitioner.name;
        }
        const QString text = joinFacts({whenText(start), row.patientName, with});
        auto* line = makeButton(text, ButtonKind::Quiet, QStringLiteral("impactLine%1").arg(i));
        setLook(line, "flush", true);
        line->setToolTip(tr("Show this day on the calendar"));
        connect(line, &QPushButton::clicked, this, [this, day = start.date()] { Q_EMIT dayRequested(day); });
        m_lines->addWidget(line, 0, Qt::AlignLeading);
    }
    if (rows.size() > kShown)
        m_lines->addWidget(makeLabel(tr("and %n more", nullptr, static_cast<int>(rows.size() - kShown)),
                                     TextStyle::Small, ColorToken::TextMuted));
    show();
    m_confirm->setFocus(Qt::OtherFocusReason);
}

void ImpactBox::dismiss()
{
    hide();
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
}

} // namespace yarrow
