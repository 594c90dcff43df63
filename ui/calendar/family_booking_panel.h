// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/day_schedule_model.h"
#include "models/items/family_desk.h"
#include "ui/widgets/side_panel.h"

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QDateEdit;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace yarrow {

/// A family's visits one after the other with one practitioner, beside the day: who comes, in their order,
/// what for, and the openings that fit all of them. Alt+Up and Alt+Down let somebody come earlier or later;
/// Enter or Ctrl+Enter books the marked opening, all visits together.
class FamilyBookingPanel final : public SidePanel
{
    Q_OBJECT
public:
    FamilyBookingPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent = nullptr);

    /// What a booking begins with. The patient comes too, or has a visit that is booked already (`after`),
    /// which the others follow.
    struct Beginning
    {
        PatientRow patient;
        QString shortName; ///< of the patient
        std::optional<AppointmentRow> after;
        Instant earliest;
    };
    void start(const Beginning& beginning);
    /// What a draft began with, to be read anew.
    struct DraftBeginning
    {
        PatientId patient;
        AppointmentId after; ///< empty: no visit is followed
        Instant afterStart;  ///< when that visit was
        Instant earliest;
    };
    /// Nothing when it is no draft.
    [[nodiscard]] static std::optional<DraftBeginning> beginningOf(const QByteArray& draft);
    /// With what was chosen in the draft, as far as it is still there.
    void resume(const Beginning& beginning, const QByteArray& draft);

    /// A sentence above the rest, until the next beginning.
    void say(const QString& sentence);
    /// After a refusal: what was chosen is still there, and openings are looked for anew.
    void lookAgain(const QString& why);
    /// With what was chosen before it was closed.
    void goOn();
    /// Something was chosen since start(), or is to be booked as soon as the openings are there.
    [[nodiscard]] bool isDirty() const noexcept { return m_isDirty || m_wanted.has_value(); }
    void setClean() noexcept { m_isDirty = false; } ///< it is booked, or put aside
    /// What it began with and what is chosen.
    [[nodiscard]] QByteArray content() const;
    [[nodiscard]] QByteArray draft() const { return isDirty() ? content() : QByteArray(); }

Q_SIGNALS:
    void edited(); ///< something was chosen
    void bookRequested(const std::vector<yarrow::AppointmentRow>& visits);
    void openingMarked(const yarrow::Opening& first); ///< looked at, not taken

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    using Rows = std::vector<std::vector<Opening>>;
    struct Line
    {
        PatientRow patient;
        QString shortName;
        QWidget* widget = nullptr;
        QCheckBox* comes = nullptr;
        QComboBox* service = nullptr;
        QSpinBox* duration = nullptr;
        QWidget* visit = nullptr; ///< what is only asked of who comes
    };

    void layOut();
    void begin(const Beginning& beginning);
    void addLine(const PatientRow& patient, const QString& shortName, bool comes);
    void clearLines();
    void moveMarked(int by); ///< -1: comes earlier
    void placeLines();       ///< on screen as in m_lines
    void fillChoices();
    void showChoices(const QByteArray& draft);
    void choiceMade();
    void refresh();
    [[nodiscard]] std::vector<OpeningsRequest> requests() const;
    void showFound(const Result<Rows>& rows);
    void fillList();
    void book();
    [[nodiscard]] std::vector<const Line*> coming() const;
    [[nodiscard]] QString lineText(const std::vector<Opening>& openings) const;

    ClinicSession& m_session;
    const DayScheduleModel& m_model;
    Beginning m_beginning;
    QByteArray m_resuming; ///< a draft whose choices wait until the family is read; empty: none does
    bool m_loading = false;
    bool m_isDirty = false;
    int m_asked = 0;    ///< an answer to a former start() is not shown
    int m_searches = 0; ///< an answer to a former search is not shown
    bool m_searching = false;
    std::optional<Opening> m_wanted; ///< is booked if the search under way finds it too
    std::vector<Line> m_lines;
    QCheckBox* m_marked = nullptr; ///< of the line that had the keyboard last
    Rows m_openings;

    QLabel* m_why;
    QVBoxLayout* m_people;
    QPushButton* m_earlier;
    QPushButton* m_later;
    QComboBox* m_practitioner;
    QDateEdit* m_from;
    QComboBox* m_partOfDay;
    QListWidget* m_list;
    QLabel* m_none;
};

} // namespace yarrow
