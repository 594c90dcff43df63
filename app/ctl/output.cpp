// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/output.h"

#include <algorithm>
#include <cstdio>

namespace yarrow::ctl {

namespace {

void write(std::FILE* file, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), file); // a failure is seen by flush()
}

/// Without the characters that move a cursor or change a colour: C0 (but line feed), DEL and C1.
std::string harmless(std::string_view text)
{
    constexpr std::string_view kReplacement = "\xef\xbf\xbd"; // U+FFFD
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if ((byte < 0x20 && byte != '\n') || byte == 0x7f) {
            out += kReplacement;
        } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
            out += kReplacement;
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::size_t codePoints(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & '\xc0') != '\x80'; }));
}

std::string row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths)
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line += cells[i];
        if (i + 1 < cells.size())
            line.append(widths[i] - codePoints(cells[i]) + 2, ' ');
    }
    return line;
}

} // namespace

void Output::json(const Json& document)
{
    write(stdout, document.dump() + "\n");
}

void Output::line(std::string_view text)
{
    write(stdout, harmless(text) + "\n");
}

void Output::text(std::string_view text)
{
    write(stdout, harmless(text));
}

void Output::table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows,
                   std::string_view none)
{
    if (rows.empty()) {
        line(none);
        return;
    }
    std::vector<std::size_t> widths;
    for (const auto& head : heads)
        widths.push_back(codePoints(head));
    for (const auto& cells : rows) {
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths[i] = std::max(widths[i], codePoints(cells[i]));
    }
    line(row(heads, widths));
    for (const auto& cells : rows)
        line(row(cells, widths));
}

void Output::remark(std::string_view text)
{
    write(stderr, harmless(text) + "\n");
}

bool Output::flush()
{
    return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

void JsonArrayWriter::item(const Json& item)
{
    write(stdout, m_begun ? ",\n" : "[");
    write(stdout, item.dump());
    m_begun = true;
}

void JsonArrayWriter::end()
{
    write(stdout, m_begun ? "]\n" : "[]\n");
}

} // namespace yarrow::ctl
