// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/key_slot.h"

#include "models/store/keys/key_file_tuning.h"

#include <QByteArray>
#include <QList>

#include <openssl/crypto.h>

#include <algorithm>

namespace yarrow {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSaltBytes = 16;

Json number(std::uint64_t value)
{
    return Json::number(std::to_string(value));
}

/// Additional data are the text of a JSON array: no two different lists have the same text. `what` keeps the
/// three uses apart, the number behind it is the version of this construction.
Json::Array binding(const char* what, const SlotInfo& info, const std::string& databaseId)
{
    return {Json("yarrow key slot"), Json(what), Json(1), Json(databaseId), Json(slotKindName(info.kind)),
            Json(info.userId.text())};
}

std::string privateKeyBinding(const KeySlot& slot, const std::string& databaseId)
{
    Json::Array parts = binding("private key", slot.info, databaseId);
    parts.emplace_back(slot.info.userName);
    parts.emplace_back(slot.info.verifierVersion);
    parts.emplace_back(slot.info.needsDeviceSecret);
    parts.emplace_back(crypto::toBase64(slot.publicKey));
    return Json(std::move(parts)).dump();
}

std::string dataKeyBinding(const KeySlot& slot, std::int64_t version, const std::string& databaseId)
{
    Json::Array parts = binding("data key", slot.info, databaseId);
    parts.emplace_back(version);
    return Json(std::move(parts)).dump();
}

crypto::Digest tagOf(const KeySlot& slot, const SealedDataKey& key, const SecretBytes& dataKey,
                     const std::string& databaseId)
{
    Json::Array parts = binding("tag", slot.info, databaseId);
    parts.emplace_back(key.version);
    parts.emplace_back(slot.info.userName);
    parts.emplace_back(slot.info.verifierVersion);
    parts.emplace_back(slot.info.needsDeviceSecret);
    parts.push_back(number(slot.cost.n));
    parts.push_back(number(slot.cost.r));
    parts.push_back(number(slot.cost.p));
    parts.emplace_back(crypto::toBase64(slot.salt));
    parts.emplace_back(crypto::toBase64(slot.publicKey));
    parts.emplace_back(crypto::toBase64(slot.wrappedPrivateKey));
    parts.emplace_back(crypto::toBase64(key.sealed));
    const SecretBytes tagKey =
        crypto::hkdf(dataKey.span(), crypto::bytesOf(databaseId), "yarrow key slot tag", kKeyBytes);
    return crypto::hmacSha256(tagKey.span(), crypto::bytesOf(Json(std::move(parts)).dump()));
}

} // namespace

const char* slotKindName(SlotKind kind) noexcept
{
    switch (kind) {
    case SlotKind::Password:
        return "password";
    case SlotKind::Device:
        return "device";
    case SlotKind::Recovery:
        return "recovery";
    }
    YARROW_ASSERT(false);
}

SecretBytes normalisedPassword(const QString& password)
{
    QString normalised = password.normalized(QString::NormalizationForm_C);
    QByteArray utf8 = normalised.toUtf8();
    SecretBytes secret(std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size())));
    OPENSSL_cleanse(utf8.data(), static_cast<std::size_t>(utf8.size()));
    // Text that was in NFC already is the caller's own, shared; writing to it would only wipe a fresh copy.
    if (normalised.isDetached())
        OPENSSL_cleanse(normalised.data(), static_cast<std::size_t>(normalised.size()) * sizeof(QChar));
    return secret;
}

Result<SecretBytes> passwordKek(const KeySlot& slot, const QString& password, const SecretBytes& secret)
{
    const SecretBytes text = normalisedPassword(password);
    const Result<SecretBytes> stretched =
        crypto::scrypt(text.span(), slot.salt, slot.cost.n, slot.cost.r, slot.cost.p, kKeyBytes);
    if (!stretched)
        return fail(stretched.error());
    SecretBytes input(kKeyBytes + secret.size());
    const auto end = std::copy(stretched->span().begin(), stretched->span().end(), input.span().begin());
    std::copy(secret.span().begin(), secret.span().end(), end);
    return crypto::hkdf(input.span(), slot.salt, "yarrow password slot", kKeyBytes);
}

SecretBytes randomSecretKek(const KeySlot& slot, const SecretBytes& secret)
{
    const bool device = slot.info.kind == SlotKind::Device;
    return crypto::hkdf(secret.span(), slot.salt, device ? "yarrow device slot" : "yarrow recovery slot",
                        kKeyBytes);
}

void drawSalt(KeySlot& slot)
{
    slot.salt.resize(kSaltBytes);
    crypto::fillRandom(slot.salt);
}

void makeKeyPair(KeySlot& slot, const SecretBytes& kek, const std::string& databaseId)
{
    crypto::X25519KeyPair pair = crypto::generateX25519();
    slot.keys.clear();
    slot.publicKey = std::move(pair.publicKey);
    slot.wrappedPrivateKey = crypto::seal(kek.span(), pair.privateKey.span(),
                                          crypto::bytesOf(privateKeyBinding(slot, databaseId)));
}

Result<void> sealDataKey(KeySlot& slot, std::int64_t version, const SecretBytes& dataKey,
                         const std::string& databaseId)
{
    Result<crypto::Bytes> sealed = crypto::sealTo(slot.publicKey, dataKey.span(),
                                                  crypto::bytesOf(dataKeyBinding(slot, version, databaseId)));
    if (!sealed)
        return fail(sealed.error());
    SealedDataKey key{version, std::move(*sealed), {}};
    const crypto::Digest tag = tagOf(slot, key, dataKey, databaseId);
    key.tag.assign(tag.begin(), tag.end());
    slot.keys.push_back(std::move(key));
    return {};
}

Result<std::vector<SecretBytes>> openDataKeys(const KeySlot& slot, const SecretBytes& kek,
                                              const std::string& databaseId)
{
    Result<SecretBytes> privateKey = crypto::open(kek.span(), slot.wrappedPrivateKey,
                                                  crypto::bytesOf(privateKeyBinding(slot, databaseId)));
    if (!privateKey)
        return fail(ErrorCode::WrongPassword);
    const crypto::X25519KeyPair pair{std::move(*privateKey), slot.publicKey};
    std::vector<SecretBytes> keys;
    for (const SealedDataKey& key : slot.keys) {
        Result<SecretBytes> dataKey = crypto::openSealed(
            pair, key.sealed, crypto::bytesOf(dataKeyBinding(slot, key.version, databaseId)));
        if (!dataKey || dataKey->size() != kKeyBytes)
            return fail(ErrorCode::KeyFileDamaged, "data key");
        if (!isVouchedFor(slot, key, *dataKey, databaseId))
            return fail(ErrorCode::KeyFileDamaged, "tag");
        keys.push_back(std::move(*dataKey));
    }
    return keys;
}

bool isVouchedFor(const KeySlot& slot, const SealedDataKey& key, const SecretBytes& dataKey,
                  const std::string& databaseId)
{
    return crypto::equalInConstantTime(tagOf(slot, key, dataKey, databaseId), key.tag);
}

bool isAcceptable(const KdfCost& cost, const KdfCost& floor)
{
    const bool powerOfTwo = cost.n > 1 && (cost.n & (cost.n - 1)) == 0;
    const bool enough = cost.n >= floor.n && cost.r >= floor.r && cost.p >= floor.p;
    const bool payable = cost.n <= tuning::kMaxScryptN && cost.r >= 1 && cost.r <= tuning::kMaxScryptR &&
                         cost.p >= 1 && cost.p <= tuning::kMaxScryptP &&
                         128 * cost.n * cost.r <= tuning::kMaxScryptBytes;
    return powerOfTwo && enough && payable;
}

bool isUserName(const QString& name)
{
    const QList<uint> points = name.toUcs4();
    return !points.isEmpty() && points.size() <= 64 && std::all_of(points.begin(), points.end(), [](uint c) {
        return QChar::isLetterOrNumber(c) || QChar::isMark(c) || c == U'.' || c == U'-' || c == U'_' ||
               c == U'@';
    });
}

} // namespace yarrow
