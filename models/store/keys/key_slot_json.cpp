// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/key_slot.h"

#include <algorithm>

namespace yarrow {
namespace {

constexpr std::int64_t kSlotVersion = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kPublicKeyBytes = 32;
constexpr std::size_t kTagBytes = 32;
constexpr std::size_t kSealOverhead = 12 + 16;
constexpr std::size_t kWrappedKeyBytes = 32 + kSealOverhead;
constexpr std::size_t kSealedKeyBytes = 32 + 32 + kSealOverhead;

/// Reads the members of one object and remembers the first that is not as it must be. Every member must be
/// asked for exactly once: the file is ours alone, so an unknown member is damage.
class Fields
{
public:
    explicit Fields(const Json& json)
        : m_json(json)
    {
        if (!json.isObject())
            refuse("not an object");
    }

    const Json& member(std::string_view name)
    {
        ++m_read;
        return m_json[name];
    }

    std::string_view text(std::string_view name)
    {
        const Json& value = member(name);
        if (!value.isString())
            refuse(name);
        return value.string();
    }

    bool boolean(std::string_view name)
    {
        const std::optional<bool> value = member(name).boolean();
        if (!value)
            refuse(name);
        return value.value_or(false);
    }

    std::int64_t integer(std::string_view name, std::int64_t least)
    {
        const std::optional<std::int64_t> value = member(name).integer();
        if (!value || *value < least)
            refuse(name);
        return value.value_or(least);
    }

    std::uint64_t count(std::string_view name)
    {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(integer(name, 1), 1));
    }

    crypto::Bytes bytes(std::string_view name, std::size_t size)
    {
        const std::string_view encoded = text(name);
        Result<crypto::Bytes> decoded = crypto::fromBase64(encoded);
        // One value, one spelling: the bits behind the last byte must be zero.
        if (!decoded || decoded->size() != size || crypto::toBase64(*decoded) != encoded) {
            refuse(name);
            return {};
        }
        return std::move(*decoded);
    }

    void refuse(std::string_view what)
    {
        if (m_problem.empty())
            m_problem = what;
    }

    Result<void> finish()
    {
        if (m_problem.empty() && m_json.members().size() != m_read)
            refuse("unknown member");
        if (!m_problem.empty())
            return fail(ErrorCode::KeyFileDamaged, m_problem);
        return {};
    }

private:
    const Json& m_json;
    std::size_t m_read = 0;
    std::string m_problem;
};

Json number(std::uint64_t value)
{
    return Json::number(std::to_string(value));
}

Json base64(const crypto::Bytes& bytes)
{
    return crypto::toBase64(bytes);
}

Json costToJson(const KdfCost& cost)
{
    Json json = Json::object();
    json.set("n", number(cost.n));
    json.set("r", number(cost.r));
    json.set("p", number(cost.p));
    return json;
}

Result<KdfCost> costFromJson(const Json& json, const KdfCost& floor)
{
    Fields fields(json);
    const KdfCost cost{fields.count("n"), fields.count("r"), fields.count("p")};
    if (!fields.finish() || !isAcceptable(cost, floor))
        return fail(ErrorCode::KeyFileDamaged, "scrypt");
    return cost;
}

Json sealedKeyToJson(const SealedDataKey& key)
{
    Json json = Json::object();
    json.set("version", key.version);
    json.set("sealed", base64(key.sealed));
    json.set("tag", base64(key.tag));
    return json;
}

Result<SealedDataKey> sealedKeyFromJson(const Json& json)
{
    Fields fields(json);
    SealedDataKey key;
    key.version = fields.integer("version", 1);
    key.sealed = fields.bytes("sealed", kSealedKeyBytes);
    key.tag = fields.bytes("tag", kTagBytes);
    if (const auto read = fields.finish(); !read)
        return fail(ErrorCode::KeyFileDamaged, "keys." + read.error().context);
    return key;
}

std::optional<SlotKind> kindOf(std::string_view name)
{
    for (const SlotKind kind : {SlotKind::Password, SlotKind::Device, SlotKind::Recovery}) {
        if (name == slotKindName(kind))
            return kind;
    }
    return {};
}

void readOwner(Fields& fields, SlotInfo& info)
{
    Result<AccountId> user = AccountId::parse(fields.text("userId"));
    if (user)
        info.userId = std::move(*user);
    else
        fields.refuse("userId");
    info.userName = fields.text("userName");
    const QString name = QString::fromStdString(info.userName);
    if (!isUserName(name) || name.normalized(QString::NormalizationForm_C).toStdString() != info.userName)
        fields.refuse("userName");
    info.verifierVersion = fields.integer("verifierVersion", 0);
    info.needsDeviceSecret = fields.boolean("deviceSecret");
}

Result<KeySlot> readVersion1(const Json& json, const KdfCost& floor)
{
    Fields fields(json);
    KeySlot slot;
    (void)fields.integer("version", kSlotVersion);
    if (const std::optional<SlotKind> kind = kindOf(fields.text("kind")))
        slot.info.kind = *kind;
    else
        fields.refuse("kind");
    if (slot.info.kind == SlotKind::Password) {
        readOwner(fields, slot.info);
        const Result<KdfCost> cost = costFromJson(fields.member("scrypt"), floor);
        if (cost)
            slot.cost = *cost;
        else
            fields.refuse("scrypt");
    }
    slot.salt = fields.bytes("salt", kSaltBytes);
    slot.publicKey = fields.bytes("publicKey", kPublicKeyBytes);
    slot.wrappedPrivateKey = fields.bytes("privateKey", kWrappedKeyBytes);
    for (const Json& item : fields.member("keys").items()) {
        Result<SealedDataKey> key = sealedKeyFromJson(item);
        if (!key)
            return fail(key.error());
        slot.keys.push_back(std::move(*key));
    }
    if (const auto read = fields.finish(); !read)
        return fail(read.error());
    return slot;
}

} // namespace

Json slotToJson(const KeySlot& slot)
{
    Json json = Json::object();
    json.set("version", kSlotVersion);
    json.set("kind", slotKindName(slot.info.kind));
    if (slot.info.kind == SlotKind::Password) {
        json.set("userId", slot.info.userId.text());
        json.set("userName", slot.info.userName);
        json.set("verifierVersion", slot.info.verifierVersion);
        json.set("deviceSecret", slot.info.needsDeviceSecret);
        json.set("scrypt", costToJson(slot.cost));
    }
    json.set("salt", base64(slot.salt));
    json.set("publicKey", base64(slot.publicKey));
    json.set("privateKey", base64(slot.wrappedPrivateKey));
    Json& keys = json.arrayAt("keys");
    for (const SealedDataKey& key : slot.keys)
        keys.append(sealedKeyToJson(key));
    return json;
}

Result<KeySlot> slotFromJson(const Json& json, const KdfCost& floor)
{
    const std::optional<std::int64_t> version = json["version"].integer();
    if (!version || *version < 1)
        return fail(ErrorCode::KeyFileDamaged, "version");
    if (*version > kSlotVersion)
        return fail(ErrorCode::Unsupported,
                    "found " + std::to_string(*version) + ", known " + std::to_string(kSlotVersion));
    return readVersion1(json, floor);
}

} // namespace yarrow
