// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/combo_id.h"
#include "ui/calendar/family_booking_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSpinBox>

#include <algorithm>

// The draft of a family's booking: what it began with and what was chosen. Who the family is, and what is
// free, is read anew when it is continued.

namespace yarrow {
namespace {

QString textOf(const auto& id)
{
    return QString::fromStdString(id.text());
}

template <class IdType>
IdType idIn(const QJsonObject& object, const QString& key)
{
    return IdType::parse(object.value(key).toString().toStdString()).value_or(IdType());
}

} // namespace

QByteArray FamilyBookingPanel::content() const
{
    if (!m_resuming.isEmpty()) // nothing could be chosen yet
        return m_resuming;
    QJsonObject kept{
        {QStringLiteral("patient"), textOf(m_beginning.patient.id)},
        {QStringLiteral("earliest"), QString::fromStdString(formatInstant(m_beginning.earliest))},
        {QStringLiteral("practitioner"), textOf(chosenId<PractitionerId>(m_practitioner))},
        {QStringLiteral("from"), m_from->date().toString(Qt::ISODate)},
        {QStringLiteral("partOfDay"), m_partOfDay->currentIndex()},
    };
    if (m_beginning.after) {
        const Appointment& after = m_beginning.after->appointment;
        kept.insert(QStringLiteral("after"), textOf(after.id));
        kept.insert(QStringLiteral("afterStart"), QString::fromStdString(formatInstant(after.start)));
    }
    QJsonArray lines;
    for (const Line& line : m_lines)
        lines.append(QJsonObject{
            {QStringLiteral("patient"), textOf(line.patient.id)},
            {QStringLiteral("comes"), line.comes->isChecked()},
            {QStringLiteral("service"), textOf(chosenId<HealthcareServiceId>(line.service))},
            {QStringLiteral("minutes"), line.duration->value()},
        });
    kept.insert(QStringLiteral("lines"), lines);
    return QJsonDocument(kept).toJson(QJsonDocument::Compact);
}

std::optional<FamilyBookingPanel::DraftBeginning> FamilyBookingPanel::beginningOf(const QByteArray& draft)
{
    const QJsonObject kept = QJsonDocument::fromJson(draft).object();
    const auto instantIn = [&](const QString& key) {
        return parseInstant(kept.value(key).toString().toStdString());
    };
    const auto earliest = instantIn(QStringLiteral("earliest"));
    DraftBeginning beginning;
    beginning.patient = idIn<PatientId>(kept, QStringLiteral("patient"));
    if (beginning.patient.isEmpty() || !earliest)
        return std::nullopt;
    beginning.earliest = *earliest;
    if (const auto start = instantIn(QStringLiteral("afterStart"))) {
        beginning.after = idIn<AppointmentId>(kept, QStringLiteral("after"));
        beginning.afterStart = *start;
    }
    return beginning;
}

void FamilyBookingPanel::resume(const Beginning& beginning, const QByteArray& draft)
{
    m_resuming = draft;
    begin(beginning);
}

/// Who is in the family by now and was not when the draft was made stands behind the others, and does not
/// come.
void FamilyBookingPanel::showChoices(const QByteArray& draft)
{
    const QJsonObject kept = QJsonDocument::fromJson(draft).object();
    chooseId(m_practitioner, idIn<PractitionerId>(kept, QStringLiteral("practitioner")));
    if (const auto from = QDate::fromString(kept.value(QStringLiteral("from")).toString(), Qt::ISODate);
        from.isValid())
        m_from->setDate(from);
    m_partOfDay->setCurrentIndex(
        std::clamp(kept.value(QStringLiteral("partOfDay")).toInt(), 0, m_partOfDay->count() - 1));
    for (const Line& line : m_lines)
        line.comes->setChecked(false);
    const QJsonArray lines = kept.value(QStringLiteral("lines")).toArray();
    auto next = m_lines.begin();
    bool isSomebodyMissing = false;
    for (const auto& value : lines) {
        const QJsonObject chosen = value.toObject();
        const auto patient = idIn<PatientId>(chosen, QStringLiteral("patient"));
        const auto line =
            std::find_if(next, m_lines.end(), [&](const Line& each) { return each.patient.id == patient; });
        const bool comes = chosen.value(QStringLiteral("comes")).toBool();
        if (line == m_lines.end()) {
            isSomebodyMissing = isSomebodyMissing || comes;
            continue;
        }
        chooseId(line->service, idIn<HealthcareServiceId>(chosen, QStringLiteral("service")));
        line->duration->setValue(chosen.value(QStringLiteral("minutes")).toInt());
        line->comes->setChecked(comes);
        std::rotate(next, line, line + 1);
        ++next;
    }
    placeLines();
    if (isSomebodyMissing)
        say(tr("Somebody who was to come is not of this family any more."));
}

} // namespace yarrow
