// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/erasure_desk.h"
#include "ui/widgets/side_panel.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;
class NoteBox;
class PatientPicker;

/// Erases a patient for good, where the law demands it. It asks in place: the record number has to be typed.
/// Nothing of it is kept as a draft, so that no erasure is half done when somebody else comes.
class ErasurePanel final : public SidePanel
{
    Q_OBJECT
public:
    explicit ErasurePanel(ClinicSession& session, QWidget* parent = nullptr);
    void refresh(); ///< reads what the server was asked for
    void focusFirst();

Q_SIGNALS:
    void notice(const QString& sentence);

private:
    void submit();
    void finish(const Result<ErasureOutcome>& outcome);
    void showWanted();
    void clear();
    [[nodiscard]] QString wanted() const; ///< what has to be typed; empty while nobody is chosen

    ClinicSession& m_session;
    NoteBox* m_note;
    PatientPicker* m_patient;
    QLineEdit* m_ground;
    QLineEdit* m_reason;
    QLineEdit* m_confirmation;
    Field* m_patientField;
    Field* m_groundField;
    Field* m_reasonField;
    Field* m_confirmationField;
    QLabel* m_requests;
    QPushButton* m_erase;
};

} // namespace yarrow
