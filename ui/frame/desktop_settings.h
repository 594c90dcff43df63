// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace yarrow {

/// What the desktop remembers outside the encrypted data: a small file in the profile. Nothing of a patient,
/// ever.
class DesktopSettings
{
public:
    explicit DesktopSettings(const QString& profilePath);

    [[nodiscard]] QString lastUser() const;
    void setLastUser(const QString& userName);
    [[nodiscard]] QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    [[nodiscard]] int page() const; ///< index in the rail
    void setPage(int page);
    [[nodiscard]] bool isDemo() const; ///< the profile was made as the demo clinic
    void setDemo(bool demo);
    [[nodiscard]] int lockAfterMinutes() const; ///< idle time until the lock, 1 to 60; 5 unless set
    /// After how many minutes of waiting a visit is marked on the board of the day, 1 to 240; 20 unless set.
    [[nodiscard]] int waitLimitMinutes() const;
    void setWaitLimitMinutes(int minutes);

private:
    QString m_path;
};

} // namespace yarrow
