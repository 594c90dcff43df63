// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/schedule_editor.h"
#include "models/items/waiting_offers.h"
#include "ui/calendar/appointment_drafts.h"
#include "ui/calendar/day_view.h"
#include "ui/frame/page.h"
#include "ui/widgets/draft_slot.h"

#include <QTimer>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

class QAction;

namespace yarrow {

class AppointmentPanel;
class CalendarToolbar;
class FamilyBookingPanel;
class MessageBar;
class OpeningsPanel;
class Pinboard;
class WaitingEntryPanel;
class WaitingPanel;
class WaitingView;

/// The clinic's day with all that is done on it: tools above, forms beside it instead of in front of it,
/// sentences and the pinboard. Books, moves and cancels from the keyboard or the mouse. What the pages that
/// show a day have in common; its actions are theirs too.
class DayDesk final : public QWidget
{
    Q_OBJECT
public:
    /// `page`: the name of the one it is on, whose new bookings are kept as drafts of that page.
    DayDesk(ClinicSession& session, ScheduleEditor& editor, const QString& page, QWidget* parent = nullptr);
    ~DayDesk() override;

    [[nodiscard]] static QList<KeyHint> keyHints();
    /// The page that it is on has come to the front.
    void activated();
    void showDay(QDate day);
    /// Selects it there, or where it is by now; what hides it (the practitioners chosen, what stands side by
    /// side) gives way.
    void showAppointment(const AppointmentId& id, QDate day);
    void stepDay(int days); ///< ahead, or back; 0 is today
    void startBooking(const PatientId& id);
    void startFamilyBooking(const PatientId& id) { startFamilyBooking(id, std::nullopt); }
    void saveDrafts() { keepDraft(); }
    /// For a page with a pinboard of its own.
    void hidePinboard();
    /// For a page with a waiting list of its own: what is offered is shown there.
    void showWaitingIn(WaitingView& view);
    [[nodiscard]] WaitingOffers& offers() noexcept { return m_offers; }

    [[nodiscard]] DayView& view() noexcept { return *m_view; }
    [[nodiscard]] DayScheduleModel& model() noexcept { return m_model; }
    [[nodiscard]] QDate today() const;

    // What the user asks for elsewhere on the page.
    void openAppointment(const AppointmentId& id);
    void setStatus(const AppointmentRow& row, AppointmentStatus status);
    void askCancelReason(const AppointmentId& id);
    void bookOpening(const Opening& opening);
    void bookSelected(const QString& typed = {});
    void lookForOpening();
    void showWaiting();                      ///< the waiting list, beside the day or where the page has it
    void closeSide() { showPanel(nullptr); } ///< nothing typed is lost: it is a draft by then
    void say(const QString& sentence);
    /// What is shown as PDF; a sentence and false when it cannot be written.
    bool writePdf(const QString& file);
    /// `what`: for the audit.
    bool writeCalendarFile(const QString& file, const std::vector<AppointmentRow>& rows, const QString& what);
    /// Selects the next appointment to come; opens it.
    void showNext(bool opened);
    /// For the tour: a booking that repeats into what is taken. Listed once isPlanReady().
    void showRepeating();
    [[nodiscard]] bool isPlanReady() const;
    /// For the tour: how much of a series is to be cancelled.
    void showSeries();
    /// For the tour: the booking of a family of at least two.
    void showFamilyBooking();

Q_SIGNALS:
    void sideShown(bool shown); ///< a form stands beside the day, or none does any more
    void dayShown(QDate day);
    void ticked(); ///< time has passed
    void patientRequested(const yarrow::PatientId& id);
    void notice(const QString& sentence);

private:
    static constexpr int kDraftPause = 500; ///< after the last key, ms

    void layOut();
    void makeActions();
    void connectView();
    void connectPanels();
    void tick();

    // The side of the day; day_desk_side.cpp.
    [[nodiscard]] std::array<QWidget*, 5> sidePanels() const;
    void showPanel(QWidget* panel); ///< nullptr hides it and gives the keyboard back to the day
    [[nodiscard]] bool leaveForm(const std::function<void()>& goOn);
    void closeForm();
    void bookAt(const CalendarCell& cell, const QString& typed, bool exact);
    [[nodiscard]] static PatientRow rowOf(const Patient& patient);
    void moveToOpening(const AppointmentRow& row);
    void lookForOpenings(const AppointmentRow& row, const Appointment& appointment);
    void takeOpening(const Opening& opening, const HealthcareServiceId& service, const AppointmentRow& row);
    [[nodiscard]] LocationId freeRoom(const TimeRange& when) const;
    [[nodiscard]] std::optional<AppointmentRow> visit(const AppointmentId& id) const;
    [[nodiscard]] bool isFormInUse() const;
    void keepDraft();
    void offerDraft();
    void continueDraft(const QString& place);
    void discardDraft(const QString& place);
    void openForm(const AppointmentRow& row);
    [[nodiscard]] bool isSent(const QString& place) const; ///< what is kept there is on its way to the store
    [[nodiscard]] bool offerWaitingDraft();                ///< false: there is none
    void showMenu(QPoint global);

    // The waiting list; day_desk_waiting.cpp.
    void connectOffers();
    void connectWaiting(WaitingView& view);
    void offerFreed(const AppointmentRow& before, const TimeRange& when);
    void offerSelected();
    [[nodiscard]] std::optional<FreeSlot> selectedSlot() const;
    void bookWaiting(const WaitingCandidate& candidate);
    void bookOffered(const AppointmentId& entry); ///< for the time that is offered
    void addWaiting();
    void openWaiting(const WaitlistRow& entry);
    void saveWaiting(const AppointmentRow& seen, const AppointmentRow& wished);
    void reopenWaiting(const ScheduleRefusal& refusal);

    /// What was asked for from a form at the side and is not answered yet.
    struct Sent
    {
        AppointmentId shownAs; ///< the first of the visits
        ScheduleChange kind = ScheduleChange::Book;
        bool ofFamily = false;
        QByteArray draft; ///< what was typed into the form; empty: nothing
        QString place;    ///< of an appointment's draft
        QDate day;        ///< on which the visit that was open stood
    };

    // Visits of a series; day_desk_series.cpp.
    void saveAll(const std::vector<AppointmentRow>& wished, ScheduleChange kind);
    void showSeriesRefusal(const ScheduleRefusal& refusal, const std::optional<Sent>& sent);

    // A family's visits, one after the other; day_desk_family.cpp.
    void connectFamily();
    void startFamilyBooking(const PatientId& id, const std::optional<AppointmentRow>& after);
    void beginFamily(const PatientId& id, const std::optional<AppointmentRow>& after);
    [[nodiscard]] bool keepsFamily() const; ///< a booking that was begun waits to be continued
    [[nodiscard]] bool offerFamilyDraft();  ///< false: there is none
    void continueFamily();
    void resumeFamily(const QByteArray& draft);
    [[nodiscard]] std::optional<AppointmentRow> heldVisit(const AppointmentId& id, QDate day) const;
    void discardFamily();
    void bookFamilyOfSelected();
    void bookFamily(const std::vector<AppointmentRow>& visits);
    void showFamilyRefusal(const ScheduleRefusal& refusal, const Sent& sent);

    // What leaves the program; day_desk_export.cpp.
    void print();
    void savePdf();
    void saveCalendarFile();
    void saveCalendarFile(const AppointmentRow& row);
    void chooseFile(const QString& title, const QString& name, const QString& filter,
                    std::function<void(const QString&)> then);
    [[nodiscard]] QString shownText() const;
    [[nodiscard]] QString shownFileName() const;
    bool noteFile(const QString& file, bool written, const QString& what);

    // Changes; day_desk_changes.cpp.
    void connectEditor();
    void save(const AppointmentRow& seen, const AppointmentRow& wished);
    void cancelWithReason(const AppointmentRow& row, const std::string& reason);
    void moveTo(const AppointmentRow& row, const ColumnKey& column, Instant start);
    void resizeTo(const AppointmentRow& row, Instant end);
    void cut();
    void paste();
    void undo();
    void redo();
    [[nodiscard]] std::optional<Sent> takeSent(const AppointmentId& id, ScheduleChange kind);
    void showRefusal(const ScheduleRefusal& refusal, const std::optional<Sent>& sent);
    void showTaken(const ScheduleRefusal& refusal, const std::optional<Sent>& sent);
    void overbook(const ScheduleRefusal& refusal, const std::optional<Sent>& sent);
    void lookInstead(const ScheduleRefusal& refusal);
    [[nodiscard]] bool isInForm(const AppointmentRow& wished) const;
    /// False: the appointment is not there any more.
    bool reopenForm(const ScheduleRefusal& refusal, const std::optional<Sent>& sent, const QString& why);
    void offerAgain(const QString& why, const std::function<void()>& reopen);
    void offerTyped(const Sent& sent, const QString& why);
    void reopenTyped(const Sent& sent, const QString& why);
    [[nodiscard]] QString takenText(const ScheduleRefusal& refusal) const;
    [[nodiscard]] bool mayChange();

    ClinicSession& m_session;
    ScheduleEditor& m_editor;
    DayScheduleModel m_model;
    WaitingOffers m_offers;
    CalendarToolbar* m_toolbar;
    MessageBar* m_message;
    Pinboard* m_pinboard;
    DayView* m_view;
    QWidget* m_side;
    AppointmentPanel* m_form;
    OpeningsPanel* m_openings;
    WaitingPanel* m_waiting;
    WaitingEntryPanel* m_waitingEntry;
    FamilyBookingPanel* m_familyBooking;
    WaitingView* m_ownWaiting = nullptr; ///< of the page
    QAction* m_undo = nullptr;
    QAction* m_redo = nullptr;
    QAction* m_cut = nullptr;
    QAction* m_paste = nullptr;
    AppointmentDrafts m_drafts;
    DraftSlot m_familyDraft;
    std::vector<Sent> m_sent;
    std::optional<PatientRow> m_bookingFor; ///< asked for by another page
    std::optional<Recurrence> m_repeating;  ///< of the form from which an opening is looked for
    QTimer m_clockTick;
    QTimer m_draftPause;
    bool m_isForForm = false; ///< an opening is looked for from a changed form, which waits for it
    bool m_wasShown = false;
};

} // namespace yarrow
