// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/key_slot_file.h"

#include "models/store/keys/atomic_file.h"
#include "models/store/keys/key_file_tuning.h"

#include <algorithm>
#include <set>

namespace yarrow {
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kMaxDepth = 6;

QString normalisedName(const QString& name)
{
    return name.normalized(QString::NormalizationForm_C);
}

/// Two names that differ only in case are one user's: people do not remember capitals.
QString comparedName(const QString& name)
{
    return normalisedName(normalisedName(name).toCaseFolded());
}

QString comparedName(const SlotInfo& info)
{
    return comparedName(QString::fromStdString(info.userName));
}

KdfCost floorOf(const KdfCost& cost)
{
    return {std::min(cost.n, tuning::kMinScryptN), std::min(cost.r, tuning::kMinScryptR),
            std::min(cost.p, std::uint64_t{1})};
}

tl::unexpected<Error> damaged(std::string what)
{
    return fail(ErrorCode::KeyFileDamaged, std::move(what));
}

std::string slotName(std::size_t index)
{
    return "slots[" + std::to_string(index) + "]";
}

Result<SecretBytes> fetch(const DeviceSecretSource& source)
{
    if (!source)
        return fail(ErrorCode::KeyStoreUnavailable);
    Result<SecretBytes> secret = source();
    if (!secret && secret.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::KeyStoreUnavailable, "no device secret");
    if (secret && secret->size() < kKeyBytes)
        return fail(ErrorCode::KeyStoreUnavailable, "device secret too short");
    return secret;
}

} // namespace

Result<KeySlotFile> KeySlotFile::create(const std::string& databaseId, const KdfCost& cost)
{
    if (!isFhirId(databaseId))
        return fail(ErrorCode::InvalidArgument, "databaseId");
    if (!isAcceptable(cost, floorOf(cost)))
        return fail(ErrorCode::InvalidArgument, "cost");
    KeySlotFile file;
    file.m_databaseId = databaseId;
    file.m_cost = cost;
    return file;
}

Result<KeySlotFile> KeySlotFile::parse(std::string_view text, const KdfCost& cost)
{
    const Result<Json> json = Json::parse(text, {tuning::kMaxKeyFileBytes, kMaxDepth});
    if (!json)
        return damaged(errorCodeName(json.error().code));
    const std::optional<std::int64_t> format = (*json)["format"].integer();
    if (!format || *format < 1)
        return damaged("format");
    if (*format > kFormat)
        return fail(ErrorCode::Unsupported,
                    "found " + std::to_string(*format) + ", known " + std::to_string(kFormat));
    if (json->members().size() != 5)
        return damaged("members");

    Result<KeySlotFile> file = create(std::string((*json)["databaseId"].string()), cost);
    if (!file)
        return damaged(file.error().context);
    const std::optional<std::int64_t> version = (*json)["keyVersion"].integer();
    if (!version || *version < 1 || *version >= std::int64_t{1} << 53)
        return damaged("keyVersion");
    const std::optional<bool> rotating = (*json)["rotating"].boolean();
    if (!rotating)
        return damaged("rotating");
    file->m_keyVersion = *version;
    file->m_rotating = *rotating;

    const Json::Array& slots = (*json)["slots"].items();
    if (slots.empty() || slots.size() > tuning::kMaxKeySlots)
        return damaged("number of slots");
    for (std::size_t i = 0; i < slots.size(); ++i) {
        Result<KeySlot> slot = slotFromJson(slots[i], floorOf(cost));
        if (!slot)
            return fail(slot.error().code, slotName(i) + "." + slot.error().context);
        file->m_slots.push_back(std::move(*slot));
    }
    if (const auto whole = file->checkWhole(); !whole)
        return fail(whole.error());
    return file;
}

/// What no single slot can tell: each has the keys it must have, and nobody has two.
Result<void> KeySlotFile::checkWhole() const
{
    std::set<std::string> users;
    std::set<QString> names;
    std::set<SlotKind> kinds;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const KeySlot& slot = m_slots[i];
        const bool complete = slot.keys.size() == (m_rotating ? 2U : 1U) &&
                              slot.keys.front().version == m_keyVersion &&
                              slot.keys.back().version == m_keyVersion + (m_rotating ? 1 : 0);
        if (!complete)
            return damaged(slotName(i) + ".keys");
        const bool first =
            slot.info.kind == SlotKind::Password
                ? users.insert(slot.info.userId.text()).second && names.insert(comparedName(slot.info)).second
                : kinds.insert(slot.info.kind).second;
        if (!first)
            return damaged(slotName(i) + " is there twice");
    }
    return {};
}

Result<KeySlotFile> KeySlotFile::load(const QString& path, const KdfCost& cost)
{
    const Result<std::string> text = readSmallFile(path, tuning::kMaxKeyFileBytes);
    if (!text && text.error().code == ErrorCode::LimitExceeded)
        return damaged(text.error().context);
    if (!text)
        return fail(text.error());
    return parse(*text, cost);
}

std::string KeySlotFile::text() const
{
    Json json = Json::object();
    json.set("format", kFormat);
    json.set("databaseId", m_databaseId);
    json.set("keyVersion", m_keyVersion);
    json.set("rotating", m_rotating);
    Json& slots = json.arrayAt("slots");
    for (const KeySlot& slot : m_slots)
        slots.append(slotToJson(slot));
    return json.dump();
}

Result<void> KeySlotFile::save(const QString& path) const
{
    if (m_slots.empty())
        return fail(ErrorCode::InvalidArgument, "no slot");
    const std::string content = text();
    if (content.size() > tuning::kMaxKeyFileBytes)
        return fail(ErrorCode::LimitExceeded, "key file");
    return writeFileAtomically(path, content);
}

std::vector<SlotInfo> KeySlotFile::slots() const
{
    std::vector<SlotInfo> infos;
    infos.reserve(m_slots.size());
    for (const KeySlot& slot : m_slots)
        infos.push_back(slot.info);
    return infos;
}

bool KeySlotFile::hasSlot(SlotKind kind) const
{
    return std::any_of(m_slots.begin(), m_slots.end(),
                       [kind](const KeySlot& slot) { return slot.info.kind == kind; });
}

QStringList KeySlotFile::userNames() const
{
    QStringList names;
    for (const KeySlot& slot : m_slots) {
        if (slot.info.kind == SlotKind::Password)
            names.append(QString::fromStdString(slot.info.userName));
    }
    return names;
}

std::optional<SlotInfo> KeySlotFile::passwordSlot(const QString& userName) const
{
    const KeySlot* slot = findUser(userName);
    return slot ? std::optional(slot->info) : std::nullopt;
}

const KeySlot* KeySlotFile::findUser(const QString& userName) const
{
    const QString name = comparedName(userName);
    const auto found = std::find_if(m_slots.begin(), m_slots.end(), [&name](const KeySlot& slot) {
        return slot.info.kind == SlotKind::Password && comparedName(slot.info) == name;
    });
    return found == m_slots.end() ? nullptr : &*found;
}

const KeySlot* KeySlotFile::findOnly(SlotKind kind) const
{
    const auto found = std::find_if(m_slots.begin(), m_slots.end(),
                                    [kind](const KeySlot& slot) { return slot.info.kind == kind; });
    return found == m_slots.end() ? nullptr : &*found;
}

/// Whether these are the keys that the slots hold: sealing others to a new slot would make it open garbage.
Result<void> KeySlotFile::checkKeys(const DataKeys& keys) const
{
    if (keys.current.size() != kKeyBytes || keys.next.has_value() != m_rotating ||
        (keys.next && keys.next->size() != kKeyBytes))
        return fail(ErrorCode::InvalidArgument, "keys");
    const auto fits = [&](const KeySlot& slot) {
        return isVouchedFor(slot, slot.keys.front(), keys.current, m_databaseId) &&
               (!keys.next || isVouchedFor(slot, slot.keys.back(), *keys.next, m_databaseId));
    };
    // One that fits is enough: another that does not is beginRotation's business.
    if (!m_slots.empty() && std::none_of(m_slots.begin(), m_slots.end(), fits))
        return fail(ErrorCode::InvalidArgument, "keys");
    return {};
}

Result<void> KeySlotFile::sealKeys(KeySlot& slot, const DataKeys& keys) const
{
    if (auto sealed = sealDataKey(slot, m_keyVersion, keys.current, m_databaseId); !sealed)
        return sealed;
    if (keys.next)
        return sealDataKey(slot, m_keyVersion + 1, *keys.next, m_databaseId);
    return {};
}

Result<void> KeySlotFile::addPasswordSlot(const DataKeys& keys, const PasswordOwner& owner,
                                          const QString& password, const SecretBytes* deviceSecret)
{
    if (owner.userId.isEmpty() || !isUserName(normalisedName(owner.userName)) || owner.verifierVersion < 0)
        return fail(ErrorCode::InvalidArgument, "owner");
    if (deviceSecret && deviceSecret->size() < kKeyBytes)
        return fail(ErrorCode::InvalidArgument, "device secret");
    if (auto checked = checkKeys(keys); !checked)
        return checked;
    if (m_slots.size() >= tuning::kMaxKeySlots)
        return fail(ErrorCode::LimitExceeded, "slots");
    const bool taken = std::any_of(m_slots.begin(), m_slots.end(), [&owner](const KeySlot& slot) {
        return slot.info.userId == owner.userId;
    });
    if (taken || findUser(owner.userName))
        return fail(ErrorCode::AlreadyExists);

    KeySlot slot;
    slot.info = {SlotKind::Password, owner.userId, normalisedName(owner.userName).toStdString(),
                 owner.verifierVersion, deviceSecret != nullptr};
    slot.cost = m_cost;
    drawSalt(slot);
    const Result<SecretBytes> kek =
        passwordKek(slot, password, deviceSecret ? deviceSecret->clone() : SecretBytes());
    if (!kek)
        return fail(kek.error());
    makeKeyPair(slot, *kek, m_databaseId);
    if (auto sealed = sealKeys(slot, keys); !sealed)
        return sealed;
    m_slots.push_back(std::move(slot));
    return {};
}

Result<void> KeySlotFile::setOnly(KeySlot slot, const DataKeys& keys, const SecretBytes& secret)
{
    if (auto checked = checkKeys(keys); !checked)
        return checked;
    const KeySlot* older = findOnly(slot.info.kind);
    if (!older && m_slots.size() >= tuning::kMaxKeySlots)
        return fail(ErrorCode::LimitExceeded, "slots");
    drawSalt(slot);
    makeKeyPair(slot, randomSecretKek(slot, secret), m_databaseId);
    if (auto sealed = sealKeys(slot, keys); !sealed)
        return sealed;
    if (older)
        m_slots[static_cast<std::size_t>(older - m_slots.data())] = std::move(slot);
    else
        m_slots.push_back(std::move(slot));
    return {};
}

Result<void> KeySlotFile::setDeviceSlot(const DataKeys& keys, const SecretBytes& deviceSecret)
{
    if (deviceSecret.size() < kKeyBytes)
        return fail(ErrorCode::InvalidArgument, "device secret");
    KeySlot slot;
    slot.info.kind = SlotKind::Device;
    return setOnly(std::move(slot), keys, deviceSecret);
}

Result<RecoveryCode> KeySlotFile::setRecoverySlot(const DataKeys& keys)
{
    RecoveryCode code = RecoveryCode::generate();
    KeySlot slot;
    slot.info.kind = SlotKind::Recovery;
    if (const auto set = setOnly(std::move(slot), keys, code.bits()); !set)
        return fail(set.error());
    return code;
}

Result<UnlockedKeys> KeySlotFile::unlock(const KeySlot& slot, const SecretBytes& kek) const
{
    Result<std::vector<SecretBytes>> keys = openDataKeys(slot, kek, m_databaseId);
    if (!keys)
        return fail(keys.error());
    UnlockedKeys unlocked{slot.info, {std::move(keys->front()), std::nullopt}};
    if (m_rotating)
        unlocked.keys.next = std::move(keys->back());
    return unlocked;
}

Result<UnlockedKeys> KeySlotFile::unlockWithPassword(const QString& userName, const QString& password,
                                                     const DeviceSecretSource& source) const
{
    const KeySlot* slot = findUser(userName);
    if (!slot)
        return fail(ErrorCode::WrongPassword);
    Result<SecretBytes> secret = slot->info.needsDeviceSecret ? fetch(source) : SecretBytes();
    if (!secret)
        return fail(secret.error());
    const Result<SecretBytes> kek = passwordKek(*slot, password, *secret);
    if (!kek)
        return fail(kek.error());
    return unlock(*slot, *kek);
}

Result<UnlockedKeys> KeySlotFile::unlockWithDeviceSecret(const SecretBytes& deviceSecret) const
{
    const KeySlot* slot = findOnly(SlotKind::Device);
    if (!slot)
        return fail(ErrorCode::NotFound, "device slot");
    return unlock(*slot, randomSecretKek(*slot, deviceSecret));
}

Result<UnlockedKeys> KeySlotFile::unlockWithRecoveryCode(const RecoveryCode& code) const
{
    const KeySlot* slot = findOnly(SlotKind::Recovery);
    if (!slot)
        return fail(ErrorCode::NotFound, "recovery slot");
    return unlock(*slot, randomSecretKek(*slot, code.bits()));
}

Result<void> KeySlotFile::changePassword(const QString& userName, const QString& oldPassword,
                                         const QString& newPassword, std::int64_t verifierVersion,
                                         const DeviceSecretSource& source)
{
    SecretBytes deviceSecret;
    const DeviceSecretSource remembering = [&]() -> Result<SecretBytes> {
        Result<SecretBytes> secret = fetch(source);
        if (secret)
            deviceSecret = secret->clone();
        return secret;
    };
    const Result<UnlockedKeys> unlocked = unlockWithPassword(userName, oldPassword, remembering);
    if (!unlocked)
        return fail(unlocked.error());

    // Made beside the file, so that nothing has changed when it fails.
    const KeySlot* slot = findUser(userName);
    KeySlotFile others = *this;
    const auto index = static_cast<std::size_t>(slot - m_slots.data());
    others.m_slots.erase(others.m_slots.begin() + static_cast<std::ptrdiff_t>(index));
    const PasswordOwner owner{slot->info.userId, QString::fromStdString(slot->info.userName),
                              verifierVersion};
    auto added = others.addPasswordSlot(unlocked->keys, owner, newPassword,
                                        slot->info.needsDeviceSecret ? &deviceSecret : nullptr);
    if (!added)
        return added;
    m_slots[index] = std::move(others.m_slots.back());
    return {};
}

Result<void> KeySlotFile::removePasswordSlot(const AccountId& userId)
{
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (m_slots[i].info.kind == SlotKind::Password && m_slots[i].info.userId == userId)
            return removeAt(i);
    }
    return fail(ErrorCode::NotFound, "password slot");
}

Result<void> KeySlotFile::removeOnly(SlotKind kind)
{
    const KeySlot* slot = findOnly(kind);
    if (!slot)
        return fail(ErrorCode::NotFound, std::string(slotKindName(kind)) + " slot");
    return removeAt(static_cast<std::size_t>(slot - m_slots.data()));
}

Result<void> KeySlotFile::removeAt(std::size_t index)
{
    if (m_slots.size() == 1)
        return fail(ErrorCode::InvalidArgument, "last slot");
    m_slots.erase(m_slots.begin() + static_cast<std::ptrdiff_t>(index));
    return {};
}

Result<void> KeySlotFile::beginRotation(const SecretBytes& currentKey, const SecretBytes& newKey)
{
    if (m_rotating)
        return fail(ErrorCode::AlreadyExists, "rotation");
    if (newKey.size() != kKeyBytes || m_slots.empty())
        return fail(ErrorCode::InvalidArgument, "newKey");
    std::vector<KeySlot> slots = m_slots;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (!isVouchedFor(slots[i], slots[i].keys.front(), currentKey, m_databaseId))
            return damaged(slotName(i) + ".tag");
        if (auto sealed = sealDataKey(slots[i], m_keyVersion + 1, newKey, m_databaseId); !sealed)
            return sealed;
    }
    m_slots = std::move(slots);
    m_rotating = true;
    return {};
}

Result<void> KeySlotFile::finishRotation()
{
    if (!m_rotating)
        return fail(ErrorCode::InvalidArgument, "no rotation");
    for (KeySlot& slot : m_slots)
        slot.keys.erase(slot.keys.begin());
    m_rotating = false;
    ++m_keyVersion;
    return {};
}

Result<void> KeySlotFile::cancelRotation()
{
    if (!m_rotating)
        return fail(ErrorCode::InvalidArgument, "no rotation");
    for (KeySlot& slot : m_slots)
        slot.keys.pop_back();
    m_rotating = false;
    return {};
}

} // namespace yarrow
