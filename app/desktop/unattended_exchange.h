// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/profile.h"

#include <QProcess>
#include <QTimer>

namespace yarrow {

/// The exchange with the server while nobody is signed in, where an administrator allows it: a process of its
/// own (`yarrow-exchange`), so that this one knows no key. It never outlives this. Of the GUI thread.
class UnattendedExchange final : public QObject
{
    Q_OBJECT
public:
    explicit UnattendedExchange(Profile profile, QObject* parent = nullptr);
    ~UnattendedExchange() override;

    void begin(); ///< unless it runs, or nobody allowed it
    /// Until nothing of it runs any more; waits for up to a second.
    void end();

Q_SIGNALS:
    /// The server shut this workstation out: `why` is revoked or wiped.
    void shutOut(const QString& why);

private:
    void take(int exitCode, QProcess::ExitStatus status);

    Profile m_profile;
    bool m_isWanted = false;
    QTimer m_retry;
    QProcess m_process;
};

} // namespace yarrow
