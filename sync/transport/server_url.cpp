// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/server_url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace yarrow::sync {
namespace {

/// libcurl's own reading of an address, so that what is checked here is what is asked there.
class ParsedUrl
{
public:
    explicit ParsedUrl(const std::string& text)
        : m_url(curl_url())
    {
        m_valid = m_url && curl_url_set(m_url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
    }

    [[nodiscard]] bool isValid() const noexcept { return m_valid; }
    /// Empty when there is no such part.
    [[nodiscard]] std::string part(CURLUPart part) const
    {
        char* text = nullptr;
        if (!m_valid || curl_url_get(m_url.get(), part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
            return {};
        std::string found(text);
        curl_free(text);
        if (part == CURLUPART_HOST || part == CURLUPART_SCHEME)
            std::transform(found.begin(), found.end(), found.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            });
        return found;
    }

private:
    struct Free
    {
        void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
    };
    std::unique_ptr<CURLU, Free> m_url;
    bool m_valid = false;
};

bool hasScheme(std::string_view url)
{
    const std::size_t colon = url.find("://");
    return colon != std::string_view::npos && colon < url.find_first_of("/?#");
}

bool isFit(std::string_view url)
{
    return std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c != '\x7f' && c != '\\'; });
}

} // namespace

Result<ServerUrl> ServerUrl::parse(std::string_view text)
{
    while (text.ends_with('/'))
        text.remove_suffix(1);
    ServerUrl url;
    url.m_text = text;
    const ParsedUrl parsed(url.m_text);
    url.m_scheme = parsed.part(CURLUPART_SCHEME);
    url.m_host = parsed.part(CURLUPART_HOST);
    url.m_port = parsed.part(CURLUPART_PORT);
    const bool isPlain = isFit(text) && hasScheme(text) && !url.m_host.empty() &&
                         parsed.part(CURLUPART_USER).empty() && parsed.part(CURLUPART_PASSWORD).empty() &&
                         text.find_first_of("?#") == std::string_view::npos;
    if (!isPlain || (url.m_scheme != "https" && url.m_scheme != "http"))
        return fail(ErrorCode::InvalidArgument,
                    "address of the server: https, a host, at most a port and a path");
    return url;
}

bool ServerUrl::isThisMachine() const
{
    const bool isFourParts = m_host.find_first_not_of("0123456789.") == std::string::npos;
    return m_host == "localhost" || m_host == "[::1]" || (isFourParts && m_host.starts_with("127."));
}

std::optional<std::string> ServerUrl::resolve(std::string_view url) const
{
    if (!isFit(url))
        return std::nullopt;
    if (!hasScheme(url)) {
        while (url.starts_with('/'))
            url.remove_prefix(1);
        return m_text + "/" + std::string(url);
    }
    std::string whole(url);
    const ParsedUrl parsed(whole);
    const bool isOurs = parsed.part(CURLUPART_SCHEME) == m_scheme && parsed.part(CURLUPART_HOST) == m_host &&
                        parsed.part(CURLUPART_PORT) == m_port && parsed.part(CURLUPART_USER).empty() &&
                        parsed.part(CURLUPART_PASSWORD).empty();
    if (!isOurs)
        return std::nullopt;
    return whole;
}

} // namespace yarrow::sync
