// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secret_bytes.h"
#include "models/store/keys/key_slot_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace yarrow {

/// Seals a text so that the clinic's recovery code opens it and nothing else does, although nobody needs the
/// code to seal: a key of its own is sealed to the recovery slot, as a rotation of the database's key would
/// be.
///
/// The file has lines. The first is JSON, `{"format":"yarrow-sealed-edits","keys":…}` with a key-slot file
/// that has the recovery slot alone. Each other one is base64 of a piece of the text, AES-256-GCM under that
/// key; the piece's number, and whether it is the last, are the additional data, so that none can be left
/// out, put elsewhere or cut off.
class EditSealer
{
public:
    /// `keyFile` and `keys` of the open clinic. NotFound "recovery slot" where there is no recovery code.
    [[nodiscard]] static Result<EditSealer> create(KeySlotFile keyFile, const DataKeys& keys);

    [[nodiscard]] std::string header() const;
    [[nodiscard]] std::string line(std::string_view piece, bool isLast);

private:
    EditSealer(KeySlotFile keyFile, SecretBytes key)
        : m_keyFile(std::move(keyFile))
        , m_key(std::move(key))
    {}

    KeySlotFile m_keyFile; ///< the recovery slot alone
    SecretBytes m_key;
    std::int64_t m_number = 0;
};

/// Writes in clear what a sealed file holds; a file that is there is not replaced (AlreadyExists).
/// WrongPassword when the code is not the clinic's; InvalidArgument for a file that is no such export, is
/// damaged or is not whole: nothing is written then.
[[nodiscard]] Result<void> openSealedEdits(const std::filesystem::path& sealed, const RecoveryCode& code,
                                           const std::filesystem::path& target);

} // namespace yarrow
