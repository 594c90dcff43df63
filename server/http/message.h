// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yarrow::server {

/// Names and values in the order they came; names compare without case.
class Headers
{
public:
    void add(std::string name, std::string value)
    {
        m_fields.emplace_back(std::move(name), std::move(value));
    }
    /// Replaces every field of that name.
    void set(std::string_view name, std::string value);
    /// The first one's value; empty when there is none.
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
    [[nodiscard]] bool contains(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const noexcept
    {
        return m_fields;
    }

private:
    std::vector<std::pair<std::string, std::string>> m_fields;
};

/// A request as the handlers see it: whole, unpacked and within the limits.
struct Request
{
    std::string method; ///< "GET"…
    std::string path;   ///< percent-decoded, without the query: "/fhir/Patient/7"
    std::string query;  ///< as it came, behind the '?'
    Headers headers;
    std::string body;    ///< Content-Encoding undone
    std::string id;      ///< names it in logs, errors and the X-Request-Id header
    std::string baseUrl; ///< how the caller reaches us, no slash at the end: "https://clinic.example:8443"
    std::string address; ///< of the caller; behind a trusted proxy what that says
    bool direct = true;  ///< no proxy stands between
};

struct Response
{
    int status = 200;
    Headers headers = {};
    std::string body = {};
};

/// A field of a Response that has words of its own for a refusal (RFC 6749's) and tells log and limits the
/// problem's code.
inline constexpr const char* kProblemHeader = "Yarrow-Problem";

/// name=value pairs of a query or a form, percent-decoded ('+' is a space), in order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parseForm(std::string_view text);
[[nodiscard]] std::string percentEncode(std::string_view text); ///< all but A-Z a-z 0-9 - . _ ~
/// Nothing else than %XX is decoded; nullopt when a '%' is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percentDecode(std::string_view text);

} // namespace yarrow::server
