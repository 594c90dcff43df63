// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/key_rotation.h"

#include "models/store/db/connection.h"
#include "models/store/profile_lock.h"

#include <fcntl.h>
#include <unistd.h>

namespace yarrow {

namespace {

QString text(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

std::filesystem::path copyPath(const Profile& profile)
{
    std::filesystem::path path = profile.database();
    return path += ".rotating";
}

Result<void> ioError(const char* what, const std::error_code& error)
{
    return fail(error == std::errc::no_space_on_device ? ErrorCode::DiskFull : ErrorCode::Io,
                std::string(what) + ": " + error.message());
}

/// Everything written to the file, or the folder's entries, is on the disk afterwards.
Result<void> flushToDisk(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
    const std::error_code error(errno, std::generic_category());
    if (descriptor >= 0)
        ::close(descriptor);
    return flushed ? Result<void>() : ioError("fsync", error);
}

/// Folds the write-ahead log into the database, so that the one file is complete. DatabaseBusy when somebody
/// reads.
Result<void> foldLog(const Profile& profile, const SecretBytes& key)
{
    auto connection = Connection::open(profile.database(), key, Connection::Mode::Write);
    if (!connection)
        return fail(connection.error());
    return guarded([&] { (*connection)->exec("PRAGMA journal_mode = DELETE"); });
}

Result<void> rekeyCopy(const std::filesystem::path& copy, const SecretBytes& current,
                       const SecretBytes& newKey)
{
    {
        auto connection = Connection::open(copy, current, Connection::Mode::Write);
        if (!connection)
            return fail(connection.error());
        auto rekeyed = guarded([&]() -> Result<void> {
            (*connection)->exec("PRAGMA journal_mode = OFF"); // a copy that fails is thrown away
            const SecretBytes literal = Connection::rawKeyLiteral(newKey);
            const int code = sqlite3_rekey((*connection)->handle(), literal.span().data(),
                                           static_cast<int>(literal.span().size()));
            return code == SQLITE_OK ? Result<void>() : fail(toError(code));
        });
        if (!rekeyed)
            return rekeyed;
    }
    auto connection = Connection::open(copy, newKey, Connection::Mode::Write);
    if (!connection)
        return fail(connection.error());
    if (auto whole = (*connection)->checkIntegrity(); !whole)
        return whole;
    return guarded([&] { (*connection)->exec("PRAGMA journal_mode = DELETE"); });
}

void removeCopy(const Profile& profile)
{
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::filesystem::path path = copyPath(profile);
        std::filesystem::remove(path += suffix, ignored);
    }
}

Result<void> exchange(const Profile& profile, const SecretBytes& current, const SecretBytes& newKey,
                      const std::function<bool(RotationStep)>& reached)
{
    const auto stopped = [&](RotationStep step) { return reached && !reached(step); };
    removeCopy(profile);
    if (auto folded = foldLog(profile, current); !folded)
        return folded;
    if (auto flushed = flushToDisk(profile.folder());
        !flushed) // the log must be gone before the database changes
        return flushed;
    std::error_code error;
    // The copy, and the journal of its re-keying. (libstdc++ calls a copy that did not fit an I/O error.)
    const auto needed = 2 * std::filesystem::file_size(profile.database(), error);
    if (!error && std::filesystem::space(profile.folder(), error).available < needed && !error)
        return fail(ErrorCode::DiskFull, "copy");
    std::filesystem::copy_file(profile.database(), copyPath(profile), error);
    if (error)
        return ioError("copy", error);
    if (stopped(RotationStep::Copied))
        return fail(ErrorCode::Cancelled);
    if (auto rekeyed = rekeyCopy(copyPath(profile), current, newKey); !rekeyed)
        return rekeyed;
    if (auto flushed = flushToDisk(copyPath(profile)); !flushed)
        return flushed;
    if (stopped(RotationStep::Rekeyed))
        return fail(ErrorCode::Cancelled);
    std::filesystem::rename(copyPath(profile), profile.database(), error);
    if (error)
        return ioError("rename", error);
    return flushToDisk(profile.folder());
}

} // namespace

Result<void> rotateDataKey(const Profile& profile, KeySlotFile& keyFile, const SecretBytes& current,
                           const SecretBytes& newKey, const std::function<bool(RotationStep)>& reached)
{
    const auto stopped = [&](RotationStep step) { return reached && !reached(step); };
    if (auto begun = keyFile.beginRotation(current, newKey); !begun)
        return begun;
    if (auto saved = keyFile.save(text(profile.keyFile())); !saved)
        return saved;
    if (stopped(RotationStep::KeysSaved))
        return fail(ErrorCode::Cancelled);
    if (auto exchanged = exchange(profile, current, newKey, reached); !exchanged) {
        // The old database stands, or the new one does: which, the next sign-in finds out. But on a full disk
        // it could not even begin while the copy takes the space.
        if (exchanged.error().code != ErrorCode::Cancelled)
            removeCopy(profile);
        return exchanged;
    }
    if (stopped(RotationStep::Renamed))
        return fail(ErrorCode::Cancelled);
    if (auto finished = keyFile.finishRotation(); !finished)
        return finished;
    return keyFile.save(text(profile.keyFile()));
}

Result<void> settleRotation(const Profile& profile, KeySlotFile& keyFile, DataKeys& keys, const KdfCost& cost)
{
    const auto lock = ProfileLock::acquire(profile, ProfileLock::Kind::Alone);
    if (!lock)
        return fail(lock.error());
    const auto fresh = KeySlotFile::load(text(profile.keyFile()), cost);
    if (!fresh)
        return fail(fresh.error());
    if (!(*fresh == keyFile))
        return fail(ErrorCode::DatabaseBusy, "the key file changed");
    return settleRotationAlone(profile, keyFile, keys);
}

Result<void> settleRotationAlone(const Profile& profile, KeySlotFile& keyFile, DataKeys& keys)
{
    YARROW_ASSERT(keyFile.isRotating() && keys.next.has_value());
    // For writing: when the log was being folded in, SQLite has a journal to roll back first.
    const auto asOld = Connection::open(profile.database(), keys.current, Connection::Mode::Write);
    if (asOld) {
        if (auto cancelled = keyFile.cancelRotation(); !cancelled)
            return cancelled;
    } else {
        if (asOld.error().code != ErrorCode::DatabaseDamaged)
            return fail(asOld.error());
        if (auto asNew = Connection::open(profile.database(), *keys.next, Connection::Mode::Write); !asNew)
            return fail(asNew.error()); // neither fits: nothing is touched
        if (auto finished = keyFile.finishRotation(); !finished)
            return finished;
        keys.current = std::move(*keys.next);
    }
    keys.next.reset();
    removeCopy(profile);
    return keyFile.save(text(profile.keyFile()));
}

} // namespace yarrow
