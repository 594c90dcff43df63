// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_exchange_desk.h"

#include "models/items/exchange_rows.h"

#include <QFile>

namespace yarrow {

LocalExchangeDesk::LocalExchangeDesk(StoreThread& store, QObject* parent)
    : ExchangeDesk(parent)
    , m_store(store)
{}

void LocalExchangeDesk::setRunner(ExchangeRunner* runner)
{
    m_runner = runner;
    connect(runner, &ExchangeRunner::progressChanged, this, [this] {
        takeProgress();
        refresh();
    });
    connect(runner, &ExchangeRunner::recordsChanged, this, [this] {
        refresh();
        Q_EMIT recordsChanged();
        Q_EMIT inboxChanged();
    });
    takeProgress();
}

void LocalExchangeDesk::setInitialState(const ExchangeState& state)
{
    take(state);
}

void LocalExchangeDesk::setUndoable(std::vector<SettledConflict> settled)
{
    for (SettledConflict& one : settled) {
        const QString id = QString::fromStdString(one.id);
        m_settled[id] = std::move(one);
    }
}

void LocalExchangeDesk::refresh()
{
    m_store.run<ExchangeState>(
        this, [](Clinic& clinic) { return clinic.exchange().state(); },
        [this](const Result<ExchangeState>& state) {
            if (state)
                take(*state);
        });
}

void LocalExchangeDesk::changeMade()
{
    refresh();
    if (m_runner)
        m_runner->changesWait();
}

void LocalExchangeDesk::take(const ExchangeState& state)
{
    ExchangeStatus now = m_status;
    now.hasServer = state.hasServer;
    now.serverUrl = QString::fromStdString(state.serverUrl);
    now.isPaused = state.isPaused;
    now.stopped = QString::fromStdString(state.stopped);
    now.waiting = static_cast<int>(state.waiting);
    now.refused = static_cast<int>(state.refused);
    now.conflicts = static_cast<int>(state.conflicts);
    m_isFirst = state.isFirst;
    const auto completed = parseInstant(state.completedAt);
    m_completedAt = completed ? std::optional(*completed) : std::nullopt;
    now.progress = progress();
    if (now == m_status)
        return;
    const bool inbox = now.conflicts != m_status.conflicts || now.refused != m_status.refused;
    m_status = std::move(now);
    Q_EMIT statusChanged();
    if (inbox)
        Q_EMIT inboxChanged();
}

void LocalExchangeDesk::takeProgress()
{
    const ExchangeProgress now = progress();
    if (now == m_status.progress)
        return;
    m_status.progress = now;
    Q_EMIT statusChanged();
}

/// What runs in this process, and what is known of the time before it was started.
ExchangeProgress LocalExchangeDesk::progress() const
{
    ExchangeProgress progress = m_runner ? m_runner->progress() : ExchangeProgress();
    if (!progress.completedAt)
        progress.completedAt = m_completedAt;
    progress.isFirst = m_isFirst;
    return progress;
}

template <class T>
void LocalExchangeDesk::change(QObject* context, std::function<Result<T>(Clinic&)> work,
                               std::function<void(Result<T>)> done)
{
    m_store.run<T>(this, std::move(work),
                   [this, context = QPointer<QObject>(context), done = std::move(done)](Result<T> result) {
                       if (result) {
                           changeMade();
                           Q_EMIT recordsChanged();
                           Q_EMIT inboxChanged();
                       }
                       if (context)
                           done(std::move(result));
                   });
}

void LocalExchangeDesk::exchangeNow()
{
    if (m_runner)
        m_runner->exchangeNow();
}

void LocalExchangeDesk::setPaused(bool paused, QObject* context, Done<void> done)
{
    m_store.run<void>(
        this, [paused](Clinic& clinic) { return clinic.exchange().setPaused(paused); },
        [this, context = QPointer<QObject>(context), done = std::move(done)](const Result<void>& result) {
            refresh();
            if (result && m_runner)
                m_runner->linkChanged();
            if (context)
                done(result);
        });
}

void LocalExchangeDesk::allowDeletions(QObject* context, Done<void> done)
{
    m_store.run<void>(
        this, [](Clinic& clinic) { return clinic.exchange().noteDeletionsAllowed(); },
        [this, context = QPointer<QObject>(context), done = std::move(done)](const Result<void>& result) {
            if (result && m_runner)
                m_runner->allowDeletions();
            if (context)
                done(result);
        });
}

void LocalExchangeDesk::waiting(Which which, QObject* context, Done<WaitingRows> done)
{
    const auto wanted = which == Which::All ? ExchangeCommands::Which::All : ExchangeCommands::Which::Refused;
    m_store.run<WaitingList>(
        context, [wanted](Clinic& clinic) { return clinic.exchange().waiting(wanted); },
        [done = std::move(done)](const Result<WaitingList>& list) {
            done(list ? Result<WaitingRows>(rowsOf(*list)) : fail(list.error()));
        });
}

void LocalExchangeDesk::lastExchanges(QObject* context, Done<std::vector<ExchangeRow>> done)
{
    using Exchanges = std::vector<outbox::Exchange>;
    m_store.run<Exchanges>(
        context, [](Clinic& clinic) { return clinic.exchange().lastExchanges(); },
        [done = std::move(done)](const Result<Exchanges>& exchanges) {
            if (!exchanges) {
                done(fail(exchanges.error()));
                return;
            }
            std::vector<ExchangeRow> rows;
            for (const outbox::Exchange& exchange : *exchanges)
                rows.push_back(rowOf(exchange));
            done(std::move(rows));
        });
}

void LocalExchangeDesk::retry(const RecordSubject& subject, QObject* context, Done<void> done)
{
    change<void>(
        context,
        [type = subject.type.toStdString(), id = subject.id](Clinic& clinic) {
            return clinic.exchange().retry(type, id);
        },
        std::move(done));
}

void LocalExchangeDesk::retryAll(QObject* context, Done<int> done)
{
    change<std::int64_t>(
        context, [](Clinic& clinic) { return clinic.exchange().retryAll(); },
        [done = std::move(done)](const Result<std::int64_t>& retried) {
            done(retried ? Result<int>(static_cast<int>(*retried)) : fail(retried.error()));
        });
}

void LocalExchangeDesk::discard(const RecordSubject& subject, const QString& reason, QObject* context,
                                Done<void> done)
{
    change<void>(
        context,
        [type = subject.type.toStdString(), id = subject.id, reason = reason.toStdString()](Clinic& clinic) {
            return clinic.exchange().discard(type, id, reason);
        },
        std::move(done));
}

void LocalExchangeDesk::exportUnsent(const QString& file, QObject* context, Done<int> done)
{
    m_store.run<std::int64_t>(
        context,
        [file = QFile::encodeName(file).toStdString()](Clinic& clinic) {
            return clinic.editExporter().run(file);
        },
        [done = std::move(done)](const Result<std::int64_t>& written) {
            done(written ? Result<int>(static_cast<int>(*written)) : fail(written.error()));
        });
}

void LocalExchangeDesk::list(ConflictCommands::Which which, bool again, QObject* context,
                             Done<std::vector<ConflictRow>> done)
{
    using Listed = std::vector<ListedConflict>;
    m_store.run<Listed>(
        context, [which, again](Clinic& clinic) { return clinic.conflicts().list(which, again); },
        [done = std::move(done)](const Result<Listed>& listed) {
            if (!listed) {
                done(fail(listed.error()));
                return;
            }
            std::vector<ConflictRow> rows;
            for (const ListedConflict& one : *listed)
                rows.push_back(rowOf(one.conflict, one.title, one.isMine, one.maySettle));
            done(std::move(rows));
        });
}

void LocalExchangeDesk::openConflicts(bool again, QObject* context, Done<std::vector<ConflictRow>> done)
{
    list(ConflictCommands::Which::Open, again, context, std::move(done));
}

void LocalExchangeDesk::settledConflicts(bool again, QObject* context, Done<std::vector<ConflictRow>> done)
{
    list(ConflictCommands::Which::Settled, again, context, std::move(done));
}

void LocalExchangeDesk::conflict(const QString& id, QObject* context, Done<ConflictDetails> done)
{
    m_store.run<ShownConflict>(
        context, [id = id.toStdString()](Clinic& clinic) { return clinic.conflicts().show(id); },
        [done = std::move(done)](Result<ShownConflict> shown) {
            done(shown ? Result<ConflictDetails>(detailsOf(std::move(*shown))) : fail(shown.error()));
        });
}

void LocalExchangeDesk::settleWith(const QString& id, std::function<Result<SettledConflict>(Clinic&)> work,
                                   QObject* context, Done<SettlementOutcome> done)
{
    // The ticket for undoing is kept whether or not the page that asked is still there.
    m_store.run<SettledConflict>(this, std::move(work),
                                 [this, id, context = QPointer<QObject>(context),
                                  done = std::move(done)](const Result<SettledConflict>& settled) {
                                     if (settled) {
                                         m_settled[id] = *settled;
                                         changeMade();
                                         Q_EMIT recordsChanged();
                                         Q_EMIT inboxChanged();
                                     }
                                     if (!context)
                                         return;
                                     if (!settled)
                                         done(fail(settled.error()));
                                     else
                                         done(settled->replaced.empty() ? SettlementOutcome::Unchanged
                                                                        : SettlementOutcome::Changed);
                                 });
}

void LocalExchangeDesk::settle(const QString& id, const std::vector<ConflictChoice>& choices,
                               std::int64_t revision, QObject* context, Done<SettlementOutcome> done)
{
    settleWith(
        id,
        [task = id.toStdString(), chosen = choicesOf(choices), revision](Clinic& clinic) {
            return clinic.conflicts().settle(task, chosen, revision);
        },
        context, std::move(done));
}

void LocalExchangeDesk::rebook(const QString& id, const Opening& opening, std::int64_t revision,
                               QObject* context, Done<SettlementOutcome> done)
{
    settleWith(
        id,
        [task = id.toStdString(), opening, revision](Clinic& clinic) {
            return clinic.conflicts().rebook(task, opening, revision);
        },
        context, std::move(done));
}

void LocalExchangeDesk::undo(const QString& id, QObject* context, Done<SettlementOutcome> done)
{
    const auto found = m_settled.find(id);
    if (found == m_settled.end()) {
        QMetaObject::invokeMethod(
            context, [done = std::move(done)] { done(fail(ErrorCode::NotFound, "settlement")); },
            Qt::QueuedConnection);
        return;
    }
    using Undone = ConflictCommands::Undone;
    change<Undone>(
        context, [settled = found->second](Clinic& clinic) { return clinic.conflicts().undo(settled); },
        [this, id, done = std::move(done)](const Result<Undone>& undone) {
            if (!undone) {
                done(fail(undone.error()));
                return;
            }
            m_settled.erase(id);
            done(*undone == Undone::Reopened ? SettlementOutcome::Reopened : SettlementOutcome::PutBack);
        });
}

} // namespace yarrow
