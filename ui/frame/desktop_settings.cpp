// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/desktop_settings.h"

#include "ui/frame/tunables.h"

#include <QDir>
#include <QSettings>

#include <algorithm>

namespace yarrow {

namespace {

const QString kLastUser = QStringLiteral("user");
const QString kGeometry = QStringLiteral("geometry");
const QString kPage = QStringLiteral("page");
const QString kDemo = QStringLiteral("demo");
const QString kWaitLimit = QStringLiteral("waitLimitMinutes");
const QString kLockAfter = QStringLiteral("lockAfterMinutes");

} // namespace

DesktopSettings::DesktopSettings(const QString& profilePath)
    : m_path(QDir(profilePath).filePath(QStringLiteral("desktop.ini")))
{}

QString DesktopSettings::lastUser() const
{
    return QSettings(m_path, QSettings::IniFormat).value(kLastUser).toString();
}

void DesktopSettings::setLastUser(const QString& userName)
{
    QSettings(m_path, QSettings::IniFormat).setValue(kLastUser, userName);
}

QByteArray DesktopSettings::geometry() const
{
    return QSettings(m_path, QSettings::IniFormat).value(kGeometry).toByteArray();
}

void DesktopSettings::setGeometry(const QByteArray& geometry)
{
    QSettings(m_path, QSettings::IniFormat).setValue(kGeometry, geometry);
}

int DesktopSettings::page() const
{
    return QSettings(m_path, QSettings::IniFormat).value(kPage, 0).toInt();
}

void DesktopSettings::setPage(int page)
{
    QSettings(m_path, QSettings::IniFormat).setValue(kPage, page);
}

bool DesktopSettings::isDemo() const
{
    return QSettings(m_path, QSettings::IniFormat).value(kDemo, false).toBool();
}

void DesktopSettings::setDemo(bool demo)
{
    QSettings(m_path, QSettings::IniFormat).setValue(kDemo, demo);
}

int DesktopSettings::lockAfterMinutes() const
{
    const QSettings settings(m_path, QSettings::IniFormat);
    return std::clamp(settings.value(kLockAfter, tunables::kLockAfterMinutes).toInt(), 1, 60);
}

int DesktopSettings::waitLimitMinutes() const
{
    const QSettings settings(m_path, QSettings::IniFormat);
    return std::clamp(settings.value(kWaitLimit, tunables::kWaitLimitMinutes).toInt(), 1,
                      tunables::kLongestWaitLimitMinutes);
}

void DesktopSettings::setWaitLimitMinutes(int minutes)
{
    QSettings(m_path, QSettings::IniFormat).setValue(kWaitLimit, minutes);
}

} // namespace yarrow
