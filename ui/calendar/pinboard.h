// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/pinned_appointments.h"

#include <QFrame>
#include <QTimeZone>

class QBoxLayout;
class QLabel;

namespace yarrow {

/// Appointments that wait to be put elsewhere, as cards: in a strip below the day, hidden while empty, or
/// under each other in the dock, where it says what it is for while it is empty.
class Pinboard final : public QFrame
{
    Q_OBJECT
public:
    Pinboard(PinnedAppointments& pinned, const QTimeZone& zone, Qt::Orientation orientation,
             QWidget* parent = nullptr);

private:
    void rebuild();

    PinnedAppointments& m_pinned;
    QTimeZone m_zone;
    Qt::Orientation m_orientation;
    QBoxLayout* m_cards;
    QLabel* m_hint;
};

} // namespace yarrow
