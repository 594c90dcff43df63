// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/family_booking_panel.h"
#include "ui/calendar/message_bar.h"
#include "ui/widgets/texts.h"

#include <algorithm>

// A family's visits, one after the other.

namespace yarrow {

void DayDesk::connectFamily()
{
    connect(m_familyBooking, &SidePanel::closeRequested, this, [this] {
        showPanel(nullptr);
        if (!m_familyBooking->isDirty())
            return offerDraft();
        m_message->say(Tone::Info, tr("The booking of the family that you began is kept."),
                       {{tr("Continue"), QStringLiteral("continueFamily"), [this] {
                             if (!leaveForm([this] { continueFamily(); }))
                                 return;
                             continueFamily();
                         }}});
    });
    connect(m_familyBooking, &FamilyBookingPanel::bookRequested, this, &DayDesk::bookFamily);
    connect(m_familyBooking, &FamilyBookingPanel::openingMarked, this, [this](const Opening& opening) {
        showDay(localTime(opening.when.start, m_session.zone()).date());
        m_view->selectCell(opening.practitioner, opening.when.start);
    });
}

/// The patient comes as well; with `after`, a visit of theirs, the others follow it.
void DayDesk::startFamilyBooking(const PatientId& id, const std::optional<AppointmentRow>& after)
{
    if (!mayChange() || !leaveForm([this, id, after] { startFamilyBooking(id, after); }))
        return;
    if (!m_model.day().isValid())
        stepDay(0);
    m_session.viewPatient(id, this, [this, after](const Result<PatientRecord>& record) {
        if (!record)
            return say(sentence(record.error()));
        m_message->clear();
        showPanel(m_familyBooking);
        m_familyBooking->start(
            rowOf(record->patient), after,
            std::max(m_session.clock().now(), localDay(m_model.day(), m_session.zone()).start));
    });
}

void DayDesk::continueFamily()
{
    m_message->clear();
    showPanel(m_familyBooking);
    m_familyBooking->goOn();
}

void DayDesk::bookFamilyOfSelected()
{
    const ScheduleEntry* entry = m_view->selected();
    if (!entry || entry->row.appointment.patient.isEmpty())
        return say(tr("Select an appointment of a patient first, then the family can follow it."));
    startFamilyBooking(entry->row.appointment.patient, AppointmentRow(entry->row));
}

void DayDesk::bookFamily(const std::vector<AppointmentRow>& visits)
{
    if (!mayChange())
        return;
    m_message->clear();
    showDay(localTime(visits.front().appointment.start, m_session.zone()).date());
    showPanel(nullptr);
    m_familyFirst = visits.front().appointment;
    m_view->select(m_editor.changeAll(visits, ScheduleChange::Book));
}

/// Whether this was the booking of a family that is waited for; it is not afterwards.
bool DayDesk::takeFamily(const AppointmentRow& row)
{
    if (!m_familyFirst || m_familyFirst->patient != row.appointment.patient ||
        m_familyFirst->start != row.appointment.start)
        return false;
    m_familyFirst.reset();
    return true;
}

/// What was chosen is still in the panel; its openings are those that there are by now.
void DayDesk::showFamilyRefusal(const ScheduleRefusal& refusal)
{
    m_model.reload();
    const QString why = refusal.error.code == ErrorCode::SlotTaken
                            ? tr("One of these times has just been taken. None was booked; these are the "
                                 "openings that are left.")
                            : refusalText(refusal);
    keepDraft(); // of a form that was begun meanwhile
    showPanel(m_familyBooking);
    m_familyBooking->lookAgain(why);
    m_message->say(Tone::Warn, why);
}

void DayDesk::showFamilyBooking()
{
    constexpr int kLookedAt = 60;
    const auto patients = m_session.searchPatients(QStringLiteral("a"), kLookedAt);
    if (!patients)
        return;
    for (const PatientRow& patient : *patients)
        m_session.family().family(
            patient.id, false, this, [this, id = patient.id](const Result<std::vector<FamilyRow>>& rows) {
                const auto isPatient = [](const FamilyRow& row) { return row.member.has_value(); };
                if (m_familyBooking->isHidden() && rows &&
                    std::count_if(rows->begin(), rows->end(), isPatient) > 1) {
                    showPanel(m_familyBooking);
                    startFamilyBooking(id);
                }
            });
}

} // namespace yarrow
