// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/rail.h"

#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace yarrow {
namespace {

/// A page's button, with a count at the corner of its icon.
class RailButton final : public QToolButton
{
public:
    void setBadge(int count)
    {
        m_badge = count;
        update();
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QToolButton::paintEvent(event);
        if (m_badge <= 0)
            return;
        constexpr int kMost = 99;
        const Theme& theme = Theme::current();
        const QString text = m_badge > kMost ? QStringLiteral("%1+").arg(kMost) : QString::number(m_badge);
        const QFontMetrics metrics(theme.font(TextStyle::Small));
        const int height = metrics.height();
        const int width = std::max(height, metrics.horizontalAdvance(text) + theme.space(2));
        const int icon = iconSize().width();
        QRect pill(rect().center().x() + icon / 4, theme.px(4), width, height);
        pill.moveRight(std::min(pill.right(), rect().right() - theme.px(2)));
        pill = QStyle::visualRect(layoutDirection(), rect(), pill);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.color(ColorToken::Surface), 2));
        painter.setBrush(theme.color(ColorToken::Warn));
        painter.drawRoundedRect(pill.adjusted(-1, -1, 1, 1), height / 2.0, height / 2.0);
        painter.setFont(theme.font(TextStyle::Small));
        painter.setPen(theme.color(ColorToken::OnAccent));
        painter.drawText(pill, Qt::AlignCenter, text);
    }

private:
    int m_badge = 0;
};

} // namespace

Rail::Rail(QWidget* parent)
    : QFrame(parent)
    , m_column(new QVBoxLayout(this))
    , m_buttons(new QButtonGroup(this))
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("rail"));
    setAccessibleName(tr("Pages"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_column->setContentsMargins(theme.space(2), theme.space(3), theme.space(2), theme.space(3));
    m_column->setSpacing(theme.space(1));
    m_column->addStretch(1);
    // Assistive technology toggles a button without clicking it.
    connect(m_buttons, &QButtonGroup::idToggled, this, [this](int page, bool on) {
        if (on && page != m_current) {
            m_current = page;
            Q_EMIT chosen(page);
            m_clicked = -1; // the click that did it is none on a page in front
        }
    });
    connect(m_buttons, &QButtonGroup::idClicked, this, [this](int page) {
        if (std::exchange(m_clicked, page) == page)
            Q_EMIT chosen(page); // to a page that is in front already: it takes the keyboard
    });
}

void Rail::addPage(const QString& icon, const QString& title, const QString& name)
{
    const Theme& theme = Theme::current();
    const int index = static_cast<int>(m_buttons->buttons().size());
    auto* button = new RailButton;
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

void Rail::setBadge(int page, int count, const QString& what)
{
    auto* button = static_cast<RailButton*>(m_buttons->button(page));
    if (button == nullptr)
        return;
    button->setBadge(count);
    button->setAccessibleDescription(count > 0 ? what : QString());
}

void Rail::setCurrent(int page)
{
    m_current = m_clicked = page;
    if (QAbstractButton* button = m_buttons->button(page))
        button->setChecked(true);
}

int Rail::current() const
{
    return m_buttons->checkedId();
}

} // namespace yarrow
