// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/visit_type_form.h"

#include "ui/calendar/wheel_guard.h"
#include "ui/setup/choice_boxes.h"
#include "ui/setup/form_fields.h"
#include "ui/theme/visit_colors.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

using namespace setup;

namespace {

constexpr QLatin1String kDuration{"duration"};
constexpr QLatin1String kBefore{"before"};
constexpr QLatin1String kAfter{"after"};
constexpr QLatin1String kColor{"color"};
constexpr QLatin1String kNeedsRoom{"needsRoom"};
constexpr QLatin1String kRooms{"rooms"};
constexpr QLatin1String kDevices{"devices"};

constexpr int kLongest = 24 * 60; ///< minutes
constexpr int kLongestBuffer = 4 * 60;
constexpr int kStep = 5;
constexpr int kFirstDuration = 20; ///< what a new one begins with

const HealthcareService& serviceOf(const DirectoryChange& entry)
{
    return std::get<Revised<HealthcareService>>(entry).value;
}

QSpinBox* minutesBox(int most)
{
    auto* box = new QSpinBox;
    box->setRange(0, most);
    box->setSingleStep(kStep);
    box->setSuffix(VisitTypeForm::tr(" min", "after a number of minutes"));
    return box;
}

} // namespace

VisitTypeForm::VisitTypeForm(ClinicSession& session, QWidget* parent)
    : SetupForm(session, QStringLiteral("visitType"), parent)
    , m_name(new QLineEdit)
    , m_nameField(new Field(tr("Name"), m_name, QStringLiteral("visitTypeName")))
    , m_duration(minutesBox(kLongest))
    , m_before(minutesBox(kLongestBuffer))
    , m_after(minutesBox(kLongestBuffer))
    , m_durationField(new Field(tr("Duration"), m_duration, QStringLiteral("visitTypeDuration")))
    , m_color(new QComboBox)
    , m_needsRoom(new QCheckBox(tr("Needs a room")))
    , m_rooms(new ChoiceBoxes(tr("One of these rooms (none checked: any)"), tr("There is no room yet."),
                              QStringLiteral("visitTypeRooms")))
    , m_devices(new ChoiceBoxes(tr("One of these devices (none checked: none needed)"),
                                tr("There is no device yet."), QStringLiteral("visitTypeDevices")))
    , m_active(new QCheckBox(tr("Can be booked")))
{
    const Theme& theme = Theme::current();
    setTitleOfNew(tr("New visit type"));
    m_needsRoom->setObjectName(QStringLiteral("visitTypeNeedsRoom"));
    m_active->setObjectName(QStringLiteral("visitTypeActive"));
    auto* times = new QHBoxLayout;
    times->setSpacing(theme.space(3));
    times->addWidget(m_durationField, 1, Qt::AlignTop);
    times->addWidget(new Field(tr("Free before"), m_before, QStringLiteral("visitTypeBefore")), 1,
                     Qt::AlignTop);
    times->addWidget(new Field(tr("Free after"), m_after, QStringLiteral("visitTypeAfter")), 1, Qt::AlignTop);
    body()->addWidget(m_nameField);
    body()->addLayout(times);
    body()->addWidget(new Field(tr("Colour on the calendar"), m_color, QStringLiteral("visitTypeColor")));
    body()->addSpacing(theme.space(2));
    body()->addWidget(m_needsRoom);
    body()->addWidget(m_rooms);
    body()->addWidget(m_devices);
    body()->addSpacing(theme.space(2));
    body()->addWidget(m_active);
    body()->addStretch(1);

    auto* guard = new WheelGuard(this);
    for (QWidget* box : std::initializer_list<QWidget*>{m_duration, m_before, m_after, m_color})
        guard->protect(box);
    connect(m_name, &QLineEdit::textEdited, this, &VisitTypeForm::edited);
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameField->setError({}); });
    connect(m_duration, &QSpinBox::valueChanged, this, [this] { m_durationField->setError({}); });
    for (QSpinBox* box : {m_duration, m_before, m_after})
        connect(box, &QSpinBox::valueChanged, this, &VisitTypeForm::edited);
    connect(m_color, &QComboBox::activated, this, &VisitTypeForm::edited);
    connect(m_needsRoom, &QCheckBox::clicked, this, &VisitTypeForm::edited);
    connect(m_needsRoom, &QCheckBox::toggled, m_rooms, &QWidget::setEnabled);
    connect(m_rooms, &ChoiceBoxes::edited, this, &VisitTypeForm::edited);
    connect(m_devices, &ChoiceBoxes::edited, this, &VisitTypeForm::edited);
    connect(m_active, &QCheckBox::clicked, this, &VisitTypeForm::edited);
}

void VisitTypeForm::focusFirst()
{
    m_name->setFocus(Qt::TabFocusReason);
}

void VisitTypeForm::readChoices()
{
    m_color->clear();
    m_color->addItem(tr("No colour"), QString());
    const QStringList codes = visitColorCodes();
    for (const QString& code : codes)
        m_color->addItem(visitColorIcon(code), visitColorText(code), code);
    const QString present = entry() ? serviceOf(*entry()).color : QString();
    if (m_color->findData(present) < 0)
        m_color->addItem(present, present); // of another program
    std::vector<ChoiceBoxes::Choice> rooms;
    for (const Location& room : session().rooms())
        rooms.emplace_back(QString::fromStdString(room.id.text()), room.name);
    m_rooms->setChoices(rooms);
    std::vector<ChoiceBoxes::Choice> devices;
    for (const Device& device : session().devices())
        devices.emplace_back(QString::fromStdString(device.id.text()), device.name);
    m_devices->setChoices(devices);
}

QJsonObject VisitTypeForm::fieldsOf(const DirectoryChange& entry) const
{
    const HealthcareService& service = serviceOf(entry);
    const auto duration = static_cast<int>(service.defaultDuration.count());
    return {{kName, service.name},
            {kDuration, service.id.isEmpty() && duration == 0 ? kFirstDuration : duration},
            {kBefore, static_cast<int>(service.bufferBefore.count())},
            {kAfter, static_cast<int>(service.bufferAfter.count())},
            {kColor, service.color},
            {kNeedsRoom, service.needsRoom},
            {kRooms, idFields(service.rooms)},
            {kDevices, idFields(service.devices)},
            {kActive, service.active}};
}

QJsonObject VisitTypeForm::typed() const
{
    return {{kName, m_name->text()},
            {kDuration, m_duration->value()},
            {kBefore, m_before->value()},
            {kAfter, m_after->value()},
            {kColor, m_color->currentData().toString()},
            {kNeedsRoom, m_needsRoom->isChecked()},
            {kRooms, m_rooms->chosen()},
            {kDevices, m_devices->chosen()},
            {kActive, m_active->isChecked()}};
}

void VisitTypeForm::showFields(const QJsonObject& fields)
{
    const QSignalBlocker noDuration(m_duration);
    const QSignalBlocker noBefore(m_before);
    const QSignalBlocker noAfter(m_after);
    m_name->setText(fields[kName].toString());
    m_nameField->setError({});
    m_duration->setValue(fields[kDuration].toInt());
    m_durationField->setError({});
    m_before->setValue(fields[kBefore].toInt());
    m_after->setValue(fields[kAfter].toInt());
    m_color->setCurrentIndex(std::max(0, m_color->findData(fields[kColor].toString())));
    m_needsRoom->setChecked(fields[kNeedsRoom].toBool());
    m_rooms->setEnabled(m_needsRoom->isChecked());
    m_rooms->setChosen(fields[kRooms].toArray());
    m_devices->setChosen(fields[kDevices].toArray());
    m_active->setChecked(fields[kActive].toBool());
}

std::optional<DirectoryChange> VisitTypeForm::applied(const DirectoryChange& onto)
{
    Revised<HealthcareService> service = std::get<Revised<HealthcareService>>(onto);
    HealthcareService& value = service.value;
    value.name = m_name->text().trimmed();
    value.defaultDuration = std::chrono::minutes(m_duration->value());
    value.bufferBefore = std::chrono::minutes(m_before->value());
    value.bufferAfter = std::chrono::minutes(m_after->value());
    value.color = m_color->currentData().toString();
    value.needsRoom = m_needsRoom->isChecked();
    value.rooms = idsOf<LocationId>(m_rooms->chosen());
    value.devices = idsOf<DeviceId>(m_devices->chosen());
    value.active = m_active->isChecked();
    QWidget* wrong = nullptr;
    for (const DirectoryProblem problem : validate(service)) {
        if (problem == DirectoryProblem::NoDuration) {
            m_durationField->setError(
                tr("A visit takes at least a minute, and with what is kept free at most "
                   "a day."));
            wrong = wrong == nullptr ? m_duration : wrong;
        } else {
            m_nameField->setError(tr("A visit type needs a name."));
            wrong = m_name;
        }
    }
    if (wrong == nullptr)
        return service;
    wrong->setFocus(Qt::OtherFocusReason);
    return std::nullopt;
}

QString VisitTypeForm::titleOf(const DirectoryChange& entry) const
{
    return serviceOf(entry).name;
}

} // namespace yarrow
