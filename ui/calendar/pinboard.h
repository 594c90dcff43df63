// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QFrame>

#include <vector>

class QHBoxLayout;

namespace yarrow {

/// Appointments that wait to be put elsewhere. They stay where they are until they are put down: nothing is
/// lost when the program ends with something pinned. Hidden while empty.
class Pinboard final : public QFrame
{
    Q_OBJECT
public:
    explicit Pinboard(const QTimeZone& zone, QWidget* parent = nullptr);

    void pin(const AppointmentRow& row);
    void unpin(const AppointmentId& id);
    [[nodiscard]] bool isEmpty() const noexcept { return m_rows.empty(); }
    [[nodiscard]] const std::vector<AppointmentRow>& rows() const noexcept
    {
        return m_rows;
    } ///< the latest one last

private:
    void rebuild();

    QTimeZone m_zone;
    std::vector<AppointmentRow> m_rows;
    QHBoxLayout* m_cards;
};

} // namespace yarrow
