// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/exchange_item.h"

#include <QFrame>

class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;
class NoteBox;

/// A change that the server refused: what it is, why in plain words, and what can be done. It is sent once
/// more, or given up with a reason.
class RefusalCard final : public QFrame
{
    Q_OBJECT
public:
    RefusalCard(ClinicSession& session, WaitingRow row, QWidget* parent = nullptr);
    void focusFirst();

Q_SIGNALS:
    void done(const QString& sentence); ///< the refusal is no more
    void patientRequested(const yarrow::PatientId& id);
    void dayRequested(QDate day);

private:
    void buildText(const QString& why);
    void buildButtons();
    void buildGivingUp();
    void askReason(bool ask);
    void retry();
    void giveUp();
    void failed(const Error& error);
    [[nodiscard]] QString details() const;
    [[nodiscard]] QString retryText(Instant at) const;

    ClinicSession& m_session;
    WaitingRow m_row;
    NoteBox* m_note;
    QWidget* m_buttons;
    QWidget* m_givingUp;
    QPushButton* m_retry = nullptr;
    QPushButton* m_giveUp = nullptr;
    QLineEdit* m_reason;
    Field* m_reasonField = nullptr;
};

} // namespace yarrow
