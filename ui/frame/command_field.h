// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QLineEdit>
#include <QPointer>

#include <functional>

class QAction;
class QFrame;
class QListView;
class QStandardItemModel;

namespace yarrow {

class SettledSearch;

/// The one search field of the top bar (Ctrl+K): patients, pages and commands as one types. Arrow keys
/// choose, Enter opens, Escape goes back to where one was.
class CommandField final : public QLineEdit
{
    Q_OBJECT
public:
    /// Gives the commands offered at this moment.
    using Commands = std::function<QList<QAction*>()>;

    CommandField(ClinicSession& session, Commands commands, QWidget* parent = nullptr);
    void start();                      ///< takes the keyboard, remembering who had it
    [[nodiscard]] int offered() const; ///< lines shown

Q_SIGNALS:
    void patientChosen(const yarrow::PatientId& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search();
    void addCommands(const QString& text);
    void showList();
    void hideList();
    void leave();
    void choose(const QModelIndex& index);
    void move(int by);

    ClinicSession& m_session;
    Commands m_commands;
    SettledSearch* m_settled;
    QFrame* m_popup = nullptr;
    QListView* m_list;
    QStandardItemModel* m_model;
    QPointer<QWidget> m_focusBefore;
};

} // namespace yarrow
