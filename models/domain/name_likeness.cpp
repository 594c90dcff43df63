// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/name_likeness.h"

#include "core/romanise.h"
#include "core/text_fold.h"

#include <algorithm>
#include <array>

namespace yarrow {
namespace {

constexpr std::string_view kSounds = "abfklmrst";
constexpr std::size_t kLongestKey = 8;

bool isVowel(char c)
{
    return std::string_view("aeiouyjh").find(c) != std::string_view::npos;
}

bool isLetter(char c)
{
    return c >= 'a' && c <= 'z';
}

/// The class of the consonant at `at`, and how many letters spell it. 0: none, a vowel.
std::pair<char, std::size_t> soundAt(std::string_view word, std::size_t at)
{
    struct Spelling
    {
        std::string_view letters;
        char sound;
    };
    // Longest first.
    static constexpr std::array kSpellings{
        Spelling{"tsch", 's'}, Spelling{"sch", 's'}, Spelling{"tch", 's'}, Spelling{"shch", 's'},
        Spelling{"ph", 'f'},   Spelling{"sh", 's'},  Spelling{"zh", 's'},  Spelling{"cz", 's'},
        Spelling{"ts", 's'},   Spelling{"tz", 's'},  Spelling{"ch", 'k'},  Spelling{"ck", 'k'},
        Spelling{"dt", 't'},   Spelling{"th", 't'},  Spelling{"kh", 'k'},  Spelling{"gh", 'k'}};
    const std::string_view rest = word.substr(at);
    for (const Spelling& spelling : kSpellings) {
        if (rest.starts_with(spelling.letters))
            return {spelling.sound, spelling.letters.size()};
    }
    switch (rest.front()) {
    case 'b':
    case 'p':
        return {'b', 1};
    case 'f':
    case 'v':
    case 'w':
        return {'f', 1};
    case 'c': // before e, i and y it hisses
        return {rest.size() > 1 && std::string_view("eiy").find(rest[1]) != std::string_view::npos ? 's'
                                                                                                   : 'k',
                1};
    case 'g':
    case 'k':
    case 'q':
        return {'k', 1};
    case 'd':
    case 't':
        return {'t', 1};
    case 'm':
    case 'n':
        return {'m', 1};
    case 's':
    case 'x':
    case 'z':
        return {'s', 1};
    case 'l':
        return {'l', 1};
    case 'r':
        return {'r', 1};
    default:
        return {0, 1};
    }
}

bool isParticle(const std::string& word)
{
    static constexpr std::array<std::string_view, 24> kParticles{
        "al", "bin", "bint", "da", "de", "del", "della", "den", "der",   "di",  "dos", "du",
        "e",  "el",  "ibn",  "la", "le", "te",  "ten",   "van", "vande", "von", "y",   "zu"};
    return std::find(kParticles.begin(), kParticles.end(), word) != kParticles.end();
}

} // namespace

double jaroWinkler(std::string_view a, std::string_view b)
{
    if (a == b)
        return a.empty() ? 0.0 : 1.0;
    if (a.empty() || b.empty())
        return 0;
    const std::size_t window = std::max<std::size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
    std::vector<bool> takenA(a.size(), false);
    std::vector<bool> takenB(b.size(), false);
    std::size_t common = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t end = std::min(i + window + 1, b.size());
        for (std::size_t j = i > window ? i - window : 0; j < end; ++j) {
            if (takenB[j] || a[i] != b[j])
                continue;
            takenA[i] = true;
            takenB[j] = true;
            ++common;
            break;
        }
    }
    if (common == 0)
        return 0;
    std::size_t misplaced = 0;
    for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
        if (!takenA[i])
            continue;
        while (!takenB[j])
            ++j;
        misplaced += a[i] == b[j] ? 0 : 1;
        ++j;
    }
    const auto m = static_cast<double>(common);
    const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                         (m - static_cast<double>(misplaced) / 2) / m) /
                        3;
    std::size_t beginning = 0;
    while (beginning < std::min({a.size(), b.size(), std::size_t(4)}) && a[beginning] == b[beginning])
        ++beginning;
    return jaro + static_cast<double>(beginning) * 0.1 * (1 - jaro);
}

std::vector<std::string> nameWords(const QString& name)
{
    const std::string folded = romanise(foldForSearch(name.toStdString()));
    std::vector<std::string> words;
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t end = std::min(folded.find(' ', at), folded.size());
        if (end > at)
            words.push_back(folded.substr(at, end - at));
        at = end + 1;
    }
    if (!std::all_of(words.begin(), words.end(), isParticle))
        std::erase_if(words, isParticle);
    return words;
}

std::string soundKey(std::string_view word)
{
    if (word.empty())
        return {};
    if (std::any_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return std::string(word);
    std::string key;
    if (isVowel(word.front()))
        key = "a";
    for (std::size_t at = 0; at < word.size() && key.size() < kLongestKey;) {
        const auto [sound, letters] = soundAt(word, at);
        at += letters;
        if (sound != 0 && (key.empty() || key.back() != sound))
            key += sound;
    }
    return std::any_of(word.begin(), word.end(), isLetter) ? key : std::string();
}

std::vector<std::string> neighbouringKeys(const std::string& key)
{
    std::vector<std::string> keys;
    for (std::size_t at = 0; at <= key.size(); ++at) {
        if (at < key.size())
            keys.push_back(std::string(key).erase(at, 1));
        for (const char sound : kSounds) {
            if (sound == 'a' && at != 0)
                continue;
            if (at < key.size())
                keys.push_back(std::string(key).replace(at, 1, 1, sound));
            keys.push_back(std::string(key).insert(at, 1, sound));
        }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::erase(keys, key);
    std::erase(keys, std::string());
    return keys;
}

} // namespace yarrow
