// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QListWidget>
#include <QTimer>

namespace yarrow {

/// The next free times of the clinic from a day on, each practitioner's; Enter or a click takes one. Follows
/// the clinic a moment after it has changed.
class OpeningsList final : public QListWidget
{
    Q_OBJECT
public:
    explicit OpeningsList(ClinicSession& session, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    void showFrom(QDate day);
    void refresh(); ///< soon
    [[nodiscard]] const std::vector<Opening>& openings() const noexcept { return m_openings; }

Q_SIGNALS:
    void chosen(const yarrow::Opening& opening);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void read();
    void take(int row);

    ClinicSession& m_session;
    QDate m_from;
    std::vector<Opening> m_openings;
    QTimer m_pause;
};

} // namespace yarrow
