// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/exchange_desk.h"

#include <QPointer>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace yarrow {

/// An exchange that a test arranges: what it lists is what was put in, and settling takes it out.
class MemoryExchangeDesk final : public ExchangeDesk
{
public:
    // What a test arranges.
    void setStatus(ExchangeStatus status)
    {
        m_status = std::move(status);
        Q_EMIT statusChanged();
    }
    void addConflict(ConflictDetails details)
    {
        m_conflicts.push_back(std::move(details));
        count();
    }
    void addWaiting(WaitingRow row)
    {
        m_waiting.push_back(std::move(row));
        count();
    }
    void addExchange(ExchangeRow row) { m_exchanges.push_back(std::move(row)); }
    void setHidden(int hidden) { m_hidden = hidden; }
    /// The next command fails with this, and nothing is done.
    void failNext(Error error) { m_nextFailure = std::move(error); }

    // What a test asks.
    int exchangesAsked = 0;
    int deletionsAllowed = 0;
    std::vector<ConflictChoice> lastChoices;
    std::optional<Opening> lastOpening;
    QString lastReason;

    [[nodiscard]] ExchangeStatus status() const override { return m_status; }
    void exchangeNow() override { ++exchangesAsked; }
    void setPaused(bool paused, QObject* context, Done<void> done) override
    {
        later(context, [this, paused, done = std::move(done)] {
            m_status.isPaused = paused;
            Q_EMIT statusChanged();
            done({});
        });
    }
    void allowDeletions(QObject* context, Done<void> done) override
    {
        later(context, [this, done = std::move(done)] {
            ++deletionsAllowed;
            done({});
        });
    }
    void waiting(Which which, QObject* context, Done<WaitingRows> done) override
    {
        later(context, [this, which, done = std::move(done)] {
            WaitingRows rows{m_waiting, 0, m_hidden};
            if (which == Which::Refused)
                std::erase_if(rows.rows, [](const WaitingRow& row) { return !row.refusal; });
            done(std::move(rows));
        });
    }
    void lastExchanges(QObject* context, Done<std::vector<ExchangeRow>> done) override
    {
        later(context, [this, done = std::move(done)] { done(m_exchanges); });
    }
    void retry(const RecordSubject& subject, QObject* context, Done<void> done) override
    {
        later(context, [this, subject, done = std::move(done)] {
            if (const auto failure = std::exchange(m_nextFailure, std::nullopt))
                return done(fail(*failure));
            for (WaitingRow& row : m_waiting) {
                if (row.subject == subject) {
                    row.refusal.reset();
                    row.state = WaitingRow::State::Waiting;
                }
            }
            count();
            done({});
        });
    }
    void retryAll(QObject* context, Done<int> done) override
    {
        later(context, [done = std::move(done)] { done(0); });
    }
    void discard(const RecordSubject& subject, const QString& reason, QObject* context,
                 Done<void> done) override
    {
        later(context, [this, subject, reason, done = std::move(done)] {
            if (const auto failure = std::exchange(m_nextFailure, std::nullopt))
                return done(fail(*failure));
            lastReason = reason;
            std::erase_if(m_waiting, [&](const WaitingRow& row) { return row.subject == subject; });
            count();
            done({});
        });
    }
    void exportUnsent(const QString& /*file*/, QObject* context, Done<int> done) override
    {
        later(context, [this, done = std::move(done)] { done(static_cast<int>(m_waiting.size())); });
    }
    void openConflicts(bool /*again*/, QObject* context, Done<std::vector<ConflictRow>> done) override
    {
        list(false, context, std::move(done));
    }
    void settledConflicts(bool /*again*/, QObject* context, Done<std::vector<ConflictRow>> done) override
    {
        list(true, context, std::move(done));
    }
    void conflict(const QString& id, QObject* context, Done<ConflictDetails> done) override
    {
        later(context, [this, id, done = std::move(done)] {
            const ConflictDetails* found = find(id);
            done(found ? Result<ConflictDetails>(*found) : fail(ErrorCode::NotFound, "Task"));
        });
    }
    void settle(const QString& id, const std::vector<ConflictChoice>& choices, std::int64_t /*revision*/,
                QObject* context, Done<SettlementOutcome> done) override
    {
        later(context, [this, id, choices, done = std::move(done)] {
            lastChoices = choices;
            decide(id, true, done);
        });
    }
    void rebook(const QString& id, const Opening& opening, std::int64_t /*revision*/, QObject* context,
                Done<SettlementOutcome> done) override
    {
        later(context, [this, id, opening, done = std::move(done)] {
            lastOpening = opening;
            decide(id, true, done);
        });
    }
    [[nodiscard]] bool canUndo(const QString& id) const override
    {
        const auto found = std::find_if(m_conflicts.begin(), m_conflicts.end(),
                                        [&](const auto& details) { return details.row.id == id; });
        return found != m_conflicts.end() && found->row.isSettled;
    }
    void undo(const QString& id, QObject* context, Done<SettlementOutcome> done) override
    {
        later(context, [this, id, done = std::move(done)] { decide(id, false, done); });
    }

private:
    static void later(QObject* context, std::function<void()> job)
    {
        QMetaObject::invokeMethod(context, std::move(job), Qt::QueuedConnection);
    }
    void list(bool settled, QObject* context, Done<std::vector<ConflictRow>> done)
    {
        later(context, [this, settled, done = std::move(done)] {
            std::vector<ConflictRow> rows;
            for (const ConflictDetails& details : m_conflicts) {
                if (details.row.isSettled == settled)
                    rows.push_back(details.row);
            }
            done(std::move(rows));
        });
    }
    ConflictDetails* find(const QString& id)
    {
        const auto found = std::find_if(m_conflicts.begin(), m_conflicts.end(),
                                        [&](const auto& details) { return details.row.id == id; });
        return found == m_conflicts.end() ? nullptr : &*found;
    }
    void decide(const QString& id, bool settled, const Done<SettlementOutcome>& done)
    {
        if (const auto failure = std::exchange(m_nextFailure, std::nullopt))
            return done(fail(*failure));
        ConflictRow& row = find(id)->row;
        row.isSettled = settled;
        row.settledBy = settled ? QStringLiteral("Ines Okonjo") : QString();
        count();
        done(settled ? SettlementOutcome::Changed : SettlementOutcome::Reopened);
    }
    void count()
    {
        m_status.conflicts =
            static_cast<int>(std::count_if(m_conflicts.begin(), m_conflicts.end(),
                                           [](const auto& details) { return !details.row.isSettled; }));
        m_status.refused = static_cast<int>(std::count_if(
            m_waiting.begin(), m_waiting.end(), [](const auto& row) { return row.refusal.has_value(); }));
        m_status.waiting = static_cast<int>(m_waiting.size());
        Q_EMIT statusChanged();
        Q_EMIT inboxChanged();
    }

    ExchangeStatus m_status;
    std::vector<ConflictDetails> m_conflicts;
    std::vector<WaitingRow> m_waiting;
    std::vector<ExchangeRow> m_exchanges;
    std::optional<Error> m_nextFailure;
    int m_hidden = 0;
};

} // namespace yarrow
