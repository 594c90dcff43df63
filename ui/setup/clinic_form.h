// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_form.h"

namespace yarrow {

class BlockoutsEditor;
class WeekEditor;

/// Opening hours of the clinic, holidays and closed days.
class ClinicForm final : public SetupForm
{
    Q_OBJECT
public:
    explicit ClinicForm(ClinicSession& session, QWidget* parent = nullptr);
    void focusFirst() override;

protected:
    [[nodiscard]] QJsonObject fieldsOf(const DirectoryChange& entry) const override;
    [[nodiscard]] QJsonObject typed() const override;
    void showFields(const QJsonObject& fields) override;
    [[nodiscard]] std::optional<DirectoryChange> applied(const DirectoryChange& onto) override;
    [[nodiscard]] QString titleOf(const DirectoryChange& entry) const override;

private:
    WeekEditor* m_week;
    BlockoutsEditor* m_closures;
};

} // namespace yarrow
