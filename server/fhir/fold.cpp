// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/index_values.h"

#include <algorithm>
#include <iterator>

namespace yarrow::server::fhir {
namespace {

/// What letters outside ASCII become, two characters for each code point from `first` on; spaces: it is kept.
struct Letters
{
    char32_t first;
    std::string_view folded;
};

constexpr Letters kLatin{
    0xC0, // Latin-1 Supplement, Latin Extended-A and -B
    "a a a a a a aec e e e e i i i i d n o o o o o   o u u u u y thssa a a a a a aec e e e e i i i i "
    "d n o o o o o   o u u u u y thy a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g "
    "g g g g h h h h i i i i i i i i i i ijijj j k k q l l l l l l l l l l n n n n n n n n n o o o o "
    "o o oeoer r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s "
    "b b         o c c d d       e e e f f g g   i i k k l     n n   o o                     t t t u "
    "u   v y y z z                           dzdzdzljljljnjnjnja a i i o o u u u u u u u u u u e a a "
    "a a aeaeg g g g k k o o o o     j dzdzdzg g     n n a a aeaeo o a a a a e e e e i i i i o o o o "
    "r r r r u u u u s s t t     h h n       z z a a e e o o o o o o o o y y       j       c c l     "
    "      b u       j j     r r y y "};
constexpr Letters kLatinAdditional{
    0x1E00, "a a b b b b b b c c d d d d d d d d d d e e e e e e e e e e f f g g h h h h h h h h h h i i i i "
            "k k k k k k l l l l l l l l m m m m m m n n n n n n n n o o o o o o o o p p p p r r r r r r r r "
            "s s s s s s s s s s t t t t t t t t u u u u u u u u u u v v v v w w w w w w w w w w x x x x y y "
            "z z z z z z h t w y a s     ss  a a a a a a a a a a a a a a a a a a a a a a a a e e e e e e e e "
            "e e e e e e e e i i i i o o o o o o o o o o o o o o o o o o o o o o o o u u u u u u u u u u u u "
            "u u y y y y y y y y             "};
static_assert(kLatin.folded.size() == (0x250 - 0xC0) * 2 && kLatinAdditional.folded.size() == 0x100 * 2);

constexpr std::string_view foldedLetter(const Letters& letters, char32_t c) noexcept
{
    if (c < letters.first || c >= letters.first + letters.folded.size() / 2)
        return {};
    const std::string_view two = letters.folded.substr((c - letters.first) * 2, 2);
    return two.substr(0, two.find(' '));
}

constexpr bool isBetween(char32_t c, char32_t first, char32_t last) noexcept
{
    return c >= first && c <= last;
}

constexpr bool isApostrophe(char32_t c) noexcept
{
    return c == U'\'' || c == U'`' || c == 0xB4 || isBetween(c, 0x2B9, 0x2BD) || c == 0x5F3 || c == 0x2018 ||
           c == 0x2019 || c == 0x201B || c == 0x2032 || c == 0xA78C || c == 0xFF07;
}

/// Combining marks and what is not seen: zero-width joiners, soft hyphens.
constexpr bool isDropped(char32_t c) noexcept
{
    return isBetween(c, 0x300, 0x36F) || c == 0xAD || isBetween(c, 0x200B, 0x200F) || c == 0x2060 ||
           c == 0xFEFF || isApostrophe(c);
}

/// Punctuation, symbols and spaces of the blocks that Latin texts use.
constexpr bool isGap(char32_t c) noexcept
{
    return c < 0xC0 || c == 0xD7 || c == 0xF7 || isBetween(c, 0x2000, 0x206F) || c == 0x3000;
}

/// The character that begins at `at`, which moves behind it. `text` is UTF-8.
char32_t next(std::string_view text, std::size_t& at) noexcept
{
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80)
        return lead;
    char32_t c = lead < 0xE0 ? lead & 0x1FU : lead < 0xF0 ? lead & 0x0FU : lead & 0x07U;
    for (; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80; ++at)
        c = c << 6U | (static_cast<unsigned char>(text[at]) & 0x3FU);
    return c;
}

} // namespace

std::string fold(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool isBetweenWords = false;
    const auto append = [&out, &isBetweenWords](std::string_view letters) {
        if (isBetweenWords && !out.empty())
            out += ' ';
        isBetweenWords = false;
        out += letters;
    };
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const char32_t c = next(text, at);
        if (isBetween(c, U'a', U'z') || isBetween(c, U'0', U'9')) {
            append(text.substr(start, 1));
        } else if (isBetween(c, U'A', U'Z')) {
            const char lower = static_cast<char>(c | 0x20U);
            append({&lower, 1});
        } else if (isDropped(c)) {
            continue;
        } else if (isGap(c)) {
            isBetweenWords = true;
        } else if (const auto letter = foldedLetter(c < 0x1E00 ? kLatin : kLatinAdditional, c);
                   !letter.empty()) {
            append(letter);
        } else {
            append(text.substr(start, at - start));
        }
    }
    return out;
}

std::string phoneDigits(std::string_view text)
{
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    if (digits.starts_with("00"))
        digits.erase(0, 2);
    return digits;
}

} // namespace yarrow::server::fhir
