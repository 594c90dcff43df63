// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace yarrow {

/// What stands before the clinic: is there one in this profile, who may sign in, make a new one. Lives on the
/// GUI thread; deriving keys and building a database run elsewhere, and the answer comes by signal.
class ClinicGate : public QObject
{
    Q_OBJECT
public:
    struct NewClinic
    {
        QString clinicName;
        QTimeZone zone;
        QString userName; ///< of the first administrator; 1–64 letters, digits, . - _ @
        QString displayName;
        QString password;
        bool demo = false; ///< fill it with the demo clinic
    };

    using QObject::QObject;
    ~ClinicGate() override = default;

    [[nodiscard]] virtual bool clinicExists() const = 0;
    [[nodiscard]] virtual QString profilePath() const = 0;
    [[nodiscard]] virtual QStringList userNames() const = 0; ///< who has a key slot here
    /// False when this machine has no key store: passwords alone protect the data, and the screen says so.
    [[nodiscard]] virtual bool hasKeyStore() const = 0;

    /// One at a time; answered by signedIn or signInFailed.
    virtual void signIn(const QString& userName, const QString& password) = 0;
    /// Answered by created or createFailed; progress in between.
    virtual void create(const NewClinic& clinic) = 0;

    /// WeakPassword ("length" or "common") or nothing; for showing beside the field while typing.
    [[nodiscard]] virtual Result<void> checkPassword(const QString& password) const = 0;

Q_SIGNALS:
    void
    signedIn(std::shared_ptr<yarrow::ClinicSession> session); ///< shared: the signal hands it over by value
    void signInFailed(const yarrow::Error& error);
    void created(const QString& recoveryCode); ///< shown once; sign in next
    void createFailed(const yarrow::Error& error);
    void progress(int done, int total);
};

} // namespace yarrow
