// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/board_view.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/status_look.h"
#include "ui/frame/tunables.h"
#include "ui/today/visit_list.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QSpinBox>

#include <algorithm>

namespace yarrow {
namespace {

constexpr std::array kStages{VisitStage::Expected, VisitStage::Arrived, VisitStage::InRoom, VisitStage::Done};

} // namespace

BoardView::BoardView(VisitBoard& board, const ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_board(board)
    , m_limit(new QSpinBox)
{
    setObjectName(QStringLiteral("visitBoard"));
    setAccessibleName(tr("Visits of today"));
    const Theme& theme = Theme::current();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(2));
    column->setSpacing(theme.space(1));
    column->addWidget(makeHead());
    auto* stages = new QHBoxLayout;
    stages->setSpacing(theme.space(2));
    for (const VisitStage stage : kStages)
        stages->addWidget(makeStage(stage, session.zone()), 1);
    column->addLayout(stages, 1);
    connect(&m_board, &VisitBoard::changed, this, [this] {
        showCounts();
        if (!m_moved.isEmpty())
            select(m_moved);
    });
    showCounts();
}

QWidget* BoardView::makeHead()
{
    const Theme& theme = Theme::current();
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(theme.space(1), 0, 0, 0);
    row->setSpacing(theme.space(2));
    row->addWidget(makeLabel(tr("Visits of today"), TextStyle::Strong));
    row->addStretch(1);
    auto* label = makeLabel(tr("&Warn after"), TextStyle::Small, ColorToken::TextMuted);
    m_limit->setObjectName(QStringLiteral("waitLimit"));
    m_limit->setAccessibleName(tr("Warn after this many minutes of waiting"));
    m_limit->setRange(1, tunables::kLongestWaitLimitMinutes);
    m_limit->setSuffix(tr(" min"));
    m_limit->setValue(static_cast<int>(m_board.limit().count()));
    label->setBuddy(m_limit);
    connect(m_limit, &QSpinBox::valueChanged, this,
            [this](int minutes) { Q_EMIT limitChosen(std::chrono::minutes(minutes)); });
    row->addWidget(label);
    row->addWidget(m_limit);
    return head;
}

QWidget* BoardView::makeStage(VisitStage stage, const QTimeZone& zone)
{
    const Theme& theme = Theme::current();
    const auto place = static_cast<std::size_t>(stage);
    auto* box = new QFrame;
    box->setProperty("look", QStringLiteral("card"));
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(1, theme.space(1), 1, 1);
    column->setSpacing(theme.space(1));
    const StatusLook look = lookOf(statusOf(stage));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(theme.space(3), 0, theme.space(3), 0);
    head->setSpacing(theme.space(2));
    head->addWidget(new IconLabel(QString::fromUtf16(look.icon), look.ink, 16));
    head->addWidget(makeLabel(stageText(stage), TextStyle::Strong));
    head->addStretch(1);
    m_counts[place] = makeTrailingLabel({}, TextStyle::Figures, ColorToken::TextMuted);
    head->addWidget(m_counts[place]);
    column->addLayout(head);

    auto* model = new VisitListModel(m_board, stage, zone, this);
    auto* list = new VisitList(*model, zone);
    static constexpr std::array<const char*, kVisitStages> kNames{"boardExpected", "boardArrived",
                                                                  "boardInRoom", "boardDone"};
    list->setObjectName(QLatin1String(kNames[place]));
    m_models[place] = model;
    m_lists[place] = list;
    column->addWidget(list, 1);

    connect(model, &VisitListModel::dropped, this,
            [this, stage](const AppointmentId& id) { request(id, statusOf(stage)); });
    connect(list, &VisitList::statusRequested, this, &BoardView::request);
    connect(list, &VisitList::openRequested, this, &BoardView::openRequested);
    connect(list, &VisitList::cancelRequested, this, &BoardView::cancelRequested);
    connect(list, &VisitList::stepRequested, this, [this, stage](int by) { step(stage, by); });
    connect(list, &VisitList::moveRequested, this, [this, stage](int by) { moveBy(stage, by); });
    connect(list, &VisitList::menuRequested, this,
            [this, stage](const AppointmentId& id, QPoint global) { showMenu(stage, id, global); });
    return box;
}

void BoardView::showCounts()
{
    for (const VisitStage stage : kStages) {
        const auto& cards = m_board.cards(stage);
        const int late = static_cast<int>(
            std::count_if(cards.begin(), cards.end(), [](const BoardCard& card) { return card.late; }));
        const int all = static_cast<int>(cards.size());
        auto* count = m_counts[static_cast<std::size_t>(stage)];
        count->setText(late == 0 ? QLocale().toString(all)
                                 : tr("%1 · %2 late", "visits of a stage, those past the limit")
                                       .arg(QLocale().toString(all), QLocale().toString(late)));
        setInk(count, late == 0 ? ColorToken::TextMuted : ColorToken::Bad);
    }
}

void BoardView::showLimit(std::chrono::minutes limit)
{
    const QSignalBlocker quiet(m_limit);
    m_limit->setValue(static_cast<int>(limit.count()));
}

void BoardView::select(const AppointmentId& id)
{
    for (VisitList* each : m_lists)
        if (each->select(id)) {
            each->setFocus();
            return;
        }
}

/// To the next stage in that direction that has a card.
void BoardView::step(VisitStage from, int by)
{
    for (int at = static_cast<int>(from) + by; at >= 0 && at < static_cast<int>(kVisitStages); at += by) {
        VisitList* next = m_lists[static_cast<std::size_t>(at)];
        if (next->model()->rowCount() == 0)
            continue;
        next->setFocus();
        return;
    }
}

void BoardView::moveBy(VisitStage from, int by)
{
    const int to = static_cast<int>(from) + by;
    const AppointmentId id = list(from).selected();
    if (id.isEmpty() || to < 0 || to >= static_cast<int>(kVisitStages))
        return;
    // What is wished stands on the board before this returns; the keyboard goes with it.
    m_moved = id;
    request(id, statusOf(static_cast<VisitStage>(to)));
    m_moved = {};
}

void BoardView::request(const AppointmentId& id, AppointmentStatus status)
{
    if (const BoardCard* card = m_board.card(id))
        Q_EMIT statusRequested(AppointmentRow(card->row), status);
}

void BoardView::showMenu(VisitStage stage, const AppointmentId& id, QPoint global)
{
    const BoardCard* card = m_board.card(id);
    if (!card)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(Theme::icon(u"edit"), tr("Open"), this, [this, id] { Q_EMIT openRequested(id); });
    if (const PatientId patient = card->row.appointment.patient; !patient.isEmpty())
        menu->addAction(Theme::icon(u"user"), tr("Show the patient"), this,
                        [this, patient] { Q_EMIT patientRequested(patient); });
    menu->addSeparator();
    for (const AppointmentStatus status :
         {AppointmentStatus::Booked, AppointmentStatus::Arrived, AppointmentStatus::CheckedIn,
          AppointmentStatus::Fulfilled, AppointmentStatus::NoShow})
        if (status != statusOf(stage) && isLegalMove(statusOf(stage), status))
            menu->addAction(Theme::icon(QString::fromUtf16(lookOf(status).icon), lookOf(status).ink),
                            statusText(status), this, [this, id, status] { request(id, status); });
    if (isLegalMove(statusOf(stage), AppointmentStatus::Cancelled)) {
        menu->addSeparator();
        menu->addAction(Theme::icon(u"ban", ColorToken::Bad), tr("Cancel…"), this,
                        [this, id] { Q_EMIT cancelRequested(id); });
    }
    menu->popup(global);
}

} // namespace yarrow
