// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/waiting_offers.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace yarrow {

/// The waiting list, or for a slot that is offered those whom it fits, best first, with the reasons. Enter
/// books the marked one, or opens the entry while no slot is offered. It changes nothing itself.
class WaitingView final : public QWidget
{
    Q_OBJECT
public:
    /// `name`: the object name of its list.
    WaitingView(WaitingOffers& offers, const ClinicSession& session, const QString& name,
                QWidget* parent = nullptr);

    [[nodiscard]] const WaitingCandidate* marked() const;
    void focusList();

Q_SIGNALS:
    void bookRequested(const yarrow::WaitingCandidate& candidate);
    void openRequested(const yarrow::WaitlistRow& entry);
    void removeRequested(const yarrow::WaitlistRow& entry);
    void addRequested();
    void patientRequested(const yarrow::PatientId& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();
    void take();
    void showMenu(QPoint at);

    WaitingOffers& m_offers;
    const ClinicSession& m_session;
    QLabel* m_slot;
    QToolButton* m_withdraw;
    QWidget* m_head;
    QListWidget* m_list;
    QLabel* m_empty;
    QPushButton* m_book;
    std::optional<FreeSlot> m_shownSlot; ///< that the list was last filled for
};

} // namespace yarrow
