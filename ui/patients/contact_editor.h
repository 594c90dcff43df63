// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/patients/patient_form_values.h"

#include <QDate>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace yarrow {

class Field;

/// The phone numbers or the e-mail addresses of a person: a line each, with what it is used for, and a button
/// for one more.
class ContactEditor final : public QWidget
{
    Q_OBJECT
public:
    explicit ContactEditor(ContactPoint::System system, QWidget* parent = nullptr);

    void setLines(const std::vector<ContactLine>& lines); ///< shows one empty line when there are none
    [[nodiscard]] std::vector<ContactLine> lines() const; ///< without new lines that are empty
    /// Marks each line that breaks a rule of validate(); the first such one, or nullptr.
    QWidget* check(QDate today);

Q_SIGNALS:
    void edited();

private:
    struct Row
    {
        QWidget* widget;
        QComboBox* use;
        QLineEdit* value;
        Field* field;
        std::optional<ContactPoint> origin;
    };

    Row& addRow(const ContactLine& line);
    void removeRow(const QWidget* widget);
    [[nodiscard]] bool isPhone() const noexcept { return m_system == ContactPoint::System::Phone; }

    ContactPoint::System m_system;
    std::vector<Row> m_rows;
    QVBoxLayout* m_column;
    QPushButton* m_add;
    int m_made = 0;
};

} // namespace yarrow
