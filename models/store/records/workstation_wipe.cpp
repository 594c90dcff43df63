// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/workstation_wipe.h"

#include "models/store/keys/atomic_file.h"
#include "models/store/keys/key_slot_file.h"
#include "models/store/sync/server_link.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace yarrow {
namespace {

/// What edits need to be told later, and what is never taken back: the audit. It holds no documents.
constexpr std::array<std::string_view, 9> kKept{
    "clinic",      "account",       "edit", "resource", "audit", "patient_key", "audit_acknowledged",
    "server_link", "server_account"};

// What stands in the wipe file: one of these, and in lines of their own the names of what is to go from the
// key store. The key file, which would tell them, may be gone already.
constexpr std::string_view kWhole = "all";
constexpr std::string_view kButEdits = "all but unsent edits";
constexpr std::size_t kMaxMarkBytes = 4096;

struct Mark
{
    bool isWhole = false;
    std::vector<std::string> secrets;
};

std::string textOf(const Mark& mark)
{
    std::string text(mark.isWhole ? kWhole : kButEdits);
    for (const std::string& name : mark.secrets)
        text.append("\n").append(name);
    return text;
}

/// What cannot be read keeps the edits.
Mark markOf(std::string_view text)
{
    Mark mark;
    bool isFirst = true;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (isFirst)
            mark.isWhole = line == kWhole;
        else if (!line.empty())
            mark.secrets.emplace_back(line);
        isFirst = false;
    }
    return mark;
}

QString text(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

Result<void> forgetPasswords(KeySlotFile& keyFile, const Profile& profile)
{
    for (const SlotInfo& slot : keyFile.slots()) {
        if (slot.kind != SlotKind::Password)
            continue;
        if (auto removed = keyFile.removePasswordSlot(slot.userId); !removed)
            return removed;
    }
    if (keyFile.hasSlot(SlotKind::Device)) {
        if (auto removed = keyFile.removeDeviceSlot(); !removed)
            return removed;
    }
    return keyFile.save(text(profile.keyFile()));
}

std::vector<std::string> namesOf(Connection& connection, const char* sql)
{
    std::vector<std::string> names;
    Query query(connection, sql);
    while (query.step())
        names.push_back(query.string(0));
    return names;
}

void keepEditsAlone(Connection& connection)
{
    const std::vector<std::string> indexes = namesOf(
        connection, "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name");
    const std::vector<std::string> tables = namesOf(
        connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                    "AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name");
    connection.exec("PRAGMA secure_delete = ON");
    Transaction transaction(connection);
    connection.exec("PRAGMA defer_foreign_keys = ON");
    const auto isPartOfIndex = [&](const std::string& table) {
        return std::any_of(indexes.begin(), indexes.end(),
                           [&](const std::string& index) { return table.starts_with(index + "_"); });
    };
    for (const std::string& index : indexes)
        connection.exec(std::string("INSERT INTO ")
                            .append(index)
                            .append(" (")
                            .append(index)
                            .append(") VALUES ('delete-all')")
                            .c_str());
    for (const std::string& table : tables) {
        if (!isPartOfIndex(table) && std::find(kKept.begin(), kKept.end(), table) == kKept.end())
            connection.exec(("DELETE FROM " + table).c_str());
    }
    connection.exec("DELETE FROM resource WHERE pk NOT IN (SELECT resource FROM edit)");
    connection.exec("UPDATE resource SET body = NULL, base = NULL, deleted = 1");
    connection.exec("UPDATE account SET verifier = NULL");
    transaction.commit();
    connection.exec("PRAGMA temp_store = FILE");
    connection.exec("VACUUM");
    connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    Query(connection, "UPDATE server_link SET stopped = ?").bind(kWiped).run();
}

/// They have key slots of their own.
void removeBackups(const Profile& profile)
{
    std::error_code ignored;
    std::filesystem::remove_all(profile.backups(), ignored);
    std::filesystem::remove(profile.throttleFile(), ignored);
}

/// Whether none of them is in the key store any more. Without a key store nobody can tell.
bool removeSecrets(const Mark& mark, DeviceSecretStore* secrets)
{
    bool areGone = true;
    for (const std::string& name : mark.secrets) {
        const auto removed =
            secrets ? secrets->remove(QString::fromStdString(name)) : fail(ErrorCode::KeyStoreUnavailable);
        areGone = areGone && (removed || removed.error().code == ErrorCode::NotFound);
    }
    return areGone;
}

void removeFiles(const Profile& profile)
{
    std::error_code ignored;
    std::filesystem::remove(profile.keyFile(), ignored);
    for (const char* suffix : {"", "-wal", "-shm", "-journal", ".rotating"}) {
        std::filesystem::path path = profile.database();
        std::filesystem::remove(path += suffix, ignored);
    }
}

} // namespace

bool isToBeWiped(Connection& connection)
{
    const auto link = readServerLink(connection);
    return link && link->stopped == kToBeWiped;
}

bool isMarkedForWipe(const Profile& profile)
{
    std::error_code ignored;
    return std::filesystem::exists(profile.wipeFile(), ignored);
}

Result<void> resumeWipe(const Profile& profile, DeviceSecretStore* secrets, const KdfCost& cost)
{
    if (!isMarkedForWipe(profile))
        return {};
    const Mark mark = markOf(readSmallFile(text(profile.wipeFile()), kMaxMarkBytes).value_or(std::string()));
    std::error_code ignored;
    removeBackups(profile);
    if (mark.isWhole)
        removeFiles(profile);
    const bool areSecretsGone = removeSecrets(mark, secrets);
    if (mark.isWhole) {
        if (areSecretsGone)
            std::filesystem::remove(profile.wipeFile(), ignored);
        return {};
    }
    // The records need a key to be taken out of the database; until somebody has one, nobody has.
    auto keyFile = KeySlotFile::load(text(profile.keyFile()), cost);
    if (!keyFile && keyFile.error().code == ErrorCode::NotFound) { // nobody will ever have one
        std::filesystem::remove(profile.wipeFile(), ignored);
        return {};
    }
    if (!keyFile)
        return fail(keyFile.error());
    const bool isClosed = keyFile->userNames().isEmpty() && !keyFile->hasSlot(SlotKind::Device);
    return isClosed ? Result<void>() : forgetPasswords(*keyFile, profile);
}

Result<std::int64_t> wipeWorkstation(Connection& connection, const Profile& profile,
                                     DeviceSecretStore* secrets, const KdfCost& cost)
{
    return guarded([&]() -> Result<std::int64_t> {
        std::int64_t edits = 0;
        {
            Query count(connection, "SELECT count(*) FROM edit");
            if (count.step())
                edits = count.integer(0);
        }
        const auto link = readServerLink(connection);
        auto keyFile = KeySlotFile::load(text(profile.keyFile()), cost);
        if (!keyFile)
            return fail(keyFile.error());
        const bool keepsEdits = edits > 0 && keyFile->hasSlot(SlotKind::Recovery);
        Mark mark{!keepsEdits, {}};
        if (secrets) {
            mark.secrets.push_back(deviceSecretName(keyFile->databaseId()).toStdString());
            if (link && !link->keyName.empty())
                mark.secrets.push_back(link->keyName);
        }
        if (auto marked = writeFileAtomically(text(profile.wipeFile()), textOf(mark)); !marked)
            return fail(marked.error());
        removeBackups(profile);
        if (keepsEdits) {
            if (auto forgotten = forgetPasswords(*keyFile, profile); !forgotten)
                return fail(forgotten.error());
        } else {
            removeFiles(profile); // without a recovery code nobody could read what stayed
            edits = 0;
        }
        const bool areSecretsGone = removeSecrets(mark, secrets);
        if (edits > 0) {
            keepEditsAlone(connection);
            connection.makeDurable(); // before the mark goes
        }
        std::error_code ignored;
        if (areSecretsGone ||
            edits > 0) // what stays is tried again; next to edits their reader would be wiped
            std::filesystem::remove(profile.wipeFile(), ignored);
        return edits;
    });
}

} // namespace yarrow
