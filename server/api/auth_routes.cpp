// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/auth_routes.h"

#include "server/api/json_answer.h"

#include <boost/json.hpp>

#include <map>
#include <set>

namespace yarrow::server::api {
namespace {

constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

using Form = std::map<std::string, std::string>;

/// RFC 6749, section 3.2: no parameter more than once; one without a value counts as left out.
Result<Form> readForm(const Request& request)
{
    constexpr std::string_view kType = "application/x-www-form-urlencoded";
    const std::string_view type = request.headers.find("Content-Type");
    if (type.substr(0, type.find(';')) != kType)
        return refuse(400, "bad-request", "The body must be of type application/x-www-form-urlencoded.");
    Form form;
    for (auto& [name, value] : parseForm(request.body)) {
        if (value.empty())
            continue;
        if (!form.emplace(name, std::move(value)).second)
            return refuse(400, "bad-request", "A parameter is there more than once.");
    }
    return form;
}

Result<std::string> required(const Form& form, const std::string& name)
{
    const auto found = form.find(name);
    if (found == form.end())
        return refuse(400, "bad-request", "The parameter " + name + " is missing.");
    return found->second;
}

Result<IssuedTokens> grant(TokenService& tokens, Call& call)
{
    const auto form = readForm(call.request);
    if (!form)
        return tl::unexpected(form.error());
    const auto type = required(*form, "grant_type");
    if (!type)
        return tl::unexpected(type.error());
    if (*type == "client_credentials") {
        const auto assertionType = required(*form, "client_assertion_type");
        if (!assertionType)
            return tl::unexpected(assertionType.error());
        if (*assertionType != kAssertionType)
            return refuse(400, "bad-request",
                          "The client_assertion_type must be " + std::string(kAssertionType) + ".");
        const auto assertion = required(*form, "client_assertion");
        if (!assertion)
            return tl::unexpected(assertion.error());
        return tokens.forAssertion(call.db, *assertion, call.request.baseUrl + "/auth/token");
    }
    if (*type == "password") {
        const auto userName = required(*form, "username");
        if (!userName)
            return tl::unexpected(userName.error());
        const auto password = required(*form, "password");
        if (!password)
            return tl::unexpected(password.error());
        return tokens.forPassword(call.db, *userName, *password);
    }
    if (*type == "refresh_token") {
        const auto token = required(*form, "refresh_token");
        if (!token)
            return tl::unexpected(token.error());
        return tokens.forRefreshToken(call.db, *token);
    }
    return refuse(400, "grant-type-unsupported",
                  "The grant_type must be client_credentials, password or refresh_token.");
}

/// The word of RFC 6749, section 5.2, for our code.
std::string_view oauthError(const Problem& problem)
{
    static const std::map<std::string_view, std::string_view> kErrors{
        {"bad-request", "invalid_request"},          {"grant-type-unsupported", "unsupported_grant_type"},
        {"assertion-invalid", "invalid_client"},     {"assertion-expired", "invalid_client"},
        {"assertion-used", "invalid_client"},        {"device-revoked", "invalid_client"},
        {"sign-in-failed", "invalid_grant"},         {"refresh-token-invalid", "invalid_grant"},
        {"refresh-token-reused", "invalid_grant"},   {"account-disabled", "unauthorized_client"},
        {"clinic-suspended", "unauthorized_client"}, {"sign-in-throttled", "slow_down"},
        {"sign-in-busy", "temporarily_unavailable"}, {"key-provider-unavailable", "temporarily_unavailable"},
    };
    const auto found = kErrors.find(problem.code);
    return found == kErrors.end() ? "server_error" : found->second;
}

Response refusal(const Problem& problem, const Request& request)
{
    Response response = jsonAnswer(problem.status, {{"error", oauthError(problem)},
                                                    {"error_description", problem.detail},
                                                    {"code", problem.code},
                                                    {"requestId", request.id}});
    for (const auto& [name, value] : problem.headers)
        response.headers.set(name, value);
    response.headers.set(kProblemHeader, problem.code);
    return response;
}

Result<Response> token(TokenService& tokens, Call& call)
{
    const auto issued = grant(tokens, call);
    if (!issued)
        return refusal(issued.error(), call.request);
    boost::json::object body{{"access_token", issued->accessToken},
                             {"token_type", "Bearer"},
                             {"expires_in", issued->expiresIn},
                             {"scope", issued->scope}};
    if (!issued->refreshToken.empty())
        body["refresh_token"] = issued->refreshToken;
    return jsonAnswer(200, body);
}

/// Of the SMART App Launch implementation guide 2.
Result<Response> smartConfiguration(Call& call)
{
    using boost::json::array;
    const std::string& base = call.request.baseUrl;
    Response response =
        jsonAnswer(200, {{"token_endpoint", base + "/auth/token"},
                         {"jwks_uri", base + "/.well-known/jwks.json"},
                         {"token_endpoint_auth_methods_supported", array{"private_key_jwt"}},
                         {"token_endpoint_auth_signing_alg_values_supported", array{"ES256"}},
                         {"grant_types_supported", array{"client_credentials", "password", "refresh_token"}},
                         {"scopes_supported", array{"system/*.cruds", "user/*.cruds"}},
                         {"response_types_supported", array()},
                         {"capabilities", array{"client-confidential-asymmetric", "permission-v2"}}});
    response.headers.set("Cache-Control", "public, max-age=300");
    return response;
}

} // namespace

void addAuthRoutes(Router& router, TokenService& tokens, SigningKeys& keys)
{
    router.add({"POST", "/auth/token", [&tokens](Call& call) { return token(tokens, call); },
                Route::Access::Public, Route::Traffic::SignIn});
    for (const char* path : {"/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"})
        router.add({"GET", path, smartConfiguration, Route::Access::Public});
    router.add({"GET", "/.well-known/jwks.json",
                [&keys](Call& call) -> Result<Response> {
                    const auto set = keys.jwks(call.db);
                    if (!set)
                        return tl::unexpected(set.error());
                    Response response = jsonAnswer(200, *set);
                    response.headers.set("Cache-Control", "public, max-age=300");
                    return response;
                },
                Route::Access::Public});
}

} // namespace yarrow::server::api
