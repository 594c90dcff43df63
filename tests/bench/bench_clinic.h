// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"
#include "models/store/clinic.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// What the benchmarks of the store share: a clinic to measure, invented patients, a stopwatch.
namespace yarrow::bench {

[[noreturn]] inline void fatal(const char* what, const std::string& why)
{
    std::fprintf(stderr, "%s: %s\n", what, why.c_str());
    std::exit(2);
}

[[noreturn]] inline void fatal(const char* what, const Error& error)
{
    fatal(what, std::string(errorCodeName(error.code)) + " " + error.context);
}

class Stopwatch
{
public:
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

inline double percentile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1,
                           static_cast<std::size_t>(static_cast<double>(values.size()) * share))];
}

inline double median(const std::vector<double>& values)
{
    return percentile(values, 0.5);
}

class TemporaryFolder
{
public:
    TemporaryFolder()
        : m_path(std::filesystem::temp_directory_path() /
                 ("yarrow-bench-" + crypto::toHex(crypto::randomSecret(8).span())))
    {
        std::filesystem::create_directories(m_path);
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

/// A clinic with production settings but for the cost of a password, which is not what is measured.
class BenchClinic
{
public:
    explicit BenchClinic(const std::filesystem::path& folder)
        : m_profile(folder)
    {
        if (m_profile.hasClinic())
            return;
        const auto created = Clinic::create(m_profile,
                                            {QStringLiteral("Bench"), QTimeZone("Europe/Rome"),
                                             QStringLiteral("admin"), QStringLiteral("Admin"), password()},
                                            m_environment);
        if (!created)
            fatal("clinic", created.error());
    }

    [[nodiscard]] std::unique_ptr<Clinic> open(const QString& user = QStringLiteral("admin"))
    {
        auto clinic = Clinic::open(m_profile, user, password(), m_environment);
        if (!clinic)
            fatal("sign-in", clinic.error());
        return std::move(*clinic);
    }

    /// Past the command layer.
    [[nodiscard]] std::unique_ptr<Connection> connectBelow()
    {
        const auto file =
            KeySlotFile::load(QString::fromStdString(m_profile.keyFile().string()), m_environment.kdfCost);
        const auto keys = file->unlockWithPassword(QStringLiteral("admin"), password());
        auto connection = Connection::open(m_profile.database(), keys->keys.current, Connection::Mode::Write);
        if (!connection)
            fatal("connection", connection.error());
        return std::move(*connection);
    }

    [[nodiscard]] static QString password() { return QStringLiteral("violet anchor tram 19"); }
    [[nodiscard]] const StoreEnvironment& environment() const noexcept { return m_environment; }
    [[nodiscard]] const Profile& profile() const noexcept { return m_profile; }

private:
    Profile m_profile;
    SystemClock m_clock;
    UuidSource m_ids{m_clock};
    StoreEnvironment m_environment{m_clock, m_ids, nullptr, KdfCost{1U << 10U, 8, 1}};
};

/// A UUID spread over the whole range, as other systems' ids are, but the same for the same seed.
inline std::string spreadUuid(const std::string& seed)
{
    const crypto::Digest digest = crypto::sha256(crypto::bytesOf(seed));
    std::string hex = crypto::toHex(std::span(digest).first(16));
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        hex.insert(dash, 1, '-');
    return hex;
}

/// Invented names, enough of them that a family name is borne by some hundred of a million.
inline std::string familyName(int number)
{
    static constexpr const char* kFirst[] = {"Al",  "Bar", "Ca",  "Del", "El",  "Fer", "Gra",
                                             "Hol", "In",  "Jan", "Kel", "Lo",  "Mar", "Nor",
                                             "Ol",  "Pe",  "Qui", "Ro",  "Sal", "Tor"};
    static constexpr const char* kMiddle[] = {"ba", "ce", "di", "fo", "gu", "la", "me",
                                              "ni", "ro", "su", "ta", "ve", "zi"};
    static constexpr const char* kLast[] = {"ni",  "ssi", "mann", "son", "ez",    "ard",
                                            "ska", "lli", "berg", "tti", "court", "dal"};
    return std::string(kFirst[number % 20]) + kMiddle[number / 20 % 13] + kLast[number / 260 % 12];
}

inline std::string givenName(int number)
{
    static constexpr const char* kFirst[] = {"A", "Be", "Cla", "Da", "E",  "Fran", "Gio", "He",
                                             "I", "Ju", "Ka",  "Le", "Mi", "Na",   "O",   "Pa"};
    static constexpr const char* kLast[] = {"da",  "nno", "ra",   "vid",  "lla", "co",
                                            "ria", "len", "rene", "lius", "rin", "na"};
    return std::string(kFirst[number % 16]) + kLast[number / 16 % 12];
}

/// A Patient document; everything about it follows from its number.
inline std::string patientText(const std::string& id, int number)
{
    char birth[40];
    std::snprintf(birth, sizeof birth, "%04d-%02d-%02d", 1925 + number * 7 % 100, 1 + number % 12,
                  1 + number * 5 % 28);
    char phone[40];
    std::snprintf(phone, sizeof phone, "+39 3%02d %07d", number % 100, number * 7919 % 10'000'000);
    return R"({"resourceType":"Patient","id":")" + id +
           R"(","identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"https://clinic.example/mrn","value":"A-)" +
           std::to_string(100000 + number) + R"("}],"active":true,"name":[{"use":"official","family":")" +
           familyName(number * 31 + number / 3120) + R"(","given":[")" +
           givenName(number * 17 + number / 192) + R"("]}],"telecom":[{"system":"phone","value":")" + phone +
           R"(","use":"mobile"}],"gender":")" + (number % 2 ? "male" : "female") + R"(","birthDate":")" +
           birth +
           R"(","address":[{"line":["Invented Street 1"],"city":"Nowhere","postalCode":"00000","country":"IT"}]})";
}

} // namespace yarrow::bench
