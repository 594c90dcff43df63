// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"
#include "models/items/exchange_place.h"
#include "models/store/clinic.h"

#include <QThread>

#include <functional>
#include <future>
#include <memory>

namespace yarrow {

/// ClinicGate on a profile folder. Deriving a key takes a third of a second, so it happens on a thread of its
/// own.
class LocalClinicGate final : public ClinicGate
{
    Q_OBJECT
public:
    /// `environment` and what it refers to outlive the gate and every session that comes from it.
    LocalClinicGate(Profile profile, const StoreEnvironment& environment, QObject* parent = nullptr);
    ~LocalClinicGate() override;

    /// Who exchanges records with the server once somebody has signed in; nobody unless this is called.
    void setMakeExchangeRunner(MakeExchangeRunner makeRunner) { m_makeRunner = std::move(makeRunner); }

    [[nodiscard]] bool clinicExists() const override;
    [[nodiscard]] QString profilePath() const override;
    [[nodiscard]] QStringList userNames() const override;
    [[nodiscard]] bool hasKeyStore() const override;
    void signIn(const QString& userName, const QString& password) override;
    void create(const NewClinic& clinic) override;
    [[nodiscard]] Result<void> checkPassword(const QString& password) const override;

private:
    /// `work` on the gate's thread; what it returns runs on this one.
    void start(std::function<std::function<void()>()> work);

    Profile m_profile;
    StoreEnvironment m_environment;
    MakeExchangeRunner m_makeRunner;
    std::shared_future<bool> m_keyStore; // asked for as soon as the gate opens; the answer may take a while
    std::unique_ptr<QThread> m_thread;
};

} // namespace yarrow
