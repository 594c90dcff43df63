// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/unattended_exchange.h"

#include "app/unattended_end.h"
#include "models/store/unattended_clinic.h"

#include <QCoreApplication>

#include <chrono>

namespace yarrow {
namespace {

/// What keeps it from beginning may pass: the key store of a machine that has just started is still locked.
constexpr std::chrono::minutes kRetry{1};
/// Then it is killed, which loses nothing: every step of an exchange can be cut off.
constexpr std::chrono::milliseconds kPatience{800};

} // namespace

UnattendedExchange::UnattendedExchange(Profile profile, QObject* parent)
    : QObject(parent)
    , m_profile(std::move(profile))
{
    m_retry.setSingleShot(true);
    m_retry.setInterval(kRetry);
    connect(&m_retry, &QTimer::timeout, this, &UnattendedExchange::begin);
    m_process.setProgram(QCoreApplication::applicationDirPath() + QStringLiteral("/yarrow-exchange"));
    m_process.setArguments(
        {QStringLiteral("--profile"), QString::fromStdString(m_profile.folder().string())});
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    connect(&m_process, &QProcess::finished, this, &UnattendedExchange::take);
}

UnattendedExchange::~UnattendedExchange()
{
    end();
}

void UnattendedExchange::begin()
{
    if (m_process.state() != QProcess::NotRunning || !opensUnattended(m_profile))
        return;
    m_isWanted = true;
    m_process.start();
}

void UnattendedExchange::end()
{
    m_isWanted = false;
    m_retry.stop();
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (m_process.waitForFinished(static_cast<int>(kPatience.count())))
        return;
    m_process.kill();
    m_process.waitForFinished(static_cast<int>(kPatience.count()));
}

void UnattendedExchange::take(int exitCode, QProcess::ExitStatus status)
{
    if (!m_isWanted)
        return;
    const auto how =
        status == QProcess::CrashExit ? UnattendedEnd::Failed : static_cast<UnattendedEnd>(exitCode);
    switch (how) {
    case UnattendedEnd::Revoked:
        Q_EMIT shutOut(QStringLiteral("revoked"));
        break;
    case UnattendedEnd::Wiped:
        Q_EMIT shutOut(QStringLiteral("wiped"));
        break;
    case UnattendedEnd::Failed:
        m_retry.start();
        break;
    case UnattendedEnd::Asked:
    case UnattendedEnd::Usage:
    case UnattendedEnd::Nothing:
        break;
    }
}

} // namespace yarrow
