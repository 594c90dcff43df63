// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/rail.h"

#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QToolButton>
#include <QVBoxLayout>

namespace yarrow {

Rail::Rail(QWidget* parent)
    : QFrame(parent)
    , m_column(new QVBoxLayout(this))
    , m_buttons(new QButtonGroup(this))
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("rail"));
    setAccessibleName(tr("Pages"));
    m_column->setContentsMargins(theme.space(2), theme.space(3), theme.space(2), theme.space(3));
    m_column->setSpacing(theme.space(1));
    m_column->addStretch(1);
    connect(m_buttons, &QButtonGroup::idClicked, this, &Rail::chosen);
}

void Rail::addPage(const QString& icon, const QString& title, const QString& name)
{
    const Theme& theme = Theme::current();
    const int index = static_cast<int>(m_buttons->buttons().size());
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setProperty("look", QStringLiteral("rail"));
    button->setText(title);
    button->setAccessibleName(title);
    button->setToolTip(tr("%1 (Ctrl+%2)").arg(title).arg(index + 1));
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setIconSize(QSize(theme.iconPx(24), theme.iconPx(24)));
    button->setIcon(Theme::icon(icon, ColorToken::TextMuted));
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(button, &QToolButton::toggled, button, [button, icon](bool on) {
        button->setIcon(Theme::icon(icon, on ? ColorToken::Accent : ColorToken::TextMuted));
    });
    m_buttons->addButton(button, index);
    m_column->insertWidget(index, button);
}

void Rail::setCurrent(int page)
{
    if (QAbstractButton* button = m_buttons->button(page))
        button->setChecked(true);
}

int Rail::current() const
{
    return m_buttons->checkedId();
}

} // namespace yarrow
