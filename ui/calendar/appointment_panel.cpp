// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/appointment_panel.h"

#include "models/items/patient_desk.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/combo_id.h"
#include "ui/calendar/patient_picker.h"
#include "ui/calendar/repeat_section.h"
#include "ui/calendar/series_preview.h"
#include "ui/calendar/series_scope_box.h"
#include "ui/calendar/status_look.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/record_marks.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QDateEdit>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QSpinBox>
#include <QTimeEdit>
#include <QVBoxLayout>

#include <array>

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr int kLongest = 24 * 60; ///< as the domain allows
constexpr int kDurationStep = 5;
constexpr int kLookPause = 150; ///< after the last change, ms: then what is in the way is looked for

} // namespace

AppointmentPanel::AppointmentPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent)
    : SidePanel(tr("Appointment"), parent)
    , m_session(session)
    , m_model(model)
    , m_note(new NoteBox)
    , m_patient(new PatientPicker(session))
    , m_service(new QComboBox)
    , m_practitioner(new QComboBox)
    , m_room(new QComboBox)
    , m_device(new QComboBox)
    , m_date(new QDateEdit)
    , m_start(new QTimeEdit)
    , m_duration(new QSpinBox)
    , m_description(new QLineEdit)
    , m_comment(new QPlainTextEdit)
    , m_overbook(new QComboBox)
    , m_cancelReason(new QComboBox)
    , m_repeat(new RepeatSection)
    , m_preview(new SeriesPreview(session))
    , m_scope(new SeriesScopeBox(session, QStringLiteral("scope")))
    , m_cancelScope(new SeriesScopeBox(session, QStringLiteral("cancelScope")))
    , m_seriesText(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_seriesSection(makeSeries())
    , m_seriesRow(makeSeriesText())
    , m_cancelSection(new QWidget)
    , m_statusSection(makeStatus())
{
    setObjectName(QStringLiteral("appointmentPanel"));
    m_patientField = new Field(tr("Patient"), m_patient, QStringLiteral("patientPicker"));
    m_practitionerField = new Field(tr("Practitioner"), m_practitioner, QStringLiteral("practitioner"));
    m_roomField = new Field(tr("Room"), m_room, QStringLiteral("room"));
    m_deviceField = new Field(tr("Device"), m_device, QStringLiteral("device"));
    m_overbook->setEditable(true);
    m_overbook->addItems({tr("Urgent"), tr("Asked for by the practitioner"), tr("Short visit")});
    m_overbook->setCurrentText({});
    m_overbookField = new Field(tr("Reason for overbooking"), m_overbook, QStringLiteral("overbookReason"));
    m_comment->setTabChangesFocus(true);
    m_comment->setFixedHeight(m_comment->fontMetrics().height() * 3 + Theme::current().space(5));

    body()->addWidget(m_note);
    body()->addWidget(m_statusSection);
    body()->addWidget(m_seriesRow);
    body()->addWidget(m_scope);
    body()->addWidget(m_patientField);
    body()->addWidget(new Field(tr("Visit type"), m_service, QStringLiteral("visitType")));
    body()->addWidget(m_overbookField);
    body()->addWidget(makeTimes());
    auto* who = new QHBoxLayout;
    who->setSpacing(Theme::current().space(2));
    who->addWidget(m_practitionerField, 3);
    body()->addLayout(who);
    auto* where = new QHBoxLayout;
    where->setSpacing(Theme::current().space(2));
    where->addWidget(m_roomField, 1, Qt::AlignTop);
    where->addWidget(m_deviceField, 1, Qt::AlignTop);
    body()->addLayout(where);
    body()->addWidget(m_seriesSection);
    body()->addWidget(new Field(tr("About"), m_description, QStringLiteral("description")));
    body()->addWidget(new Field(tr("Note for the desk"), m_comment, QStringLiteral("comment")));
    body()->addWidget(m_cancelSection);
    body()->addStretch(1);
    for (QComboBox* box : {m_service, m_practitioner, m_room, m_device, m_overbook, m_cancelReason}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
    }
    auto* guard = new WheelGuard(this);
    for (QWidget* box :
         std::initializer_list<QWidget*>{m_service, m_practitioner, m_room, m_device, m_overbook,
                                         m_cancelReason, m_date, m_start, m_duration})
        guard->protect(box);
    makeFoot();

    connect(m_patient, &PatientPicker::changed, this, &AppointmentPanel::showAttendance);
    connect(m_patient, &PatientPicker::changed, this, &AppointmentPanel::fieldChanged);
    connect(m_patient, &PatientPicker::picked, this, [this] { m_service->setFocus(Qt::TabFocusReason); });
    connect(m_service, &QComboBox::currentIndexChanged, this, &AppointmentPanel::serviceChosen);
    for (QComboBox* box : {m_practitioner, m_room, m_device})
        connect(box, &QComboBox::currentIndexChanged, this, &AppointmentPanel::fieldChanged);
    connect(m_overbook, &QComboBox::currentTextChanged, this, [this] {
        m_overbookField->setError({});
        if (m_loading)
            return;
        if (!m_seen.appointment.overbookReason.empty()) // the others may have it too
            followSeries();
        m_lookPause.start();
        Q_EMIT edited();
    });
    m_lookPause.setSingleShot(true);
    m_lookPause.setInterval(kLookPause);
    connect(&m_lookPause, &QTimer::timeout, this, &AppointmentPanel::showWarnings);
    connect(m_date, &QDateEdit::dateChanged, this, &AppointmentPanel::fieldChanged);
    connect(m_start, &QTimeEdit::timeChanged, this, &AppointmentPanel::fieldChanged);
    connect(m_duration, &QSpinBox::valueChanged, this, [this] {
        if (!m_loading)
            m_keepsLength = true;
        fieldChanged();
    });
    connect(m_description, &QLineEdit::textChanged, this, &AppointmentPanel::fieldChanged);
    connect(m_comment, &QPlainTextEdit::textChanged, this, &AppointmentPanel::fieldChanged);
    for (const int key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(int(Qt::ControlModifier) | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &AppointmentPanel::save);
    }
}

QWidget* AppointmentPanel::makeTimes()
{
    auto* times = new QWidget;
    // Mirrored, Qt turns the sections round, and ten past nine reads 10:09.
    m_date->setLayoutDirection(Qt::LeftToRight);
    m_start->setLayoutDirection(Qt::LeftToRight);
    m_date->setCalendarPopup(true);
    m_date->setDisplayFormat(dateFieldFormat());
    m_start->setDisplayFormat(QLocale().timeFormat(QLocale::ShortFormat).remove(QStringLiteral(":ss")));
    m_duration->setRange(kDurationStep, kLongest);
    m_duration->setSingleStep(kDurationStep);
    m_duration->setSuffix(tr(" min", "after a number of minutes"));
    m_startField = new Field(tr("Start"), m_start, QStringLiteral("start"));
    auto* row = new QHBoxLayout;
    row->setSpacing(Theme::current().space(2));
    row->addWidget(new Field(tr("Date"), m_date, QStringLiteral("date")), 4, Qt::AlignTop);
    row->addWidget(new Field(tr("Duration"), m_duration, QStringLiteral("duration")), 3, Qt::AlignTop);
    auto* column = new QVBoxLayout(times);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(3));
    column->addLayout(row);
    column->addWidget(m_startField);
    return times;
}

QWidget* AppointmentPanel::makeStatus()
{
    auto* section = new QWidget;
    m_status = new Chip(Tone::Plain, QStringLiteral("calendar"), {});
    m_marks = makeMarksChip();
    m_statusButtons = new QHBoxLayout;
    m_statusButtons->setSpacing(Theme::current().space(1));
    auto* column = new QVBoxLayout(section);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(2));
    column->addWidget(m_status, 0, Qt::AlignLeading);
    column->addWidget(m_marks, 0, Qt::AlignLeading);
    column->addLayout(m_statusButtons);
    return section;
}

void AppointmentPanel::makeFoot()
{
    for (const std::string& code : offeredCancelReasons())
        m_cancelReason->addItem(cancelReasonText(code), QString::fromStdString(code));
    auto* confirm =
        makeButton(tr("Cancel the appointment"), ButtonKind::Danger, QStringLiteral("confirmCancel"));
    auto* section = new QVBoxLayout(m_cancelSection);
    section->setContentsMargins(0, 0, 0, 0);
    section->setSpacing(Theme::current().space(2));
    section->addWidget(new Field(tr("Why is it cancelled?"), m_cancelReason, QStringLiteral("cancelReason")));
    section->addWidget(m_cancelScope);
    section->addWidget(confirm);
    connect(confirm, &QPushButton::clicked, this, &AppointmentPanel::confirmCancel);
    auto* enter = new QShortcut(Qt::Key_Return, m_cancelReason);
    enter->setContext(Qt::WidgetShortcut);
    connect(enter, &QShortcut::activated, this, &AppointmentPanel::confirmCancel);

    m_cancel = makeButton(tr("Cancel…"), ButtonKind::Danger, QStringLiteral("cancelAppointment"));
    m_cancel->setToolTip(tr("Cancel this appointment, with a reason (Delete)"));
    m_cancel->setAccessibleName(tr("Cancel this appointment, with a reason"));
    connect(m_cancel, &QPushButton::clicked, this, &AppointmentPanel::askCancelReason);
    m_save = makeButton(tr("Save"), ButtonKind::Primary, QStringLiteral("saveAppointment"));
    m_save->setToolTip(tr("Save (Ctrl+Enter)"));
    connect(m_save, &QPushButton::clicked, this, &AppointmentPanel::save);
    foot()->addWidget(m_cancel);
    foot()->addStretch(1);
    foot()->addWidget(m_save);
}

void AppointmentPanel::fillChoices()
{
    m_service->clear();
    addIdItem(m_service, tr("Not given"), HealthcareServiceId());
    for (const HealthcareService& service : m_session.services())
        addIdItem(m_service,
                  service.defaultDuration.count() > 0
                      ? tr("%1 (%2)", "visit type (its length)")
                            .arg(service.name, durationText(service.defaultDuration))
                      : service.name,
                  service.id);
    m_practitioner->clear();
    addIdItem(m_practitioner, tr("None"), PractitionerId());
    for (const CalendarResource& practitioner : m_model.practitioners())
        addIdItem(m_practitioner, practitioner.name, practitioner.id);
}

void AppointmentPanel::load(const AppointmentRow& row)
{
    m_inTheWay.clear();
    m_loading = true;
    fillChoices();
    const Appointment& appointment = row.appointment;
    std::optional<PatientRow> patient;
    if (!appointment.patient.isEmpty()) {
        patient = PatientRow();
        patient->id = appointment.patient;
        patient->name = row.patientName;
        // The facts beside the name. Without them the name still stands there.
        if (auto known = m_session.patientDesk().listed(appointment.patient))
            patient = std::move(*known);
    }
    m_patient->setPatient(patient);
    chooseStoredId(m_service, appointment.service, m_session);
    offerResources(chosenService());
    chooseStoredId(m_practitioner, appointment.practitioner, m_session);
    chooseStoredId(m_room, appointment.room, m_session);
    chooseStoredId(m_device, appointment.device, m_session);
    m_deviceField->setVisible(m_device->count() > 1);
    const QDateTime start = localTime(appointment.start, m_session.zone());
    m_date->setDate(start.date());
    m_start->setTime(start.time());
    const auto length =
        static_cast<int>(std::chrono::duration_cast<minutes>(appointment.end - appointment.start).count());
    m_duration->setRange(std::min(kDurationStep, length), std::max(kLongest, length));
    m_duration->setValue(length);
    m_description->setText(appointment.description);
    m_comment->setPlainText(appointment.comment);
    m_loaded = {row, m_description->text(), m_comment->toPlainText()};
    m_overbook->setCurrentText(QString::fromStdString(appointment.overbookReason));
    m_overbookField->setVisible(!appointment.overbookReason.empty());
    m_cancelSection->hide();
    m_taken.reset();
    for (Field* field : {m_patientField, m_practitionerField, m_startField, m_overbookField})
        field->setError({});
    m_loading = false;
    showStatus();
    m_repeat->setStart(start.date(), start.time());
    m_repeat->setRecurrence(std::nullopt);
    m_preview->clear();
    m_preview->hide();
    m_planPause.stop();
    showSeries();
    showHints();
    showAttendance();
}

void AppointmentPanel::startNew(const AppointmentRow& draft, const QString& typed, bool keepsLength)
{
    m_seen = {};
    load(draft);
    m_seen = wished();
    m_seen.appointment.id = {};
    m_clean = m_seen;
    m_keepsLength = keepsLength;
    setTitle(tr("New appointment"));
    say({});
    if (!typed.isEmpty())
        m_patient->search(typed);
    m_patient->setFocus(Qt::OtherFocusReason);
}

void AppointmentPanel::open(const AppointmentRow& row)
{
    m_seen = row;
    load(row);
    m_clean = row;
    m_keepsLength = true;
    setTitle(tr("Appointment"));
    say({});
    // On what changes nothing by accident: a second Enter closes what the first one opened.
    m_save->setFocus(Qt::OtherFocusReason);
}

void AppointmentPanel::reopen(const AppointmentRow& seen, const AppointmentRow& wanted)
{
    m_seen = seen;
    AppointmentRow form = wanted;
    form.appointment.id = seen.appointment.id;
    m_clean = seen;
    load(form);
    m_keepsLength = true;
    setTitle(seen.appointment.id.isEmpty() ? tr("New appointment") : tr("Appointment"));
    if (m_patient->patient())
        m_start->setFocus(Qt::OtherFocusReason);
    else
        m_patient->setFocus(Qt::OtherFocusReason);
}

void AppointmentPanel::setPatient(const PatientRow& patient)
{
    m_patient->setPatient(patient);
    m_service->setFocus(Qt::OtherFocusReason);
}

void AppointmentPanel::putInto(const Opening& opening, const HealthcareServiceId& service)
{
    m_loading = true;
    if (!service.isEmpty())
        chooseId(m_service, service);
    offerResources(chosenService());
    chooseId(m_practitioner, opening.practitioner);
    chooseId(m_room, opening.room);
    chooseId(m_device, opening.device);
    m_deviceField->setVisible(m_device->count() > 1);
    const QDateTime start = localTime(opening.when.start, m_session.zone());
    m_date->setDate(start.date());
    m_start->setTime(start.time());
    m_duration->setValue(static_cast<int>(
        std::chrono::duration_cast<std::chrono::minutes>(opening.when.end - opening.when.start).count()));
    m_overbook->setCurrentText({});
    m_overbookField->hide();
    m_taken.reset();
    m_loading = false;
    fieldChanged();
    m_save->setFocus(Qt::OtherFocusReason);
}

void AppointmentPanel::askOverbookReason()
{
    m_taken = times();
    m_overbookField->show();
    m_overbook->setFocus(Qt::OtherFocusReason);
}

void AppointmentPanel::say(const QString& sentence)
{
    m_note->say(Tone::Warn, sentence);
}

void AppointmentPanel::sayAlso(const QString& sentence)
{
    say(m_note->isHidden() ? sentence : m_note->text() + u'\n' + sentence);
}

void AppointmentPanel::showStatus()
{
    const bool isNew = m_seen.appointment.id.isEmpty();
    m_statusSection->setVisible(!isNew);
    const bool mayChange =
        m_session.allows(isNew ? Operation::Create : Operation::Update, Area::Appointments);
    const AppointmentStatus now = m_seen.appointment.status;
    m_save->setText(isNew ? tr("Book") : tr("Save"));
    m_save->setEnabled(mayChange);
    m_cancel->setVisible(!isNew && now != AppointmentStatus::Cancelled &&
                         isLegalMove(now, AppointmentStatus::Cancelled));
    m_cancel->setEnabled(mayChange);
    const StatusLook look = lookOf(now);
    const Tone tone = look.ink == ColorToken::Info   ? Tone::Info
                      : look.ink == ColorToken::Warn ? Tone::Warn
                      : look.ink == ColorToken::Bad  ? Tone::Bad
                      : look.ink == ColorToken::Good ? Tone::Good
                                                     : Tone::Plain;
    m_status->set(tone, QString::fromUtf16(look.icon), statusText(now));
    showMarks(*m_marks, recordMarks(m_seen));
    while (QLayoutItem* item = m_statusButtons->takeAt(0)) {
        if (QWidget* button = item->widget()) {
            button->hide();
            button->setObjectName({});
            button->deleteLater();
        }
        delete item;
    }
    if (isNew)
        return;
    struct Move
    {
        AppointmentStatus to;
        const char* name;
    };
    static constexpr std::array<Move, 5> kMoves{{{AppointmentStatus::Booked, "statusBooked"},
                                                 {AppointmentStatus::Arrived, "statusArrived"},
                                                 {AppointmentStatus::CheckedIn, "statusInRoom"},
                                                 {AppointmentStatus::Fulfilled, "statusDone"},
                                                 {AppointmentStatus::NoShow, "statusNoShow"}}};
    for (const Move& move : kMoves) {
        if (move.to == now || !isLegalMove(now, move.to))
            continue;
        auto* button = makeButton(statusText(move.to), ButtonKind::Normal, QLatin1String(move.name));
        button->setIcon(Theme::icon(QString::fromUtf16(lookOf(move.to).icon), lookOf(move.to).ink));
        button->setEnabled(mayChange);
        connect(button, &QPushButton::clicked, this,
                [this, to = move.to] { Q_EMIT statusRequested(m_seen, to); });
        m_statusButtons->addWidget(button);
    }
    m_statusButtons->addStretch(1);
}

void AppointmentPanel::serviceChosen()
{
    if (m_loading)
        return;
    m_loading = true;
    const auto service = chosenService();
    if (service && !m_keepsLength && service->defaultDuration.count() > 0)
        m_duration->setValue(static_cast<int>(service->defaultDuration.count()));
    const auto room = chosenId<LocationId>(m_room);
    const auto device = chosenId<DeviceId>(m_device);
    offerResources(service);
    chooseStoredId(m_room, room, m_session);
    chooseStoredId(m_device, device, m_session);
    m_deviceField->setVisible(m_device->count() > 1);
    if (service)
        chooseResources(*service);
    m_loading = false;
    fieldChanged();
}

void AppointmentPanel::fieldChanged()
{
    if (m_loading)
        return;
    for (Field* field : {m_patientField, m_practitionerField, m_startField, m_overbookField})
        field->setError({});
    showHints();
    followSeries();
    Q_EMIT edited();
}

} // namespace yarrow
