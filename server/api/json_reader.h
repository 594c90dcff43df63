// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/message.h"
#include "server/problem.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::api {

/// Reads the members of a JSON object, such as a request's body. What does not fit is remembered, the first
/// of it, and told by problem(): 400 `bad-request` whose expression is a JSON pointer (RFC 6901). After a
/// problem every answer is a default, so that callers read all they need and ask once. Ends with done(),
/// which refuses members nobody asked for.
class JsonReader
{
public:
    explicit JsonReader(const Request& request); ///< the body
    JsonReader(const boost::json::value& value,
               std::string pointer); ///< a value within one; must outlive this

    /// With at least one byte and at most `most`, without control characters.
    [[nodiscard]] std::string text(std::string_view member, std::size_t most);
    [[nodiscard]] std::optional<std::string> optionalText(std::string_view member, std::size_t most);
    /// May be empty or hold anything but NUL.
    [[nodiscard]] std::string anyText(std::string_view member, std::size_t most);
    [[nodiscard]] std::int64_t integer(std::string_view member, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::optional<std::int64_t> optionalInteger(std::string_view member, std::int64_t least,
                                                              std::int64_t most);
    [[nodiscard]] std::optional<bool> optionalBoolean(std::string_view member);
    /// `count` bytes in hexadecimal; or none, where that is allowed.
    [[nodiscard]] std::string hex(std::string_view member, std::size_t count, bool mayBeEmpty = false);
    [[nodiscard]] const boost::json::object& object(std::string_view member);
    [[nodiscard]] const boost::json::value* optionalObject(std::string_view member);
    [[nodiscard]] const boost::json::array& array(std::string_view member, std::size_t most);
    [[nodiscard]] bool has(std::string_view member) const; ///< asks for nothing
    /// One text, or an array of texts; empty when it is left out.
    [[nodiscard]] std::vector<std::string> texts(std::string_view member);

    [[nodiscard]] std::string pointerTo(std::string_view member) const;
    void refuse(std::string_view member, const std::string& must); ///< "must be …"
    void refuse(Problem problem);

    [[nodiscard]] const std::optional<Problem>& problem() const noexcept { return m_problem; }
    [[nodiscard]] Result<void> done();

private:
    [[nodiscard]] const boost::json::value* find(std::string_view member);
    [[nodiscard]] const boost::json::value* required(std::string_view member);
    [[nodiscard]] std::string textOf(const boost::json::value& value, std::string_view member,
                                     std::size_t most);

    boost::json::value m_owned;
    const boost::json::object* m_object = nullptr; // nullptr: a problem
    std::string m_pointer;
    std::set<std::string, std::less<>> m_asked;
    std::optional<Problem> m_problem;
};

} // namespace yarrow::server::api
