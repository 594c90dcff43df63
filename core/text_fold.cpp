// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text_fold.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace yarrow {
namespace {

/// ASCII in lower case without apostrophes and with one space between words; other bytes as they are.
std::string foldAscii(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool isBetweenWords = false;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c | 0x20);
        const bool isWord =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (isWord) {
            if (isBetweenWords && !out.empty())
                out += ' ';
            isBetweenWords = false;
            out += c;
        } else if (c != '\'' && c != '`') {
            isBetweenWords = true;
        }
    }
    return out;
}

bool isApostrophe(char32_t c)
{
    switch (c) {
    case U'\'':
    case U'`':
    case U'\u00B4': // acute accent, typed as an apostrophe
    case U'\u02B9':
    case U'\u02BB': // ʻokina
    case U'\u02BC':
    case U'\u02BD':
    case U'\u05F3': // Hebrew geresh
    case U'\u2018':
    case U'\u2019':
    case U'\u201B':
    case U'\u2032':
    case U'\uA78C': // saltillo
    case U'\uFF07':
        return true;
    default:
        return false;
    }
}

/// Marks that change a letter, but are none themselves. Vowel signs of Indic and Thai scripts are marks of
/// class 0 and stay: without them other words would be left.
bool isDiacritic(char32_t c)
{
    return QChar::combiningClass(c) != 0 || c == U'\u034F' || (c >= U'\uFE00' && c <= U'\uFE0F');
}

/// Lower-case Latin letters that Unicode does not take apart; nullptr for all others.
const char* spellOut(char32_t c)
{
    switch (c) {
    case U'ß':
        return "ss";
    case U'æ':
        return "ae";
    case U'œ':
        return "oe";
    case U'þ':
        return "th";
    case U'ø':
    case U'ɔ':
        return "o";
    case U'ð':
    case U'đ':
    case U'ɖ':
    case U'ɗ':
        return "d";
    case U'ł':
    case U'ƚ':
        return "l";
    case U'ı':
    case U'ɨ':
    case U'ɩ':
        return "i";
    case U'ȷ':
    case U'ɉ':
        return "j";
    case U'ħ':
        return "h";
    case U'ŋ':
    case U'ɲ':
    case U'ƞ':
        return "n";
    case U'ŧ':
    case U'ƭ':
    case U'ʈ':
        return "t";
    case U'ĸ':
        return "q";
    case U'ƀ':
    case U'ɓ':
        return "b";
    case U'ƈ':
    case U'ȼ':
        return "c";
    case U'ə':
    case U'ǝ':
    case U'ɛ':
        return "e";
    case U'ƒ':
        return "f";
    case U'ǥ':
    case U'ɠ':
    case U'ɣ':
        return "g";
    case U'ƙ':
        return "k";
    case U'ɍ':
        return "r";
    case U'ʉ':
        return "u";
    case U'ʋ':
        return "v";
    case U'ƴ':
    case U'ɏ':
        return "y";
    case U'ƶ':
    case U'ȥ':
        return "z";
    default:
        return nullptr;
    }
}

void appendFolded(QString& out, char32_t c)
{
    if (isApostrophe(c)) // the small saltillo, which folding made of the capital one
        return;
    if (const char* letters = spellOut(c))
        out += QLatin1String(letters);
    else if (const int digit = QChar::digitValue(c); digit >= 0)
        out += QChar(u'0' + digit);
    else if (QChar::isLetterOrNumber(c) || QChar::isMark(c))
        out += QChar::fromUcs4(c);
    else if (QChar::category(c) != QChar::Other_Format)
        out += u' ';
}

std::string foldUnicode(std::string_view text)
{
    const QString source = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    // Apostrophes first, because the acute accent would come apart into a space and a mark.
    QString bare;
    bare.reserve(source.size());
    for (const char32_t c : source.toUcs4()) {
        if (!isApostrophe(c))
            bare += QChar::fromUcs4(c);
    }
    // Marks before the case, because folding makes a letter of the Greek iota subscript.
    QString letters;
    letters.reserve(bare.size());
    for (const char32_t c : bare.normalized(QString::NormalizationForm_KD).toUcs4()) {
        if (!isDiacritic(c) && !isApostrophe(c))
            letters += QChar::fromUcs4(c);
    }
    QString folded;
    folded.reserve(letters.size());
    for (const char32_t c : letters.toCaseFolded().toUcs4())
        appendFolded(folded, c);
    const QByteArray utf8 = folded.toUtf8();
    return foldAscii({utf8.constData(), static_cast<std::size_t>(utf8.size())});
}

} // namespace

std::string foldForSearch(std::string_view utf8)
{
    const bool isAscii =
        std::none_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    return isAscii ? foldAscii(utf8) : foldUnicode(utf8);
}

} // namespace yarrow
