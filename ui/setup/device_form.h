// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_form.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace yarrow {

class Field;

/// A device of the clinic that can be booked: its name, and where it stands.
class DeviceForm final : public SetupForm
{
    Q_OBJECT
public:
    explicit DeviceForm(ClinicSession& session, QWidget* parent = nullptr);
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
    QComboBox* m_room;
    QCheckBox* m_active;
};

} // namespace yarrow
