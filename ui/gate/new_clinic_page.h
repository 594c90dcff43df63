// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;
class NewPassword;
class NoteBox;

/// What a new clinic needs to know: its name and time zone, and its first administrator.
class NewClinicPage final : public QWidget
{
    Q_OBJECT
public:
    explicit NewClinicPage(ClinicGate& gate, QWidget* parent = nullptr);
    void focusFirst();
    void showFailure(const Error& error); ///< creating failed; everything typed is still there

Q_SIGNALS:
    void submitted(const yarrow::ClinicGate::NewClinic& clinic);
    void backRequested();

private:
    void buildForm();
    void submit();
    [[nodiscard]] bool checkAll();
    [[nodiscard]] QTimeZone zone() const; ///< invalid when the text names none

    ClinicGate& m_gate;
    QLineEdit* m_clinicName;
    QComboBox* m_zone;
    QLineEdit* m_displayName;
    QLineEdit* m_userName;
    NewPassword* m_password;
    Field* m_clinicNameField;
    Field* m_zoneField;
    Field* m_displayNameField;
    Field* m_userNameField;
    NoteBox* m_note;
    QPushButton* m_submit;
};

} // namespace yarrow
