// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/visit_list.h"

#include "ui/calendar/status_look.h"
#include "ui/theme/theme.h"
#include "ui/today/visit_delegate.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace yarrow {
namespace {

QString emptyText(VisitStage stage)
{
    switch (stage) {
    case VisitStage::Expected:
        return VisitList::tr("Nobody else is expected today.");
    case VisitStage::Arrived:
        return VisitList::tr("Nobody is waiting.");
    case VisitStage::InRoom:
        return VisitList::tr("Nobody is in a room.");
    case VisitStage::Done:
        break;
    }
    return VisitList::tr("No visit is done yet.");
}

} // namespace

VisitList::VisitList(VisitListModel& model, const QTimeZone& zone, QWidget* parent)
    : QListView(parent)
    , m_visits(model)
{
    setModel(&model);
    setItemDelegate(new VisitDelegate(model.stage(), zone, this));
    setAccessibleName(stageText(model.stage()));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setDragDropMode(QAbstractItemView::DragDrop);
    setDefaultDropAction(Qt::MoveAction);
    setDropIndicatorShown(false);
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        if (const BoardCard* card = m_visits.card(now)) {
            m_last = card->row.appointment.id;
            m_lastRow = now.row();
        }
    });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        if (!select(m_last) && m_visits.rowCount() > 0 && hasFocus())
            setCurrentIndex(m_visits.index(std::min(m_lastRow, m_visits.rowCount() - 1)));
    });
    connect(this, &QListView::doubleClicked, this, [this] { Q_EMIT openRequested(selected()); });
}

AppointmentId VisitList::selected() const
{
    const BoardCard* card = m_visits.card(currentIndex());
    return card ? card->row.appointment.id : AppointmentId();
}

bool VisitList::select(const AppointmentId& id)
{
    const QModelIndex index = m_visits.find(id);
    if (!index.isValid())
        return false;
    setCurrentIndex(index);
    scrollTo(index);
    return true;
}

bool VisitList::takeKey(const QKeyEvent& event)
{
    const Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::KeypadModifier;
    const int forward = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    if (event.key() == Qt::Key_Left || event.key() == Qt::Key_Right) {
        const int by = event.key() == Qt::Key_Right ? forward : -forward;
        if (modifiers == Qt::ControlModifier)
            Q_EMIT moveRequested(by);
        else if (modifiers == Qt::NoModifier)
            Q_EMIT stepRequested(by);
        return true;
    }
    const AppointmentId id = selected();
    if (modifiers != Qt::NoModifier || id.isEmpty())
        return false;
    if (const auto status = statusOfKey(event.key())) {
        Q_EMIT statusRequested(id, *status);
        return true;
    }
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT openRequested(id);
        return true;
    case Qt::Key_Delete:
        Q_EMIT cancelRequested(id);
        return true;
    default:
        return false;
    }
}

void VisitList::keyPressEvent(QKeyEvent* event)
{
    if (!takeKey(*event))
        QListView::keyPressEvent(event);
}

void VisitList::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKey ? currentIndex() : indexAt(event->pos());
    const BoardCard* card = m_visits.card(index);
    if (!card)
        return;
    const QPoint at = byKey ? visualRect(index).center() : event->pos();
    Q_EMIT menuRequested(card->row.appointment.id, viewport()->mapToGlobal(at));
}

void VisitList::focusInEvent(QFocusEvent* event)
{
    QListView::focusInEvent(event);
    if (!currentIndex().isValid() && m_visits.rowCount() > 0)
        setCurrentIndex(m_visits.index(0));
}

void VisitList::paintEvent(QPaintEvent* event)
{
    QListView::paintEvent(event);
    if (m_visits.rowCount() > 0)
        return;
    const Theme& theme = Theme::current();
    QPainter painter(viewport());
    painter.setFont(theme.font(TextStyle::Small));
    painter.setPen(theme.color(ColorToken::TextMuted));
    painter.drawText(viewport()->rect().adjusted(theme.space(3), theme.space(2), -theme.space(3), 0),
                     static_cast<int>(Qt::AlignHCenter | Qt::AlignTop) | Qt::TextWordWrap,
                     emptyText(m_visits.stage()));
}

} // namespace yarrow
