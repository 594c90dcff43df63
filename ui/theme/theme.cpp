// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "core/error.h"
#include "ui/theme/icon_engine.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QHash>
#include <QPixmapCache>
#include <QPointer>
#include <QRegularExpression>
#include <QStyle>
#include <QStyleHints>

#include <algorithm>

static void initResources()
{
    Q_INIT_RESOURCE(icons);
    Q_INIT_RESOURCE(theme);
}

namespace yarrow {

namespace {

constexpr qreal kSmallestBodyPoints = 10.0;

qreal sizeFactor(TextStyle style) noexcept
{
    switch (style) {
    case TextStyle::Small:
        return 0.9;
    case TextStyle::Body:
    case TextStyle::Strong:
    case TextStyle::Figures:
        return 1.0;
    case TextStyle::Heading:
        return 1.2;
    case TextStyle::Code:
        return 1.35;
    case TextStyle::Title:
        return 1.6;
    }
    return 1.0;
}

bool isDarkPalette(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

QString pointSize(const QFont& font)
{
    return QString::number(font.pointSizeF(), 'f', 2) + QStringLiteral("pt");
}

} // namespace

Theme::Theme()
    : QObject(qApp)
    , m_systemDark(isDarkPalette(QApplication::palette()))
    , m_systemFont(QApplication::font())
{
    initResources();
}

Theme& Theme::current()
{
    static QPointer<Theme> theme;
    if (!theme)
        theme = new Theme;
    return *theme;
}

void Theme::install()
{
    if (!m_installed) {
        m_installed = true;
        QApplication::setStyle(new Style); // the application owns it
        qApp->installEventFilter(this);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
        connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &Theme::followSystem);
#endif
        followSystem();
    }
    m_dark = m_scheme == Scheme::Dark || (m_scheme == Scheme::System && m_systemDark);
    QPixmapCache::clear();
    QApplication::setPalette(palette());
    QApplication::setFont(font(TextStyle::Body));
    qApp->setStyleSheet(styleSheet());
    Q_EMIT changed();
}

void Theme::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    if (m_installed)
        install();
}

void Theme::setScale(int percent)
{
    m_scale = std::clamp(percent, 75, 200);
    if (m_installed)
        install();
}

void Theme::followSystem()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const Qt::ColorScheme scheme = QGuiApplication::styleHints()->colorScheme();
    const bool dark = scheme == Qt::ColorScheme::Unknown ? m_systemDark : scheme == Qt::ColorScheme::Dark;
#else
    // Before Qt 6.5 only the platform's own palette tells; Fusion hands it out as its standard palette.
    const bool dark = m_systemDark || isDarkPalette(QApplication::style()->standardPalette());
#endif
    if (dark == m_systemDark)
        return;
    m_systemDark = dark;
    if (m_scheme == Scheme::System)
        install();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ThemeChange)
        followSystem();
    return QObject::eventFilter(watched, event);
}

int Theme::iconPx(int side) const noexcept
{
    return side * m_scale / 100;
}

int Theme::px(int length) const noexcept
{
    return length * (100 + (m_scale - 100) / 2) / 100;
}

QFont Theme::font(TextStyle style) const
{
    QFont font =
        style == TextStyle::Code ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : m_systemFont;
    const qreal body = std::max(m_systemFont.pointSizeF(), kSmallestBodyPoints);
    font.setPointSizeF(body * sizeFactor(style) * m_scale / 100.0);
    if (style == TextStyle::Strong || style == TextStyle::Heading || style == TextStyle::Title)
        font.setWeight(QFont::DemiBold);
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    if (style == TextStyle::Figures)
        font.setFeature("tnum", 1);
#endif
    return font;
}

QIcon Theme::icon(QStringView name, ColorToken token)
{
    return QIcon(new IconEngine(name.toString(), token));
}

QPalette Theme::palette() const
{
    QPalette palette;
    palette.setColor(QPalette::Window, color(ColorToken::Window));
    palette.setColor(QPalette::WindowText, color(ColorToken::Text));
    palette.setColor(QPalette::Base, color(ColorToken::Surface));
    palette.setColor(QPalette::AlternateBase, color(ColorToken::SurfaceSunken));
    palette.setColor(QPalette::Text, color(ColorToken::Text));
    palette.setColor(QPalette::PlaceholderText, color(ColorToken::TextMuted));
    palette.setColor(QPalette::Button, color(ColorToken::Surface));
    palette.setColor(QPalette::ButtonText, color(ColorToken::Text));
    palette.setColor(QPalette::BrightText, color(ColorToken::Bad));
    palette.setColor(QPalette::Highlight, color(ColorToken::Accent));
    palette.setColor(QPalette::HighlightedText, color(ColorToken::OnAccent));
    palette.setColor(QPalette::Link, color(ColorToken::Accent));
    palette.setColor(QPalette::LinkVisited, color(ColorToken::Accent));
    palette.setColor(QPalette::ToolTipBase, color(ColorToken::Text));
    palette.setColor(QPalette::ToolTipText, color(ColorToken::Window));
    palette.setColor(QPalette::Light, color(ColorToken::Surface));
    palette.setColor(QPalette::Midlight, color(ColorToken::Hover));
    palette.setColor(QPalette::Mid, color(ColorToken::Line));
    palette.setColor(QPalette::Dark, color(ColorToken::LineStrong));
    palette.setColor(QPalette::Shadow, color(ColorToken::LineStrong));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, color(ColorToken::TextMuted));
    return palette;
}

QString Theme::styleSheet() const
{
    static const QHash<QString, ColorToken> kColors{
        {QStringLiteral("window"), ColorToken::Window},
        {QStringLiteral("surface"), ColorToken::Surface},
        {QStringLiteral("surfaceSunken"), ColorToken::SurfaceSunken},
        {QStringLiteral("hover"), ColorToken::Hover},
        {QStringLiteral("selection"), ColorToken::Selection},
        {QStringLiteral("line"), ColorToken::Line},
        {QStringLiteral("lineStrong"), ColorToken::LineStrong},
        {QStringLiteral("text"), ColorToken::Text},
        {QStringLiteral("textMuted"), ColorToken::TextMuted},
        {QStringLiteral("accent"), ColorToken::Accent},
        {QStringLiteral("accentHover"), ColorToken::AccentHover},
        {QStringLiteral("accentSoft"), ColorToken::AccentSoft},
        {QStringLiteral("onAccent"), ColorToken::OnAccent},
        {QStringLiteral("good"), ColorToken::Good},
        {QStringLiteral("goodSoft"), ColorToken::GoodSoft},
        {QStringLiteral("warn"), ColorToken::Warn},
        {QStringLiteral("warnSoft"), ColorToken::WarnSoft},
        {QStringLiteral("bad"), ColorToken::Bad},
        {QStringLiteral("badSoft"), ColorToken::BadSoft},
        {QStringLiteral("info"), ColorToken::Info},
        {QStringLiteral("infoSoft"), ColorToken::InfoSoft},
    };
    QFile file(QStringLiteral(":/theme/yarrow.qss"));
    YARROW_ASSERT(file.open(QIODevice::ReadOnly));
    const QString source = QString::fromUtf8(file.readAll());

    static const QRegularExpression kPlaceholder(
        QStringLiteral("@size-(?<size>[a-z]+)|@(?<name>[a-zA-Z]+)|(?<length>\\d+)dp"));
    QString sheet;
    qsizetype done = 0;
    for (auto it = kPlaceholder.globalMatch(source); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        sheet += QStringView(source).mid(done, match.capturedStart() - done);
        done = match.capturedEnd();
        const QString size = match.captured(QStringLiteral("size"));
        const QString name = match.captured(QStringLiteral("name"));
        if (size == QLatin1String("small"))
            sheet += pointSize(font(TextStyle::Small));
        else if (size == QLatin1String("heading"))
            sheet += pointSize(font(TextStyle::Heading));
        else if (size == QLatin1String("code"))
            sheet += pointSize(font(TextStyle::Code));
        else if (size == QLatin1String("title"))
            sheet += pointSize(font(TextStyle::Title));
        else if (size == QLatin1String("body"))
            sheet += pointSize(font(TextStyle::Body));
        else if (name == QLatin1String("scheme"))
            sheet += m_dark ? QLatin1String("dark") : QLatin1String("light");
        else if (!name.isEmpty()) {
            YARROW_ASSERT(kColors.contains(name));
            sheet += color(kColors.value(name)).name();
        } else {
            sheet +=
                QString::number(px(match.captured(QStringLiteral("length")).toInt())) + QLatin1String("px");
        }
    }
    sheet += QStringView(source).mid(done);
    return sheet;
}

} // namespace yarrow
