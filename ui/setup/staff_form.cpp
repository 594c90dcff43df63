// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/staff_form.h"

#include "ui/setup/choice_boxes.h"
#include "ui/setup/form_fields.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

using namespace setup;

namespace {

constexpr QLatin1String kPrefix{"prefix"};
constexpr QLatin1String kGiven{"given"};
constexpr QLatin1String kFamily{"family"};
constexpr QLatin1String kSpecialty{"specialty"};
constexpr QLatin1String kServices{"services"};

const StaffEntry& staffOf(const DirectoryChange& entry)
{
    return std::get<StaffEntry>(entry);
}

HumanName firstName(const Practitioner& practitioner)
{
    return practitioner.names.empty() ? HumanName() : practitioner.names.front();
}

/// The words of a field over those that were read; untouched, they stay as they are.
void take(QStringList& words, const QString& typed)
{
    if (typed.simplified() != words.join(u' ').simplified())
        words = typed.split(u' ', Qt::SkipEmptyParts);
}

} // namespace

StaffForm::StaffForm(ClinicSession& session, QWidget* parent)
    : SetupForm(session, QStringLiteral("staff"), parent)
    , m_prefix(new QLineEdit)
    , m_given(new QLineEdit)
    , m_family(new QLineEdit)
    , m_familyField(new Field(tr("Family name"), m_family, QStringLiteral("staffFamily")))
    , m_specialty(new QLineEdit)
    , m_active(new QCheckBox(tr("Works here")))
    , m_week(new WeekEditor)
    , m_absences(new BlockoutsEditor({tr("Another absence"), tr("Away"), tr("Remove this absence")},
                                     QStringLiteral("absences"), session.zone()))
    , m_services(new ChoiceBoxes(tr("Visit types"), tr("There is no visit type yet."),
                                 QStringLiteral("staffServices")))
{
    const Theme& theme = Theme::current();
    setTitleOfNew(tr("New practitioner"));
    m_active->setObjectName(QStringLiteral("staffActive"));
    m_absences->setToday(today());
    auto* names = new QHBoxLayout;
    names->setSpacing(theme.space(3));
    names->addWidget(new Field(tr("Title"), m_prefix, QStringLiteral("staffPrefix")), 1, Qt::AlignTop);
    names->addWidget(new Field(tr("Given names"), m_given, QStringLiteral("staffGiven")), 2, Qt::AlignTop);
    names->addWidget(m_familyField, 2, Qt::AlignTop);
    body()->addLayout(names);
    body()->addWidget(new Field(tr("Specialty"), m_specialty, QStringLiteral("staffSpecialty")));
    body()->addWidget(m_active);
    body()->addSpacing(theme.space(2));
    body()->addWidget(makeLabel(tr("Hours"), TextStyle::Strong));
    body()->addWidget(m_week);
    body()->addSpacing(theme.space(2));
    body()->addWidget(makeLabel(tr("Vacations and other absences"), TextStyle::Strong));
    body()->addWidget(m_absences);
    body()->addSpacing(theme.space(2));
    body()->addWidget(m_services);
    body()->addStretch(1);
    for (QLineEdit* edit : {m_prefix, m_given, m_family, m_specialty})
        connect(edit, &QLineEdit::textEdited, this, &StaffForm::edited);
    connect(m_family, &QLineEdit::textEdited, this, [this] { m_familyField->setError({}); });
    connect(m_active, &QCheckBox::clicked, this, &StaffForm::edited);
    connect(m_week, &WeekEditor::edited, this, &StaffForm::edited);
    connect(m_absences, &BlockoutsEditor::edited, this, &StaffForm::edited);
    connect(m_services, &ChoiceBoxes::edited, this, &StaffForm::edited);
}

void StaffForm::focusFirst()
{
    m_prefix->setFocus(Qt::TabFocusReason);
}

void StaffForm::readChoices()
{
    m_week->setBorrowedHours(session().clinicHours());
    std::vector<ChoiceBoxes::Choice> services;
    for (const HealthcareService& service : session().services())
        services.emplace_back(QString::fromStdString(service.id.text()), service.name);
    m_services->setChoices(services);
}

QJsonObject StaffForm::fieldsOf(const DirectoryChange& entry) const
{
    const Practitioner& practitioner = staffOf(entry).practitioner.value;
    const PractitionerRole& role = staffOf(entry).role.value;
    const HumanName name = firstName(practitioner);
    const Instant from = localDay(today(), session().zone()).start;
    return {{kPrefix, name.prefix.join(u' ')},
            {kGiven, name.given.join(u' ')},
            {kFamily, name.family},
            {kSpecialty, role.specialty},
            {kActive, practitioner.active && role.active},
            {kHours, hourFields(role.hours)},
            {kBlockouts, m_absences->linesOf(role.blockouts, from)},
            {kServices, idFields(role.services)}};
}

QJsonObject StaffForm::typed() const
{
    return {{kPrefix, m_prefix->text()},       {kGiven, m_given->text()},
            {kFamily, m_family->text()},       {kSpecialty, m_specialty->text()},
            {kActive, m_active->isChecked()},  {kHours, QJsonArray::fromStringList(m_week->texts())},
            {kBlockouts, m_absences->lines()}, {kServices, m_services->chosen()}};
}

void StaffForm::showFields(const QJsonObject& fields)
{
    m_prefix->setText(fields[kPrefix].toString());
    m_given->setText(fields[kGiven].toString());
    m_family->setText(fields[kFamily].toString());
    m_familyField->setError({});
    m_specialty->setText(fields[kSpecialty].toString());
    m_active->setChecked(fields[kActive].toBool());
    m_week->setTexts(texts(fields[kHours]));
    m_absences->setLines(fields[kBlockouts].toArray());
    m_services->setChosen(fields[kServices].toArray());
}

std::optional<DirectoryChange> StaffForm::applied(const DirectoryChange& onto)
{
    StaffEntry entry = staffOf(onto);
    Practitioner& practitioner = entry.practitioner.value;
    PractitionerRole& role = entry.role.value;
    const Instant from = localDay(today(), session().zone()).start;
    const auto absences = checkedBlockouts(*m_absences, role.blockouts, from);
    const auto hours = checkedHours(*m_week, role.hours);
    const bool named = !m_family->text().trimmed().isEmpty();
    if (!named) {
        m_familyField->setError(tr("A practitioner needs a family name."));
        m_family->setFocus(Qt::OtherFocusReason);
    }
    if (!hours || !absences || !named)
        return std::nullopt;
    if (practitioner.names.empty()) {
        practitioner.names.emplace_back();
        practitioner.names.front().use = HumanName::Use::Official;
    }
    HumanName& name = practitioner.names.front();
    take(name.prefix, m_prefix->text());
    take(name.given, m_given->text());
    name.family = m_family->text().trimmed();
    if (m_active->isChecked() != (practitioner.active && role.active)) {
        role.active = m_active->isChecked();
        practitioner.active = role.active || worksInAnotherRole(entry);
    }
    role.specialty = m_specialty->text().trimmed();
    role.hours = *hours;
    role.blockouts = *absences;
    role.services = idsOf<HealthcareServiceId>(m_services->chosen());
    return entry;
}

bool StaffForm::worksInAnotherRole(const StaffEntry& entry) const
{
    const auto entries = session().directory().entries();
    return entries && std::any_of(entries->staff.begin(), entries->staff.end(), [&](const StaffEntry& other) {
               return other.practitioner.value.id == entry.practitioner.value.id &&
                      other.role.value.id != entry.role.value.id && other.role.value.active;
           });
}

QString StaffForm::titleOf(const DirectoryChange& entry) const
{
    return formatName(staffOf(entry).practitioner.value);
}

} // namespace yarrow
