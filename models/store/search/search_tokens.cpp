// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/search_tokens.h"

#include "core/text_fold.h"
#include "models/domain/name_likeness.h"
#include "models/store/search/birth_date_query.h"

#include <QDate>

#include <algorithm>
#include <set>

namespace yarrow {

namespace {

constexpr std::size_t kMinPhoneEnd = 4;   ///< the last digits of a number somebody remembers
constexpr std::size_t kLocalPhoneEnd = 7; ///< digits that stay the same with and without the country code

std::string digitsOf(std::string_view text)
{
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

std::string reversed(std::string text)
{
    std::reverse(text.begin(), text.end());
    return text;
}

bool isAllDigits(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> split(std::string_view folded)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t end = std::min(folded.find(' ', at), folded.size());
        if (end > at)
            words.emplace_back(folded.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

void addWord(std::string& out, std::string_view word)
{
    if (word.empty())
        return;
    if (!out.empty())
        out += ' ';
    out += word;
}

void addName(std::string& out, std::set<std::string>& marked, const QString& name)
{
    if (name.isEmpty())
        return;
    const std::string folded = foldForSearch(name.toStdString());
    addWord(out, folded);
    for (const std::string& word : nameWords(name)) {
        if (std::string key = soundKey(word); !key.empty())
            marked.insert('=' + key);
        if (folded.find(word) == std::string::npos)
            marked.insert(word); // in Latin letters
    }
}

std::string compact(std::string folded)
{
    std::erase(folded, ' ');
    return folded;
}

/// `"word"*`, or `"word"` when it must be whole. Folded words hold no quotes.
std::string term(std::string_view word, bool whole)
{
    return '"' + std::string(word) + (whole ? "\"" : "\"*");
}

void addPhoneTerms(std::vector<std::string>& alternatives, const std::string& digits)
{
    alternatives.push_back(term("@" + digits, false));
    if (digits.size() >= kMinPhoneEnd)
        alternatives.push_back(term("~" + reversed(digits), false));
    if (digits.size() > kLocalPhoneEnd)
        alternatives.push_back(term("~" + reversed(digits.substr(digits.size() - kLocalPhoneEnd)), false));
}

void addDateTerms(std::vector<std::string>& alternatives, std::string_view text)
{
    for (const std::string& prefix : birthDatePrefixes(text, QDate::currentDate().year()))
        alternatives.push_back(term("#" + prefix, false));
}

std::string anyOf(const std::vector<std::string>& alternatives)
{
    std::string out = "(";
    for (const std::string& alternative : alternatives) {
        if (out.size() > 1)
            out += " OR ";
        out += alternative;
    }
    return out + ")";
}

/// Whether the whole text looks like one telephone number: digits and what people put between them.
bool looksLikePhone(std::string_view text)
{
    return text.find_first_not_of("0123456789 +-/().") == std::string_view::npos &&
           digitsOf(text).size() >= 6;
}

/// The words of the text as they were typed, so that `12.03.1980` stays together.
std::vector<std::string> typedWords(std::string_view typed)
{
    std::string spaced(typed);
    std::replace_if(
        spaced.begin(), spaced.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    return split(spaced);
}

std::string allOf(const std::vector<std::string>& conditions)
{
    std::string out;
    for (const std::string& condition : conditions)
        out += (out.empty() ? "" : " AND ") + condition;
    return out;
}

/// What one typed word can be: a date, a piece of a telephone number, a name or record number. Empty:
/// nothing.
std::string wordCondition(std::string_view word, MatchKind kind)
{
    const bool exact = kind != MatchKind::Beginnings;
    const std::vector<std::string> pieces = split(foldForSearch(word));
    std::vector<std::string> alternatives;
    if (kind != MatchKind::WholeWords) {
        addDateTerms(alternatives, word);
        if (looksLikePhone(word))
            addPhoneTerms(alternatives, digitsOf(word));
        else if (pieces.size() == 1 && isAllDigits(pieces.front()))
            addPhoneTerms(alternatives, pieces.front());
    }
    if (!pieces.empty()) {
        std::vector<std::string> terms;
        std::string joined;
        for (const std::string& piece : pieces) {
            terms.push_back(term(piece, exact));
            joined += piece;
        }
        alternatives.push_back("(" + allOf(terms) + ")");
        if (pieces.size() > 1)
            alternatives.push_back(term(joined, exact));
    }
    return alternatives.empty() ? std::string() : anyOf(alternatives);
}

std::string joined(const std::vector<std::string>& words, std::size_t at, std::size_t count)
{
    std::string text = words[at];
    for (std::size_t i = 1; i < count; ++i)
        text += ' ' + words[at + i];
    return text;
}

/// How many words from `at` on make a date together ("12 Mar 1980"); 1 when they make none.
std::size_t dateSpan(const std::vector<std::string>& words, std::size_t at)
{
    for (std::size_t span = std::min<std::size_t>(3, words.size() - at); span >= 2; --span) {
        if (!birthDatePrefixes(joined(words, at, span), QDate::currentDate().year()).empty())
            return span;
    }
    return 1;
}

/// Words that make a date together; each may still be what it is on its own (somebody called Mar, born in
/// 1980).
std::string dateInWords(const std::vector<std::string>& words, std::size_t at, std::size_t span,
                        MatchKind kind)
{
    std::vector<std::string> alternatives;
    addDateTerms(alternatives, joined(words, at, span));
    std::vector<std::string> single;
    for (std::size_t i = 0; i < span; ++i) {
        if (std::string condition = wordCondition(words[at + i], kind); !condition.empty())
            single.push_back(std::move(condition));
    }
    if (single.size() == span)
        alternatives.push_back("(" + allOf(single) + ")");
    return anyOf(alternatives);
}

/// Words of names by their sound; what else was typed (a year, a number) must fit as it is.
std::string soundExpression(std::string_view typed, MatchKind kind)
{
    std::vector<std::string> conditions;
    bool hasSound = false;
    for (const std::string& word : typedWords(typed)) {
        std::vector<std::string> alternatives;
        if (std::string plain = wordCondition(word, MatchKind::Beginnings); !plain.empty())
            alternatives.push_back(std::move(plain));
        for (const std::string& name : nameWords(QString::fromStdString(word))) {
            const std::string key = soundKey(name);
            if (key.size() < 2)
                continue; // a vowel or a single consonant is in half of all names
            hasSound = true;
            alternatives.push_back(term("=" + key, true));
            for (const std::string& near :
                 kind == MatchKind::Slips ? neighbouringKeys(key) : std::vector<std::string>()) {
                if (near.size() > 1)
                    alternatives.push_back(term("=" + near, true));
            }
        }
        if (!alternatives.empty())
            conditions.push_back(anyOf(alternatives));
    }
    return hasSound ? allOf(conditions) : std::string();
}

std::string dayTerm(QDate day)
{
    return term("#" + day.toString(QStringLiteral("yyyyMMdd")).toStdString(), true);
}

/// How the words of a name sound, each once.
std::vector<std::string> soundTerms(const QString& name)
{
    std::vector<std::string> terms;
    for (const std::string& word : nameWords(name)) {
        const std::string key = soundKey(word);
        if (std::string sound = term("=" + key, true);
            !key.empty() && std::find(terms.begin(), terms.end(), sound) == terms.end())
            terms.push_back(std::move(sound));
    }
    return terms;
}

} // namespace

std::string searchTokens(const Patient& patient)
{
    std::string tokens;
    std::set<std::string> marked;
    for (const HumanName& name : patient.names) {
        addName(tokens, marked, name.family);
        for (const QString& given : name.given)
            addName(tokens, marked, given);
        if (name.family.isEmpty() && name.given.isEmpty())
            addName(tokens, marked, name.text);
    }
    for (const Identifier& identifier : patient.identifiers) {
        if (std::string value = compact(foldForSearch(identifier.value.toStdString())); !value.empty())
            marked.insert('&' + value);
        if (identifier.typeCode != "MR")
            continue;
        const std::string folded = foldForSearch(identifier.value.toStdString());
        addWord(tokens, folded);
        if (folded.find(' ') != std::string::npos)
            addWord(tokens, compact(folded));
    }
    if (!patient.birthDate.isEmpty()) {
        std::string date = patient.birthDate.text();
        std::erase(date, '-');
        addWord(tokens, "#" + date);
    }
    for (const ContactPoint& telecom : patient.telecoms) {
        if (telecom.system != ContactPoint::System::Phone && telecom.system != ContactPoint::System::Sms)
            continue;
        const std::string digits = digitsOf(telecom.value.toStdString());
        if (digits.empty())
            continue;
        addWord(tokens, "@" + digits);
        addWord(tokens, "~" + reversed(digits));
    }
    for (const std::string& word : marked)
        addWord(tokens, word);
    return tokens;
}

std::string matchExpression(std::string_view typed, MatchKind kind)
{
    if (kind == MatchKind::Sounds || kind == MatchKind::Slips)
        return soundExpression(typed, kind);
    const std::vector<std::string> words = typedWords(typed);
    constexpr std::size_t kMaxWords = 12;
    std::vector<std::string> conditions;
    for (std::size_t at = 0; at < words.size() && conditions.size() < kMaxWords;) {
        const std::size_t span = kind == MatchKind::WholeWords ? 1 : dateSpan(words, at);
        std::string condition =
            span > 1 ? dateInWords(words, at, span, kind) : wordCondition(words[at], kind);
        at += span;
        if (!condition.empty())
            conditions.push_back(std::move(condition));
    }
    std::string expression = allOf(conditions);

    // "+39 055 123 4567" is one number in several words.
    if (kind != MatchKind::WholeWords && words.size() > 1 && looksLikePhone(typed)) {
        std::vector<std::string> phone;
        addPhoneTerms(phone, digitsOf(typed));
        expression = expression.empty() ? anyOf(phone) : "(" + expression + ") OR " + anyOf(phone);
    }
    return expression;
}

std::vector<std::string> duplicateExpressions(const Patient& patient)
{
    std::vector<std::string> expressions;
    std::vector<std::string> numbers;
    for (const Identifier& identifier : patient.identifiers) {
        if (const std::string value = compact(foldForSearch(identifier.value.toStdString())); !value.empty())
            numbers.push_back(term("&" + value, true));
    }
    for (const ContactPoint& telecom : patient.telecoms) {
        const std::string digits = digitsOf(foldForSearch(telecom.value.toStdString()));
        if ((telecom.system == ContactPoint::System::Phone || telecom.system == ContactPoint::System::Sms) &&
            digits.size() >= kLocalPhoneEnd)
            numbers.push_back(term("~" + reversed(digits.substr(digits.size() - kLocalPhoneEnd)), false));
    }
    if (!numbers.empty())
        expressions.push_back(anyOf(numbers));

    const bool isDay = patient.birthDate.precision() == PartialDate::Precision::Day;
    const QDate day = patient.birthDate.earliest();
    const std::string year = isDay || !patient.birthDate.isEmpty()
                                 ? day.toString(QStringLiteral("yyyy")).toStdString()
                                 : std::string();
    for (const HumanName& name : patient.names) {
        const bool isText = name.family.isEmpty() && name.given.isEmpty();
        const std::vector<std::string> family = soundTerms(isText ? name.text : name.family);
        const std::vector<std::string> given = soundTerms(name.given.join(u' '));
        std::vector<std::string> either = family;
        either.insert(either.end(), given.begin(), given.end());
        if (either.empty())
            continue;
        if (isDay)
            expressions.push_back(dayTerm(day) + " AND " + anyOf(either));
        if (!family.empty() && !given.empty())
            expressions.push_back(anyOf(family) + " AND " + anyOf(given));
        if (isDay && day.day() <= 12 && day.day() != day.month())
            expressions.push_back(dayTerm(QDate(day.year(), day.day(), day.month())) + " AND " +
                                  anyOf(either));
        if (!year.empty())
            expressions.push_back(term("#" + year, false) + " AND " + anyOf(either));
    }
    if (isDay)
        expressions.push_back(dayTerm(day));
    return expressions;
}

std::vector<std::string> searchWords(std::string_view typed)
{
    return split(foldForSearch(typed));
}

} // namespace yarrow
