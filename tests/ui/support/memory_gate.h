// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"

#include <QHash>

#include <functional>

namespace yarrow {

/// A gate without keys: passwords in a map, answers that come later. For tests of the UI.
class MemoryGate final : public ClinicGate
{
public:
    using MakeSession = std::function<std::shared_ptr<ClinicSession>(const QString& userName)>;

    MemoryGate(QString profilePath, MakeSession makeSession)
        : m_profilePath(std::move(profilePath))
        , m_makeSession(std::move(makeSession))
    {}

    // What a test arranges.
    void addUser(const QString& userName, const QString& password) { m_passwords[userName] = password; }
    void setKeyStore(bool there) { m_keyStore = there; }
    void failNext(Error error) { m_nextFailure = std::move(error); } ///< the next sign-in or creation
    void hold() { m_held = true; } ///< creating shows its progress and stays there
    [[nodiscard]] const NewClinic& lastCreated() const { return m_created; }

    // ClinicGate.
    bool clinicExists() const override { return !m_passwords.isEmpty(); }
    QString profilePath() const override { return m_profilePath; }
    QStringList userNames() const override
    {
        QStringList names = m_passwords.keys();
        names.sort();
        return names;
    }
    bool hasKeyStore() const override { return m_keyStore; }
    void signIn(const QString& userName, const QString& password) override
    {
        later([this, userName, password] {
            if (const auto failure = std::exchange(m_nextFailure, std::nullopt))
                Q_EMIT signInFailed(*failure);
            else if (m_passwords.value(userName) != password || password.isEmpty())
                Q_EMIT signInFailed({ErrorCode::WrongPassword, {}, {}});
            else
                Q_EMIT signedIn(m_makeSession(userName));
        });
    }
    void create(const NewClinic& clinic) override
    {
        later([this, clinic] {
            Q_EMIT progress(2, 5);
            if (m_held)
                return;
            if (const auto failure = std::exchange(m_nextFailure, std::nullopt)) {
                Q_EMIT createFailed(*failure);
                return;
            }
            m_created = clinic;
            addUser(clinic.userName, clinic.password);
            Q_EMIT created(
                QStringLiteral("K7QF2-9XMPA-4TRWC-H8VND-3JEZG-6YBSK-P2LHU-5CQXR-W9MTA-D4FNV-7ZGKJ"));
        });
    }
    Result<void> checkPassword(const QString& password) const override
    {
        if (password.size() < 12)
            return fail(ErrorCode::WeakPassword, "length");
        if (password.startsWith(QLatin1String("password")))
            return fail(ErrorCode::WeakPassword, "common");
        return {};
    }

private:
    void later(std::function<void()> job)
    {
        QMetaObject::invokeMethod(this, std::move(job), Qt::QueuedConnection);
    }

    QString m_profilePath;
    MakeSession m_makeSession;
    QHash<QString, QString> m_passwords;
    std::optional<Error> m_nextFailure;
    NewClinic m_created;
    bool m_keyStore = true;
    bool m_held = false;
};

} // namespace yarrow
