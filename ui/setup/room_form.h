// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_form.h"

class QCheckBox;
class QLineEdit;

namespace yarrow {

class BlockoutsEditor;
class Field;
class WeekEditor;

/// A room: its name, its hours where it has some of its own, when it is closed.
class RoomForm final : public SetupForm
{
    Q_OBJECT
public:
    explicit RoomForm(ClinicSession& session, QWidget* parent = nullptr);
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
    QLineEdit* m_description;
    Field* m_nameField;
    QCheckBox* m_active;
    WeekEditor* m_week;
    BlockoutsEditor* m_closures;
};

} // namespace yarrow
