// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_rows.h"

#include <QObject>

#include <map>

namespace yarrow {

/// Changes of appointments that are shown before they are made: one set for all screens of a window, so that
/// each shows the same. Lives on the GUI thread.
class ScheduleWishes : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] const std::map<AppointmentId, AppointmentRow>& rows() const noexcept { return m_rows; }

    /// Shows a change before it is made: in the place of the row of the same id, or beside the others.
    void show(const AppointmentRow& wished);
    void drop(const AppointmentId& id);
    /// The wish shown as `id` became `made`. With `keep` a later wish for it still hides what was made.
    void settle(const AppointmentId& id, const AppointmentRow& made, bool keep);

Q_SIGNALS:
    void changed();
    void settled(const yarrow::AppointmentRow& made); ///< and the set of wishes has changed with it

private:
    std::map<AppointmentId, AppointmentRow> m_rows;
};

} // namespace yarrow
