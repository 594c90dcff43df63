// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace yarrow {

/// A data folder of one clinic on one workstation: where each file stands. Touches nothing itself.
class Profile
{
public:
    explicit Profile(std::filesystem::path folder)
        : m_folder(std::move(folder))
    {}

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return m_folder; }
    [[nodiscard]] std::filesystem::path database() const { return m_folder / "clinic.db"; }
    [[nodiscard]] std::filesystem::path keyFile() const { return m_folder / "keys.json"; }
    [[nodiscard]] std::filesystem::path throttleFile() const { return m_folder / "sign-in.json"; }
    /// There while the clinic is being wiped; see records/workstation_wipe.h.
    [[nodiscard]] std::filesystem::path wipeFile() const { return m_folder / "wipe"; }
    [[nodiscard]] std::filesystem::path backups() const { return m_folder / "backups"; }

    /// Whether a clinic was completely made here: the key file is written last.
    [[nodiscard]] bool hasClinic() const
    {
        std::error_code ignored;
        return std::filesystem::exists(keyFile(), ignored);
    }

private:
    std::filesystem::path m_folder;
};

} // namespace yarrow
