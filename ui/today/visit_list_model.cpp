// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/visit_list_model.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/widgets/record_marks.h"
#include "ui/widgets/texts.h"

#include <QDateTime>
#include <QMimeData>

#include <algorithm>

namespace yarrow {
namespace {

const QString kVisit = QStringLiteral("application/x-yarrow-visit");

AppointmentId idOf(const QMimeData* data)
{
    const auto id = AppointmentId::parse(data->data(kVisit).toStdString());
    return id ? *id : AppointmentId();
}

} // namespace

QString stageText(VisitStage stage)
{
    switch (stage) {
    case VisitStage::Expected:
        return VisitListModel::tr("Expected");
    case VisitStage::Arrived:
        return VisitListModel::tr("Arrived");
    case VisitStage::InRoom:
        return VisitListModel::tr("In room");
    case VisitStage::Done:
        break;
    }
    return VisitListModel::tr("Done");
}

QString minutesText(const BoardCard& card, VisitStage stage)
{
    if (!card.minutes)
        return {};
    const QString length = durationText(
        std::max(*card.minutes, stage == VisitStage::Expected ? -*card.minutes : std::chrono::minutes(0)));
    switch (stage) {
    case VisitStage::Expected:
        if (card.minutes->count() == 0)
            return VisitListModel::tr("now");
        return card.minutes->count() > 0 ? VisitListModel::tr("%1 late", "by how much").arg(length)
                                         : VisitListModel::tr("in %1", "how long until then").arg(length);
    case VisitStage::Arrived:
    case VisitStage::InRoom:
        return length;
    case VisitStage::Done:
        break;
    }
    return VisitListModel::tr("waited %1", "how long").arg(length);
}

VisitListModel::VisitListModel(const VisitBoard& board, VisitStage stage, const QTimeZone& zone,
                               QObject* parent)
    : QAbstractListModel(parent)
    , m_board(board)
    , m_stage(stage)
    , m_zone(zone)
    , m_cards(board.cards(stage))
{
    connect(&board, &VisitBoard::changed, this, &VisitListModel::follow);
}

/// As long as the same visits stand in the same order, the view keeps what it is doing.
void VisitListModel::follow()
{
    const auto& cards = m_board.cards(m_stage);
    if (cards == m_cards)
        return;
    const bool sameVisits = std::equal(
        cards.begin(), cards.end(), m_cards.begin(), m_cards.end(),
        [](const BoardCard& a, const BoardCard& b) { return a.row.appointment.id == b.row.appointment.id; });
    if (sameVisits) {
        m_cards = cards;
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_cards = cards;
    endResetModel();
}

const BoardCard* VisitListModel::card(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rowCount() ? &m_cards[static_cast<std::size_t>(index.row())]
                                                       : nullptr;
}

QModelIndex VisitListModel::find(const AppointmentId& id) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (m_cards[static_cast<std::size_t>(row)].row.appointment.id == id)
            return index(row);
    return {};
}

int VisitListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_cards.size());
}

QVariant VisitListModel::data(const QModelIndex& index, int role) const
{
    const BoardCard* shown = card(index);
    if (!shown)
        return {};
    const Appointment& visit = shown->row.appointment;
    const QString time = timeText(localTime(visit.start, m_zone).time());
    switch (role) {
    case CardRole:
        return QVariant::fromValue(static_cast<const void*>(shown));
    case Qt::DisplayRole:
        return whoText(shown->row);
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole: {
        QStringList facts{time,
                          whoText(shown->row),
                          marksText(recordMarks(shown->row)),
                          shown->practitioner,
                          shown->row.roomName,
                          shown->row.serviceName,
                          stageText(m_stage),
                          minutesText(*shown, m_stage)};
        if (shown->late)
            facts << (m_stage == VisitStage::Arrived ? tr("has waited too long") : tr("overdue"));
        return joinFacts(facts);
    }
    default:
        return {};
    }
}

Qt::ItemFlags VisitListModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemIsDropEnabled;
}

QStringList VisitListModel::mimeTypes() const
{
    return {kVisit};
}

QMimeData* VisitListModel::mimeData(const QModelIndexList& indexes) const
{
    const BoardCard* shown = indexes.isEmpty() ? nullptr : card(indexes.front());
    if (!shown)
        return nullptr;
    auto* data = new QMimeData;
    data->setData(kVisit, QByteArray::fromStdString(shown->row.appointment.id.text()));
    return data;
}

bool VisitListModel::canDropMimeData(const QMimeData* data, Qt::DropAction /*action*/, int /*row*/,
                                     int /*column*/, const QModelIndex& /*parent*/) const
{
    return data->hasFormat(kVisit) && !find(idOf(data)).isValid();
}

bool VisitListModel::dropMimeData(const QMimeData* data, Qt::DropAction /*action*/, int /*row*/,
                                  int /*column*/, const QModelIndex& /*parent*/)
{
    const AppointmentId id = idOf(data);
    if (id.isEmpty())
        return false;
    Q_EMIT dropped(id);
    return true;
}

} // namespace yarrow
