// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/domain/openings.h"
#include "models/items/conflict_item.h"
#include "models/items/exchange_item.h"
#include "models/items/exchange_status.h"

#include <QObject>

#include <functional>
#include <vector>

namespace yarrow {

/// The exchange with the server as the screens see it: where the changes are, what the server refused, what
/// waits for a decision, and the commands for it. Lives on the GUI thread; threads and callbacks as with
/// ClinicSession.
class ExchangeDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~ExchangeDesk() override = default;

    [[nodiscard]] virtual ExchangeStatus status() const = 0;

    virtual void exchangeNow() = 0;
    virtual void setPaused(bool paused, QObject* context, Done<void> done) = 0;
    /// Lets the next exchange delete what the server wants deleted.
    virtual void allowDeletions(QObject* context, Done<void> done) = 0;

    enum class Which { All, Refused };
    virtual void waiting(Which which, QObject* context, Done<WaitingRows> done) = 0;
    virtual void lastExchanges(QObject* context, Done<std::vector<ExchangeRow>> done) = 0; ///< newest first
    virtual void retry(const RecordSubject& subject, QObject* context, Done<void> done) = 0;
    virtual void retryAll(QObject* context, Done<int> done) = 0; ///< how many
    /// Errors as with ExchangeCommands::discard().
    virtual void discard(const RecordSubject& subject, const QString& reason, QObject* context,
                         Done<void> done) = 0;
    /// How many changes were written. The file is not encrypted.
    virtual void exportUnsent(const QString& file, QObject* context, Done<int> done) = 0;

    /// `again`: a list that is on screen is read once more.
    virtual void openConflicts(bool again, QObject* context, Done<std::vector<ConflictRow>> done) = 0;
    virtual void settledConflicts(bool again, QObject* context, Done<std::vector<ConflictRow>> done) = 0;
    virtual void conflict(const QString& id, QObject* context, Done<ConflictDetails> done) = 0;
    /// Errors as with ConflictCommands::settle(), rebook() and undo().
    virtual void settle(const QString& id, const std::vector<ConflictChoice>& choices, std::int64_t revision,
                        QObject* context, Done<SettlementOutcome> done) = 0;
    virtual void rebook(const QString& id, const Opening& opening, std::int64_t revision, QObject* context,
                        Done<SettlementOutcome> done) = 0;
    /// Whether who is signed in settled the conflict here, in the last days, and can take that back.
    [[nodiscard]] virtual bool canUndo(const QString& id) const = 0;
    virtual void undo(const QString& id, QObject* context, Done<SettlementOutcome> done) = 0;

Q_SIGNALS:
    void statusChanged();
    void inboxChanged(); ///< conflicts or refusals may be others than before
};

/// Who runs exchanges in this process. Lives on the GUI thread; the work is done elsewhere.
class ExchangeRunner : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    ~ExchangeRunner() override = default;

    [[nodiscard]] virtual ExchangeProgress progress() const = 0;
    virtual void exchangeNow() = 0;
    virtual void changesWait() = 0; ///< something was written that is to be sent soon
    virtual void linkChanged() = 0; ///< paused, resumed
    virtual void allowDeletions() = 0;

Q_SIGNALS:
    void progressChanged();
    void recordsChanged(); ///< an exchange has changed records, conflicts or refusals
};

} // namespace yarrow
