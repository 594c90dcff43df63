// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/exchange_item.h"
#include "models/items/exchange_status.h"
#include "ui/widgets/notes.h"

#include <QString>
#include <QStringList>
#include <QTimeZone>

namespace yarrow {

/// How the exchange stands, in one look: a few words, an icon, a tone.
struct ExchangeLook
{
    Tone tone = Tone::Plain; ///< Good only when nothing waits, the last exchange is fresh and was compared
    QString icon;            ///< of resources/icons
    QString text;            ///< "Synced 09:41", "Sending 3", "Offline since 09:12, 14 changes kept here"
};
[[nodiscard]] ExchangeLook lookOf(const ExchangeStatus& status, Instant now, const QTimeZone& zone);

/// What that means, and what is to be done and by whom; one or two sentences.
[[nodiscard]] QString explanationOf(const ExchangeStatus& status, Instant now, const QTimeZone& zone);

/// Why the server did not take a change, in words that say what to do; for any code.
[[nodiscard]] QString refusalText(const WaitingRow::Refusal& refusal);
/// Whose role allows what was refused because of its author, as a sentence; empty for other refusals.
[[nodiscard]] QString whoMayText(const WaitingRow& row);
/// "New", "Changed", "Deleted".
[[nodiscard]] QString changeText(WaitingRow::Change change);
/// "3 received, 1 sent · 1 conflict".
[[nodiscard]] QString exchangeText(const ExchangeRow& exchange);
/// What people should know of the audit chain after an exchange; empty when there is nothing.
[[nodiscard]] QString noteText(const QString& note);
/// What a server that is not ours cannot do, and what that means here: a sentence for each code that is
/// known.
[[nodiscard]] QStringList limitTexts(const QStringList& codes);
/// Why an exchange ended early; empty for one that did not.
[[nodiscard]] QString outcomeText(const QString& outcome);

/// "09:41" today, "11 May, 09:41" before.
[[nodiscard]] QString momentText(Instant instant, Instant now, const QTimeZone& zone);

/// Why a command of the exchange was refused.
[[nodiscard]] QString deskRefusal(const Error& error);

} // namespace yarrow
