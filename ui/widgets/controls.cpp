// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/controls.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFrame>
#include <QPainter>
#include <QStyle>
#include <QVariant>

namespace yarrow {

namespace {

QString styleName(TextStyle style)
{
    switch (style) {
    case TextStyle::Small:
        return QStringLiteral("small");
    case TextStyle::Body:
    case TextStyle::Figures:
        return QStringLiteral("body");
    case TextStyle::Strong:
        return QStringLiteral("strong");
    case TextStyle::Heading:
        return QStringLiteral("heading");
    case TextStyle::Title:
        return QStringLiteral("title");
    case TextStyle::Code:
        return QStringLiteral("code");
    }
    return {};
}

QString inkName(ColorToken ink)
{
    switch (ink) {
    case ColorToken::TextMuted:
        return QStringLiteral("muted");
    case ColorToken::Accent:
        return QStringLiteral("accent");
    case ColorToken::Good:
        return QStringLiteral("good");
    case ColorToken::Warn:
        return QStringLiteral("warn");
    case ColorToken::Bad:
        return QStringLiteral("bad");
    case ColorToken::Info:
        return QStringLiteral("info");
    default:
        return QStringLiteral("text");
    }
}

/// A label at the leading (or trailing) edge of the layout. QLabel goes by the direction of its text instead,
/// so that a Latin name would stand at the wrong side of a right-to-left page.
class EdgeLabel final : public QLabel
{
public:
    using QLabel::QLabel;
    void setTrailing(bool trailing)
    {
        m_trailing = trailing;
        align();
    }

protected:
    void changeEvent(QEvent* event) override
    {
        if (event->type() == QEvent::LayoutDirectionChange)
            align();
        QLabel::changeEvent(event);
    }
    void showEvent(QShowEvent* event) override
    {
        align();
        QLabel::showEvent(event);
    }

private:
    void align()
    {
        if (alignment().testFlag(Qt::AlignHCenter))
            return;
        const bool right = (layoutDirection() == Qt::RightToLeft) != m_trailing;
        setAlignment((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute |
                     (alignment() & Qt::AlignVertical_Mask));
    }

    bool m_trailing = false;
};

} // namespace

QLabel* makeLabel(const QString& text, TextStyle style, ColorToken ink, QWidget* parent)
{
    auto* label = new EdgeLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("textStyle", styleName(style));
    label->setProperty("ink", inkName(ink));
    return label;
}

QLabel* makeParagraph(const QString& text, TextStyle style, ColorToken ink, QWidget* parent)
{
    QLabel* label = makeLabel(text, style, ink, parent);
    label->setWordWrap(true);
    return label;
}

QLabel* makeTrailingLabel(const QString& text, TextStyle style, ColorToken ink, QWidget* parent)
{
    QLabel* label = makeLabel(text, style, ink, parent);
    static_cast<EdgeLabel*>(label)->setTrailing(true);
    return label;
}

void setInk(QLabel* label, ColorToken ink)
{
    setLook(label, "ink", inkName(ink));
}

QPushButton* makeButton(const QString& text, ButtonKind kind, const QString& name, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setAutoDefault(false);
    button->setIconSize(QSize(Theme::current().iconSize(), Theme::current().iconSize()));
    if (kind == ButtonKind::Primary)
        button->setProperty("variant", QStringLiteral("primary"));
    else if (kind == ButtonKind::Quiet)
        button->setProperty("variant", QStringLiteral("quiet"));
    else if (kind == ButtonKind::Danger)
        button->setProperty("variant", QStringLiteral("danger"));
    return button;
}

QToolButton* makeIconButton(const QString& icon, const QString& what, const QString& name, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(Theme::icon(icon));
    button->setIconSize(QSize(Theme::current().iconSize(), Theme::current().iconSize()));
    button->setAccessibleName(what);
    button->setToolTip(what);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

void addSearchIcon(QLineEdit& edit)
{
    const auto nameNewButtons = [&edit](const QString& name) {
        for (QToolButton* button : edit.findChildren<QToolButton*>()) {
            if (button->accessibleName().isEmpty())
                button->setAccessibleName(name);
        }
    };
    nameNewButtons(QCoreApplication::translate("yarrow::Controls", "Clear"));
    edit.addAction(Theme::icon(u"search", ColorToken::TextMuted), QLineEdit::LeadingPosition);
    nameNewButtons(QCoreApplication::translate("yarrow::Controls", "Search"));
}

QWidget* makeLine(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("look", QStringLiteral("line"));
    return line;
}

QWidget* makeUpright(QWidget* parent)
{
    auto* line = new QFrame(parent);
    line->setProperty("look", QStringLiteral("upright"));
    return line;
}

void setLook(QWidget* widget, const char* property, const QVariant& value)
{
    if (widget->property(property) == value)
        return;
    widget->setProperty(property, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

IconLabel::IconLabel(const QString& icon, ColorToken token, int side, QWidget* parent)
    : QWidget(parent)
    , m_icon(Theme::icon(icon, token))
    , m_side(side)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::current(), &Theme::changed, this, &QWidget::updateGeometry);
}

void IconLabel::setIcon(const QString& icon, ColorToken token)
{
    m_icon = Theme::icon(icon, token);
    update();
}

QSize IconLabel::sizeHint() const
{
    const int side = Theme::current().iconPx(m_side);
    return {side, side};
}

void IconLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

} // namespace yarrow
