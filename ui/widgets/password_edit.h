// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace yarrow {

/// A line for a password, with a button that shows what was typed and a signal when Caps Lock seems to be on.
class PasswordEdit final : public QLineEdit
{
    Q_OBJECT
public:
    explicit PasswordEdit(QWidget* parent = nullptr);
    void setRevealed(bool revealed);
    [[nodiscard]] bool isRevealed() const noexcept { return echoMode() == QLineEdit::Normal; }
    [[nodiscard]] bool capsLock() const noexcept { return m_capsLock; }

Q_SIGNALS:
    void capsLockChanged(bool on);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void setCapsLock(bool on);

    QAction* m_reveal;
    bool m_capsLock = false;
};

} // namespace yarrow
