// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/exchange_texts.h"

#include "ui/frame/tunables.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Texts)
};

bool isFresh(const ExchangeProgress& progress, Instant now)
{
    return progress.completedAt && now - *progress.completedAt <= tunables::kSyncFresh;
}

QString keptHere(int waiting)
{
    return waiting > 0 ? Texts::tr("%n changes kept here", nullptr, waiting) : QString();
}

/// The state without conflicts and refusals; these are said beside it.
ExchangeLook baseLook(const ExchangeStatus& status, Instant now, const QTimeZone& zone)
{
    const ExchangeProgress& progress = status.progress;
    const QString warning = QStringLiteral("warning");
    const QString off = QStringLiteral("sync-off");
    const int sendable = status.waiting - status.refused;
    if (!status.hasServer)
        return {Tone::Plain, QStringLiteral("workstation"), Texts::tr("This workstation stands alone")};
    if (!status.stopped.isEmpty() || progress.obstacle == ExchangeObstacle::Unauthorised)
        return {Tone::Bad, warning,
                joinFacts({Texts::tr("Locked out by the server"), keptHere(status.waiting)})};
    if (status.isPaused)
        return {Tone::Warn, off, joinFacts({Texts::tr("Sync is paused"), keptHere(status.waiting)})};
    switch (progress.obstacle) {
    case ExchangeObstacle::AskDeletions:
        return {Tone::Warn, warning, Texts::tr("Sync waits for a confirmation")};
    case ExchangeObstacle::Untrusted:
        return {Tone::Bad, warning,
                joinFacts({Texts::tr("The server could not prove who it is"), keptHere(status.waiting)})};
    case ExchangeObstacle::Refused:
    case ExchangeObstacle::ServerError:
        return {Tone::Warn, warning,
                joinFacts({Texts::tr("The server has a problem"), keptHere(status.waiting)})};
    case ExchangeObstacle::LocalFailure:
        return {Tone::Bad, warning, Texts::tr("Sync stopped: this workstation has a problem")};
    case ExchangeObstacle::Busy:
        return {Tone::Plain, QStringLiteral("clock"),
                joinFacts({Texts::tr("The server is busy"), keptHere(status.waiting)})};
    case ExchangeObstacle::Offline: {
        if (!progress.offlineSince)
            return {Tone::Warn, off, joinFacts({Texts::tr("Offline"), keptHere(status.waiting)})};
        const QString since = momentText(*progress.offlineSince, now, zone);
        return {Tone::Warn, off,
                status.waiting > 0
                    ? Texts::tr("Offline since %1, %n changes kept here", nullptr, status.waiting).arg(since)
                    : Texts::tr("Offline since %1").arg(since)};
    }
    case ExchangeObstacle::None:
    case ExchangeObstacle::Unauthorised:
        break;
    }
    if (progress.isFirst)
        return {Tone::Info, QStringLiteral("refresh"), Texts::tr("The clinic's records are coming in")};
    if (sendable > 0)
        return {Tone::Info, QStringLiteral("refresh"),
                progress.isRunning ? Texts::tr("Sending %n", nullptr, sendable)
                                   : Texts::tr("%n to send", nullptr, sendable)};
    if (!progress.completedAt)
        return {Tone::Plain, QStringLiteral("refresh"),
                progress.isRunning ? Texts::tr("Syncing") : Texts::tr("Not synced yet")};
    const bool good = status.waiting == 0 && progress.matchesServer && isFresh(progress, now);
    return {good ? Tone::Good : Tone::Plain, QStringLiteral("check-circle"),
            Texts::tr("Synced %1").arg(momentText(*progress.completedAt, now, zone))};
}

} // namespace

QString momentText(Instant instant, Instant now, const QTimeZone& zone)
{
    const QDateTime at = localTime(instant, zone);
    if (at.date() == localTime(now, zone).date())
        return timeText(at.time());
    return Texts::tr("%1, %2", "date, time")
        .arg(QLocale().toString(at.date(), Texts::tr("d MMM", "day and month of a moment")),
             timeText(at.time()));
}

ExchangeLook lookOf(const ExchangeStatus& status, Instant now, const QTimeZone& zone)
{
    ExchangeLook look = baseLook(status, now, zone);
    QStringList facts{look.text};
    if (status.conflicts > 0)
        facts << Texts::tr("%n conflicts", nullptr, status.conflicts);
    if (status.refused > 0)
        facts << Texts::tr("%n refused", nullptr, status.refused);
    look.text = joinFacts(facts);
    if (facts.size() > 1 && look.tone != Tone::Bad) {
        look.tone = Tone::Warn;
        look.icon = QStringLiteral("warning");
    }
    return look;
}

QString explanationOf(const ExchangeStatus& status, Instant now, const QTimeZone& zone)
{
    const ExchangeProgress& progress = status.progress;
    if (!status.hasServer)
        return Texts::tr(
            "It is not joined to a server. All records are here only: see to it that backups are "
            "made.");
    if (!status.stopped.isEmpty() || progress.obstacle == ExchangeObstacle::Unauthorised)
        return Texts::tr(
            "The server takes nothing from this workstation any more. What was changed here is "
            "kept. An administrator can join the workstation anew, or save the unsent changes to "
            "a file.");
    if (status.isPaused)
        return Texts::tr("Nothing is sent or received until somebody resumes it. All work goes on.");
    switch (progress.obstacle) {
    case ExchangeObstacle::AskDeletions:
        return Texts::tr(
            "The server wants to delete unusually many records here. If that is meant, let it; if "
            "not, call your administrator first. Until then nothing is deleted.");
    case ExchangeObstacle::Untrusted:
        return Texts::tr(
            "Its certificate is not the one this workstation was given, so nothing was sent. Call "
            "your administrator.");
    case ExchangeObstacle::Refused:
    case ExchangeObstacle::ServerError:
        return Texts::tr("It answers, but not as it should. This workstation tries again by itself; all work "
                         "goes on. Tell your administrator if it lasts.");
    case ExchangeObstacle::LocalFailure:
        return Texts::tr("The disk may be full, or another program has the database. Make room, then sync "
                         "again.");
    case ExchangeObstacle::Busy:
        return progress.nextAt
                   ? Texts::tr("It asked to wait until %1.").arg(momentText(*progress.nextAt, now, zone))
                   : Texts::tr("It asked to wait a moment.");
    case ExchangeObstacle::Offline:
        return Texts::tr(
            "The server does not answer. All work goes on here; what is changed is kept, and sent "
            "as soon as the server can be reached.");
    case ExchangeObstacle::None:
    case ExchangeObstacle::Unauthorised:
        break;
    }
    if (progress.isFirst)
        return Texts::tr("You can work already. Records that are not here yet appear as they come in.");
    if (status.refused > 0)
        return Texts::tr(
            "Some changes were not taken by the server. They are kept here until somebody decides "
            "about them.");
    if (status.conflicts > 0)
        return Texts::tr("Two people changed the same thing. The inbox shows what is to be decided.");
    if (status.waiting > 0)
        return Texts::tr("Your changes are on their way. Nothing needs to be done.");
    if (!progress.completedAt)
        return Texts::tr("The first exchange with the server has not been completed yet.");
    if (!progress.matchesServer || !isFresh(progress, now))
        return Texts::tr(
            "Everything that was changed here is at the server. What others changed since then may "
            "not be here yet.");
    return Texts::tr("Everything is at the server, and everything from the server is here.");
}

QString changeText(WaitingRow::Change change)
{
    switch (change) {
    case WaitingRow::Change::Made:
        return Texts::tr("New");
    case WaitingRow::Change::Edited:
        return Texts::tr("Changed");
    case WaitingRow::Change::Deleted:
        return Texts::tr("Deleted");
    }
    return {};
}

QString exchangeText(const ExchangeRow& exchange)
{
    QStringList facts;
    if (exchange.pulled > 0)
        facts << Texts::tr("%n received", nullptr, exchange.pulled);
    if (exchange.pushed > 0)
        facts << Texts::tr("%n sent", nullptr, exchange.pushed);
    if (exchange.merged > 0)
        facts << Texts::tr("%n brought together", nullptr, exchange.merged);
    if (exchange.conflicts > 0)
        facts << Texts::tr("%n conflicts", nullptr, exchange.conflicts);
    if (exchange.refused > 0)
        facts << Texts::tr("%n refused", nullptr, exchange.refused);
    if (facts.isEmpty() && exchange.outcome.isEmpty())
        facts << Texts::tr("Nothing new");
    if (!exchange.outcome.isEmpty())
        facts << outcomeText(exchange.outcome);
    facts << noteText(exchange.note);
    return joinFacts(facts);
}

QString noteText(const QString& note)
{
    if (note.isEmpty())
        return {};
    if (note == QLatin1String("incarnation-restored"))
        return Texts::tr("This workstation came back from a backup; its audit trail goes on as a new one");
    if (note == QLatin1String("incarnation-copied"))
        return Texts::tr("This clinic was copied from another machine; its audit trail goes on as a new one");
    if (note == QLatin1String("incarnation-moved"))
        return Texts::tr("This clinic moved to another machine; its audit trail goes on as a new one");
    if (note == QLatin1String("audit-broken"))
        return Texts::tr("The audit trail does not hold together: call your administrator");
    if (note == QLatin1String("audit-not-sent"))
        return Texts::tr("The audit trail could not be sent; it is kept here and tried again");
    return Texts::tr("About the audit trail: %1").arg(note);
}

QStringList limitTexts(const QStringList& codes)
{
    const auto sentenceOf = [](const QString& code) -> QString {
        if (code == QLatin1String("not-probed"))
            return Texts::tr(
                "What the server can do could not be tried; what it says of itself is believed.");
        if (code == QLatin1String("reads-everything"))
            return Texts::tr("It does not tell what changed, so everything is read each time.");
        if (code == QLatin1String("no-deletions"))
            return Texts::tr("What is deleted there disappears here some minutes later.");
        if (code == QLatin1String("no-history"))
            return Texts::tr(
                "It keeps no history: a change that somebody else makes in the same moment can be "
                "overwritten.");
        if (code == QLatin1String("ignores-preconditions"))
            return Texts::tr(
                "It does not prevent two people from changing a record at once; this workstation "
                "looks afterwards and brings both together.");
        if (code == QLatin1String("own-ids"))
            return Texts::tr("Records have other numbers there than here.");
        if (code == QLatin1String("may-create-twice"))
            return Texts::tr("When its answer is lost, a new record may be there twice.");
        if (code == QLatin1String("no-tasks"))
            return Texts::tr("Conflicts stay at this workstation; others do not see them.");
        if (code == QLatin1String("unread-types"))
            return Texts::tr("It does not let this workstation read some kinds of records; what is made of "
                             "them here is sent and not read again.");
        return {};
    };
    QStringList texts;
    for (const QString& code : codes) {
        if (const QString text = sentenceOf(code); !text.isEmpty())
            texts << text;
    }
    return texts;
}

QString outcomeText(const QString& outcome)
{
    if (outcome.isEmpty())
        return {};
    const auto is = [&](const char* name) { return outcome.startsWith(QLatin1String(name)); };
    if (is("offline"))
        return Texts::tr("The server did not answer");
    if (is("busy"))
        return Texts::tr("The server asked to wait");
    if (is("server-error"))
        return Texts::tr("The server had a problem");
    if (is("unauthorised"))
        return Texts::tr("The server refused this workstation");
    if (is("untrusted"))
        return Texts::tr("The server could not prove who it is");
    if (is("ask-deletions"))
        return Texts::tr("Waits for a confirmation");
    if (is("local-failure"))
        return Texts::tr("This workstation had a problem");
    if (is("cancelled"))
        return Texts::tr("Stopped");
    if (is("unsettled"))
        return Texts::tr("Went on with the next one");
    return Texts::tr("Ended early");
}

QString deskRefusal(const Error& error)
{
    const std::string& context = error.context;
    if (error.code == ErrorCode::Stale && context.starts_with("settled by"))
        return Texts::tr("Somebody else has settled this in the meantime. Their decision stands.");
    if (context == "under-way")
        return Texts::tr("This is being sent at this moment. Wait for the server's answer, then try again.");
    if (context == "nothing-to-put-back")
        return Texts::tr(
            "The decision is at the server and had left the record as it was: there is nothing to "
            "take back.");
    if (context.starts_with("needed-by"))
        return Texts::tr("Other records that wait here refer to this new one. Give those up first.");
    if (context.starts_with("edited-since"))
        return Texts::tr(
            "This belongs to a record that was changed again since. Let it be sent, or give up that "
            "record's changes.");
    if (error.code == ErrorCode::SlotTaken)
        return Texts::tr("That time is not free. Choose another one, or leave it as it is.");
    if (error.code == ErrorCode::NotFound)
        return Texts::tr("The record was deleted in the meantime. Only leaving it so is possible.");
    if (error.code == ErrorCode::InvalidArgument || error.code == ErrorCode::InvalidResource)
        return Texts::tr("A value cannot stand where it was put. Check what you typed.");
    return sentence(error);
}

} // namespace yarrow
