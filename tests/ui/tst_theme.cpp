// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace yarrow {

namespace {

// WCAG 2.1, "relative luminance" and "contrast ratio".
double luminance(const QColor& color)
{
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)}); // by value: no dangling pair
    return (lighter + 0.05) / (darker + 0.05);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::current().install(); }
    void cleanup()
    {
        Theme::current().setScale(100);
        Theme::current().setScheme(Theme::Scheme::Light);
    }

    void contrastIsMeasuredAsTheStandardSays()
    {
        QCOMPARE(qRound(contrast(Qt::black, Qt::white)), 21);
        QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void everyTextHasContrast()
    {
        for (const bool dark : {false, true}) {
            for (const auto& [text, background] : Theme::textPairs()) {
                const double ratio = contrast(Theme::color(text, dark), Theme::color(background, dark));
                QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("token %1 on %2, %3: %4")
                                                      .arg(static_cast<int>(text))
                                                      .arg(static_cast<int>(background))
                                                      .arg(dark ? u"dark" : u"light")
                                                      .arg(ratio)));
            }
        }
    }

    void bordersOfInputsAreSeen()
    {
        for (const bool dark : {false, true})
            QVERIFY(contrast(Theme::color(ColorToken::LineStrong, dark),
                             Theme::color(ColorToken::Surface, dark)) >= 3.0);
    }

    void schemeChangesPaletteAndSaysSo()
    {
        Theme& theme = Theme::current();
        theme.setScheme(Theme::Scheme::Light);
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setScheme(Theme::Scheme::Dark);
        QCOMPARE(changed.count(), 1);
        QVERIFY(theme.isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::color(ColorToken::Window, true));
        theme.setScheme(Theme::Scheme::Light);
        QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::color(ColorToken::Window, false));
    }

    void scaleDoublesTextAndIcons()
    {
        Theme& theme = Theme::current();
        const qreal before = theme.font(TextStyle::Body).pointSizeF();
        const int icon = theme.iconSize();
        const int space = theme.space(4);
        theme.setScale(200);
        QCOMPARE(theme.font(TextStyle::Body).pointSizeF(), 2 * before);
        QCOMPARE(theme.iconSize(), 2 * icon);
        QCOMPARE(theme.space(4), space * 3 / 2);
        theme.setScale(900);
        QCOMPARE(theme.scale(), 200);
    }

    void everyIconIsDrawnInItsColour()
    {
        const QDir icons(QStringLiteral(":/icons"));
        const QStringList names = icons.entryList({QStringLiteral("*.svg")});
        QVERIFY(names.size() > 30);
        for (const QString& name : names) {
            const QImage image =
                Theme::icon(QString(name).chopped(4), ColorToken::Bad).pixmap(QSize(48, 48)).toImage();
            int inked = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QColor pixel = image.pixelColor(x, y);
                    if (pixel.alpha() < 250)
                        continue;
                    ++inked;
                    QVERIFY2(std::abs(pixel.red() - Theme::color(ColorToken::Bad, false).red()) < 8,
                             qPrintable(name));
                }
            }
            QVERIFY2(inked > 20, qPrintable(name));
        }
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestTheme)
#include "tst_theme.moc"
