// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"
#include "ui/widgets/countdown.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace yarrow {

class Field;
class NoteBox;
class PasswordEdit;

/// Who is there? User name and password, for signing in and for coming back after a lock.
class SignInPage final : public QWidget
{
    Q_OBJECT
public:
    SignInPage(ClinicGate& gate, QWidget* parent = nullptr);

    /// Reads the users again and starts afresh, at the password when `lastUser` is one of them.
    void prepare(const QString& lastUser);
    /// Offers the way into the demo clinic.
    void setDemo(const QString& userName, const QString& password);
    void setNotice(const QString& notice); ///< above the fields; empty: nothing
    void setLocked(bool locked);           ///< "locked" instead of "sign in" in the head
    void signInAs(const QString& userName, const QString& password);
    [[nodiscard]] QString userName() const;
    void focusFirst();

private:
    void submit();
    void showFailure(const Error& error);
    void setBusy(bool busy);
    void showWait();

    ClinicGate& m_gate;
    QLabel* m_title;
    QComboBox* m_user;
    Field* m_userField;
    PasswordEdit* m_password;
    Field* m_passwordField;
    NoteBox* m_note;
    NoteBox* m_demoNote;
    NoteBox* m_notice;
    QPushButton* m_submit;
    QString m_demoUser;
    QString m_demoPassword;
    Countdown m_wait;
    bool m_busy = false;
    bool m_locked = false;
};

} // namespace yarrow
