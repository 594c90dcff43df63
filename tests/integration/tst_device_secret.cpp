// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto.h"
#include "models/store/keys/device_secret_store.h"
#include "tests/support/key_file_samples.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

#include <future>
#include <iostream>

using namespace yarrow;
using namespace yarrow::samples;

/// Against a real key store: run it under tests/support/with_keyring.sh.
class TestDeviceSecret : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void absentSecret_isNotFound();
    void writtenSecret_isReadBack();
    void secrets_areApart();
    void removedSecret_isGone();
    void anyBytes_survive();
    void otherThreads_mayAsk();
    void outOfTime_failsAndTheNextCallWorks();
    void passwordSlot_opensWithTheKeyStoreOnly();
    void withoutASession_failsSoon();

private:
    KeychainSecretStore m_store;
};

void TestDeviceSecret::initTestCase()
{
    QVERIFY2(m_store.isAvailable(), "no key store here: run under tests/support/with_keyring.sh");
}

void TestDeviceSecret::absentSecret_isNotFound()
{
    const auto read = m_store.read(QStringLiteral("absent"));
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::NotFound);
    const auto removed = m_store.remove(QStringLiteral("absent"));
    QVERIFY(!removed);
    QCOMPARE(removed.error().code, ErrorCode::NotFound);
}

void TestDeviceSecret::writtenSecret_isReadBack()
{
    const QString name = deviceSecretName(kDatabase);
    QVERIFY(m_store.write(name, key(1)).has_value());
    QVERIFY(same(m_store.read(name).value(), key(1)));
    QVERIFY(m_store.write(name, key(2)).has_value());
    QVERIFY(same(m_store.read(name).value(), key(2)));
    KeychainSecretStore another;
    QVERIFY(same(another.read(name).value(), key(2)));
}

void TestDeviceSecret::secrets_areApart()
{
    QVERIFY(m_store.write(QStringLiteral("one"), key(1)).has_value());
    QVERIFY(m_store.write(QStringLiteral("two"), key(2)).has_value());
    QVERIFY(m_store.remove(QStringLiteral("one")).has_value());
    QVERIFY(same(m_store.read(QStringLiteral("two")).value(), key(2)));
}

void TestDeviceSecret::removedSecret_isGone()
{
    const QString name = QStringLiteral("removed");
    QVERIFY(m_store.write(name, key(1)).has_value());
    QVERIFY(m_store.remove(name).has_value());
    QCOMPARE(m_store.read(name).error().code, ErrorCode::NotFound);
}

void TestDeviceSecret::anyBytes_survive()
{
    SecretBytes bytes(256);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes.span()[i] = static_cast<std::uint8_t>(i);
    QVERIFY(m_store.write(QStringLiteral("bytes"), bytes).has_value());
    QVERIFY(same(m_store.read(QStringLiteral("bytes")).value(), bytes));
}

void TestDeviceSecret::otherThreads_mayAsk()
{
    const QString name = QStringLiteral("threads");
    QVERIFY(m_store.write(name, key(3)).has_value());
    std::vector<std::future<bool>> readers;
    for (int i = 0; i < 8; ++i) {
        readers.push_back(std::async(std::launch::async, [&name] {
            KeychainSecretStore store;
            const auto read = store.read(name);
            return read && same(*read, key(3));
        }));
    }
    for (std::future<bool>& reader : readers)
        QVERIFY(reader.get());
}

void TestDeviceSecret::outOfTime_failsAndTheNextCallWorks()
{
    const QString name = QStringLiteral("slow");
    QVERIFY(m_store.write(name, key(4)).has_value());
    KeychainSecretStore impatient(std::chrono::milliseconds(0));
    const auto read = impatient.read(name);
    QVERIFY(!read);
    QCOMPARE(read.error(), (Error{ErrorCode::KeyStoreUnavailable, "time-out", {}}));
    QVERIFY(same(m_store.read(name).value(), key(4)));
}

void TestDeviceSecret::passwordSlot_opensWithTheKeyStoreOnly()
{
    const QString name = deviceSecretName(kDatabase);
    const SecretBytes secret = crypto::randomSecret(32);
    QVERIFY(m_store.write(name, secret).has_value());
    KeySlotFile file = KeySlotFile::create(kDatabase, kCheap).value();
    QVERIFY(file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("nora")), kPassword, &secret)
                .has_value());

    const DeviceSecretSource source = [&] { return m_store.read(name); };
    QVERIFY(file.unlockWithPassword(QStringLiteral("nora"), kPassword, source).has_value());
    QVERIFY(m_store.remove(name).has_value());
    const auto gone = file.unlockWithPassword(QStringLiteral("nora"), kPassword, source);
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::KeyStoreUnavailable);
    QVERIFY(m_store.write(name, crypto::randomSecret(32)).has_value());
    QCOMPARE(file.unlockWithPassword(QStringLiteral("nora"), kPassword, source).error().code,
             ErrorCode::WrongPassword);
}

/// In a process of its own: a D-Bus connection, once made, stays for the life of a process.
void TestDeviceSecret::withoutASession_failsSoon()
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
    process.setProcessEnvironment(environment);
    QElapsedTimer timer;
    timer.start();
    process.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--without-session")});
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.readAllStandardOutput(), QByteArray("KeyStoreUnavailable KeyStoreUnavailable "
                                                         "KeyStoreUnavailable unavailable\n"));
    QVERIFY2(timer.elapsed() < 4000, "it ran out of time instead of failing");
}

namespace {

template <class T>
const char* nameOf(const Result<T>& result)
{
    return result ? "done" : errorCodeName(result.error().code);
}

int callWithoutSession()
{
    KeychainSecretStore store;
    const QString name = QStringLiteral("any");
    std::cout << nameOf(store.read(name)) << ' ' << nameOf(store.write(name, key(1))) << ' '
              << nameOf(store.remove(name)) << ' ' << (store.isAvailable() ? "available" : "unavailable")
              << '\n';
    return 0;
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication application(argc, argv);
    if (application.arguments().contains(QStringLiteral("--without-session")))
        return callWithoutSession();
    TestDeviceSecret test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_device_secret.moc"
