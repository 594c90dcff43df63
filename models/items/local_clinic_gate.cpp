// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_gate.h"

#include "models/items/local_clinic_session.h"
#include "models/store/keys/password_rules.h"
#include "models/store/records/workstation_wipe.h"

namespace yarrow {

namespace {

/// Signs in once to bring the demo clinic's records in.
Result<void> addDemoRecords(const Profile& profile, const ClinicGate::NewClinic& wanted,
                            const StoreEnvironment& environment)
{
    auto clinic = Clinic::open(profile, wanted.userName, wanted.password, environment);
    if (!clinic)
        return fail(clinic.error());
    auto added = (*clinic)->importer().addDemoClinic();
    if (!added)
        return fail(added.error());
    return added->failed.empty() ? Result<void>() : fail(added->failed.front().error);
}

} // namespace

LocalClinicGate::LocalClinicGate(Profile profile, const StoreEnvironment& environment, QObject* parent)
    : ClinicGate(parent)
    , m_profile(std::move(profile))
    , m_environment(environment)
{
    m_keyStore = std::async(std::launch::async, [secrets = environment.secrets] {
                     return secrets && secrets->isAvailable();
                 }).share();
}

LocalClinicGate::~LocalClinicGate()
{
    if (m_thread)
        m_thread->wait();
}

QString LocalClinicGate::profilePath() const
{
    return QString::fromStdString(m_profile.folder().string());
}

bool LocalClinicGate::clinicExists() const
{
    // What keeps a wipe from being finished now keeps people out all the same: signing in tries it again.
    static_cast<void>(resumeWipe(m_profile, nullptr, m_environment.kdfCost));
    return m_profile.hasClinic();
}

QStringList LocalClinicGate::userNames() const
{
    return Clinic::userNames(m_profile, m_environment.kdfCost).value_or(QStringList());
}

bool LocalClinicGate::hasKeyStore() const
{
    return m_keyStore.get();
}

void LocalClinicGate::signIn(const QString& userName, const QString& password)
{
    start([this, userName, password]() -> std::function<void()> {
        auto opened = Clinic::open(m_profile, userName, password, m_environment);
        if (!opened)
            return [this, error = opened.error()] { Q_EMIT signInFailed(error); };
        // shared: a std::function must be copyable
        auto clinic = std::make_shared<std::unique_ptr<Clinic>>(std::move(*opened));
        return [this, clinic] {
            auto session = LocalClinicSession::open(std::move(*clinic), m_makeRunner);
            if (session)
                Q_EMIT signedIn(*session);
            else
                Q_EMIT signInFailed(session.error());
        };
    });
}

void LocalClinicGate::create(const NewClinic& wanted)
{
    start([this, wanted]() -> std::function<void()> {
        const Clinic::NewClinic clinic{wanted.clinicName, wanted.zone, wanted.userName, wanted.displayName,
                                       wanted.password};
        const auto report = [this](int done) {
            QMetaObject::invokeMethod(
                this, [this, done] { Q_EMIT progress(done, 2); }, Qt::QueuedConnection);
        };
        report(0);
        const auto created = Clinic::create(m_profile, clinic, m_environment);
        if (!created)
            return [this, error = created.error()] { Q_EMIT createFailed(error); };
        report(1);
        if (wanted.demo) {
            if (auto filled = addDemoRecords(m_profile, wanted, m_environment); !filled)
                return [this, error = filled.error(), code = created->recoveryCode.text()] {
                    // The clinic stands, empty: its recovery code is shown whatever came after.
                    Q_EMIT createFailed(error);
                    Q_EMIT ClinicGate::created(code);
                };
        }
        report(2);
        return [this, code = created->recoveryCode.text()] { Q_EMIT ClinicGate::created(code); };
    });
}

Result<void> LocalClinicGate::checkPassword(const QString& password) const
{
    return yarrow::checkPassword(password, {});
}

void LocalClinicGate::start(std::function<std::function<void()>()> work)
{
    if (m_thread)
        m_thread->wait(); // one at a time; its answer is already on its way
    m_thread.reset(QThread::create(
        [this, work = std::move(work)] { QMetaObject::invokeMethod(this, work(), Qt::QueuedConnection); }));
    // What the work holds (a password) goes with the thread, as soon as it has ended.
    connect(m_thread.get(), &QThread::finished, this, [this, ended = m_thread.get()] {
        if (m_thread.get() == ended)
            m_thread.reset();
    });
    m_thread->start();
}

} // namespace yarrow
