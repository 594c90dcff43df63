// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "models/items/front_desk.h"
#include "ui/calendar/appointment_panel.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/closed_time.h"
#include "ui/calendar/family_booking_panel.h"
#include "ui/calendar/message_bar.h"
#include "ui/calendar/openings_panel.h"
#include "ui/waiting/waiting_entry_panel.h"
#include "ui/waiting/waiting_panel.h"
#include "ui/widgets/texts.h"

#include <QDateTime>

#include <algorithm>

// The forms at the side of the day: which one is there, how it is left, what it begins with.

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr minutes kUsualVisit{15};

} // namespace

std::array<QWidget*, 5> DayDesk::sidePanels() const
{
    return {m_form, m_openings, m_waiting, m_waitingEntry, m_familyBooking};
}

void DayDesk::showPanel(QWidget* panel)
{
    for (QWidget* each : sidePanels())
        each->setVisible(panel == each);
    if (panel != m_openings) { // whom an opening was looked for goes with the openings
        m_bookingFor.reset();
        m_repeating.reset();
        m_isForForm = false;
    }
    m_side->setVisible(panel != nullptr);
    Q_EMIT sideShown(panel != nullptr);
    if (!panel)
        m_view->setFocus();
}

/// Whether the form may be left now; otherwise the user is asked, and `goOn` runs once it may.
bool DayDesk::leaveForm(const std::function<void()>& goOn)
{
    const bool entry = !m_waitingEntry->isHidden() && m_waitingEntry->isDirty();
    const bool family = !m_familyBooking->isHidden() && m_familyBooking->isDirty();
    if (!entry && !family && (m_form->isHidden() || !m_form->isDirty()))
        return true;
    m_message->say(Tone::Info,
                   family  ? tr("The family at the side is not booked yet.")
                   : entry ? tr("The entry of the waiting list at the side is not saved yet.")
                           : tr("The appointment at the side is not saved yet."),
                   {{tr("Discard it and go on"), QStringLiteral("discardForm"), [this, goOn] {
                         m_draftPause.stop();
                         if (!m_form->isHidden())
                             m_drafts.keep({});
                         if (!m_waitingEntry->isHidden())
                             m_waitingEntry->discardDraft();
                         if (!m_familyBooking->isHidden()) {
                             m_familyDraft.keep({});
                             m_familyBooking->setClean();
                         }
                         showPanel(nullptr);
                         goOn();
                     }}});
    if (family)
        m_familyBooking->goOn();
    else
        (entry ? static_cast<QWidget*>(m_waitingEntry) : m_form)->setFocus();
    return false;
}

void DayDesk::closeForm()
{
    const bool keeps = m_form->isDirty() && !m_form->isNothingYet();
    if (keeps) {
        keepDraft();
    } else {
        m_draftPause.stop();
        m_drafts.keep({});
    }
    showPanel(nullptr);
    if (keeps)
        offerDraft();
    else
        m_message->clear();
}

void DayDesk::openAppointment(const AppointmentId& id)
{
    if (!leaveForm([this, id] { openAppointment(id); }))
        return;
    const auto row = visit(m_editor.currentId(id));
    if (!row)
        return say(tr("This appointment is not there any more."));
    if (!m_model.entry(row->appointment.id))
        showDay(toLocalDate(row->appointment.start, m_session.zone()));
    openForm(*row);
}

/// What was typed into it before and not saved is in the form again.
void DayDesk::openForm(const AppointmentRow& row)
{
    m_drafts.begin(row.appointment.id);
    const QString place = m_drafts.place();
    const QByteArray draft = isSent(place) ? QByteArray() : m_drafts.in(place);
    showPanel(m_form);
    if (draft.isEmpty() || !m_form->restoreDraft(draft, row, AppointmentPanel::Onto::WhatIsStored))
        return m_form->open(row);
    m_drafts.goOn(place);
    if (!m_form->isDirty()) { // it is stored by now
        m_drafts.discard(place);
        return m_form->open(row);
    }
    m_message->say(Tone::Info, tr("What you began to change here is in the form again."),
                   {{tr("Discard it"), QStringLiteral("discardDraft"), [this, place] {
                         m_draftPause.stop();
                         m_drafts.discard(place);
                         if (m_form->isHidden() || m_drafts.place() != place)
                             return;
                         if (const auto now = visit(m_form->seen().appointment.id))
                             m_form->open(*now);
                     }}});
}

bool DayDesk::isSent(const QString& place) const
{
    const QByteArray kept = m_drafts.in(place);
    return std::any_of(m_sent.begin(), m_sent.end(), [&](const Sent& sent) {
        return !sent.ofFamily && sent.place == place && sent.draft == kept;
    });
}

void DayDesk::askCancelReason(const AppointmentId& id)
{
    openAppointment(id);
    if (m_form->isVisibleTo(this) && m_form->seen().appointment.id == m_editor.currentId(id))
        m_form->askCancelReason();
}

void DayDesk::bookOpening(const Opening& opening)
{
    if (!leaveForm([this, opening] { bookOpening(opening); }))
        return;
    m_drafts.begin({});
    takeOpening(opening, {}, {});
}

void DayDesk::bookAt(const CalendarCell& cell, const QString& typed, bool exact)
{
    if (!mayChange() || !leaveForm([this, cell, typed, exact] { bookAt(cell, typed, exact); }))
        return;
    AppointmentRow draft;
    Appointment& appointment = draft.appointment;
    appointment.start = cell.when.start;
    appointment.end = exact ? cell.when.end : cell.when.start + kUsualVisit;
    appointment.practitioner = cell.practitioner;
    appointment.device = cell.device;
    appointment.room = cell.room.isEmpty() ? freeRoom({appointment.start, appointment.end}) : cell.room;
    const auto patient = std::exchange(m_bookingFor, std::nullopt);
    m_message->clear();
    m_drafts.begin({});
    showPanel(m_form);
    m_form->startNew(draft, typed, exact);
    if (patient)
        m_form->setPatient(*patient);
}

void DayDesk::bookSelected(const QString& typed)
{
    CalendarCell cell = m_view->cell();
    if (m_view->selected()) {
        // After the selected appointment, once its practitioner is free.
        cell.when.start = cell.when.end;
        const int column = m_view->cursorColumn();
        if (column >= 0)
            for (const ScheduleEntry& entry : m_model.columns()[static_cast<std::size_t>(column)].entries)
                if (const Appointment& a = entry.row.appointment;
                    holdsSlot(a.status) && a.start <= cell.when.start && cell.when.start < a.end)
                    cell.when.start = a.end;
    }
    bookAt(cell, typed, false);
}

PatientRow DayDesk::rowOf(const Patient& patient)
{
    PatientRow row;
    row.id = patient.id;
    if (const HumanName* name = displayName(patient))
        row.name = formatName(*name);
    row.mrn = medicalRecordNumber(patient);
    row.birthDate = patient.birthDate;
    row.sex = patient.sex;
    return row;
}

void DayDesk::startBooking(const PatientId& id)
{
    if (!leaveForm([this, id] { startBooking(id); }))
        return;
    if (!m_model.day().isValid())
        stepDay(0);
    m_session.viewPatient(id, this, [this](const Result<PatientRecord>& record) {
        if (!record)
            return say(sentence(record.error()));
        const PatientRow row = rowOf(record->patient);
        keepDraft(); // of a form that was begun meanwhile
        showPanel(nullptr);
        m_drafts.begin({});
        AppointmentRow wanted;
        wanted.appointment.patient = row.id;
        wanted.patientName = row.name;
        lookForOpenings(wanted, wanted.appointment);
        m_bookingFor = row;
    });
}

void DayDesk::lookForOpening()
{
    if (m_form->isHidden()) {
        if (!leaveForm([this] { lookForOpening(); }))
            return;
        m_drafts.begin({});
        return lookForOpenings({}, {});
    }
    const AppointmentRow form = m_form->wished();
    const auto repeating = m_form->repetition();
    const bool isChanged = !form.appointment.id.isEmpty() && m_form->isDirty();
    lookForOpenings(form.appointment.id.isEmpty() || isChanged ? form : m_form->seen(), form.appointment);
    m_repeating = repeating;
    m_isForForm = isChanged;
}

void DayDesk::moveToOpening(const AppointmentRow& row)
{
    if (leaveForm([this, row] { moveToOpening(row); }))
        lookForOpenings(row, row.appointment);
}

/// `row` is what the opening is for; as long as `appointment`, and with its practitioner.
void DayDesk::lookForOpenings(const AppointmentRow& row, const Appointment& appointment)
{
    OpeningsPanel::Wish wish;
    const auto length = std::chrono::duration_cast<minutes>(appointment.end - appointment.start);
    wish.duration = length.count() > 0 ? length : kUsualVisit;
    wish.service = appointment.service;
    wish.practitioner = appointment.practitioner;
    wish.earliest = std::max(m_session.clock().now(), localDay(m_model.day(), m_session.zone()).start);
    wish.row = row;
    m_bookingFor.reset();
    m_repeating.reset();
    m_isForForm = false;
    keepDraft();
    showPanel(m_openings);
    m_openings->look(wish);
}

void DayDesk::takeOpening(const Opening& opening, const HealthcareServiceId& service,
                          const AppointmentRow& row)
{
    showDay(localTime(opening.when.start, m_session.zone()).date());
    m_message->clear();
    AppointmentRow wanted = row;
    wanted.appointment.start = opening.when.start;
    wanted.appointment.end = opening.when.end;
    wanted.appointment.practitioner = opening.practitioner;
    wanted.appointment.room = opening.room;
    wanted.appointment.device = opening.device;
    wanted.appointment.overbookReason.clear();
    if (!service.isEmpty())
        wanted.appointment.service = service;
    m_view->selectCell(opening.practitioner, opening.when.start);
    if (m_isForForm) {
        showPanel(m_form);
        m_form->putInto(opening, service);
        if (const auto now = visit(row.appointment.id))
            m_form->follow(*now, false); // what came while it was hidden
        return say(tr("This opening is in the form now. Save it together with what you typed."));
    }
    if (!row.appointment.id.isEmpty()) {
        showPanel(nullptr);
        m_editor.change(row, wanted, ScheduleChange::Move);
        return;
    }
    const auto patient = std::exchange(m_bookingFor, std::nullopt);
    const auto repeating = std::exchange(m_repeating, std::nullopt);
    showPanel(m_form);
    m_form->startNew(wanted, {}, true);
    if (repeating)
        m_form->repeat(repeating);
    if (patient)
        m_form->setPatient(*patient);
}

LocationId DayDesk::freeRoom(const TimeRange& when) const
{
    // Of the whole clinic: a filter or the week of one practitioner shows a part of what is booked.
    std::set<LocationId> taken;
    if (const auto rows = m_session.appointmentsOn(toLocalDate(when.start, m_session.zone())))
        for (const AppointmentRow& row : *rows) {
            const Appointment& other = row.appointment;
            if (holdsSlot(other.status) && other.start < when.end && when.start < other.end)
                taken.insert(other.room);
        }
    for (const Location& room : m_session.rooms())
        if (!taken.contains(room.id) && !isClosed(m_session.availability(room), when, m_session.zone()))
            return room.id;
    return {};
}

/// As it is by now, with what is wished and not answered yet; also where it is not shown.
std::optional<AppointmentRow> DayDesk::visit(const AppointmentId& id) const
{
    if (id.isEmpty())
        return std::nullopt;
    if (const ScheduleEntry* entry = m_model.entry(id))
        return entry->row;
    const auto& wishes = m_editor.wishes().rows();
    if (const auto wish = wishes.find(id); wish != wishes.end())
        return wish->second;
    auto stored = m_session.frontDesk().appointment(id);
    if (stored && stored->appointment.status == AppointmentStatus::EnteredInError)
        stored.reset();
    return stored;
}

/// Whether something is begun at the side that another form must not take the place of unasked.
bool DayDesk::isFormInUse() const
{
    return (!m_form->isHidden() && m_form->isDirty()) ||
           (!m_waitingEntry->isHidden() && m_waitingEntry->isDirty()) || !m_familyBooking->isHidden() ||
           !m_openings->isHidden();
}

void DayDesk::keepDraft()
{
    m_draftPause.stop();
    if (!m_form->isHidden())
        m_drafts.keep(m_form->draft());
    if (!m_waitingEntry->isHidden())
        m_waitingEntry->saveDraft();
    if (!m_familyBooking->isHidden())
        m_familyDraft.keep(m_familyBooking->draft());
}

/// On the day of the visit that it belongs to, however that day is shown.
void DayDesk::continueDraft(const QString& place)
{
    if (!leaveForm([this, place] { continueDraft(place); }))
        return;
    const QByteArray draft = m_drafts.in(place);
    const auto stored = visit(AppointmentPanel::visitOf(draft));
    if (stored)
        showDay(toLocalDate(stored->appointment.start, m_session.zone()));
    m_drafts.goOn(place);
    showPanel(m_form);
    if (m_form->restoreDraft(draft, stored))
        return m_message->clear();
    showPanel(nullptr);
    m_message->say(Tone::Warn, tr("The appointment that it belongs to is not there any more."),
                   {{tr("Discard"), QStringLiteral("discardDraft"), [this, place] { discardDraft(place); }}});
}

void DayDesk::discardDraft(const QString& place)
{
    m_drafts.discard(place);
    offerDraft(); // there may be another
}

void DayDesk::offerDraft()
{
    auto places = m_drafts.places();
    std::erase_if(places, [this](const QString& each) {
        return isSent(each) || (!m_form->isHidden() && each == m_drafts.place());
    });
    if (places.empty()) {
        if (!offerFamilyDraft())
            (void)offerWaitingDraft();
        return;
    }
    const QString place = places.front();
    const auto stored = visit(AppointmentPanel::visitOf(m_drafts.in(place)));
    const QString whose = AppointmentPanel::whoseIs(m_drafts.in(place));
    std::vector<MessageBar::Action> actions{
        {tr("Continue"), QStringLiteral("continueDraft"), [this, place] { continueDraft(place); }},
        {tr("Discard"), QStringLiteral("discardDraft"), [this, place] { discardDraft(place); }}};
    std::erase_if(places, [this](const QString& each) {
        return !AppointmentPanel::visitOf(m_drafts.in(each)).isEmpty();
    });
    if (!stored && places.size() > 1)
        actions.push_back({tr("Discard all %n that you began", nullptr, static_cast<int>(places.size())),
                           QStringLiteral("discardDrafts"), [this, places] {
                               for (const QString& each : places)
                                   m_drafts.discard(each);
                               offerDraft();
                           }});
    m_message->say(
        Tone::Info,
        stored ? tr("What you began to change of an appointment is kept: %1, %2.", "patient, day")
                     .arg(whoText(*stored), dayText(toLocalDate(stored->appointment.start, m_session.zone())))
        : whose.isEmpty()
            ? tr("An appointment that you began is kept.")
            : tr("An appointment that you began is kept: %1.", "patient, or what it is about").arg(whose),
        actions);
}

} // namespace yarrow
