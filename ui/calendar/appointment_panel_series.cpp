// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/appointment_panel.h"

#include "ui/calendar/repeat_section.h"
#include "ui/calendar/series_preview.h"
#include "ui/calendar/series_scope_box.h"
#include "ui/calendar/series_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QDateEdit>
#include <QHBoxLayout>
#include <QTimeEdit>
#include <QVBoxLayout>

#include <algorithm>

// Visits that repeat: the rule and its preview before they are booked, how much of a series a change
// concerns.

namespace yarrow {
namespace {

constexpr int kPlanPause = 150; ///< after the last change of the form, ms

} // namespace

QWidget* AppointmentPanel::makeSeries()
{
    m_planPause.setSingleShot(true);
    m_planPause.setInterval(kPlanPause);
    connect(&m_planPause, &QTimer::timeout, this, &AppointmentPanel::planSeries);
    connect(m_repeat, &RepeatSection::changed, this, &AppointmentPanel::fieldChanged);
    for (const SeriesPreview* preview : {m_preview, &m_scope->preview()})
        connect(preview, &SeriesPreview::changed, this, &AppointmentPanel::showReasonField);
    // What was decided about a visit belongs to the draft.
    connect(m_preview, &SeriesPreview::changed, this, &AppointmentPanel::edited);
    connect(m_cancelScope, &SeriesScopeBox::changed, this, [this] { reveal(m_cancelSection); });
    m_seriesText->setObjectName(QStringLiteral("seriesText"));
    auto* section = new QWidget;
    auto* column = new QVBoxLayout(section);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(3));
    column->addWidget(m_repeat);
    column->addWidget(m_preview);
    return section;
}

QWidget* AppointmentPanel::makeSeriesText()
{
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::current().space(2));
    line->addWidget(new IconLabel(QStringLiteral("repeat"), ColorToken::TextMuted, 16), 0, Qt::AlignTop);
    line->addWidget(m_seriesText, 1);
    return row;
}

/// A new appointment may repeat; of one that does, the rule is told.
void AppointmentPanel::showSeries()
{
    const auto& place = m_seen.appointment.series;
    m_seriesSection->setVisible(m_seen.appointment.id.isEmpty());
    m_seriesRow->setVisible(place.has_value());
    if (place) {
        const QDate first = localTime(place->planned, m_session.zone()).date();
        const auto rule = parseRecurrence(place->rule, m_session.zone());
        const QString sentence = rule ? ruleSentence(rule->rule, first) : QString();
        // Moved away from its plan, alone or with the others, the rule is not what the visits do.
        m_seriesText->setText(
            !rule ? tr("Part of a series.")
            : m_seen.appointment.start == place->planned
                ? tr("Part of a series. %1", "a sentence: by which rule").arg(sentence)
                : tr("Part of a series. It was planned as: %1", "a sentence: by which rule").arg(sentence));
    }
    m_scope->hide();
    m_scope->preview().clear();
}

std::optional<Recurrence> AppointmentPanel::recurrence() const
{
    return m_seen.appointment.id.isEmpty() ? m_repeat->recurrence() : std::nullopt;
}

void AppointmentPanel::repeat(const std::optional<Recurrence>& recurrence)
{
    m_repeat->setRecurrence(recurrence);
    SeriesPreview::Decisions decisions;
    if (recurrence)
        for (const QDate day : recurrence->excluded)
            decisions[day] = SeriesPreview::Decision::LeaveOut;
    m_preview->setDecisions(std::move(decisions));
    followSeries();
}

std::optional<Recurrence> AppointmentPanel::repetition() const
{
    auto rule = recurrence();
    if (rule)
        for (const auto& [day, decision] : m_preview->decisions())
            if (decision == SeriesPreview::Decision::LeaveOut)
                rule->excluded.push_back(day);
    return rule;
}

void AppointmentPanel::showPlan()
{
    planSeries();
    m_preview->whenReady([this] {
        m_preview->focusList();
        reveal(m_preview);
    });
}

bool AppointmentPanel::isPlanReady() const
{
    return m_preview->isReady();
}

/// The form has changed: what is planned is planned anew, what was asked is asked again.
void AppointmentPanel::followSeries()
{
    m_repeat->setStart(m_date->date(), m_start->time());
    m_scope->hide();
    m_scope->preview().clear();
    const Appointment visit = wished().appointment;
    const bool isPlanned = recurrence() && m_repeat->isValid() &&
                           !(visit.practitioner.isEmpty() && visit.room.isEmpty() && visit.device.isEmpty());
    m_preview->setVisible(isPlanned);
    if (isPlanned) {
        m_preview->outdate();
        m_planPause.start();
    } else {
        // A rule that is being typed is not always one; what was decided waits for it.
        auto decided = recurrence() ? m_preview->decisions() : SeriesPreview::Decisions();
        m_planPause.stop();
        m_preview->clear();
        m_preview->setDecisions(std::move(decided));
    }
    showReasonField();
}

void AppointmentPanel::planSeries()
{
    m_planPause.stop();
    const auto rule = recurrence();
    if (!rule)
        return;
    AppointmentRow first = wished();
    first.appointment.overbookReason.clear(); // which of them need it is what is asked
    m_preview->look([this, first, rule](QObject* context, SeriesPreview::Done done) {
        m_session.booking().planSeries(first, *rule, context, std::move(done));
    });
}

/// Shown once something is booked over another, or was.
void AppointmentPanel::showReasonField()
{
    const bool needed =
        m_preview->needsReason() || (!m_scope->isHidden() && m_scope->preview().needsReason());
    m_overbookField->setVisible(needed || m_taken || !m_seen.appointment.overbookReason.empty() ||
                                !m_overbook->currentText().trimmed().isEmpty());
    m_overbookField->setError({});
}

void AppointmentPanel::saveRepeated()
{
    if (!m_repeat->isValid()) {
        m_repeat->setFocus(Qt::OtherFocusReason);
        return;
    }
    const bool wasShown = m_preview->isReady();
    if (!wasShown)
        planSeries();
    m_preview->whenReady([this, wasShown] { saveTogether(*m_preview, ScheduleChange::Book, wasShown); });
}

void AppointmentPanel::saveInSeries()
{
    if (m_scope->isHidden()) {
        AppointmentRow row = wished();
        // Which visits need a reason is what is asked, unless there was one that is now another.
        if (m_seen.appointment.overbookReason.empty())
            row.appointment.overbookReason.clear();
        m_scope->ask(tr("This visit belongs to a series. What is to be changed?"), m_seen, row, true);
        return;
    }
    if (m_scope->scope() == SeriesScope::This) {
        Q_EMIT saveRequested(m_seen, wished());
        return;
    }
    const bool wasShown = m_scope->preview().isReady();
    m_scope->preview().whenReady(
        [this, wasShown] { saveTogether(m_scope->preview(), ScheduleChange::Edit, wasShown); });
}

/// What is in the way and was not seen yet is looked at first.
void AppointmentPanel::saveTogether(SeriesPreview& preview, ScheduleChange kind, bool wasShown)
{
    if (!isVisible()) // closed before the plan was there
        return;
    const std::string reason = m_overbook->currentText().trimmed().toStdString();
    if (preview.isEmpty() || (!wasShown && preview.hasObstacles())) {
        preview.focusList();
        return;
    }
    if (preview.needsReason() && reason.empty()) {
        m_overbookField->show();
        m_overbookField->setError(
            tr("Say why the taken times are booked twice, or leave those visits out of the series."));
        m_overbook->setFocus(Qt::OtherFocusReason);
        return;
    }
    std::vector<AppointmentRow> rows = preview.chosen(reason);
    const AppointmentRow form = wished();
    for (AppointmentRow& row : rows) {
        const bool isOpened = !row.appointment.id.isEmpty() && row.appointment.id == m_seen.appointment.id;
        if (isOpened && row.appointment.start == form.appointment.start)
            row.appointment.overbookReason = reason;
    }
    const auto rule = recurrence();
    std::string ruleText;
    if (rule) {
        Recurrence kept = *rule;
        kept.excluded = preview.leftOut();
        ruleText = recurrenceText(kept, m_session.zone());
    }
    for (AppointmentRow& row : rows) {
        if (row.appointment.patient == form.appointment.patient)
            row.patientName = form.patientName;
        if (!ruleText.empty() && row.appointment.series)
            row.appointment.series->rule = ruleText;
    }
    // The visit that was open comes first: it is what is spoken about.
    std::stable_partition(rows.begin(), rows.end(), [this](const AppointmentRow& row) {
        return row.appointment.id == m_seen.appointment.id;
    });
    Q_EMIT allRequested(rows, kind);
}

void AppointmentPanel::askCancelReason()
{
    m_cancelSection->show();
    m_cancelScope->hide();
    if (m_seen.appointment.series) {
        AppointmentRow cancelled = m_seen;
        cancelled.appointment.status = AppointmentStatus::Cancelled;
        m_cancelScope->ask(tr("This visit belongs to a series. What is to be cancelled?"), m_seen, cancelled,
                           false);
    }
    m_cancelReason->setFocus(Qt::OtherFocusReason);
    reveal(m_cancelSection);
}

void AppointmentPanel::confirmCancel()
{
    const std::string reason = m_cancelReason->currentData().toString().toStdString();
    if (m_cancelScope->isHidden() || m_cancelScope->scope() == SeriesScope::This) {
        Q_EMIT cancelRequested(m_seen, reason);
        return;
    }
    SeriesPreview& preview = m_cancelScope->preview();
    preview.whenReady([this, &preview, reason] {
        if (!isVisible())
            return;
        std::vector<AppointmentRow> rows = preview.chosen({});
        for (AppointmentRow& row : rows) {
            row.appointment.cancelReason = reason;
            if (row.appointment.patient == m_seen.appointment.patient)
                row.patientName = m_seen.patientName;
        }
        std::stable_partition(rows.begin(), rows.end(), [this](const AppointmentRow& row) {
            return row.appointment.id == m_seen.appointment.id;
        });
        if (!rows.empty())
            Q_EMIT allRequested(rows, ScheduleChange::Cancel);
    });
}

} // namespace yarrow
