// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/device_form.h"

#include "ui/calendar/combo_id.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/setup/form_fields.h"
#include "ui/widgets/field.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace yarrow {

using namespace setup;

namespace {

const Device& deviceOf(const DirectoryChange& entry)
{
    return std::get<Revised<Device>>(entry).value;
}

} // namespace

DeviceForm::DeviceForm(ClinicSession& session, QWidget* parent)
    : SetupForm(session, QStringLiteral("device"), parent)
    , m_name(new QLineEdit)
    , m_nameField(new Field(tr("Name"), m_name, QStringLiteral("deviceName")))
    , m_room(new QComboBox)
    , m_active(new QCheckBox(tr("In use")))
{
    setTitleOfNew(tr("New device"));
    m_active->setObjectName(QStringLiteral("deviceActive"));
    body()->addWidget(m_nameField);
    body()->addWidget(new Field(tr("Stands in"), m_room, QStringLiteral("deviceRoom")));
    body()->addWidget(m_active);
    body()->addStretch(1);
    (new WheelGuard(this))->protect(m_room);
    connect(m_name, &QLineEdit::textEdited, this, &DeviceForm::edited);
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameField->setError({}); });
    connect(m_room, &QComboBox::activated, this, &DeviceForm::edited);
    connect(m_active, &QCheckBox::clicked, this, &DeviceForm::edited);
}

void DeviceForm::focusFirst()
{
    m_name->setFocus(Qt::TabFocusReason);
}

void DeviceForm::readChoices()
{
    m_room->clear();
    addIdItem(m_room, tr("Anywhere"), LocationId());
    const std::vector<Location> rooms = session().rooms();
    for (const Location& room : rooms)
        addIdItem(m_room, room.name, room.id);
    // One that is closed for good by now is still where it was.
    const LocationId present = entry() ? deviceOf(*entry()).room : LocationId();
    if (!present.isEmpty() && m_room->findData(QString::fromStdString(present.text())) < 0)
        addIdItem(m_room, tr("A room no longer in use"), present);
}

QJsonObject DeviceForm::fieldsOf(const DirectoryChange& entry) const
{
    const Device& device = deviceOf(entry);
    return {
        {kName, device.name}, {kRoom, QString::fromStdString(device.room.text())}, {kActive, device.active}};
}

QJsonObject DeviceForm::typed() const
{
    return {
        {kName, m_name->text()}, {kRoom, m_room->currentData().toString()}, {kActive, m_active->isChecked()}};
}

void DeviceForm::showFields(const QJsonObject& fields)
{
    m_name->setText(fields[kName].toString());
    m_nameField->setError({});
    m_room->setCurrentIndex(std::max(0, m_room->findData(fields[kRoom].toString())));
    m_active->setChecked(fields[kActive].toBool());
}

std::optional<DirectoryChange> DeviceForm::applied(const DirectoryChange& onto)
{
    Revised<Device> device = std::get<Revised<Device>>(onto);
    if (m_name->text().trimmed().isEmpty()) {
        m_nameField->setError(tr("A device needs a name."));
        m_name->setFocus(Qt::OtherFocusReason);
        return std::nullopt;
    }
    device.value.name = m_name->text().trimmed();
    device.value.room = chosenId<LocationId>(m_room);
    device.value.active = m_active->isChecked();
    return device;
}

QString DeviceForm::titleOf(const DirectoryChange& entry) const
{
    return deviceOf(entry).name;
}

} // namespace yarrow
