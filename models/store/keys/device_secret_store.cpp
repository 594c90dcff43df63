// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/device_secret_store.h"

#include "core/crypto.h"

#include <QCoreApplication>
#include <QObject>
#include <QThread>

#include <openssl/crypto.h>
#include <qt6keychain/keychain.h>

#include <future>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace yarrow {
namespace {

struct Answer
{
    QKeychain::Error error = QKeychain::OtherError;
    QString message;
    SecretBytes text; ///< of a read
};

/// The thread that QtKeychain's jobs live on. There is one per process, because QtKeychain queues all jobs
/// behind an object that belongs to the thread of the first. Its Qt event dispatcher makes a GMainContext of
/// its own the thread's default, and that is where libsecret delivers its answers.
class KeychainThread
{
public:
    static KeychainThread& instance()
    {
        YARROW_ASSERT(QCoreApplication::instance() != nullptr);
        static KeychainThread thread;
        return thread;
    }

    ~KeychainThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    KeychainThread(const KeychainThread&) = delete;
    KeychainThread& operator=(const KeychainThread&) = delete;

    /// Makes the job on the thread, starts it and waits. Nothing when the time is up; the job then ends by
    /// itself (QtKeychain cannot abandon one) and its answer is thrown away.
    template <class Job>
    std::optional<Answer> run(const QString& name, const QByteArray& text, std::chrono::milliseconds timeout)
    {
        // Shared, because the job may outlive the wait.
        auto promise = std::make_shared<std::promise<Answer>>();
        std::future<Answer> pending = promise->get_future();
        QMetaObject::invokeMethod(
            &m_context,
            [name, text, promise] {
                auto* job = new Job(QStringLiteral("yarrow")); // deletes itself when finished
                job->setInsecureFallback(false);
                job->setKey(name);
                if constexpr (std::is_same_v<Job, QKeychain::WritePasswordJob>)
                    job->setTextData(QString::fromLatin1(text));
                QObject::connect(job, &QKeychain::Job::finished, job, [job, promise] {
                    Answer answer{job->error(), job->errorString(), {}};
                    if constexpr (std::is_same_v<Job, QKeychain::ReadPasswordJob>)
                        answer.text = SecretBytes(std::string_view(job->textData().toStdString()));
                    promise->set_value(std::move(answer));
                });
                job->start();
            },
            Qt::QueuedConnection);
        if (pending.wait_for(timeout) != std::future_status::ready)
            return {};
        return pending.get();
    }

private:
    KeychainThread()
    {
        m_thread.setObjectName(QStringLiteral("keychain"));
        m_context.moveToThread(&m_thread);
        m_thread.start();
    }

    QThread m_thread;
    QObject m_context;
};

/// The failure an answer stands for, if any.
Result<void> judge(const std::optional<Answer>& answer)
{
    if (!answer)
        return fail(ErrorCode::KeyStoreUnavailable, "time-out");
    switch (answer->error) {
    case QKeychain::NoError:
        return {};
    case QKeychain::EntryNotFound:
        return fail(ErrorCode::NotFound);
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return fail(ErrorCode::KeyStoreUnavailable, "access denied");
    default:
        return fail(ErrorCode::KeyStoreUnavailable, answer->message.toStdString());
    }
}

} // namespace

QString deviceSecretName(const std::string& databaseId)
{
    return QStringLiteral("device-secret/") + QString::fromStdString(databaseId);
}

Result<SecretBytes> KeychainSecretStore::read(const QString& name)
{
    const auto answer = KeychainThread::instance().run<QKeychain::ReadPasswordJob>(name, {}, m_timeout);
    if (const auto judged = judge(answer); !judged)
        return fail(judged.error());
    Result<crypto::Bytes> secret = crypto::fromBase64(answer->text.view());
    if (!secret)
        return fail(ErrorCode::KeyStoreUnavailable, "the entry is not Yarrow's");
    SecretBytes bytes{std::span<const std::uint8_t>(*secret)};
    OPENSSL_cleanse(secret->data(), secret->size());
    return bytes;
}

Result<void> KeychainSecretStore::write(const QString& name, const SecretBytes& secret)
{
    const QByteArray text = QByteArray::fromStdString(crypto::toBase64(secret.span()));
    return judge(KeychainThread::instance().run<QKeychain::WritePasswordJob>(name, text, m_timeout));
}

Result<void> KeychainSecretStore::remove(const QString& name)
{
    // Not every backend says that there was nothing to delete.
    if (const auto there = read(name); !there && there.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound);
    return judge(KeychainThread::instance().run<QKeychain::DeletePasswordJob>(name, {}, m_timeout));
}

bool KeychainSecretStore::isAvailable()
{
    const auto answer = read(QStringLiteral("availability"));
    return answer.has_value() || answer.error().code == ErrorCode::NotFound;
}

} // namespace yarrow
