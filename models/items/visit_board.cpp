// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/visit_board.h"

#include <algorithm>
#include <tuple>

namespace yarrow {
namespace {

std::chrono::minutes between(Instant from, Instant until)
{
    return std::chrono::floor<std::chrono::minutes>(until - from);
}

/// Between two workstations whose clocks differ a little, nobody waits for less than nothing.
std::optional<std::chrono::minutes> waited(const std::optional<Instant>& from, Instant until)
{
    if (!from)
        return std::nullopt;
    return std::max(std::chrono::minutes(0), between(*from, until));
}

} // namespace

AppointmentStatus statusOf(VisitStage stage) noexcept
{
    switch (stage) {
    case VisitStage::Expected:
        return AppointmentStatus::Booked;
    case VisitStage::Arrived:
        return AppointmentStatus::Arrived;
    case VisitStage::InRoom:
        return AppointmentStatus::CheckedIn;
    case VisitStage::Done:
        break;
    }
    return AppointmentStatus::Fulfilled;
}

std::optional<VisitStage> stageOf(AppointmentStatus status) noexcept
{
    for (const auto stage : {VisitStage::Expected, VisitStage::Arrived, VisitStage::InRoom, VisitStage::Done})
        if (statusOf(stage) == status)
            return stage;
    return std::nullopt;
}

VisitBoard::VisitBoard(ClinicSession& session, ScheduleWishes& wishes, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_day(session, &wishes)
{
    connect(&m_day, &DayScheduleModel::reset, this, &VisitBoard::rebuild);
    connect(&m_day, &DayScheduleModel::columnChanged, this, &VisitBoard::rebuild);
}

const BoardCard* VisitBoard::card(const AppointmentId& id) const
{
    for (const auto& cards : m_cards)
        for (const BoardCard& card : cards)
            if (card.row.appointment.id == id)
                return &card;
    return nullptr;
}

void VisitBoard::setLimit(std::chrono::minutes limit)
{
    if (limit == m_limit)
        return;
    m_limit = limit;
    rebuild();
}

void VisitBoard::setShownPractitioners(std::set<PractitionerId> shown)
{
    if (shown != m_day.shownPractitioners())
        m_day.setShownPractitioners(std::move(shown));
}

void VisitBoard::refreshNow()
{
    const QDate today = toLocalDate(m_session.clock().now(), m_session.zone());
    if (today != m_day.day())
        m_day.showDay(today);
    else
        rebuild();
}

BoardCard VisitBoard::cardOf(const ScheduleEntry& entry, VisitStage stage) const
{
    const Appointment& visit = entry.row.appointment;
    const Instant now = m_session.clock().now();
    BoardCard card{entry.row, {}, {}, false, entry.waiting};
    switch (stage) {
    case VisitStage::Expected:
        card.minutes = between(visit.start, now);
        card.late = *card.minutes >= m_limit;
        break;
    case VisitStage::Arrived:
        // A wish has no time of arriving yet: it is the present.
        card.minutes = waited(entry.waiting && !visit.stages.arrived ? now : visit.stages.arrived, now);
        card.late = card.minutes && *card.minutes >= m_limit;
        break;
    case VisitStage::InRoom:
        card.minutes = waited(entry.waiting && !visit.stages.inRoom ? now : visit.stages.inRoom, now);
        break;
    case VisitStage::Done:
        if (visit.stages.inRoom)
            card.minutes = waited(visit.stages.arrived, *visit.stages.inRoom);
        break;
    }
    return card;
}

void VisitBoard::rebuild()
{
    std::array<std::vector<BoardCard>, kVisitStages> cards;
    const TimeRange today = localDay(m_day.day(), m_session.zone());
    for (const ScheduleColumn& column : m_day.columns())
        for (const ScheduleEntry& entry : column.entries) {
            const auto stage = stageOf(entry.row.appointment.status);
            // Of a visit that runs over midnight, the day it begins on is its day.
            if (!stage || entry.row.appointment.start < today.start)
                continue;
            BoardCard card = cardOf(entry, *stage);
            card.practitioner = column.name;
            cards[static_cast<std::size_t>(*stage)].push_back(std::move(card));
        }
    const auto sortBy = [&](VisitStage stage, auto key) {
        auto& list = cards[static_cast<std::size_t>(stage)];
        std::sort(list.begin(), list.end(), [&](const BoardCard& a, const BoardCard& b) {
            return std::tuple(key(a), a.row.appointment.start, a.row.appointment.id) <
                   std::tuple(key(b), b.row.appointment.start, b.row.appointment.id);
        });
    };
    sortBy(VisitStage::Expected, [](const BoardCard& card) { return card.row.appointment.start; });
    sortBy(VisitStage::Arrived, [](const BoardCard& card) {
        return card.row.appointment.stages.arrived.value_or(card.row.appointment.start);
    });
    sortBy(VisitStage::InRoom, [](const BoardCard& card) {
        return card.row.appointment.stages.inRoom.value_or(card.row.appointment.start);
    });
    sortBy(VisitStage::Done, [](const BoardCard& card) {
        return -card.row.appointment.stages.done.value_or(card.row.appointment.end).time_since_epoch();
    });
    if (cards == m_cards)
        return;
    m_cards = std::move(cards);
    Q_EMIT changed();
}

} // namespace yarrow
