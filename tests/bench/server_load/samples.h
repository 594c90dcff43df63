// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace yarrow::load {

/// Makes up records of the kinds, proportions and sizes that Synthea makes: per patient a few dozen
/// observations, encounters, procedures, conditions and medications. The same seed, the same records.
class Samples
{
public:
    explicit Samples(std::uint64_t seed)
        : m_random(seed)
        , m_prefix("s" + std::to_string(seed) + "-")
    {}

    struct Resource
    {
        std::string type;
        std::string id;
        std::string text;
    };
    [[nodiscard]] Resource next();
    [[nodiscard]] Resource patient();

private:
    int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(m_random); }
    std::string nextId() { return m_prefix + std::to_string(++m_count); }
    std::string day();
    std::string instant();
    std::string begin(const char* type, const std::string& id);
    Resource observation();
    Resource clinical(const char* type);

    std::mt19937_64 m_random;
    std::string m_prefix;
    std::int64_t m_count = 0;
    std::string m_patient;
    std::string m_encounter = "none";
};

/// A batch of `count` creations under the samples' ids, by `author`.
[[nodiscard]] std::string batchOf(Samples& samples, int count, const std::string& author);

} // namespace yarrow::load
