// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace yarrow {

/// One of several values to choose from: a caption, the value over as many lines as it takes, and whether it
/// is the chosen one. Arrow keys move within its button group, as with radio buttons.
class ValueChoice final : public QAbstractButton
{
    Q_OBJECT
public:
    /// `caption`: whose value it is.
    ValueChoice(const QString& caption, const QString& value, QWidget* parent = nullptr);
    void setChangeable(bool changeable); ///< or shown as it was decided

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void nextCheckState() override;

private:
    [[nodiscard]] QRect textRect(int width) const;

    QString m_caption;
    bool m_changeable = true;
};

} // namespace yarrow
