// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_form.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace yarrow {

class ChoiceBoxes;
class Field;

/// A visit type: how long, what it needs, its colour on the calendar.
class VisitTypeForm final : public SetupForm
{
    Q_OBJECT
public:
    explicit VisitTypeForm(ClinicSession& session, QWidget* parent = nullptr);
    void focusFirst() override;

protected:
    [[nodiscard]] QJsonObject fieldsOf(const DirectoryChange& entry) const override;
    [[nodiscard]] QJsonObject typed() const override;
    void showFields(const QJsonObject& fields) override;
    void readChoices() override;
    [[nodiscard]] std::optional<DirectoryChange> applied(const DirectoryChange& onto) override;
    [[nodiscard]] QString titleOf(const DirectoryChange& entry) const override;

private:
    QLineEdit* m_name;
    Field* m_nameField;
    QSpinBox* m_duration;
    QSpinBox* m_before;
    QSpinBox* m_after;
    Field* m_durationField;
    QComboBox* m_color;
    QCheckBox* m_needsRoom;
    ChoiceBoxes* m_rooms;
    ChoiceBoxes* m_devices;
    QCheckBox* m_active;
};

} // namespace yarrow
