// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/sealed_edits.h"

#include "core/crypto.h"
#include "models/store/transfer/partial_file.h"

#include <fstream>
#include <utility>

namespace yarrow {
namespace {

constexpr std::string_view kFormat = "yarrow-sealed-edits";
constexpr std::size_t kKeyBytes = 32;

std::string additionalData(std::int64_t number, bool isLast)
{
    return std::string(kFormat) + " " + std::to_string(number) + (isLast ? " last" : "");
}

tl::unexpected<Error> damaged(const char* what)
{
    return fail(ErrorCode::InvalidArgument, std::string("the sealed file: ") + what);
}

Result<SecretBytes> keyOf(const std::string& header, const RecoveryCode& code)
{
    const auto json = Json::parse(header);
    if (!json || (*json)["format"].string() != kFormat)
        return damaged("no export of unsent edits");
    const auto keyFile = KeySlotFile::parse((*json)["keys"].dump());
    if (!keyFile)
        return damaged("its key cannot be read");
    auto unlocked = keyFile->unlockWithRecoveryCode(code);
    if (!unlocked)
        return fail(unlocked.error());
    return std::move(unlocked->keys.current);
}

} // namespace

Result<EditSealer> EditSealer::create(KeySlotFile keyFile, const DataKeys& keys)
{
    if (!keyFile.hasSlot(SlotKind::Recovery))
        return fail(ErrorCode::NotFound, "recovery slot");
    for (const SlotInfo& slot : keyFile.slots()) {
        Result<void> removed;
        if (slot.kind == SlotKind::Password)
            removed = keyFile.removePasswordSlot(slot.userId);
        else if (slot.kind == SlotKind::Device)
            removed = keyFile.removeDeviceSlot();
        if (!removed)
            return fail(removed.error());
    }
    SecretBytes key = crypto::randomSecret(kKeyBytes);
    if (auto begun = keyFile.beginRotation(keys.current, key); !begun)
        return fail(begun.error());
    if (auto finished = keyFile.finishRotation(); !finished)
        return fail(finished.error());
    return EditSealer(std::move(keyFile), std::move(key));
}

std::string EditSealer::header() const
{
    auto keys = Json::parse(m_keyFile.text());
    YARROW_ASSERT(keys.has_value());
    Json header = Json::object();
    header.set("format", kFormat);
    header.set("keys", std::move(*keys));
    return header.dump();
}

std::string EditSealer::line(std::string_view piece, bool isLast)
{
    return crypto::toBase64(crypto::seal(m_key.span(), crypto::bytesOf(piece),
                                         crypto::bytesOf(additionalData(m_number++, isLast))));
}

Result<void> openSealedEdits(const std::filesystem::path& sealed, const RecoveryCode& code,
                             const std::filesystem::path& target)
{
    std::error_code error;
    if (std::filesystem::exists(target, error))
        return fail(ErrorCode::AlreadyExists, target.filename().string());
    std::ifstream in(sealed, std::ios::binary);
    if (!in)
        return fail(ErrorCode::Io, sealed.filename().string());
    std::string line;
    std::getline(in, line);
    const auto key = keyOf(line, code);
    if (!key)
        return fail(key.error());
    PartialFile out(target);
    if (auto opened = out.open(); !opened)
        return opened;
    bool isWhole = false;
    for (std::int64_t number = 0; std::getline(in, line); ++number) {
        const auto bytes = crypto::fromBase64(line);
        if (!bytes || isWhole)
            return damaged("damaged");
        auto piece = crypto::open(key->span(), *bytes, crypto::bytesOf(additionalData(number, false)));
        if (!piece) {
            piece = crypto::open(key->span(), *bytes, crypto::bytesOf(additionalData(number, true)));
            isWhole = true;
        }
        if (!piece)
            return damaged("damaged");
        const auto text = piece->span();
        if (auto written =
                out.write({reinterpret_cast<const char*>(text.data()), text.size()}); // NOLINT: bytes
            !written)
            return written;
    }
    if (!isWhole)
        return damaged("it is cut off");
    if (auto flushed = out.flush(); !flushed)
        return flushed;
    return out.finish();
}

} // namespace yarrow
