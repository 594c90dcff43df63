// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "ui/widgets/countdown.h"
#include "ui/widgets/side_panel.h"

class QLabel;
class QPushButton;

namespace yarrow {

class Field;
class NewPassword;
class NoteBox;
class PasswordEdit;

/// Whoever is signed in changes their own password. Nothing of it is kept as a draft.
class PasswordPanel final : public SidePanel
{
    Q_OBJECT
public:
    explicit PasswordPanel(ClinicSession& session, QWidget* parent = nullptr);
    void open(); ///< says what it means here
    void focusFirst();
    void clear(); ///< nothing that was typed stays behind a closed panel

Q_SIGNALS:
    void passwordChanged();

private:
    void submit();
    void finish(const Result<void>& result);
    void setBusy(bool busy);
    void showWait();

    ClinicSession& m_session;
    NoteBox* m_note;
    PasswordEdit* m_present;
    Field* m_presentField;
    NewPassword* m_fresh;
    QLabel* m_meaning;
    QPushButton* m_submit;
    Countdown m_wait;
    bool m_busy = false;
};

} // namespace yarrow
