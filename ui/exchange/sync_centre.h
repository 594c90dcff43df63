// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/exchange_desk.h"
#include "ui/widgets/side_panel.h"

class QLabel;
class QListView;
class QPushButton;
class QStandardItemModel;
class QVBoxLayout;

namespace yarrow {

class IconLabel;
class NoteBox;

/// The exchange with the server, at a glance: how it stands and what that means, what waits, what was refused
/// and why, the last exchanges; syncing now, pausing, saving unsent changes to a file.
class SyncCentre final : public SidePanel
{
    Q_OBJECT
public:
    explicit SyncCentre(ClinicSession& session, QWidget* parent = nullptr);
    void open(); ///< reads its lists
    void focusFirst();

Q_SIGNALS:
    void notice(const QString& sentence);
    void patientRequested(const yarrow::PatientId& id);
    void dayRequested(QDate day);

private:
    void buildState();
    void buildLists();
    void buildFoot();
    void showStatus();
    void read();
    void showWaiting(const Result<WaitingRows>& rows);
    void showRefused(const WaitingRows& rows);
    void showExchanges(const Result<std::vector<ExchangeRow>>& rows);
    void pause();
    void allowDeletions();
    void exportUnsent();
    void failed(const Error& error);

    ClinicSession& m_session;
    IconLabel* m_icon;
    QLabel* m_state;
    QLabel* m_explanation;
    QLabel* m_server;
    QLabel* m_limits;
    QPushButton* m_sync;
    QPushButton* m_pause;
    NoteBox* m_deletions;
    NoteBox* m_note;
    QLabel* m_waitingHead;
    QWidget* m_refusedPlace;
    QVBoxLayout* m_refused;
    QPushButton* m_retryAll;
    QListView* m_waiting;
    QStandardItemModel* m_waitingModel;
    QLabel* m_waitingNote;
    QLabel* m_exchangesHead;
    QListView* m_exchanges;
    QStandardItemModel* m_exchangesModel;
    QPushButton* m_export;
    QPushButton* m_close;
};

} // namespace yarrow
