// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_form.h"

class QCheckBox;
class QLineEdit;

namespace yarrow {

class BlockoutsEditor;
class ChoiceBoxes;
class Field;
class WeekEditor;

/// A practitioner: name, specialty, visit types, weekly hours, vacations and other absences.
class StaffForm final : public SetupForm
{
    Q_OBJECT
public:
    explicit StaffForm(ClinicSession& session, QWidget* parent = nullptr);
    void focusFirst() override;

protected:
    [[nodiscard]] QJsonObject fieldsOf(const DirectoryChange& entry) const override;
    [[nodiscard]] QJsonObject typed() const override;
    void showFields(const QJsonObject& fields) override;
    void readChoices() override;
    [[nodiscard]] std::optional<DirectoryChange> applied(const DirectoryChange& onto) override;
    [[nodiscard]] QString titleOf(const DirectoryChange& entry) const override;

private:
    [[nodiscard]] bool worksInAnotherRole(const StaffEntry& entry) const;

    QLineEdit* m_prefix;
    QLineEdit* m_given;
    QLineEdit* m_family;
    Field* m_familyField;
    QLineEdit* m_specialty;
    QCheckBox* m_active;
    WeekEditor* m_week;
    BlockoutsEditor* m_absences;
    ChoiceBoxes* m_services;
};

} // namespace yarrow
