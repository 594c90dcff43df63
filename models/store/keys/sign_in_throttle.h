// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/id.h"

#include <QString>

#include <chrono>

namespace yarrow {

/// One try at signing in, as SignInThrottle::begin() counted it.
struct SignInAttempt
{
    AccountId user;
    int failuresBefore = 0; ///< since the last success
    Instant lastFailure;    ///< meaningful when failuresBefore > 0
};

/// Slows down guessing at passwords: two failures are free, the third makes the user wait 5 s, each further
/// one twice as long, up to 15 minutes. A small file in the profile remembers it over restarts.
///
/// An attempt counts as a failure from begin() on, before the password is looked at; so ending the program in
/// between gains nothing. succeed() clears the count, withdraw() takes the attempt back.
///
/// **The clock.** It may be set while somebody waits. Set back, so that the last failure lies in the future,
/// the wait starts anew from the time it shows then: nobody gets in earlier, and nobody waits longer than one
/// whole wait from then on. Set forward, the wait ends early: who may set the clock owns the machine; the
/// count remains, so each further guess costs a longer wait.
///
/// **The file.** Missing means no failures. One that cannot be understood counts as three fresh failures of
/// everybody: who can damage it can delete it as well, so a longer wait would only punish the clinic for a
/// broken disk. It holds account ids and counts, never what was typed.
///
/// One thread at a time. Every call reads the file, so that two programs on one profile share the counts.
class SignInThrottle
{
public:
    SignInThrottle(QString path, const Clock& clock)
        : m_path(std::move(path))
        , m_clock(clock)
    {}

    /// `user` is empty for a name that nobody here has; all such names share one count.
    /// Throttled (context: seconds to wait, rounded up) when it is too early; that attempt does not count.
    /// DiskFull or Io when the count cannot be kept: then nobody is let in.
    [[nodiscard]] Result<SignInAttempt> begin(const AccountId& user);
    /// The failures since the last success, for the audit.
    [[nodiscard]] Result<int> succeed(const SignInAttempt& attempt);
    /// For an attempt at which no password could be tried (the key store or the database could not be
    /// reached).
    [[nodiscard]] Result<void> withdraw(const SignInAttempt& attempt);

    /// How long the user has to wait from now; zero when an attempt is allowed. For a countdown.
    [[nodiscard]] Result<std::chrono::seconds> remainingWait(const AccountId& user);

private:
    QString m_path;
    const Clock& m_clock;
};

} // namespace yarrow
