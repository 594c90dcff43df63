// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"
#include "models/items/schedule_editor.h"
#include "ui/widgets/side_panel.h"

#include <QStringList>
#include <QTimer>

class QComboBox;
class QDateEdit;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTimeEdit;

namespace yarrow {

class Chip;
class Field;
class NoteBox;
class PatientPicker;
class RepeatSection;
class SeriesPreview;
class SeriesScopeBox;

/// Books an appointment or changes one, beside the day. It asks for what is to be done and writes nothing
/// itself.
class AppointmentPanel final : public SidePanel
{
    Q_OBJECT
public:
    AppointmentPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent = nullptr);

    /// A new appointment as `draft` has it so far. `typed` begins the search for the patient. With
    /// `keepsLength` a visit type does not change the duration any more.
    void startNew(const AppointmentRow& draft, const QString& typed, bool keepsLength);
    void open(const AppointmentRow& row);
    /// Fills the form with what was wished, after it was refused.
    void reopen(const AppointmentRow& seen, const AppointmentRow& wished);
    void setPatient(const PatientRow& patient);
    /// Its time, whom and what it takes; of that visit type, unless empty. What else was typed stays.
    void putInto(const Opening& opening, const HealthcareServiceId& service);
    /// Asks for the reason of an overbooking, and gives it the keyboard.
    void askOverbookReason();
    /// Unfolds the reasons for a cancellation, and gives them the keyboard.
    void askCancelReason();
    /// How the new appointment repeats, without the days that are left out; nothing when it does not, or is
    /// not new.
    [[nodiscard]] std::optional<Recurrence> recurrence() const;
    void repeat(const std::optional<Recurrence>& recurrence);
    /// The same with the days that are left out.
    [[nodiscard]] std::optional<Recurrence> repetition() const;
    void showPlan();                        ///< lists the visits now, and gives the list the keyboard
    [[nodiscard]] bool isPlanReady() const; ///< the visits of the series are listed
    /// A sentence above the form; empty removes it.
    void say(const QString& sentence);
    void sayAlso(const QString& sentence); ///< below what stands there

    [[nodiscard]] const AppointmentRow& seen() const noexcept
    {
        return m_seen;
    } ///< an empty id while booking
    /// What the form says now.
    [[nodiscard]] AppointmentRow wished() const;
    [[nodiscard]] bool isDirty() const;
    /// The appointment changed: by this user, then what is typed goes on from there; or by others, then an
    /// untouched form follows and a touched one says so.
    void follow(const AppointmentRow& row, bool byThisUser);
    /// The same for all that this user has written at once. What was asked about their series is asked anew.
    void followOwn(const std::vector<AppointmentRow>& rows);

    [[nodiscard]] QByteArray draft() const; ///< empty when nothing was typed
    enum class Onto { WhatWasSeen, WhatIsStored };
    [[nodiscard]] static AppointmentId visitOf(const QByteArray& draft); ///< empty: a new one
    [[nodiscard]] static QString whoseIs(const QByteArray& draft);       ///< in words; empty: nobody's yet
    /// A new appointment for nobody and about nothing: a time and a search are begun anew as fast.
    [[nodiscard]] bool isNothingYet() const;
    /// Whether it was a draft that could be read. `stored` is the appointment that it belongs to. Onto what
    /// was seen, saving it is refused when the appointment has changed since; onto what is stored, only what
    /// was typed differs from that, and what somebody else has changed is said.
    bool restoreDraft(const QByteArray& draft, const std::optional<AppointmentRow>& stored,
                      Onto onto = Onto::WhatWasSeen);

Q_SIGNALS:
    void saveRequested(const yarrow::AppointmentRow& seen, const yarrow::AppointmentRow& wished);
    void statusRequested(const yarrow::AppointmentRow& row, yarrow::AppointmentStatus status);
    void cancelRequested(const yarrow::AppointmentRow& row, const std::string& reason);
    /// Visits of a series that are to be booked or changed together, the one that is open first.
    void allRequested(const std::vector<yarrow::AppointmentRow>& wished, yarrow::ScheduleChange kind);
    void edited(); ///< something was typed or chosen

private:
    [[nodiscard]] QWidget* makeTimes();
    [[nodiscard]] QWidget* makeStatus();
    void makeFoot();
    void fillChoices();
    void load(const AppointmentRow& row);
    void showStatus();
    void showHints();
    void serviceChosen();
    void fieldChanged();

    // What the visit type needs, what is in its way, what is known of the patient;
    // appointment_panel_needs.cpp.
    [[nodiscard]] std::optional<HealthcareService> chosenService() const;
    void offerResources(const std::optional<HealthcareService>& service);
    void chooseResources(const HealthcareService& service);
    template <class IdType>
    [[nodiscard]] IdType freeOneOf(const std::vector<IdType>& wanted, IdType Appointment::*member) const;
    void showNeeds();
    /// What is in the way of the visit as the form has it; what the start's own warning says is left out.
    struct InTheWay
    {
        QStringList sentences;
        bool isRefused = false; ///< saving refuses it, and says so itself
    };
    [[nodiscard]] InTheWay inTheWay() const;
    void showWarnings();
    void sayWarnings();
    /// Whether all that is in the way was on screen already; otherwise it is now, and the start has the
    /// keyboard.
    [[nodiscard]] bool isLookedAt();
    void showAttendance();

    void save();
    [[nodiscard]] bool check();
    // Visits that repeat; appointment_panel_series.cpp.
    [[nodiscard]] QWidget* makeSeries();
    [[nodiscard]] QWidget* makeSeriesText();
    void showSeries();
    void followSeries();
    void planSeries();
    void showReasonField();
    void saveRepeated();
    void saveInSeries();
    void saveTogether(SeriesPreview& preview, ScheduleChange kind, bool wasShown);
    void confirmCancel();

    [[nodiscard]] TimeRange times() const;
    [[nodiscard]] QString hoursWarning() const;

    ClinicSession& m_session;
    const DayScheduleModel& m_model;
    AppointmentRow m_seen;
    AppointmentRow m_clean; ///< the form's content before anything was typed
    /// What the form was filled with, and how its texts look in it: a field nobody touched stays as it was
    /// stored, where the form cannot show it to the letter.
    struct Loaded
    {
        AppointmentRow row;
        QString description;
        QString comment;
    };
    Loaded m_loaded;
    bool m_loading = false;
    bool m_keepsLength = false;
    std::optional<TimeRange> m_taken; ///< the time for which a reason to overbook was asked

    QTimer m_planPause;
    QTimer m_lookPause;
    QStringList m_inTheWay; ///< as shown
    NoteBox* m_note;
    PatientPicker* m_patient;
    QComboBox* m_service;
    QComboBox* m_practitioner;
    QComboBox* m_room;
    QComboBox* m_device;
    QDateEdit* m_date;
    QTimeEdit* m_start;
    QSpinBox* m_duration;
    QLineEdit* m_description;
    QPlainTextEdit* m_comment;
    QComboBox* m_overbook;
    QComboBox* m_cancelReason;
    RepeatSection* m_repeat;
    SeriesPreview* m_preview; ///< of a series that is not booked yet
    SeriesScopeBox* m_scope;
    SeriesScopeBox* m_cancelScope;
    QLabel* m_seriesText;
    QWidget* m_seriesSection;
    QWidget* m_seriesRow;
    Field* m_patientField;
    Field* m_practitionerField;
    Field* m_roomField;
    Field* m_deviceField;
    Field* m_startField;
    Field* m_overbookField;
    QWidget* m_cancelSection;
    QWidget* m_statusSection;
    Chip* m_status;
    Chip* m_marks; ///< a conflict, or not at the server yet
    QHBoxLayout* m_statusButtons;
    QPushButton* m_cancel;
    QPushButton* m_save;
};

} // namespace yarrow
