// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/token_source.h"

#include "core/crypto.h"
#include "core/json.h"
#include "sync/transport/transport_tuning.h"

#include <curl/curl.h>

namespace yarrow::sync {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr JsonLimits kAnswerLimits{64U * 1024U, 8};

std::string part(const Json& json)
{
    return crypto::toBase64Url(crypto::bytesOf(json.dump()));
}

TransportError unauthorised(const Refusal& refusal)
{
    std::string detail = refusal.code;
    if (!refusal.detail.empty())
        detail += ": " + refusal.detail;
    return {TransportError::Reason::Unauthorised, false, detail};
}

} // namespace

Result<std::string> DeviceTokenSource::assertion()
{
    const auto key = m_privateKey();
    if (!key)
        return fail(key.error());
    const seconds now = duration_cast<seconds>(m_clock.now().time_since_epoch()) + m_ahead;
    Json header = Json::object();
    header.set("alg", "ES256");
    header.set("typ", "JWT");
    Json claims = Json::object();
    claims.set("iss", m_clientId);
    claims.set("sub", m_clientId);
    claims.set("aud", m_audience);
    claims.set("iat", static_cast<std::int64_t>(now.count()));
    claims.set("exp", static_cast<std::int64_t>((now + tuning::kAssertionLife).count()));
    claims.set("jti", m_ids.next());
    const std::string text = part(header) + "." + part(claims);
    const auto signature = crypto::signEs256(key->span(), crypto::bytesOf(text));
    if (!signature)
        return fail(signature.error());
    return text + "." + crypto::toBase64Url(*signature);
}

tl::expected<HttpResponse, TransportError> DeviceTokenSource::ask()
{
    const auto signedText = assertion();
    if (!signedText) {
        // Nothing went out, and it may work the next time: the key store may only be locked.
        return tl::unexpected(TransportError{TransportError::Reason::Unreachable, false,
                                             std::string("the device's key cannot be used: ") +
                                                 errorCodeName(signedText.error().code)});
    }
    HttpRequest request;
    request.method = Method::Post;
    request.url = m_audience;
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.headers.add("Accept", "application/json");
    request.body = "grant_type=client_credentials&scope=system%2F*.cruds&client_assertion_type="
                   "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
                   *signedText;
    return m_transport.send(request);
}

/// Whether it was off by more than tolerated, and is made up for from now on.
bool DeviceTokenSource::adoptClockOf(const HttpResponse& answer)
{
    const std::string date(answer.headers.find("Date"));
    const std::time_t theirs = date.empty() ? -1 : curl_getdate(date.c_str(), nullptr);
    if (theirs == -1)
        return false;
    const seconds ours = duration_cast<seconds>(m_clock.now().time_since_epoch());
    const seconds ahead = seconds(theirs) - ours;
    if (std::chrono::abs(ahead - m_ahead) <= tuning::kClockTolerance)
        return false;
    m_ahead = ahead;
    return true;
}

tl::expected<std::string, NoToken> DeviceTokenSource::accept(HttpResponse answer)
{
    if (answer.status == 429 || answer.status >= 500)
        return tl::unexpected(NoToken(std::move(answer)));
    const auto read = Json::parse(answer.body, kAnswerLimits);
    const Json said = read ? *read : Json();
    const std::string token(said["access_token"].string());
    if (answer.status == 200 && !token.empty()) {
        const seconds life(said["expires_in"].integer().value_or(0));
        m_token = token;
        m_goodUntil = m_clock.now() + life - tuning::kTokenReserve;
        m_refusal.reset();
        return m_token;
    }
    const std::string_view code = said["code"].string();
    m_refusal = Refusal{std::string(code.empty() ? said["error"].string() : code),
                        std::string(said["error_description"].string()),
                        answer.headers.find("Yarrow-Device-State") == "wipe"};
    if (m_refusal->code.empty())
        m_refusal->code = "HTTP " + std::to_string(answer.status);
    return tl::unexpected(NoToken(unauthorised(*m_refusal)));
}

tl::expected<std::string, NoToken> DeviceTokenSource::token()
{
    if (!m_token.empty() && m_clock.now() < m_goodUntil)
        return m_token;
    m_token.clear();
    auto answer = ask();
    const bool isRefused = answer && answer->status >= 400 && answer->status < 500;
    if (isRefused && adoptClockOf(*answer))
        answer = ask();
    if (!answer) {
        answer.error().sent = false; // of the request that wanted the token, nothing was
        return tl::unexpected(NoToken(std::move(answer.error())));
    }
    return accept(std::move(*answer));
}

bool DeviceTokenSource::renew()
{
    m_token.clear();
    return true;
}

} // namespace yarrow::sync
