// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_rows.h"

#include <QObject>

#include <map>
#include <vector>

namespace yarrow {

/// Changes of appointments that are shown before they are made: one set for all screens of a window, so that
/// each shows the same. Lives on the GUI thread.
class ScheduleWishes : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    [[nodiscard]] const std::map<AppointmentId, AppointmentRow>& rows() const noexcept { return m_rows; }

    /// Shows changes before they are made: in the place of the rows of the same ids, or beside the others.
    void show(const std::vector<AppointmentRow>& wished);
    void show(const AppointmentRow& wished) { show(std::vector{wished}); }
    void drop(const std::vector<AppointmentId>& ids);
    void drop(const AppointmentId& id) { drop(std::vector{id}); }
    struct Settled
    {
        AppointmentId shownAs;
        AppointmentRow made;
        bool keep = false; ///< a later wish for it still hides what was made
    };
    /// Wishes were made, all of them together.
    void settle(const std::vector<Settled>& all);

Q_SIGNALS:
    void changed();
    /// And the set of wishes has changed with it.
    void settled(const std::vector<yarrow::AppointmentRow>& made);

private:
    std::map<AppointmentId, AppointmentRow> m_rows;
};

} // namespace yarrow
