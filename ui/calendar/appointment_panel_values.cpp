// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/appointment_panel.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/combo_id.h"
#include "ui/calendar/patient_picker.h"
#include "ui/calendar/repeat_section.h"
#include "ui/calendar/series_preview.h"
#include "ui/calendar/series_scope_box.h"
#include "ui/widgets/field.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QDateEdit>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QTimeEdit>

#include <algorithm>

// From the form to values and back: what is wished, what is wrong with it, and the draft that is kept.

namespace yarrow {
namespace {

using std::chrono::minutes;

template <class IdType>
IdType idIn(const QJsonObject& object, const QString& key)
{
    return IdType::parse(object.value(key).toString().toStdString()).value_or(IdType());
}

bool overlaps(const TimeRange& a, const TimeRange& b)
{
    return a.start < b.end && b.start < a.end;
}

QJsonObject fieldsOf(const AppointmentRow& row)
{
    const Appointment& appointment = row.appointment;
    const auto text = [](const auto& id) { return QString::fromStdString(id.text()); };
    return {
        {QStringLiteral("patient"), text(appointment.patient)},
        {QStringLiteral("patientName"), row.patientName},
        {QStringLiteral("service"), text(appointment.service)},
        {QStringLiteral("practitioner"), text(appointment.practitioner)},
        {QStringLiteral("room"), text(appointment.room)},
        {QStringLiteral("device"), text(appointment.device)},
        {QStringLiteral("start"), QString::fromStdString(formatInstant(appointment.start))},
        {QStringLiteral("end"), QString::fromStdString(formatInstant(appointment.end))},
        {QStringLiteral("description"), appointment.description},
        {QStringLiteral("comment"), appointment.comment},
        {QStringLiteral("overbook"), QString::fromStdString(appointment.overbookReason)},
        {QStringLiteral("status"), static_cast<int>(appointment.status)},
    };
}

/// `row` with those fields; nothing when they are none.
std::optional<AppointmentRow> withFields(AppointmentRow row, const QJsonObject& kept)
{
    const auto start = parseInstant(kept.value(QStringLiteral("start")).toString().toStdString());
    const auto end = parseInstant(kept.value(QStringLiteral("end")).toString().toStdString());
    if (!start || !end)
        return std::nullopt;
    Appointment& appointment = row.appointment;
    appointment.start = *start;
    appointment.end = *end;
    appointment.patient = idIn<PatientId>(kept, QStringLiteral("patient"));
    row.patientName = kept.value(QStringLiteral("patientName")).toString();
    appointment.service = idIn<HealthcareServiceId>(kept, QStringLiteral("service"));
    appointment.practitioner = idIn<PractitionerId>(kept, QStringLiteral("practitioner"));
    appointment.room = idIn<LocationId>(kept, QStringLiteral("room"));
    appointment.device = idIn<DeviceId>(kept, QStringLiteral("device"));
    appointment.description = kept.value(QStringLiteral("description")).toString();
    appointment.comment = kept.value(QStringLiteral("comment")).toString();
    appointment.overbookReason = kept.value(QStringLiteral("overbook")).toString().toStdString();
    return row;
}

/// `now` with what was typed into the form that began as `before`.
AppointmentRow typedOnto(const AppointmentRow& now, const AppointmentRow& before, const AppointmentRow& form)
{
    AppointmentRow row = now;
    const auto carry = [&](auto Appointment::*member) {
        const bool typed = form.appointment.*member != before.appointment.*member;
        if (typed)
            row.appointment.*member = form.appointment.*member;
        return typed;
    };
    if (carry(&Appointment::patient))
        row.patientName = form.patientName;
    carry(&Appointment::service);
    carry(&Appointment::practitioner);
    carry(&Appointment::room);
    carry(&Appointment::device);
    carry(&Appointment::description);
    carry(&Appointment::comment);
    carry(&Appointment::overbookReason);
    carry(&Appointment::start);
    const auto length = [](const AppointmentRow& of) { return of.appointment.end - of.appointment.start; };
    row.appointment.end =
        row.appointment.start + (length(form) != length(before) ? length(form) : length(now));
    return row;
}

} // namespace

TimeRange AppointmentPanel::times() const
{
    const Appointment& loaded = m_loaded.row.appointment;
    const QDateTime before = localTime(loaded.start, m_session.zone());
    // An untouched time stays the very moment it was: in the hour that comes twice the clock alone does not
    // say which.
    const bool untouched = before.date() == m_date->date() && before.time() == m_start->time();
    const Instant start =
        untouched ? loaded.start : toInstant(m_date->date(), m_start->time(), m_session.zone());
    const auto length = loaded.end - loaded.start;
    const minutes shown(m_duration->value());
    return {start, start + (std::chrono::duration_cast<minutes>(length) == shown ? length : shown)};
}

AppointmentRow AppointmentPanel::wished() const
{
    AppointmentRow row = m_seen;
    Appointment& appointment = row.appointment;
    const auto& patient = m_patient->patient();
    appointment.patient = patient ? patient->id : PatientId();
    row.patientName = patient ? patient->name : QString();
    appointment.service = chosenId<HealthcareServiceId>(m_service);
    appointment.practitioner = chosenId<PractitionerId>(m_practitioner);
    appointment.room = chosenId<LocationId>(m_room);
    appointment.device = chosenId<DeviceId>(m_device);
    const TimeRange when = times();
    appointment.start = when.start;
    appointment.end = when.end;
    const QString description = m_description->text();
    const QString comment = m_comment->toPlainText();
    const Appointment& loaded = m_loaded.row.appointment;
    appointment.description =
        description == m_loaded.description ? loaded.description : description.trimmed();
    appointment.comment = comment == m_loaded.comment ? loaded.comment : comment.trimmed();
    appointment.overbookReason = m_overbook->currentText().trimmed().toStdString();
    if (appointment.service != m_seen.appointment.service) {
        const auto service = chosenService();
        row.serviceName = service ? service->name : QString();
    }
    if (appointment.room != m_seen.appointment.room)
        row.roomName = appointment.room.isEmpty() ? QString() : m_room->currentText();
    return row;
}

bool AppointmentPanel::isDirty() const
{
    return wished().appointment != m_clean.appointment || !m_patient->searchText().isEmpty() ||
           recurrence().has_value();
}

QString AppointmentPanel::hoursWarning() const
{
    const TimeRange when = times();
    const QDateTime local = localTime(when.start, m_session.zone());
    if (local.time() != m_start->time())
        return tr("This time does not exist on this day, the clocks change. It will be %1.")
            .arg(timeText(local.time()));
    const auto id = chosenId<PractitionerId>(m_practitioner);
    for (const CalendarResource& practitioner : m_model.practitioners()) {
        if (practitioner.id != id)
            continue;
        for (const Blockout& blockout : practitioner.availability.blockouts)
            if (overlaps(blockout.when, when))
                return blockout.reason.isEmpty()
                           ? tr("%1 is not available then.").arg(practitioner.name)
                           : tr("%1 is not available then: %2.").arg(practitioner.name, blockout.reason);
        const WeeklyHours& own = practitioner.availability.hours;
        const auto working =
            workingTime(own.hasHours() ? own : m_session.clinicHours(), m_date->date(), m_session.zone());
        if (difference({when}, working) != std::vector<TimeRange>{})
            return tr("This is outside the working hours of %1.").arg(practitioner.name);
    }
    return {};
}

void AppointmentPanel::showHints()
{
    const TimeRange when = times();
    const QString until = timeText(localTime(when.end, m_session.zone()).time());
    const bool sameZone = localTime(when.start, m_session.zone()).offsetFromUtc() ==
                          localTime(when.start, QTimeZone::systemTimeZone()).offsetFromUtc();
    m_startField->setHint(
        sameZone
            ? tr("until %1").arg(until)
            : tr("until %1, in the clinic's time (%2)").arg(until, QString::fromUtf8(m_session.zone().id())));
    sayWarnings();
    m_lookPause.start();
    showNeeds();
}

bool AppointmentPanel::check()
{
    const AppointmentRow row = wished();
    QWidget* first = nullptr;
    if (row.appointment.patient.isEmpty() && !m_patient->searchText().trimmed().isEmpty()) {
        m_patientField->setError(tr(
            "Choose one of the patients below the search, or empty it: what is typed there is nobody yet."));
        first = m_patient;
    } else if (row.appointment.patient.isEmpty() && row.appointment.description.isEmpty()) {
        m_patientField->setError(tr("Choose the patient, or write under “About” what the time is held for."));
        first = m_patient;
    }
    if (row.appointment.practitioner.isEmpty() && row.appointment.room.isEmpty()) {
        m_practitionerField->setError(tr("Choose a practitioner or a room."));
        first = first ? first : m_practitioner;
    }
    if (m_taken == times() && row.appointment.overbookReason.empty()) {
        m_overbookField->setError(tr("Say why this time is booked twice, or choose another time."));
        first = first ? first : m_overbook;
    }
    if (first)
        first->setFocus(Qt::OtherFocusReason);
    return first == nullptr;
}

void AppointmentPanel::save()
{
    m_patient->takeTyped();
    if (m_cancelSection->isAncestorOf(focusWidget()))
        return confirmCancel();
    if (!check())
        return;
    const AppointmentRow row = wished();
    if (recurrence())
        saveRepeated();
    else if (m_seen.appointment.series && row.appointment != m_seen.appointment)
        saveInSeries();
    else if (isLookedAt())
        Q_EMIT saveRequested(m_seen, row);
}

void AppointmentPanel::follow(const AppointmentRow& row, bool byThisUser)
{
    if (row.appointment.id != m_seen.appointment.id || row.revision == m_seen.revision)
        return;
    if (!isDirty()) {
        m_seen = m_clean = row;
        load(row);
        return;
    }
    if (!byThisUser) {
        say(tr("Somebody else has changed this appointment meanwhile. What you typed is still here; close "
               "and open it "
               "to see it as it is now."));
        return;
    }
    const AppointmentRow form = typedOnto(row, m_clean, wished());
    const QString search = m_patient->searchText();
    m_seen = m_clean = row;
    if (wished().appointment == form.appointment)
        return showStatus();
    load(form);
    if (!search.isEmpty())
        m_patient->search(search);
}

void AppointmentPanel::followOwn(const std::vector<AppointmentRow>& rows)
{
    const auto& place = m_seen.appointment.series;
    const bool ofSeries =
        place && std::any_of(rows.begin(), rows.end(), [&](const AppointmentRow& row) {
            return row.appointment.series && row.appointment.series->series == place->series;
        });
    const bool isCancelling = ofSeries && !isHidden() && !m_cancelSection->isHidden();
    for (const AppointmentRow& row : rows)
        follow(row, true);
    if (!ofSeries)
        return;
    // Its plan has the visits as they were.
    m_scope->hide();
    m_scope->preview().clear();
    m_cancelSection->hide();
    if (isCancelling && isLegalMove(m_seen.appointment.status, AppointmentStatus::Cancelled))
        askCancelReason();
}

QByteArray AppointmentPanel::draft() const
{
    if (!isDirty())
        return {};
    const AppointmentRow row = wished();
    const auto rule = repetition();
    const std::string repeats = rule ? recurrenceText(*rule, m_session.zone()) : std::string();
    QJsonArray moved;
    for (const auto& [day, decision] : m_preview->decisions())
        if (decision == SeriesPreview::Decision::NextFree)
            moved.append(day.toString(Qt::ISODate));
    QJsonObject kept = fieldsOf(row);
    kept.insert(QStringLiteral("appointment"), QString::fromStdString(m_seen.appointment.id.text()));
    kept.insert(QStringLiteral("revision"), QString::number(m_seen.revision));
    kept.insert(QStringLiteral("search"), m_patient->searchText());
    kept.insert(QStringLiteral("before"), fieldsOf(m_clean));
    kept.insert(QStringLiteral("repeat"), QString::fromStdString(repeats));
    kept.insert(QStringLiteral("moved"), moved);
    return QJsonDocument(kept).toJson(QJsonDocument::Compact);
}

AppointmentId AppointmentPanel::visitOf(const QByteArray& draft)
{
    return idIn<AppointmentId>(QJsonDocument::fromJson(draft).object(), QStringLiteral("appointment"));
}

QString AppointmentPanel::whoseIs(const QByteArray& draft)
{
    const QJsonObject kept = QJsonDocument::fromJson(draft).object();
    const QString patient = kept.value(QStringLiteral("patientName")).toString();
    return patient.isEmpty() ? kept.value(QStringLiteral("description")).toString() : patient;
}

bool AppointmentPanel::isNothingYet() const
{
    const Appointment visit = wished().appointment;
    return visit.id.isEmpty() && visit.patient.isEmpty() && visit.description.isEmpty() &&
           visit.comment.isEmpty() && !recurrence();
}

bool AppointmentPanel::restoreDraft(const QByteArray& draft, const std::optional<AppointmentRow>& stored,
                                    Onto onto)
{
    const QJsonObject kept = QJsonDocument::fromJson(draft).object();
    const auto id = idIn<AppointmentId>(kept, QStringLiteral("appointment"));
    AppointmentRow seen = stored.value_or(AppointmentRow());
    if (seen.appointment.id != id)
        return false;
    auto form = withFields(seen, kept);
    if (!form)
        return false;
    const QJsonObject began = kept.value(QStringLiteral("before")).toObject();
    auto before = id.isEmpty() ? std::optional<AppointmentRow>() : withFields(seen, began);
    if (before)
        before->appointment.status = static_cast<AppointmentStatus>(
            began.value(QStringLiteral("status")).toInt(static_cast<int>(seen.appointment.status)));
    if (onto == Onto::WhatIsStored && before)
        form = typedOnto(seen, *before, *form);
    else if (!id.isEmpty())
        // Typed on an older state: saving it says so, rather than overwriting what came since.
        seen.revision = kept.value(QStringLiteral("revision")).toString().toLongLong();
    reopen(seen, *form);
    say({});
    if (before && onto == Onto::WhatIsStored)
        say(changedElsewhereText(*before, seen, m_session));
    else if (before)
        m_clean = *before; // what is typed differs from that, whatever is stored by now
    if (const std::string repeats = kept.value(QStringLiteral("repeat")).toString().toStdString();
        !repeats.empty() && id.isEmpty())
        if (const auto rule = parseRecurrence(repeats, m_session.zone())) {
            repeat(*rule);
            auto decisions = m_preview->decisions();
            const QJsonArray moved = kept.value(QStringLiteral("moved")).toArray();
            for (const auto& day : moved)
                decisions[QDate::fromString(day.toString(), Qt::ISODate)] = SeriesPreview::Decision::NextFree;
            m_preview->setDecisions(std::move(decisions));
        }
    if (const QString search = kept.value(QStringLiteral("search")).toString(); !search.isEmpty())
        m_patient->search(search);
    return true;
}

} // namespace yarrow
