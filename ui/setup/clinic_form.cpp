// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/clinic_form.h"

#include "ui/setup/form_fields.h"
#include "ui/widgets/controls.h"

#include <QVBoxLayout>

namespace yarrow {

using namespace setup;

namespace {

const Location& locationOf(const DirectoryChange& entry)
{
    return std::get<ClinicEntry>(entry).location.value;
}

} // namespace

ClinicForm::ClinicForm(ClinicSession& session, QWidget* parent)
    : SetupForm(session, QStringLiteral("clinic"), parent)
    , m_week(new WeekEditor)
    , m_closures(
          new BlockoutsEditor({tr("Another closed day"), tr("Closed on"), tr("Remove this closed day")},
                              QStringLiteral("closures"), session.zone()))
{
    setClosable(false);
    m_closures->setToday(today());
    body()->addWidget(makeParagraph(tr("Whoever has no hours of their own works when the clinic is open."),
                                    TextStyle::Body, ColorToken::TextMuted));
    body()->addWidget(m_week);
    body()->addSpacing(Theme::current().space(3));
    body()->addWidget(makeLabel(tr("Holidays and closed days"), TextStyle::Strong));
    body()->addWidget(makeParagraph(tr("Nothing is offered in them, for nobody."), TextStyle::Small,
                                    ColorToken::TextMuted));
    body()->addWidget(m_closures);
    body()->addStretch(1);
    connect(m_week, &WeekEditor::edited, this, &ClinicForm::edited);
    connect(m_closures, &BlockoutsEditor::edited, this, &ClinicForm::edited);
}

void ClinicForm::focusFirst()
{
    m_week->setFocus();
    for (QWidget* next = m_week->nextInFocusChain(); next != m_week; next = next->nextInFocusChain()) {
        if (next->focusPolicy() != Qt::NoFocus && m_week->isAncestorOf(next)) {
            next->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

QJsonObject ClinicForm::fieldsOf(const DirectoryChange& entry) const
{
    const Instant from = localDay(today(), session().zone()).start;
    return {{kHours, hourFields(locationOf(entry).hours)},
            {kBlockouts, m_closures->linesOf(locationOf(entry).closures, from)}};
}

QJsonObject ClinicForm::typed() const
{
    return {{kHours, QJsonArray::fromStringList(m_week->texts())}, {kBlockouts, m_closures->lines()}};
}

void ClinicForm::showFields(const QJsonObject& fields)
{
    m_week->setTexts(texts(fields[kHours]));
    m_closures->setLines(fields[kBlockouts].toArray());
}

std::optional<DirectoryChange> ClinicForm::applied(const DirectoryChange& onto)
{
    ClinicEntry clinic = std::get<ClinicEntry>(onto);
    Location& location = clinic.location.value;
    const Instant from = localDay(today(), session().zone()).start;
    const auto closures = checkedBlockouts(*m_closures, location.closures, from);
    const auto hours = checkedHours(*m_week, location.hours);
    if (!hours || !closures)
        return std::nullopt;
    location.hours = *hours;
    location.closures = *closures;
    return clinic;
}

QString ClinicForm::titleOf(const DirectoryChange& /*entry*/) const
{
    return tr("Opening hours and closed days");
}

} // namespace yarrow
