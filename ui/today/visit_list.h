// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/today/visit_list_model.h"

#include <QListView>

namespace yarrow {

/// One stage of the board as it is looked at: keeps its selection when the visits change, and says what the
/// keys mean.
class VisitList final : public QListView
{
    Q_OBJECT
public:
    VisitList(VisitListModel& model, const QTimeZone& zone, QWidget* parent = nullptr);

    [[nodiscard]] AppointmentId selected() const; ///< empty when the list is
    bool select(const AppointmentId& id);         ///< whether it stands here

Q_SIGNALS:
    void statusRequested(const yarrow::AppointmentId& id, yarrow::AppointmentStatus status);
    void openRequested(const yarrow::AppointmentId& id);
    void cancelRequested(const yarrow::AppointmentId& id);
    void menuRequested(const yarrow::AppointmentId& id, QPoint global);
    void stepRequested(int by); ///< the keyboard goes to another stage: 1 is the next one
    void moveRequested(int by); ///< the selected card does

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] bool takeKey(const QKeyEvent& event);

    VisitListModel& m_visits;
    AppointmentId m_last;
    int m_lastRow = 0;
};

} // namespace yarrow
