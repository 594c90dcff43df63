// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/booking_desk.h"

#include <QWidget>

#include <array>

class QLabel;
class QRadioButton;

namespace yarrow {

class ClinicSession;
class SeriesPreview;

/// Asks in place how much of a series a change concerns, and shows the visits that it would make.
class SeriesScopeBox final : public QWidget
{
    Q_OBJECT
public:
    /// `name` begins the object names of its choices: "<name>This", "<name>Following", "<name>All".
    SeriesScopeBox(ClinicSession& session, const QString& name, QWidget* parent = nullptr);

    /// Shows itself, with the first choice marked and the keyboard on it when `takesFocus`.
    void ask(const QString& question, const AppointmentRow& seen, const AppointmentRow& wished,
             bool takesFocus);
    [[nodiscard]] SeriesScope scope() const;
    [[nodiscard]] SeriesPreview& preview() const noexcept { return *m_preview; }

Q_SIGNALS:
    void changed();

private:
    void look();

    ClinicSession& m_session;
    AppointmentRow m_seen;
    AppointmentRow m_wished;
    QLabel* m_question;
    std::array<QRadioButton*, 3> m_choices{}; ///< in the order of SeriesScope
    SeriesPreview* m_preview;
};

} // namespace yarrow
