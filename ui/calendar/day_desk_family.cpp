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
        const bool keeps = m_familyBooking->isDirty();
        keepDraft();
        showPanel(nullptr);
        if (!keeps || !offerFamilyDraft())
            offerDraft();
    });
    connect(m_familyBooking, &FamilyBookingPanel::edited, this, [this] { m_draftPause.start(kDraftPause); });
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
    if (!keepsFamily())
        return beginFamily(id, after);
    m_message->say(Tone::Info, tr("The booking of a family that you began is kept, and only one can be."),
                   {{tr("Continue that one"), QStringLiteral("continueFamily"), [this] { continueFamily(); }},
                    {tr("Discard it and go on"), QStringLiteral("discardFamily"), [this, id, after] {
                         discardFamily();
                         startFamilyBooking(id, after);
                     }}});
}

void DayDesk::beginFamily(const PatientId& id, const std::optional<AppointmentRow>& after)
{
    m_session.viewPatient(id, this, [this, after](const Result<PatientRecord>& record) {
        if (!record)
            return say(sentence(record.error()));
        m_message->clear();
        m_familyDraft.leave();
        showPanel(m_familyBooking);
        m_familyBooking->start(
            {rowOf(record->patient), shortName(record->patient), after,
             std::max(m_session.clock().now(), localDay(m_model.day(), m_session.zone()).start)});
    });
}

/// One that is on its way to the store is none that waits.
bool DayDesk::keepsFamily() const
{
    const QByteArray kept = m_familyDraft.content();
    return !kept.isEmpty() && std::none_of(m_sent.begin(), m_sent.end(), [&](const Sent& sent) {
        return sent.ofFamily && sent.draft == kept;
    });
}

bool DayDesk::offerFamilyDraft()
{
    if (!keepsFamily())
        return false;
    m_message->say(Tone::Info, tr("The booking of the family that you began is kept."),
                   {{tr("Continue"), QStringLiteral("continueFamily"), [this] { continueFamily(); }},
                    {tr("Discard"), QStringLiteral("discardFamily"), [this] { discardFamily(); }}});
    return true;
}

void DayDesk::discardFamily()
{
    m_familyDraft.clear();
    m_familyBooking->setClean();
}

void DayDesk::continueFamily()
{
    if (!leaveForm([this] { continueFamily(); }))
        return;
    const QByteArray draft = m_familyDraft.resume();
    if (draft != m_familyBooking->draft())
        return resumeFamily(draft);
    m_message->clear();
    showPanel(m_familyBooking);
    m_familyBooking->goOn();
}

void DayDesk::resumeFamily(const QByteArray& draft)
{
    const auto began = FamilyBookingPanel::beginningOf(draft);
    if (!began)
        return say(tr("This booking is not kept any more."));
    m_session.viewPatient(began->patient, this, [this, draft, began](const Result<PatientRecord>& record) {
        if (!record)
            return say(sentence(record.error()));
        const auto after = heldVisit(began->after, toLocalDate(began->afterStart, m_session.zone()));
        m_message->clear();
        showPanel(m_familyBooking);
        m_familyBooking->resume({rowOf(record->patient), shortName(record->patient), after, began->earliest},
                                draft);
        if (!began->after.isEmpty() && !after)
            m_familyBooking->say(tr("The visit that the others were to follow is on another day now, or "
                                    "does not take place. Please look at the times."));
    });
}

/// The visit of that day, if it is still there and takes place.
std::optional<AppointmentRow> DayDesk::heldVisit(const AppointmentId& id, QDate day) const
{
    std::optional<AppointmentRow> held;
    const auto rows = id.isEmpty() ? std::vector<AppointmentRow>()
                                   : m_session.appointmentsOn(day).value_or(std::vector<AppointmentRow>());
    for (const AppointmentRow& row : rows)
        if (row.appointment.id == id &&
            (holdsSlot(row.appointment.status) || row.appointment.status == AppointmentStatus::Fulfilled))
            held = row;
    return held;
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
    keepDraft();
    Sent sent{{}, ScheduleChange::Book, true, m_familyBooking->content(), {}, {}};
    m_message->clear();
    showDay(localTime(visits.front().appointment.start, m_session.zone()).date());
    showPanel(nullptr);
    sent.shownAs = m_editor.changeAll(visits, ScheduleChange::Book);
    m_view->select(sent.shownAs);
    m_sent.push_back(std::move(sent));
}

/// What was chosen is still in the panel, unless another family came into it; its openings are those that
/// there are by now.
void DayDesk::showFamilyRefusal(const ScheduleRefusal& refusal, const Sent& sent)
{
    m_model.reload();
    const QString why = refusal.error.code == ErrorCode::SlotTaken
                            ? tr("One of these times has just been taken. None was booked; these are the "
                                 "openings that are left.")
                            : refusalText(refusal);
    if (m_familyBooking->content() != sent.draft)
        return m_message->say(
            Tone::Warn, why,
            {{tr("Open it again"), QStringLiteral("reopenFamily"), [this, draft = sent.draft] {
                  if (leaveForm([this, draft] { resumeFamily(draft); }))
                      resumeFamily(draft);
              }}});
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
