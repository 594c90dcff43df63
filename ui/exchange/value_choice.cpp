// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/value_choice.h"

#include "ui/theme/theme.h"

#include <QGuiApplication>
#include <QPainter>
#include <QStyle>

namespace yarrow {
namespace {

constexpr int kLeastWidth = 120; ///< at 100 %
constexpr int kMark = 18;

QFont captionFont()
{
    return Theme::current().font(TextStyle::Small);
}

/// Each line keeps its own direction: a telephone number is not turned round in a right-to-left page.
QString isolated(const QString& text)
{
    if (!QGuiApplication::isRightToLeft())
        return text;
    QStringList lines = text.split(u'\n');
    for (QString& line : lines)
        line = QChar(0x2068) + line + QChar(0x2069);
    return lines.join(u'\n');
}

} // namespace

ValueChoice::ValueChoice(const QString& caption, const QString& value, QWidget* parent)
    : QAbstractButton(parent)
    , m_caption(caption)
{
    setText(value);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::MinimumExpanding);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("%1: %2", "whose value: value").arg(caption, QString(value).replace(u'\n', u' ')));
}

void ValueChoice::setChangeable(bool changeable)
{
    m_changeable = changeable;
    setFocusPolicy(changeable ? Qt::StrongFocus : Qt::NoFocus);
    update();
}

void ValueChoice::nextCheckState()
{
    if (m_changeable)
        setChecked(true);
}

QRect ValueChoice::textRect(int width) const
{
    const Theme& theme = Theme::current();
    const int pad = theme.space(3);
    const int lead = pad + theme.iconPx(kMark) + theme.space(2);
    const int top = pad + QFontMetrics(captionFont()).height() + theme.px(2);
    const QRect room(lead, top, std::max(1, width - lead - pad), 10'000);
    return QFontMetrics(theme.font(TextStyle::Body)).boundingRect(room, Qt::TextWordWrap, isolated(text()));
}

int ValueChoice::heightForWidth(int width) const
{
    const QRect rect = textRect(width);
    return rect.top() + rect.height() + Theme::current().space(3);
}

QSize ValueChoice::sizeHint() const
{
    const int width = Theme::current().px(kLeastWidth * 2);
    return {width, heightForWidth(width)};
}

QSize ValueChoice::minimumSizeHint() const
{
    const int width = Theme::current().px(kLeastWidth);
    return {width, QFontMetrics(captionFont()).height() * 3};
}

void ValueChoice::paintEvent(QPaintEvent* /*event*/)
{
    const Theme& theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool on = isChecked();
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    const double radius = theme.px(6);
    const bool quiet = !m_changeable && !on;
    painter.setPen(QPen(theme.color(on ? ColorToken::Accent : ColorToken::LineStrong), on ? 2 : 1));
    painter.setBrush(theme.color(on                             ? ColorToken::AccentSoft
                                 : quiet                        ? ColorToken::SurfaceSunken
                                 : underMouse() && m_changeable ? ColorToken::Hover
                                                                : ColorToken::Surface));
    painter.drawRoundedRect(frame, radius, radius);
    if (hasFocus()) {
        painter.setPen(QPen(theme.color(ColorToken::Text), 1, Qt::DotLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), radius - 2, radius - 2);
    }

    const auto mirrored = [&](QRect r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    const int pad = theme.space(3);
    const int mark = theme.iconPx(kMark);
    const int captionHeight = QFontMetrics(captionFont()).height();
    QRectF circle(mirrored(QRect(pad, pad + (captionHeight - mark) / 2, mark, mark)));
    painter.setPen(QPen(theme.color(on ? ColorToken::Accent : ColorToken::LineStrong), 1.5));
    painter.setBrush(theme.color(ColorToken::Surface));
    painter.drawEllipse(circle.adjusted(1, 1, -1, -1));
    if (on) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.color(ColorToken::Accent));
        const double inner = mark * 0.28;
        painter.drawEllipse(circle.adjusted(inner, inner, -inner, -inner));
    }

    const QRect text = textRect(width());
    const auto align = static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    painter.setFont(captionFont());
    painter.setPen(theme.color(on ? ColorToken::Accent : ColorToken::TextMuted));
    const QRect captionRoom(pad + mark + theme.space(2), pad, width() - 2 * pad - mark - theme.space(2),
                            captionHeight);
    painter.drawText(mirrored(captionRoom), align | Qt::AlignVCenter | Qt::TextSingleLine,
                     QFontMetrics(captionFont()).elidedText(m_caption, Qt::ElideRight, captionRoom.width()));
    painter.setFont(theme.font(TextStyle::Body));
    painter.setPen(theme.color(quiet ? ColorToken::TextMuted : ColorToken::Text));
    const QRect room(captionRoom.left(), text.top(), captionRoom.width(), height() - text.top());
    painter.drawText(mirrored(room), align | Qt::TextWordWrap, isolated(this->text()));
}

} // namespace yarrow
