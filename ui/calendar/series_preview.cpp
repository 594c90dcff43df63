// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/series_preview.h"

#include "models/items/clinic_session.h"
#include "ui/calendar/series_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QListWidget>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kLeastHeight = 208; ///< of the list, at 100 %

/// A row with a box to tick: by the space bar, or by a click on the box.
class TickDelegate final : public TwoLineDelegate
{
public:
    using TwoLineDelegate::TwoLineDelegate;

    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override
    {
        bool ticks = false;
        if (event->type() == QEvent::KeyPress) {
            const int key = static_cast<QKeyEvent*>(event)->key();
            ticks = key == Qt::Key_Space || key == Qt::Key_Select;
        } else if (event->type() == QEvent::MouseButtonRelease) {
            const Theme& theme = Theme::current();
            QRect box = option.rect;
            box.setWidth(theme.space(6) + theme.iconSize());
            ticks = QStyle::visualRect(option.direction, option.rect, box)
                        .contains(static_cast<QMouseEvent*>(event)->position().toPoint());
        }
        if (!ticks)
            return false;
        const bool isTicked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, isTicked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }

protected:
    [[nodiscard]] Lines linesOf(const QModelIndex& index) const override
    {
        Lines lines = TwoLineDelegate::linesOf(index);
        const bool isTicked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        lines.icon = isTicked ? Theme::icon(u"box-checked", ColorToken::Accent)
                              : Theme::icon(u"box", ColorToken::TextMuted);
        lines.quiet = !isTicked;
        return lines;
    }
};

} // namespace

SeriesPreview::SeriesPreview(ClinicSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_summary(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_list(new QListWidget)
    , m_leaveOutTaken(
          makeButton(tr("Leave out what is taken"), ButtonKind::Quiet, QStringLiteral("leaveOutTaken")))
    , m_nextFree(makeButton({}, ButtonKind::Quiet, QStringLiteral("takeNextFree")))
{
    m_summary->setObjectName(QStringLiteral("previewSummary"));
    m_list->setObjectName(QStringLiteral("seriesPreview"));
    m_list->setAccessibleName(tr("Visits of the series; space leaves one out"));
    m_list->setItemDelegate(new TickDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(Theme::current().space(1));
    buttons->addWidget(m_nextFree, 0, Qt::AlignLeading);
    buttons->addWidget(m_leaveOutTaken, 0, Qt::AlignLeading);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(2));
    column->addWidget(m_summary);
    column->addWidget(m_list);
    column->addLayout(buttons);
    const auto size = [this] { m_list->setFixedHeight(Theme::current().px(kLeastHeight)); };
    size();
    connect(&Theme::current(), &Theme::changed, this, size);
    connect(m_list, &QListWidget::itemChanged, this, [this](const QListWidgetItem* item) {
        if (!m_loading)
            decide(m_list->row(item),
                   item->checkState() == Qt::Checked ? Decision::Take : Decision::LeaveOut);
    });
    connect(m_list, &QListWidget::currentRowChanged, this, &SeriesPreview::showSummary);
    connect(m_leaveOutTaken, &QPushButton::clicked, this, &SeriesPreview::leaveOutTaken);
    connect(m_nextFree, &QPushButton::clicked, this, &SeriesPreview::takeNextFree);
    clear();
}

void SeriesPreview::look(const std::function<void(QObject*, Done)>& ask)
{
    m_isReady = false;
    m_then = {};
    showSummary();
    ask(this, [this, asked = ++m_asked](const Result<SeriesPlan>& plan) {
        if (asked != m_asked)
            return;
        if (plan)
            show(*plan);
        else
            refuse(plan.error());
    });
}

void SeriesPreview::clear()
{
    m_decisions.clear();
    drop();
}

void SeriesPreview::outdate()
{
    ++m_asked;
    m_isReady = false;
    m_then = {};
    showSummary();
}

/// No plan; what was decided is there for the next one.
void SeriesPreview::drop()
{
    ++m_asked;
    m_isReady = false;
    m_then = {};
    m_plan = {};
    m_loading = true;
    m_list->clear();
    m_loading = false;
    showSummary();
}

void SeriesPreview::whenReady(std::function<void()> then)
{
    if (m_isReady)
        then();
    else
        m_then = std::move(then);
}

void SeriesPreview::show(SeriesPlan plan)
{
    m_plan = std::move(plan);
    m_isReady = true;
    m_loading = true;
    const int current = std::max(0, m_list->currentRow());
    m_list->clear();
    for (std::size_t i = 0; i < m_plan.visits.size(); ++i) {
        auto* item = new QListWidgetItem(m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        showRow(static_cast<int>(i));
    }
    m_list->setCurrentRow(std::min(current, m_list->count() - 1));
    m_loading = false;
    showSummary();
    Q_EMIT changed();
    if (const auto then = std::exchange(m_then, {}))
        then();
}

void SeriesPreview::refuse(const Error& error)
{
    drop();
    m_summary->setText(error.context.rfind("rrule", 0) == 0 ? ruleProblem(error) : sentence(error));
    Q_EMIT changed();
}

/// A visit has the day its rule gave it, at whatever time it stands.
QDate SeriesPreview::dayOf(const PlannedVisit& visit) const
{
    const Appointment& appointment = visit.row.appointment;
    const Instant planned = appointment.series ? appointment.series->planned : appointment.start;
    return localTime(planned, m_session.zone()).date();
}

void SeriesPreview::setDecisions(Decisions decisions)
{
    m_decisions = std::move(decisions);
    outdate();
}

SeriesPreview::Decision SeriesPreview::decisionOf(const PlannedVisit& visit) const
{
    const auto decided = m_decisions.find(dayOf(visit));
    if (decided == m_decisions.end() || (decided->second == Decision::NextFree && !visit.nextFree))
        return Decision::Take;
    return decided->second;
}

void SeriesPreview::showRow(int row)
{
    const PlannedVisit& visit = m_plan.visits[static_cast<std::size_t>(row)];
    const QTimeZone zone = m_session.zone();
    QListWidgetItem* item = m_list->item(row);
    const Decision decision = decisionOf(visit);
    const QStringList obstacles = obstacleSentences(
        visit.obstacles, m_plan,
        [this](const std::string& reference) { return resourceName(reference, m_session); }, zone);
    const QString moment = shortMoment(visit.row.appointment.start, zone);
    const bool isFree = visit.obstacles.empty() || decision == Decision::NextFree;
    QString state;
    if (decision == Decision::LeaveOut)
        state = tr("Left out");
    else if (decision == Decision::NextFree)
        state = tr("Moved");
    item->setText(decision == Decision::NextFree ? shortMoment(visit.nextFree->start, zone) : moment);
    item->setData(TwoLineDelegate::SecondLineRole, decision == Decision::NextFree
                                                       ? tr("instead of %1").arg(moment)
                                                   : obstacles.empty() ? tr("Nothing is in the way.")
                                                                       : obstacles.join(u' '));
    item->setData(TwoLineDelegate::TrailingRole, state);
    item->setData(TwoLineDelegate::MarksRole,
                  QVariant::fromValue(isFree ? Marks()
                                             : Marks{{QStringLiteral("warning"),
                                                      visit.isRefused ? ColorToken::Bad : ColorToken::Warn,
                                                      {}}}));
    item->setToolTip(obstacles.join(u'\n'));
    item->setData(Qt::AccessibleTextRole,
                  joinFacts({item->text(), state, item->data(TwoLineDelegate::SecondLineRole).toString()}));
    item->setCheckState(decision == Decision::LeaveOut ? Qt::Unchecked : Qt::Checked);
}

void SeriesPreview::decide(int row, Decision decision)
{
    if (row < 0 || row >= static_cast<int>(m_plan.visits.size()))
        return;
    m_decisions[dayOf(m_plan.visits[static_cast<std::size_t>(row)])] = decision;
    m_loading = true;
    showRow(row);
    m_loading = false;
    showSummary();
    Q_EMIT changed();
}

void SeriesPreview::takeNextFree()
{
    const int row = m_list->currentRow();
    if (row < 0)
        return;
    const bool isMoved = decisionOf(m_plan.visits[static_cast<std::size_t>(row)]) == Decision::NextFree;
    decide(row, isMoved ? Decision::Take : Decision::NextFree);
}

void SeriesPreview::leaveOutTaken()
{
    for (std::size_t i = 0; i < m_plan.visits.size(); ++i)
        if (m_plan.visits[i].isRefused && decisionOf(m_plan.visits[i]) == Decision::Take)
            decide(static_cast<int>(i), Decision::LeaveOut);
    m_list->setFocus(Qt::OtherFocusReason);
}

void SeriesPreview::showSummary()
{
    const int row = m_list->currentRow();
    const PlannedVisit* current = m_isReady && row >= 0 && row < static_cast<int>(m_plan.visits.size())
                                      ? &m_plan.visits[static_cast<std::size_t>(row)]
                                      : nullptr;
    m_nextFree->setVisible(current && current->nextFree);
    if (current && current->nextFree) {
        const QTimeZone zone = m_session.zone();
        const QDateTime free = localTime(current->nextFree->start, zone);
        const bool isSameDay = free.date() == localTime(current->row.appointment.start, zone).date();
        m_nextFree->setText(
            decisionOf(*current) == Decision::NextFree
                ? tr("Back to the planned time")
                : tr("At %1 instead", "a time, or a day and a time")
                      .arg(isSameDay ? timeText(free.time()) : shortMoment(current->nextFree->start, zone)));
    }
    m_list->setVisible(m_list->count() > 0);
    int chosen = 0;
    int obstructed = 0;
    bool anyTaken = false;
    for (const PlannedVisit& visit : m_plan.visits) {
        const Decision decision = decisionOf(visit);
        chosen += decision == Decision::LeaveOut ? 0 : 1;
        if (decision == Decision::Take && !visit.obstacles.empty())
            ++obstructed;
        anyTaken = anyTaken || (decision == Decision::Take && visit.isRefused);
    }
    m_leaveOutTaken->setVisible(m_isReady && anyTaken);
    setInk(m_summary, anyTaken ? ColorToken::Bad : obstructed > 0 ? ColorToken::Warn : ColorToken::TextMuted);
    if (!m_isReady)
        m_summary->setText(tr("Looking at the dates…"));
    else if (chosen == 0)
        m_summary->setText(tr("No visit is left."));
    else if (obstructed == 0)
        m_summary->setText(chosen == 1 ? tr("One visit, and nothing is in its way.")
                                       : tr("%n visits, and nothing is in their way.", nullptr, chosen));
    else
        m_summary->setText(tr("Something is in the way of %1 of %2 visits. The space bar leaves one out.")
                               .arg(obstructed)
                               .arg(chosen));
    if (const int staying = m_isReady ? m_plan.keepTheirTime : 0; staying > 0)
        m_summary->setText(
            tr("%1 %2", "two sentences")
                .arg(m_summary->text(),
                     staying == 1
                         ? tr("One visit was moved on its own and keeps its time.")
                         : tr("%n visits were moved on their own and keep their time.", nullptr, staying)));
}

bool SeriesPreview::isEmpty() const
{
    return std::all_of(m_plan.visits.begin(), m_plan.visits.end(),
                       [this](const PlannedVisit& visit) { return decisionOf(visit) == Decision::LeaveOut; });
}

bool SeriesPreview::hasObstacles() const
{
    return std::any_of(m_plan.visits.begin(), m_plan.visits.end(), [this](const PlannedVisit& visit) {
        return decisionOf(visit) == Decision::Take && !visit.obstacles.empty();
    });
}

bool SeriesPreview::needsReason() const
{
    return std::any_of(m_plan.visits.begin(), m_plan.visits.end(), [this](const PlannedVisit& visit) {
        return decisionOf(visit) == Decision::Take && visit.isRefused;
    });
}

std::vector<AppointmentRow> SeriesPreview::chosen(const std::string& overbookReason) const
{
    std::vector<AppointmentRow> rows;
    for (const PlannedVisit& visit : m_plan.visits) {
        const Decision decision = decisionOf(visit);
        if (decision == Decision::LeaveOut)
            continue;
        AppointmentRow row = visit.row;
        if (decision == Decision::NextFree) {
            row.appointment.start = visit.nextFree->start;
            row.appointment.end = visit.nextFree->end;
        } else if (visit.isRefused) {
            row.appointment.overbookReason = overbookReason;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<QDate> SeriesPreview::leftOut() const
{
    std::vector<QDate> days;
    for (const PlannedVisit& visit : m_plan.visits)
        if (decisionOf(visit) == Decision::LeaveOut)
            days.push_back(dayOf(visit));
    return days;
}

void SeriesPreview::focusList()
{
    m_list->setFocus(Qt::OtherFocusReason);
}

} // namespace yarrow
