// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/password_rules.h"

#include "models/store/keys/key_file_tuning.h"

#include <QList>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace yarrow {
namespace {

/// A walk goes along one of these in either direction. Rows of the usual keyboards, their columns read one
/// after another, the alphabet, and the digits round and round.
constexpr std::array<std::u16string_view, 14> kWalks{
    u"01234567890123456789",
    u"qwertyuiop",
    u"asdfghjkl",
    u"zxcvbnm",
    u"qwertzuiopü",
    u"asdfghjklöä",
    u"yxcvbnm",
    u"azertyuiop",
    u"qsdfghjklm",
    u"wxcvbn",
    u"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    u"zaq12wsxcde34rfvbgt56yhn",
    u"abcdefghijklmnopqrstuvwxyz",
    u"!@#$%^&*()",
};
constexpr std::size_t kShortestWalk = 3;
constexpr std::size_t kLongestNumber = 4;
/// A password is judged by its beginning when it is longer; that many characters never have few parts by
/// chance.
constexpr std::size_t kJudgedLength = 256;

std::u16string folded(const QString& text)
{
    return text.normalized(QString::NormalizationForm_C).toCaseFolded().toStdU16String();
}

bool isAsciiDigit(char16_t c)
{
    return c >= u'0' && c <= u'9';
}

/// Whether `typed` is how people write `letter` to look clever.
bool standsFor(char16_t typed, char16_t letter)
{
    if (typed == letter)
        return true;
    switch (typed) {
    case u'0':
        return letter == u'o';
    case u'1':
    case u'!':
        return letter == u'i' || letter == u'l';
    case u'3':
        return letter == u'e';
    case u'4':
    case u'@':
        return letter == u'a';
    case u'5':
    case u'$':
        return letter == u's';
    case u'7':
        return letter == u't';
    case u'9':
        return letter == u'g';
    default:
        return false;
    }
}

bool startsWith(std::u16string_view text, std::u16string_view word)
{
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(),
                      [](char16_t letter, char16_t typed) { return standsFor(typed, letter); });
}

std::size_t runLength(std::u16string_view text)
{
    const std::size_t end = text.find_first_not_of(text.front());
    return end == std::u16string_view::npos ? text.size() : end;
}

std::size_t commonPrefix(std::u16string_view a, std::u16string_view b)
{
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t length = 0;
    while (length < most && a[length] == b[length])
        ++length;
    return length;
}

std::size_t walkLength(std::u16string_view text)
{
    std::size_t longest = 0;
    for (const std::u16string_view walk : kWalks) {
        const std::u16string backwards(walk.rbegin(), walk.rend());
        for (const std::u16string_view line : {walk, std::u16string_view(backwards)}) {
            for (std::size_t at = line.find(text.front()); at != std::u16string_view::npos;
                 at = line.find(text.front(), at + 1))
                longest = std::max(longest, commonPrefix(line.substr(at), text));
        }
    }
    return longest >= kShortestWalk ? longest : 0;
}

/// The fewest parts (see the header) that make up `text`.
int fewestParts(std::u16string_view text, const std::vector<std::u16string>& ownWords)
{
    std::vector<int> parts(text.size() + 1, static_cast<int>(text.size()));
    parts[0] = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::u16string_view rest = text.substr(at);
        const auto reach = [&parts, at](std::size_t length) {
            for (std::size_t end = at + 1; end <= at + length; ++end)
                parts[end] = std::min(parts[end], parts[at] + 1);
        };
        const auto reachWord = [&parts, at](std::size_t length) {
            parts[at + length] = std::min(parts[at + length], parts[at] + 1);
        };
        reach(std::max(runLength(rest), walkLength(rest)));
        std::size_t digits = 0;
        while (digits < std::min(rest.size(), kLongestNumber) && isAsciiDigit(rest[digits]))
            ++digits;
        reach(std::max<std::size_t>(digits, 1));
        for (const std::u16string_view word : common_passwords::words()) {
            if (startsWith(rest, word))
                reachWord(word.size());
        }
        for (const std::u16string& word : ownWords) {
            if (startsWith(rest, word))
                reachWord(word.size());
        }
    }
    return parts.back();
}

/// Whether the text is a piece shorter than a password written again and again; the last may be cut short.
bool repeatsShortPiece(std::u16string_view text)
{
    const std::size_t longest =
        std::min(text.size() / 2, static_cast<std::size_t>(tuning::kMinPasswordLength) - 1);
    for (std::size_t length = 1; length <= longest; ++length) {
        if (text.substr(length) == text.substr(0, text.size() - length))
            return true;
    }
    return false;
}

/// The names as a whole without spaces, and each of their words.
std::vector<std::u16string> split(const QStringList& names)
{
    std::vector<std::u16string> words;
    const auto add = [&words](const std::u16string& word) {
        if (word.size() >= 3)
            words.push_back(word);
    };
    for (const QString& name : names) {
        const std::u16string text = folded(name);
        std::u16string joined;
        std::u16string word;
        for (const char16_t c : text) {
            if (QChar(c).isLetterOrNumber() || QChar(c).isMark() || QChar(c).isSurrogate()) {
                word += c;
                continue;
            }
            add(word);
            joined += std::exchange(word, {});
        }
        add(word);
        add(joined + word);
        add(text);
    }
    return words;
}

bool isCommon(std::u16string_view text, const QStringList& ownWords)
{
    const auto known = common_passwords::passwords();
    if (std::find(known.begin(), known.end(), text) != known.end())
        return true;
    if (repeatsShortPiece(text))
        return true;
    return fewestParts(text.substr(0, kJudgedLength), split(ownWords)) < tuning::kMinPasswordParts;
}

} // namespace

Result<void> checkPassword(const QString& password, const QStringList& ownWords)
{
    if (password.normalized(QString::NormalizationForm_C).toUcs4().size() < tuning::kMinPasswordLength)
        return fail(ErrorCode::WeakPassword, "length");
    if (isCommon(folded(password), ownWords))
        return fail(ErrorCode::WeakPassword, "common");
    return {};
}

} // namespace yarrow
