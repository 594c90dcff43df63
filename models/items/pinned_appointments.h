// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_rows.h"

#include <QObject>

#include <vector>

namespace yarrow {

/// Appointments that wait to be put elsewhere. They stay where they are until they are put down: nothing is
/// lost when the program ends with something pinned. Lives on the GUI thread.
class PinnedAppointments : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    void pin(const AppointmentRow& row);
    void unpin(const AppointmentId& id);
    [[nodiscard]] bool isEmpty() const noexcept { return m_rows.empty(); }
    /// The latest one last.
    [[nodiscard]] const std::vector<AppointmentRow>& rows() const noexcept { return m_rows; }

Q_SIGNALS:
    void changed();

private:
    std::vector<AppointmentRow> m_rows;
};

} // namespace yarrow
