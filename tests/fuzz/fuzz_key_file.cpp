// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/key_slot_file.h"

#include <cstdint>
#include <cstdlib>

/// The key-slot file comes with a profile or a backup that someone else may have written. What parses must
/// write to a text that parses to the same file, and opening it must fail in peace.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace yarrow;
    const KdfCost cheap{2, 1, 1};
    const auto file = KeySlotFile::parse({reinterpret_cast<const char*>(data), size}, cheap);
    if (!file)
        return 0;
    const auto again = KeySlotFile::parse(file->text(), cheap);
    if (!again || !(*again == *file))
        std::abort();

    if (file->unlockWithDeviceSecret(SecretBytes(32)))
        std::abort();
    for (const SlotInfo& slot : file->slots())
        (void)file->passwordSlot(QString::fromStdString(slot.userName));
    KeySlotFile rotating = *file;
    if (rotating.beginRotation(SecretBytes(32), SecretBytes(32)))
        std::abort();
    return 0;
}
