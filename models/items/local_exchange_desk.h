// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/exchange_desk.h"
#include "models/items/store_thread.h"
#include "models/store/commands/conflict_commands.h"
#include "models/store/commands/exchange_commands.h"

#include <QPointer>

#include <map>

namespace yarrow {

/// ExchangeDesk on this workstation's store. Exchanges are run by somebody else; without one it says what the
/// database knows.
class LocalExchangeDesk final : public ExchangeDesk
{
    Q_OBJECT
public:
    /// The store must outlive it.
    explicit LocalExchangeDesk(StoreThread& store, QObject* parent = nullptr);

    /// May go before the desk.
    void setRunner(ExchangeRunner* runner);
    void setInitialState(const ExchangeState& state);
    /// What was settled here before, by who is signed in, and can still be taken back.
    void setUndoable(std::vector<SettledConflict> settled);
    void refresh();    ///< reads the state anew
    void changeMade(); ///< something was written here that the server has to get

    [[nodiscard]] ExchangeStatus status() const override { return m_status; }
    void exchangeNow() override;
    void setPaused(bool paused, QObject* context, Done<void> done) override;
    void allowDeletions(QObject* context, Done<void> done) override;
    void waiting(Which which, QObject* context, Done<WaitingRows> done) override;
    void lastExchanges(QObject* context, Done<std::vector<ExchangeRow>> done) override;
    void retry(const RecordSubject& subject, QObject* context, Done<void> done) override;
    void retryAll(QObject* context, Done<int> done) override;
    void discard(const RecordSubject& subject, const QString& reason, QObject* context,
                 Done<void> done) override;
    void exportUnsent(const QString& file, QObject* context, Done<int> done) override;
    void openConflicts(bool again, QObject* context, Done<std::vector<ConflictRow>> done) override;
    void settledConflicts(bool again, QObject* context, Done<std::vector<ConflictRow>> done) override;
    void conflict(const QString& id, QObject* context, Done<ConflictDetails> done) override;
    void settle(const QString& id, const std::vector<ConflictChoice>& choices, std::int64_t revision,
                QObject* context, Done<SettlementOutcome> done) override;
    void rebook(const QString& id, const Opening& opening, std::int64_t revision, QObject* context,
                Done<SettlementOutcome> done) override;
    [[nodiscard]] bool canUndo(const QString& id) const override { return m_settled.contains(id); }
    void undo(const QString& id, QObject* context, Done<SettlementOutcome> done) override;

Q_SIGNALS:
    void recordsChanged(); ///< by an exchange, a settlement, or edits given up

private:
    void list(ConflictCommands::Which which, bool again, QObject* context,
              Done<std::vector<ConflictRow>> done);
    /// Runs a command that changes records or what waits, and tells the screens afterwards.
    template <class T>
    void change(QObject* context, std::function<Result<T>(Clinic&)> work,
                std::function<void(Result<T>)> done);
    void settleWith(const QString& id, std::function<Result<SettledConflict>(Clinic&)> work, QObject* context,
                    Done<SettlementOutcome> done);
    void take(const ExchangeState& state);
    void takeProgress();
    [[nodiscard]] ExchangeProgress progress() const;

    StoreThread& m_store;
    QPointer<ExchangeRunner> m_runner;
    ExchangeStatus m_status;
    bool m_isFirst = false;
    std::optional<Instant> m_completedAt;         ///< as the database knows it
    std::map<QString, SettledConflict> m_settled; ///< what can be taken back
};

} // namespace yarrow
