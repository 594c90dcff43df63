// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/exchange_desk.h"
#include "ui/frame/page.h"

#include <QTimer>

#include <optional>
#include <vector>

class QLabel;
class QListView;
class QModelIndex;
class QPushButton;
class QStackedWidget;
class QStandardItemModel;
class QVBoxLayout;

namespace yarrow {

class ConflictView;
class EmptyState;
class RefusalCard;

/// What waits for a person's decision: conflicts, bookings that were taken, changes the server refused.
class InboxPage final : public Page
{
    Q_OBJECT
public:
    explicit InboxPage(ClinicSession& session, QWidget* parent = nullptr);

    QString title() const override;
    QString iconName() const override { return QStringLiteral("inbox"); }
    QList<KeyHint> keyHints() const override;
    void activated() override;
    QStringList tourStops() const override;
    void showTourStop(const QString& stop) override;

    [[nodiscard]] ConflictView& view() noexcept { return *m_view; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void layOut();
    void read(bool again);
    void takeConflicts(const Result<std::vector<ConflictRow>>& rows);
    void takeRefused(const Result<WaitingRows>& rows);
    void fill();
    void addHeading(const QString& text);
    void addConflict(const ConflictRow& row);
    void addRefused(int index, const WaitingRow& row);
    void showCurrent();
    void showConflict(const QString& id);
    void showRefused(const WaitingRow& row);
    void showNothing();
    void enter();
    void showSettled(bool settled);
    [[nodiscard]] QString keyOf(const QModelIndex& index) const;

    ClinicSession& m_session;
    bool m_settledShown = false;
    bool m_wasShown = false;
    std::optional<std::vector<ConflictRow>> m_conflicts; ///< nothing: not read yet
    std::optional<WaitingRows> m_refused;
    std::optional<Error> m_error;
    QString m_current; ///< key of what is shown
    QTimer m_settle;   ///< arrow keys run through the list without opening everything on the way

    QLabel* m_caption;
    QPushButton* m_toggle;
    QListView* m_list;
    QStandardItemModel* m_model;
    QLabel* m_hidden;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    ConflictView* m_view;
    QWidget* m_refusalPlace;
    QVBoxLayout* m_refusalColumn;
    RefusalCard* m_refusal = nullptr;
};

} // namespace yarrow
