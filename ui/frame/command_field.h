// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/search_desk.h"

#include <QLineEdit>
#include <QPointer>

#include <functional>

class QAction;
class QFrame;
class QListView;
class QStandardItemModel;

namespace yarrow {

class SettledSearch;

/// The one search field of the top bar (Ctrl+K): patients, their next appointments, days, pages and commands
/// as one types, in groups, best first; what was chosen lately while nothing is typed. Arrow keys choose,
/// Enter opens, Escape goes back to where one was.
class CommandField final : public QLineEdit
{
    Q_OBJECT
public:
    struct Command
    {
        QAction* action = nullptr;
        QString page = {}; ///< where it leads first, by title; empty for what is done where one is
    };
    /// Gives the commands offered at this moment, the nearest first.
    using Commands = std::function<QList<Command>()>;

    CommandField(ClinicSession& session, Commands commands, QWidget* parent = nullptr);
    void start();                      ///< takes the keyboard, remembering who had it
    [[nodiscard]] int offered() const; ///< lines shown that can be chosen, or that say that there are none
    /// Whether patients are being looked for; the line that is chosen with Enter is then the first of what
    /// comes.
    [[nodiscard]] bool isLooking() const noexcept { return m_looking; }

Q_SIGNALS:
    void patientChosen(const yarrow::PatientId& id);
    void dayChosen(QDate day);
    void appointmentChosen(const yarrow::AppointmentId& id, QDate day);
    void commandChosen(QAction* command); ///< it is for whoever hears this to run it

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search();
    void fill();
    void addHead(const QString& text);
    void addPatients();
    void addAppointments();
    void addDay();
    void addCommands();
    void addCommand(const Command& command);
    void showList();
    void hideList();
    void leave();
    void choose(const QModelIndex& index);
    void move(int by);
    void readRecent();
    void keepRecent() const;

    ClinicSession& m_session;
    Commands m_commands;
    SettledSearch* m_settled;
    QFrame* m_popup = nullptr;
    QListView* m_list;
    QStandardItemModel* m_model;
    QPointer<QWidget> m_focusBefore;
    QString m_typed;     ///< what is looked for
    Findings m_findings; ///< of m_typed, once m_looking is over
    bool m_looking = false;
    bool m_moved = false;       ///< somebody has chosen a line with the arrow keys
    bool m_chooseFirst = false; ///< Enter was pressed before the answer came
    QStringList m_recentCommands;
};

} // namespace yarrow
