// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "ui/frame/command_field.h"
#include "ui/frame/page.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QAction;
class QStackedWidget;

namespace yarrow {

class KeySheet;
class PasswordPanel;
class PatientsPage;
class Rail;
class SidePanel;
class StatusLine;
class SyncCentre;

/// What surrounds the pages while somebody is signed in: rail, top bar, status line, keys.
class Frame final : public QWidget
{
    Q_OBJECT
public:
    /// The pages of this person's role; nullptr for what the role may not use.
    struct Pages
    {
        Page* calendar = nullptr;
        PatientsPage* patients = nullptr;
        Page* inbox = nullptr;
        Page* setup = nullptr;
        Page* today = nullptr; ///< stands first
    };

    /// Takes the pages over. The session must outlive the frame.
    Frame(ClinicSession& session, const Pages& pages, QWidget* parent = nullptr);

    void goTo(int page); ///< counted from 0 in the order of the rail
    [[nodiscard]] int currentPage() const;
    [[nodiscard]] const std::vector<Page*>& pages() const noexcept { return m_pages; }
    [[nodiscard]] CommandField& commandField() noexcept { return *m_search; }
    void saveDrafts(); ///< of every page
    void toggleKeySheet();
    void toggleSyncCentre();
    void changePassword(); ///< shows the form for one's own
    void closeSide();      ///< the panel beside the page, if there is one

Q_SIGNALS:
    void lockRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QWidget* makeTopBar();
    void addCommands();
    QAction* addCommand(const QString& text, const QKeySequence& keys);
    void connectPage(Page* page);
    void bring(const Page* page);
    void showPatient(const PatientId& id);
    void showDay(QDate day);
    void showAppointment(const AppointmentId& id, QDate day);
    void startBooking(const PatientId& id);
    void startFamilyBooking(const PatientId& id);
    void run(QAction* command); ///< on its page, which comes to the front first
    [[nodiscard]] QList<CommandField::Command> offeredCommands() const;
    void openSide(SidePanel* panel); ///< beside the page, in place of another one
    void arrange();
    void showCounts();

    ClinicSession& m_session;
    Pages m_known;
    std::vector<Page*> m_pages; ///< in the order of the rail
    Rail* m_rail;
    CommandField* m_search;
    QStackedWidget* m_stack;
    StatusLine* m_status;
    KeySheet* m_keySheet;
    SyncCentre* m_syncCentre;
    PasswordPanel* m_password;
    SidePanel* m_side = nullptr; ///< the one that is open
    QWidget* m_sideLine;
    QPointer<QWidget> m_focusBefore; ///< it
};

} // namespace yarrow
