// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/json_reader.h"

#include "server/auth/crypto.h"

#include <boost/json.hpp>

#include <algorithm>

namespace yarrow::server::api {
namespace {

constexpr std::size_t kMaxDepth = 16;

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

} // namespace

JsonReader::JsonReader(const Request& request)
{
    const std::string_view type = request.headers.find("Content-Type");
    if (type.substr(0, type.find(';')) != "application/json") {
        refuse(
            Problem{415, "unsupported-media-type", "The body must be of type application/json.", {}, {}, {}});
        return;
    }
    boost::json::error_code error;
    boost::json::parse_options options;
    options.max_depth = kMaxDepth;
    m_owned = boost::json::parse(request.body, error, {}, options);
    if (error)
        refuse(Problem{400, "bad-request", "The body is no JSON.", {}, {}, {}});
    else if (!m_owned.is_object())
        refuse(Problem{400, "bad-request", "The body must be a JSON object.", {}, {}, {}});
    else
        m_object = &m_owned.get_object();
}

JsonReader::JsonReader(const boost::json::value& value, std::string pointer)
    : m_pointer(std::move(pointer))
{
    if (value.is_object())
        m_object = &value.get_object();
    else
        refuse(Problem{400, "bad-request", "This must be a JSON object.", m_pointer, {}, {}});
}

std::string JsonReader::pointerTo(std::string_view member) const
{
    return m_pointer + '/' + std::string(member);
}

void JsonReader::refuse(std::string_view member, const std::string& must)
{
    refuse(Problem{400,
                   "bad-request",
                   "The member " + std::string(member) + " " + must + ".",
                   pointerTo(member),
                   {},
                   {}});
}

void JsonReader::refuse(Problem problem)
{
    if (!m_problem)
        m_problem = std::move(problem);
}

const boost::json::value* JsonReader::find(std::string_view member)
{
    if (m_problem)
        return nullptr;
    m_asked.emplace(member);
    const auto* value = m_object->if_contains(member);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

const boost::json::value* JsonReader::required(std::string_view member)
{
    const auto* value = find(member);
    if (value == nullptr)
        refuse(member, "is missing");
    return value;
}

std::string JsonReader::textOf(const boost::json::value& value, std::string_view member, std::size_t most)
{
    const bool fits = value.is_string() && value.get_string().size() <= most && !value.get_string().empty() &&
                      std::none_of(value.get_string().begin(), value.get_string().end(), isControl);
    if (fits)
        return std::string(value.get_string());
    refuse(member, "must be a text of 1 to " + std::to_string(most) + " bytes without control characters");
    return {};
}

std::string JsonReader::text(std::string_view member, std::size_t most)
{
    const auto* value = required(member);
    return value != nullptr ? textOf(*value, member, most) : std::string();
}

std::optional<std::string> JsonReader::optionalText(std::string_view member, std::size_t most)
{
    std::optional<std::string> result;
    if (const auto* value = find(member))
        result = textOf(*value, member, most);
    return result;
}

std::string JsonReader::anyText(std::string_view member, std::size_t most)
{
    const auto* value = required(member);
    if (value == nullptr)
        return {};
    const bool fits = value->is_string() && value->get_string().size() <= most &&
                      value->get_string().find('\0') == boost::json::string::npos;
    if (fits)
        return std::string(value->get_string());
    refuse(member, "must be a text of at most " + std::to_string(most) + " bytes without NUL");
    return {};
}

std::int64_t JsonReader::integer(std::string_view member, std::int64_t least, std::int64_t most)
{
    if (required(member) == nullptr)
        return least;
    return optionalInteger(member, least, most).value_or(least);
}

std::optional<std::int64_t> JsonReader::optionalInteger(std::string_view member, std::int64_t least,
                                                        std::int64_t most)
{
    std::optional<std::int64_t> result;
    const auto* value = find(member);
    if (value == nullptr)
        return result;
    if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
        result = value->get_int64();
    else
        refuse(member,
               "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return result;
}

std::optional<bool> JsonReader::optionalBoolean(std::string_view member)
{
    std::optional<bool> result;
    const auto* value = find(member);
    if (value == nullptr)
        return result;
    if (value->is_bool())
        result = value->get_bool();
    else
        refuse(member, "must be true or false");
    return result;
}

std::string JsonReader::hex(std::string_view member, std::size_t count, bool mayBeEmpty)
{
    const auto* value = required(member);
    if (value == nullptr)
        return {};
    auto bytes = value->is_string() ? crypto::fromHex(value->get_string()) : std::nullopt;
    if (bytes && (bytes->size() == count || (mayBeEmpty && bytes->empty())))
        return std::move(*bytes);
    refuse(member,
           "must be " + std::to_string(count) + " bytes in hexadecimal" + (mayBeEmpty ? " or empty" : ""));
    return {};
}

const boost::json::object& JsonReader::object(std::string_view member)
{
    static const boost::json::object empty;
    const auto* value = required(member);
    if (value == nullptr)
        return empty;
    if (value->is_object())
        return value->get_object();
    refuse(member, "must be an object");
    return empty;
}

const boost::json::value* JsonReader::optionalObject(std::string_view member)
{
    const auto* value = find(member);
    if (value == nullptr || value->is_object())
        return value;
    refuse(member, "must be an object");
    return nullptr;
}

const boost::json::array& JsonReader::array(std::string_view member, std::size_t most)
{
    static const boost::json::array empty;
    const auto* value = required(member);
    if (value == nullptr)
        return empty;
    if (value->is_array() && value->get_array().size() <= most)
        return value->get_array();
    refuse(member, "must be an array of at most " + std::to_string(most));
    return empty;
}

bool JsonReader::has(std::string_view member) const
{
    return !m_problem && m_object->contains(member);
}

std::vector<std::string> JsonReader::texts(std::string_view member)
{
    constexpr std::size_t kMostTexts = 100;
    constexpr std::size_t kLongest = 100;
    std::vector<std::string> result;
    const auto* value = find(member);
    if (value == nullptr)
        return result;
    if (value->is_string()) {
        result.push_back(textOf(*value, member, kLongest));
    } else if (value->is_array() && value->get_array().size() <= kMostTexts) {
        for (const auto& one : value->get_array())
            result.push_back(textOf(one, member, kLongest));
    } else {
        refuse(member, "must be a text or an array of texts");
    }
    return result;
}

Result<void> JsonReader::done()
{
    if (!m_problem) {
        for (const auto& [name, value] : *m_object) {
            if (!m_asked.contains(std::string_view(name))) {
                refuse(name, "is unknown");
                break;
            }
        }
    }
    if (m_problem)
        return tl::unexpected(*m_problem);
    return {};
}

} // namespace yarrow::server::api
