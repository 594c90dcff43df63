// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/atomic_file.h"
#include "models/store/keys/key_slot_file.h"
#include "tests/support/key_file_samples.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace yarrow;
using namespace yarrow::samples;

namespace {

QStringList filesIn(const QString& folder)
{
    return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

/// No file of this process can grow past `bytes` while it lives: a write stops in the middle.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = SIG_DFL;
};

} // namespace

class TestKeyFileSaving : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void savedFile_loadsAgain();
    void savedFile_isTheOwnersAlone();
    void missingFile_isNotFound();
    void tooLongFile_isDamage();
    void fileWithoutSlots_isNotSaved();
    void interruptedWrite_leavesTheOldFile();
    void missingFolder_isAnError();
    void unwritableFolder_leavesTheOldFile();
    void fullDisk_leavesTheOldFile();
};

void TestKeyFileSaving::savedFile_loadsAgain()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    KeySlotFile file = twoUsers();
    QVERIFY(file.save(path).has_value());
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    QVERIFY(file.save(path).has_value());
    QVERIFY(KeySlotFile::load(path, kCheap).value() == file);
    QCOMPARE(filesIn(folder.path()), QStringList({QStringLiteral("keys.json")}));
}

void TestKeyFileSaving::savedFile_isTheOwnersAlone()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    QFile open(path);
    QVERIFY(open.open(QIODevice::WriteOnly));
    open.setPermissions(QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther);
    open.close();
    QVERIFY(twoUsers().save(path).has_value());
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                        QFile::WriteOther | QFile::ExeOther | QFile::ExeOwner;
    QCOMPARE(QFile::permissions(path) & others, QFile::Permissions());
}

void TestKeyFileSaving::missingFile_isNotFound()
{
    const QTemporaryDir folder;
    const auto missing = KeySlotFile::load(folder.filePath(QStringLiteral("keys.json")));
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    const auto notAFile = KeySlotFile::load(folder.path());
    QVERIFY(!notAFile);
    QCOMPARE(notAFile.error().code, ErrorCode::Io);
}

void TestKeyFileSaving::tooLongFile_isDamage()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    QVERIFY(writeFileAtomically(path, std::string(1024U * 1024U + 1, ' ')).has_value());
    const auto read = KeySlotFile::load(path);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::KeyFileDamaged);
}

void TestKeyFileSaving::fileWithoutSlots_isNotSaved()
{
    const QTemporaryDir folder;
    const auto saved =
        KeySlotFile::create(kDatabase, kCheap)->save(folder.filePath(QStringLiteral("keys.json")));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(filesIn(folder.path()), QStringList());
}

void TestKeyFileSaving::interruptedWrite_leavesTheOldFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    const KeySlotFile before = twoUsers();
    QVERIFY(before.save(path).has_value());
    KeySlotFile after = before;
    QVERIFY(after.beginRotation(key(1), key(2)).has_value());
    for (const rlim_t limit : {rlim_t{0}, rlim_t{1}, rlim_t{after.text().size() - 1}}) {
        const FileSizeLimit limited(limit);
        const auto saved = after.save(path);
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Io);
        QVERIFY(KeySlotFile::load(path, kCheap).value() == before);
        QCOMPARE(filesIn(folder.path()), QStringList({QStringLiteral("keys.json")}));
    }
    QVERIFY(after.save(path).has_value());
    QVERIFY(KeySlotFile::load(path, kCheap).value() == after);
}

void TestKeyFileSaving::missingFolder_isAnError()
{
    const QTemporaryDir folder;
    const auto saved = twoUsers().save(folder.filePath(QStringLiteral("gone/keys.json")));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::Io);
}

void TestKeyFileSaving::unwritableFolder_leavesTheOldFile()
{
    if (::geteuid() == 0)
        QSKIP("permissions do not bind the superuser");
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    const KeySlotFile before = twoUsers();
    QVERIFY(before.save(path).has_value());
    QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::ExeOwner));
    const auto saved = twoUsers().save(path);
    QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(!saved);
    QCOMPARE(saved.error().code, ErrorCode::Io);
    QVERIFY(KeySlotFile::load(path, kCheap).value() == before);
}

void TestKeyFileSaving::fullDisk_leavesTheOldFile()
{
    const QTemporaryDir folder;
    const QByteArray disk = QFile::encodeName(folder.path());
    if (::mount("tmpfs", disk.constData(), "tmpfs", 0, "size=16k") != 0)
        QSKIP("a small disk can be mounted by the superuser only");
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    const KeySlotFile before = twoUsers();
    const auto saved = before.save(path);
    QFile filler(folder.filePath(QStringLiteral("filler")));
    const bool opened = filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered);
    while (opened && filler.write(QByteArray(4096, 'x')) == 4096) {
    }
    KeySlotFile after = before;
    const auto begun = after.beginRotation(key(1), key(2));
    const auto refused = after.save(path);
    const auto loaded = KeySlotFile::load(path, kCheap);
    const QStringList files = filesIn(folder.path());
    filler.close();
    QCOMPARE(::umount(disk.constData()), 0);

    QVERIFY(saved.has_value());
    QVERIFY(opened);
    QVERIFY(begun.has_value());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    QVERIFY(loaded.has_value());
    QVERIFY(*loaded == before);
    QCOMPARE(files, QStringList({QStringLiteral("filler"), QStringLiteral("keys.json")}));
}

QTEST_GUILESS_MAIN(TestKeyFileSaving)
#include "tst_key_file_saving.moc"
