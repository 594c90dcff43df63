// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/waiting/waiting_entry_panel.h"

#include "models/items/clinic_session.h"
#include "models/items/patient_desk.h"
#include "ui/calendar/combo_id.h"
#include "ui/calendar/patient_picker.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/waiting/waiting_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/form_draft.h"
#include "ui/widgets/notes.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QJsonArray>
#include <QLineEdit>
#include <QListWidget>
#include <QSpinBox>

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr int kLongest = 480;
constexpr int kDurationStep = 5;

const LocalRange kMorning{QTime(0, 0), QTime(12, 0)};
const LocalRange kAfternoon{QTime(12, 0), QTime(0, 0)};

/// Chooses `value`; one that is not offered is added, so that opening and saving changes nothing.
void chooseOrAdd(QComboBox* box, int value, const QString& text)
{
    if (box->findData(value) < 0)
        box->addItem(text, value);
    box->setCurrentIndex(box->findData(value));
}

QString codeOf(const std::optional<LocalRange>& times)
{
    return times ? times->from.toString(QStringLiteral("HH:mm:ss")) + u'/' +
                       times->until.toString(QStringLiteral("HH:mm:ss"))
                 : QString();
}

std::optional<LocalRange> timesOf(const QString& code)
{
    const QStringList parts = code.split(u'/');
    if (parts.size() != 2)
        return std::nullopt;
    return LocalRange{QTime::fromString(parts[0], QStringLiteral("HH:mm:ss")),
                      QTime::fromString(parts[1], QStringLiteral("HH:mm:ss"))};
}

// Fields of a draft.
const QString kPatient = QStringLiteral("patient");
const QString kPatientName = QStringLiteral("patientName");
const QString kSearch = QStringLiteral("search");
const QString kService = QStringLiteral("service");
const QString kDuration = QStringLiteral("duration");
const QString kPractitioners = QStringLiteral("practitioners");
const QString kDays = QStringLiteral("days");
const QString kTimes = QStringLiteral("times");
const QString kNotice = QStringLiteral("notice");
const QString kPriority = QStringLiteral("priority");
const QString kComment = QStringLiteral("comment");

QJsonObject fieldsOf(const AppointmentRow& row)
{
    const Appointment& entry = row.appointment;
    QJsonArray practitioners;
    for (const PractitionerId& each : entry.wish.practitioners)
        practitioners.append(QString::fromStdString(each.text()));
    QJsonArray days;
    for (const bool wanted : entry.wish.weekdays)
        days.append(wanted);
    return {{kPatient, QString::fromStdString(entry.patient.text())},
            {kPatientName, row.patientName},
            {kSearch, QString()},
            {kService, QString::fromStdString(entry.service.text())},
            {kDuration, static_cast<int>(entry.wish.duration.count())},
            {kPractitioners, practitioners},
            {kDays, days},
            {kTimes, codeOf(entry.wish.times)},
            {kNotice, static_cast<int>(entry.wish.notice.count())},
            {kPriority, entry.wish.priority},
            {kComment, entry.comment}};
}

QString draftName(const AppointmentId& entry)
{
    return QStringLiteral("waiting.entry") +
           (entry.isEmpty() ? QString() : u'/' + QString::fromStdString(entry.text()));
}

} // namespace

WaitingEntryPanel::WaitingEntryPanel(ClinicSession& session, QWidget* parent)
    : SidePanel(tr("Waiting list"), parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_patient(new PatientPicker(session))
    , m_service(new QComboBox)
    , m_duration(new QSpinBox)
    , m_practitioners(new QListWidget)
    , m_times(new QComboBox)
    , m_notice(new QComboBox)
    , m_priority(new QComboBox)
    , m_comment(new QLineEdit)
{
    setObjectName(QStringLiteral("waitingEntryPanel"));
    const Theme& theme = Theme::current();
    m_duration->setRange(kDurationStep, kLongest);
    m_duration->setSingleStep(kDurationStep);
    m_duration->setSuffix(tr(" min", "after a number of minutes"));
    m_practitioners->setFixedHeight(theme.px(112));
    m_practitioners->setSelectionMode(QAbstractItemView::SingleSelection);
    for (QComboBox* box : {m_service, m_times, m_notice, m_priority}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
    }
    connect(m_service, &QComboBox::activated, this, [this] {
        for (const HealthcareService& service : m_session.services())
            if (service.id == chosenId<HealthcareServiceId>(m_service) && service.defaultDuration.count() > 0)
                m_duration->setValue(static_cast<int>(service.defaultDuration.count()));
    });
    auto* guard = new WheelGuard(this);
    for (QWidget* box : std::initializer_list<QWidget*>{m_service, m_duration, m_times, m_notice, m_priority})
        guard->protect(box);

    m_patientField = new Field(tr("Patient"), m_patient, QStringLiteral("waitingPatient"));
    auto* what = new QHBoxLayout;
    what->setSpacing(theme.space(2));
    what->addWidget(new Field(tr("Visit type"), m_service, QStringLiteral("waitingService")), 3);
    what->addWidget(new Field(tr("Duration"), m_duration, QStringLiteral("waitingDuration")), 2);
    auto* who = new Field(tr("With"), m_practitioners, QStringLiteral("waitingPractitioners"));
    who->setHint(tr("None ticked: anybody."));
    auto* when = new QHBoxLayout;
    when->setSpacing(theme.space(2));
    when->addWidget(new Field(tr("Time of day"), m_times, QStringLiteral("waitingTimes")), 1);
    when->addWidget(new Field(tr("Notice"), m_notice, QStringLiteral("waitingNotice")), 1);
    m_note->setObjectName(QStringLiteral("waitingNote"));
    m_note->hide();
    connect(m_note, &NoteBox::actionTriggered, this, [this] {
        discardDraft();
        m_note->say(Tone::Info, {});
        load(AppointmentRow(m_seen));
        (m_patient->isEnabled() ? static_cast<QWidget*>(m_patient) : m_service)->setFocus();
    });
    body()->addWidget(m_note);
    body()->addWidget(m_patientField);
    body()->addLayout(what);
    body()->addWidget(who);
    body()->addWidget(makeDays());
    body()->addLayout(when);
    body()->addWidget(new Field(tr("Priority"), m_priority, QStringLiteral("waitingPriority")));
    body()->addWidget(new Field(tr("Note"), m_comment, QStringLiteral("waitingComment")));
    body()->addStretch(1);
    auto* button = makeButton(tr("Save"), ButtonKind::Primary, QStringLiteral("saveWaiting"));
    button->setToolTip(tr("Ctrl+Enter"));
    connect(button, &QPushButton::clicked, this, &WaitingEntryPanel::save);
    foot()->addStretch(1);
    foot()->addWidget(button);
    auto* saving = new QAction(this);
    saving->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    saving->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(saving, &QAction::triggered, this, &WaitingEntryPanel::save);
    addAction(saving);
    connectEdits();
}

void WaitingEntryPanel::connectEdits()
{
    const auto changed = [this] {
        if (!m_loading)
            Q_EMIT edited();
    };
    connect(m_patient, &PatientPicker::changed, this, changed);
    for (QComboBox* box : {m_service, m_times, m_notice, m_priority})
        connect(box, &QComboBox::currentIndexChanged, this, changed);
    connect(m_duration, &QSpinBox::valueChanged, this, changed);
    connect(m_practitioners, &QListWidget::itemChanged, this, changed);
    for (QCheckBox* day : m_days)
        connect(day, &QCheckBox::toggled, this, changed);
    connect(m_comment, &QLineEdit::textChanged, this, changed);
}

QWidget* WaitingEntryPanel::makeDays()
{
    auto* days = new QWidget;
    auto* row = new QGridLayout(days);
    row->setContentsMargins(0, 0, 0, 0);
    for (int day = 0; day < 7; ++day) {
        auto* box = new QCheckBox(QLocale().standaloneDayName(day + 1, QLocale::ShortFormat));
        box->setAccessibleName(QLocale().standaloneDayName(day + 1, QLocale::LongFormat));
        box->setObjectName(QStringLiteral("waitingDay%1").arg(day + 1));
        m_days[static_cast<std::size_t>(day)] = box;
        row->addWidget(box, day / 4, day % 4);
    }
    auto* field = new Field(tr("Weekdays"), days, QStringLiteral("waitingDays"));
    field->setHint(tr("None ticked: any day."));
    return field;
}

void WaitingEntryPanel::loadNew(const PatientId& patient, const QString& name)
{
    AppointmentRow fresh;
    fresh.patientName = name;
    fresh.appointment.patient = patient;
    fresh.appointment.status = AppointmentStatus::Waitlist;
    fresh.appointment.wish.duration = WaitingOffers::kUsualVisit;
    fresh.appointment.wish.since = m_session.clock().now();
    m_patient->setEnabled(true);
    setTitle(tr("Put on the waiting list"));
    load(fresh);
}

void WaitingEntryPanel::loadEntry(const AppointmentRow& row)
{
    m_patient->setEnabled(false); // whoever waits is who they are
    setTitle(tr("On the waiting list"));
    load(row);
}

void WaitingEntryPanel::startNew()
{
    loadNew({}, {});
    bringBack();
    m_patient->setFocus();
}

void WaitingEntryPanel::open(const WaitlistRow& entry)
{
    loadEntry(entry.row);
    bringBack();
    m_service->setFocus();
}

void WaitingEntryPanel::reopen(const AppointmentRow& seen, const AppointmentRow& wished,
                               const WaitlistRow* now, const QString& why)
{
    const QJsonObject base = fieldsOf(seen);
    const QJsonObject typed = fieldsOf(wished);
    const bool isNew = seen.appointment.id.isEmpty();
    if (now)
        loadEntry(now->row);
    else
        loadNew(isNew ? PatientId() : wished.appointment.patient, isNew ? QString() : wished.patientName);
    m_loading = true;
    showFields(mergedFields(base, typed, m_clean));
    m_loading = false;
    QString text = why;
    if (!now && !isNew)
        text = tr("%1 This patient does not wait any more. Saving puts them on the waiting list again.",
                  "a sentence")
                   .arg(why);
    m_note->say(Tone::Warn, text);
    m_note->setAction(tr("Start over"));
    saveDraft();
    (m_patient->isEnabled() && !m_patient->patient() ? static_cast<QWidget*>(m_patient) : m_service)
        ->setFocus();
}

void WaitingEntryPanel::load(const AppointmentRow& row)
{
    const Appointment& entry = row.appointment;
    m_loading = true;
    m_seen = row;
    m_note->say(Tone::Info, {});
    m_patientField->setError({});
    std::optional<PatientRow> patient;
    if (!entry.patient.isEmpty()) {
        patient.emplace();
        patient->id = entry.patient;
        patient->name = row.patientName;
        if (auto known = m_session.patientDesk().listed(entry.patient))
            patient = std::move(*known);
    }
    m_patient->setPatient(patient);
    m_service->clear();
    addIdItem(m_service, tr("Any"), HealthcareServiceId());
    for (const HealthcareService& service : m_session.services())
        addIdItem(m_service, service.name, service.id);
    chooseStoredId(m_service, entry.service, m_session);
    const minutes length = entry.wish.duration.count() > 0 ? entry.wish.duration : WaitingOffers::kUsualVisit;
    m_duration->setRange(std::min(kDurationStep, static_cast<int>(length.count())),
                         std::max(kLongest, static_cast<int>(length.count())));
    m_duration->setValue(static_cast<int>(length.count()));
    m_practitioners->clear();
    for (const CalendarResource& each : m_session.practitioners()) {
        auto* item = new QListWidgetItem(each.name, m_practitioners);
        item->setData(Qt::UserRole, QString::fromStdString(each.id.text()));
        const auto& wanted = entry.wish.practitioners;
        item->setCheckState(std::find(wanted.begin(), wanted.end(), each.id) != wanted.end() ? Qt::Checked
                                                                                             : Qt::Unchecked);
    }
    m_practitioners->setCurrentRow(0);
    for (std::size_t day = 0; day < m_days.size(); ++day)
        m_days[day]->setChecked(entry.wish.weekdays[day]);
    m_times->clear();
    for (const std::optional<LocalRange>& times :
         {std::optional<LocalRange>(), std::optional(kMorning), std::optional(kAfternoon)})
        m_times->addItem(partOfDayText(times), codeOf(times));
    if (m_times->findData(codeOf(entry.wish.times)) < 0)
        m_times->addItem(partOfDayText(entry.wish.times), codeOf(entry.wish.times));
    m_times->setCurrentIndex(m_times->findData(codeOf(entry.wish.times)));
    m_notice->clear();
    for (const int notice : {0, 60, 120, 240, 24 * 60, 48 * 60})
        m_notice->addItem(noticeText(minutes(notice)), notice);
    chooseOrAdd(m_notice, static_cast<int>(entry.wish.notice.count()), noticeText(entry.wish.notice));
    m_priority->clear();
    for (const int priority : {0, 5, 1})
        m_priority->addItem(priorityText(priority), priority);
    chooseOrAdd(m_priority, entry.wish.priority, priorityText(entry.wish.priority));
    m_comment->setText(entry.comment);
    m_loading = false;
    m_clean = fields();
}

AppointmentRow WaitingEntryPanel::wished() const
{
    AppointmentRow row = m_seen;
    Appointment& entry = row.appointment;
    if (const auto& patient = m_patient->patient()) {
        entry.patient = patient->id;
        row.patientName = patient->name;
    } else {
        entry.patient = {};
        row.patientName.clear();
    }
    entry.service = chosenId<HealthcareServiceId>(m_service);
    if (entry.service != m_seen.appointment.service)
        row.serviceName = entry.service.isEmpty() ? QString() : m_service->currentText();
    WaitingWish& wish = entry.wish;
    wish.duration = minutes(m_duration->value());
    // Whom this clinic no longer lists stays wanted.
    std::vector<PractitionerId> wanted = wish.practitioners;
    for (int i = 0; i < m_practitioners->count(); ++i) {
        const auto id =
            PractitionerId::known(m_practitioners->item(i)->data(Qt::UserRole).toString().toStdString());
        const auto found = std::find(wanted.begin(), wanted.end(), id);
        const bool ticked = m_practitioners->item(i)->checkState() == Qt::Checked;
        if (ticked && found == wanted.end())
            wanted.push_back(id);
        else if (!ticked && found != wanted.end())
            wanted.erase(found);
    }
    wish.practitioners = std::move(wanted);
    for (std::size_t day = 0; day < m_days.size(); ++day)
        wish.weekdays[day] = m_days[day]->isChecked();
    wish.times = timesOf(m_times->currentData().toString());
    wish.notice = minutes(m_notice->currentData().toInt());
    wish.priority = m_priority->currentData().toInt();
    entry.comment = m_comment->text();
    return row;
}

bool WaitingEntryPanel::isDirty() const
{
    return fields() != m_clean;
}

QJsonObject WaitingEntryPanel::fields() const
{
    QJsonObject all = fieldsOf(wished());
    all[kSearch] = m_patient->patient() ? QString() : m_patient->searchText();
    return all;
}

void WaitingEntryPanel::showFields(const QJsonObject& fields)
{
    const QString patient = fields[kPatient].toString();
    const QString search = fields[kSearch].toString();
    if (!patient.isEmpty()) {
        PatientRow row;
        row.id = PatientId::known(patient.toStdString());
        row.name = fields[kPatientName].toString();
        m_patient->setPatient(m_session.patientDesk().listed(row.id).value_or(row));
    } else if (!search.isEmpty()) {
        m_patient->search(search);
    } else {
        m_patient->setPatient(std::nullopt);
    }
    const std::string service = fields[kService].toString().toStdString();
    chooseStoredId(m_service, service.empty() ? HealthcareServiceId() : HealthcareServiceId::known(service),
                   m_session);
    m_duration->setValue(fields[kDuration].toInt());
    const QJsonArray wanted = fields[kPractitioners].toArray();
    for (int i = 0; i < m_practitioners->count(); ++i) {
        QListWidgetItem* item = m_practitioners->item(i);
        item->setCheckState(wanted.contains(item->data(Qt::UserRole).toString()) ? Qt::Checked
                                                                                 : Qt::Unchecked);
    }
    const QJsonArray days = fields[kDays].toArray();
    for (std::size_t day = 0; day < m_days.size(); ++day)
        m_days[day]->setChecked(days[static_cast<qsizetype>(day)].toBool());
    const QString times = fields[kTimes].toString();
    if (m_times->findData(times) < 0)
        m_times->addItem(partOfDayText(timesOf(times)), times);
    m_times->setCurrentIndex(m_times->findData(times));
    chooseOrAdd(m_notice, fields[kNotice].toInt(), noticeText(minutes(fields[kNotice].toInt())));
    chooseOrAdd(m_priority, fields[kPriority].toInt(), priorityText(fields[kPriority].toInt()));
    m_comment->setText(fields[kComment].toString());
}

void WaitingEntryPanel::bringBack()
{
    const QString name = draftName(m_seen.appointment.id);
    const auto kept = readFormDraft(m_session.draft(name));
    if (!kept || m_beingSaved.contains(name))
        return;
    m_loading = true;
    showFields(mergedFields(kept->base, kept->typed, m_clean));
    m_loading = false;
    if (!isDirty())
        return;
    m_note->say(Tone::Info, tr("What you typed before is here again. It is not saved yet."));
    m_note->setAction(tr("Start over"));
}

void WaitingEntryPanel::saveDraft()
{
    const QString name = draftName(m_seen.appointment.id);
    m_session.saveDraft(name, isDirty()
                                  ? writeFormDraft({QString::number(m_seen.revision), m_clean, fields()})
                                  : QByteArray());
    m_beingSaved.remove(name);
}

void WaitingEntryPanel::discardDraft()
{
    discardDraft(m_session, m_seen.appointment.id);
}

void WaitingEntryPanel::discardDraft(ClinicSession& session, const AppointmentId& entry)
{
    session.saveDraft(draftName(entry), {});
}

bool WaitingEntryPanel::hasDraft(const ClinicSession& session, const AppointmentId& entry)
{
    return readFormDraft(session.draft(draftName(entry))).has_value();
}

void WaitingEntryPanel::answered(const AppointmentId& entry, bool saved)
{
    m_beingSaved.remove(draftName(entry));
    if (saved)
        discardDraft(m_session, entry);
    // Another entry may be in the form by now; a new one has the same draft as the one that was saved.
    if (saved && isVisible() && m_seen.appointment.id == entry && isDirty())
        saveDraft();
}

void WaitingEntryPanel::save()
{
    if (!m_patient->patient() && !m_patient->takeTyped()) {
        m_patientField->setError(tr("Choose who waits."));
        m_patient->setFocus();
        return;
    }
    m_patientField->setError({});
    saveDraft();
    m_beingSaved.insert(draftName(m_seen.appointment.id));
    Q_EMIT saveRequested(AppointmentRow(m_seen), wished());
}

} // namespace yarrow
