// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/search/birth_date_query.h"

#include "core/text_fold.h"

#include <QDate>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace yarrow {

namespace {

/// Month names, folded; each is recognised from its first three letters on, as far as they tell it from the
/// others.
constexpr auto kMonths = std::to_array<std::pair<std::string_view, int>>({
    {"january", 1},   {"januar", 1},     {"janvier", 1},    {"enero", 1},      {"gennaio", 1},
    {"february", 2},  {"februar", 2},    {"fevrier", 2},    {"febrero", 2},    {"febbraio", 2},
    {"march", 3},     {"marz", 3},       {"maerz", 3},      {"mars", 3},       {"marzo", 3},
    {"april", 4},     {"avril", 4},      {"abril", 4},      {"aprile", 4},     {"may", 5},
    {"mai", 5},       {"mayo", 5},       {"maggio", 5},     {"june", 6},       {"juni", 6},
    {"juin", 6},      {"junio", 6},      {"giugno", 6},     {"july", 7},       {"juli", 7},
    {"juillet", 7},   {"julio", 7},      {"luglio", 7},     {"august", 8},     {"aout", 8},
    {"agosto", 8},    {"september", 9},  {"septembre", 9},  {"septiembre", 9}, {"settembre", 9},
    {"october", 10},  {"oktober", 10},   {"octobre", 10},   {"octubre", 10},   {"ottobre", 10},
    {"november", 11}, {"novembre", 11},  {"noviembre", 11}, {"december", 12},  {"dezember", 12},
    {"decembre", 12}, {"diciembre", 12}, {"dicembre", 12},
});

struct Piece
{
    bool isNumber = false;
    int value = 0;          ///< the number, or the month
    std::size_t length = 0; ///< digits as typed
};

std::optional<int> monthOf(std::string_view word)
{
    if (word.size() < 3)
        return std::nullopt;
    for (const auto& [name, month] : kMonths) {
        if (name.starts_with(word))
            return month;
    }
    return std::nullopt;
}

/// Numbers and month names; nothing when there is anything else in the text.
std::optional<std::vector<Piece>> piecesOf(std::string_view typed)
{
    const std::string folded = foldForSearch(typed);
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < folded.size();) {
        const std::size_t end = std::min(folded.find(' ', at), folded.size());
        const std::string_view word = std::string_view(folded).substr(at, end - at);
        at = end + 1;
        if (word.empty())
            continue;
        if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) {
            if (word.size() > 8)
                return std::nullopt;
            pieces.push_back({true, std::stoi(std::string(word)), word.size()});
        } else if (const auto month = monthOf(word)) {
            pieces.push_back({false, *month, 0});
        } else {
            return std::nullopt;
        }
    }
    return pieces;
}

class Meanings
{
public:
    explicit Meanings(int thisYear)
        : m_thisYear(thisYear)
    {}

    void addDay(int year, int month, int day)
    {
        if (plausible(year) && QDate::isValid(year, month, day))
            add(padded(year, 4) + padded(month, 2) + padded(day, 2));
    }
    void addMonth(int year, int month)
    {
        if (plausible(year) && month >= 1 && month <= 12)
            add(padded(year, 4) + padded(month, 2));
    }
    void addYear(int year)
    {
        if (plausible(year))
            add(padded(year, 4));
    }
    /// The year a piece can stand for: four digits, or two of the last hundred years.
    [[nodiscard]] std::optional<int> year(const Piece& piece) const
    {
        if (piece.isNumber && piece.length == 4)
            return piece.value;
        if (!piece.isNumber || piece.length != 2)
            return std::nullopt;
        const int century = m_thisYear / 100 * 100;
        return century + piece.value > m_thisYear ? century - 100 + piece.value : century + piece.value;
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(m_found); }

private:
    [[nodiscard]] bool plausible(int year) const { return year >= 1850 && year <= m_thisYear + 1; }
    static std::string padded(int number, std::size_t width)
    {
        std::string text = std::to_string(number);
        return std::string(width - std::min(width, text.size()), '0') + text;
    }
    void add(std::string prefix)
    {
        if (std::find(m_found.begin(), m_found.end(), prefix) == m_found.end())
            m_found.push_back(std::move(prefix));
    }

    int m_thisYear;
    std::vector<std::string> m_found;
};

void readOnePiece(const Piece& piece, Meanings& meanings)
{
    if (!piece.isNumber)
        return;
    const int n = piece.value;
    if (piece.length == 4)
        meanings.addYear(n);
    if (piece.length == 8) {
        meanings.addDay(n / 10000, n / 100 % 100, n % 100);
        meanings.addDay(n % 10000, n / 10000 % 100, n / 1000000);
        meanings.addDay(n % 10000, n / 1000000, n / 10000 % 100);
    }
}

void readTwoPieces(const Piece& a, const Piece& b, Meanings& meanings)
{
    if (a.isNumber && a.length == 4)
        meanings.addMonth(a.value, b.value);
    else if (b.isNumber && b.length == 4)
        meanings.addMonth(b.value, a.value);
}

void readThreePieces(const Piece& a, const Piece& b, const Piece& c, Meanings& meanings)
{
    if (a.isNumber && a.length == 4) { // the year leads
        meanings.addDay(a.value, b.value, c.value);
        return;
    }
    const auto year = meanings.year(c);
    if (!year)
        return;
    if (!a.isNumber) { // March 12, 1980
        meanings.addDay(*year, a.value, b.value);
        return;
    }
    meanings.addDay(*year, b.value, a.value);
    if (b.isNumber)
        meanings.addDay(*year, a.value, b.value);
}

} // namespace

std::vector<std::string> birthDatePrefixes(std::string_view typed, int thisYear)
{
    constexpr std::size_t kLongestDate = 40;
    if (typed.size() > kLongestDate)
        return {};
    const auto pieces = piecesOf(typed);
    if (!pieces)
        return {};
    Meanings meanings(thisYear);
    if (pieces->size() == 1)
        readOnePiece((*pieces)[0], meanings);
    else if (pieces->size() == 2)
        readTwoPieces((*pieces)[0], (*pieces)[1], meanings);
    else if (pieces->size() == 3)
        readThreePieces((*pieces)[0], (*pieces)[1], (*pieces)[2], meanings);
    return meanings.take();
}

} // namespace yarrow
