// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QWidget>

#include <functional>

namespace yarrow {

class Field;
class PasswordEdit;
class StrengthBar;

/// Says beside the line when Caps Lock seems to be on.
void warnOfCapsLock(PasswordEdit& edit, Field& field);

/// A new password, typed twice: how good it is while it is being typed, and in words what is wrong with it.
class NewPassword final : public QWidget
{
    Q_OBJECT
public:
    /// WeakPassword ("length" or "common") or nothing.
    using Check = std::function<Result<void>(const QString& password)>;

    NewPassword(const QString& label, Check check, QWidget* parent = nullptr);

    [[nodiscard]] QString password() const;
    /// The line with the mistake, the sentence beside it; nullptr when nothing is wrong.
    [[nodiscard]] QWidget* wrong();
    void refuse(const QString& sentence); ///< beside the first line, which gets the keyboard
    void clear();                         ///< what was typed cannot be brought back
    void focusFirst();

Q_SIGNALS:
    void submitted(); ///< Enter in the last line

private:
    void judge(bool finished);

    Check m_check;
    PasswordEdit* m_password;
    PasswordEdit* m_again;
    StrengthBar* m_strength;
    Field* m_passwordField;
    Field* m_againField;
};

} // namespace yarrow
