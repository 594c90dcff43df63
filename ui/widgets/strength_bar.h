// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace yarrow {

/// Four bars that fill as a password grows longer. Length is what counts; there are no rules of composition.
class StrengthBar final : public QWidget
{
    Q_OBJECT
public:
    explicit StrengthBar(QWidget* parent = nullptr);
    /// `accepted`: what the password rules say.
    void setPassword(qsizetype length, bool accepted);
    [[nodiscard]] int steps() const noexcept { return m_steps; } ///< 0 to 4
    [[nodiscard]] QString words() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_steps = 0;
};

} // namespace yarrow
