// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace yarrow::ctl {

/// Where results go: standard output, for people or as JSON, and remarks on standard error.
class Output
{
public:
    void useJson(bool json) { m_json = json; }
    [[nodiscard]] bool isJson() const noexcept { return m_json; }

    /// One document on a line; a run writes exactly one, unless it goes on (`sync --watch`).
    void json(const Json& document);
    /// One line for people. Control characters, which an imported name may contain, are replaced: a terminal
    /// would obey them.
    void line(std::string_view text);
    /// Columns under their heads, as wide as their longest entry; "none" when there are no rows.
    void table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows,
               std::string_view none);
    /// A text of our own or a document, as it is, control characters aside; ends its line itself.
    void text(std::string_view text);

    /// Something that stands beside the result, on standard error.
    void remark(std::string_view text);

    /// Whether everything written so far reached standard output.
    [[nodiscard]] bool flush();

private:
    bool m_json = false;
};

/// An array that is written while it is made, for lists that may be long. Nothing is written before the first
/// item or the end.
class JsonArrayWriter
{
public:
    JsonArrayWriter() = default;
    void item(const Json& item);
    void end();

private:
    bool m_begun = false;
};

} // namespace yarrow::ctl
