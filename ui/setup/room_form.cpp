// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/room_form.h"

#include "ui/setup/form_fields.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace yarrow {

using namespace setup;

namespace {

constexpr QLatin1String kDescription{"description"};

const Location& roomOf(const DirectoryChange& entry)
{
    return std::get<Revised<Location>>(entry).value;
}

} // namespace

RoomForm::RoomForm(ClinicSession& session, QWidget* parent)
    : SetupForm(session, QStringLiteral("room"), parent)
    , m_name(new QLineEdit)
    , m_description(new QLineEdit)
    , m_nameField(new Field(tr("Name"), m_name, QStringLiteral("roomName")))
    , m_active(new QCheckBox(tr("In use")))
    , m_week(new WeekEditor)
    , m_closures(
          new BlockoutsEditor({tr("Another closed time"), tr("Closed on"), tr("Remove this closed time")},
                              QStringLiteral("roomClosures"), session.zone()))
{
    setTitleOfNew(tr("New room"));
    m_active->setObjectName(QStringLiteral("roomActive"));
    m_closures->setToday(today());
    body()->addWidget(m_nameField);
    body()->addWidget(new Field(tr("Description"), m_description, QStringLiteral("roomDescription")));
    body()->addWidget(m_active);
    body()->addSpacing(Theme::current().space(2));
    body()->addWidget(makeLabel(tr("Hours"), TextStyle::Strong));
    body()->addWidget(m_week);
    body()->addSpacing(Theme::current().space(2));
    body()->addWidget(makeLabel(tr("Closed times"), TextStyle::Strong));
    body()->addWidget(m_closures);
    body()->addStretch(1);
    for (QLineEdit* edit : {m_name, m_description})
        connect(edit, &QLineEdit::textEdited, this, &RoomForm::edited);
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameField->setError({}); });
    connect(m_active, &QCheckBox::clicked, this, &RoomForm::edited);
    connect(m_week, &WeekEditor::edited, this, &RoomForm::edited);
    connect(m_closures, &BlockoutsEditor::edited, this, &RoomForm::edited);
}

void RoomForm::focusFirst()
{
    m_name->setFocus(Qt::TabFocusReason);
}

void RoomForm::readChoices()
{
    m_week->setBorrowedHours(session().clinicHours());
}

QJsonObject RoomForm::fieldsOf(const DirectoryChange& entry) const
{
    const Location& room = roomOf(entry);
    const Instant from = localDay(today(), session().zone()).start;
    return {{kName, room.name},
            {kDescription, room.description},
            {kActive, room.active},
            {kHours, hourFields(room.hours)},
            {kBlockouts, m_closures->linesOf(room.closures, from)}};
}

QJsonObject RoomForm::typed() const
{
    return {{kName, m_name->text()},
            {kDescription, m_description->text()},
            {kActive, m_active->isChecked()},
            {kHours, QJsonArray::fromStringList(m_week->texts())},
            {kBlockouts, m_closures->lines()}};
}

void RoomForm::showFields(const QJsonObject& fields)
{
    m_name->setText(fields[kName].toString());
    m_nameField->setError({});
    m_description->setText(fields[kDescription].toString());
    m_active->setChecked(fields[kActive].toBool());
    m_week->setTexts(texts(fields[kHours]));
    m_closures->setLines(fields[kBlockouts].toArray());
}

std::optional<DirectoryChange> RoomForm::applied(const DirectoryChange& onto)
{
    Revised<Location> room = std::get<Revised<Location>>(onto);
    const Instant from = localDay(today(), session().zone()).start;
    const auto closures = checkedBlockouts(*m_closures, room.value.closures, from);
    const auto hours = checkedHours(*m_week, room.value.hours);
    const bool named = !m_name->text().trimmed().isEmpty();
    if (!named) {
        m_nameField->setError(tr("A room needs a name."));
        m_name->setFocus(Qt::OtherFocusReason);
    }
    if (!hours || !closures || !named)
        return std::nullopt;
    room.value.name = m_name->text().trimmed();
    room.value.description = m_description->text().trimmed();
    room.value.active = m_active->isChecked();
    room.value.hours = *hours;
    room.value.closures = *closures;
    return room;
}

QString RoomForm::titleOf(const DirectoryChange& entry) const
{
    return roomOf(entry).name;
}

} // namespace yarrow
