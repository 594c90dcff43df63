// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrolment/enrolment.h"

#include "core/crypto.h"
#include "core/json.h"
#include "sync/enrolment/account_matching.h"
#include "sync/protocol/json_request.h"
#include "sync/transport/link_transport.h"

namespace yarrow::sync {
namespace {

using Kind = EnrolmentError::Kind;

constexpr std::size_t kMaxAnswerBytes = 8U * 1024U * 1024U; // a CapabilityStatement may be long

/// The code as the server reads it, whatever groups and case it was typed in.
std::string canonical(std::string_view code)
{
    std::string typed;
    for (const char c : code) {
        if (c != '-' && c != ' ')
            typed += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return typed;
}

/// Of its own for each code, so that a code typed again after a lost answer finds its key, and another code
/// never uses an old one.
QString keyNameFor(const EnrolmentPlan& plan, const std::string& code)
{
    const std::string digest =
        crypto::toHex(crypto::sha256(crypto::bytesOf(plan.databaseId + canonical(code))));
    return QString::fromStdString("device-key/" + plan.databaseId + "/" + digest.substr(0, 16));
}

/// A public key as RFC 7517 writes it.
Json jwkOf(const crypto::Bytes& point)
{
    const crypto::ByteView numbers(point);
    Json jwk = Json::object();
    jwk.set("kty", "EC");
    jwk.set("crv", "P-256");
    jwk.set("x", crypto::toBase64Url(numbers.subspan(1, 32)));
    jwk.set("y", crypto::toBase64Url(numbers.subspan(33, 32)));
    return jwk;
}

struct DeviceKey
{
    crypto::Bytes publicKey;
    bool isNew = false;
};

Enrolment<DeviceKey> deviceKey(DeviceSecretStore& secrets, const QString& name)
{
    const auto known = secrets.read(name);
    if (known) {
        auto publicKey = crypto::publicP256(known->span());
        if (publicKey)
            return DeviceKey{std::move(*publicKey), false};
    } else if (known.error().code != ErrorCode::NotFound) {
        return refuseEnrolment(known.error());
    }
    crypto::P256KeyPair pair = crypto::generateP256();
    if (auto written = secrets.write(name, pair.privateKey); !written)
        return refuseEnrolment(written.error());
    return DeviceKey{std::move(pair.publicKey), true};
}

Enrolment<CurlTransport::Options> optionsFor(const std::string& url, const std::string& caPem,
                                             bool allowPlainHttp)
{
    auto server = ServerUrl::parse(url);
    if (!server)
        return refuseEnrolment(Kind::BadAddress);
    if (!server->isEncrypted() && !server->isThisMachine() && !allowPlainHttp)
        return refuseEnrolment(Kind::BadAddress, "http without TLS");
    if (!caPem.empty() && caPem.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        return refuseEnrolment(Kind::BadAuthority);
    CurlTransport::Options options{std::move(*server)};
    options.caPem = caPem;
    options.allowPlainHttp = allowPlainHttp;
    options.maxAnswerBytes = kMaxAnswerBytes;
    return options;
}

tl::unexpected<EnrolmentError> refusalOf(const HttpResponse& answer)
{
    const auto read = Json::parse(answer.body);
    const Json said = read ? *read : Json();
    const std::string_view code = said["code"].string();
    const std::pair<std::string_view, Kind> known[] = {
        {"enrolment-code-mistyped", Kind::CodeMistyped}, {"enrolment-code-unknown", Kind::CodeUnknown},
        {"enrolment-code-used", Kind::CodeUsed},         {"enrolment-code-expired", Kind::CodeExpired},
        {"clinic-suspended", Kind::ClinicSuspended},
    };
    for (const auto& [theirs, ours] : known) {
        if (code == theirs)
            return refuseEnrolment(ours);
    }
    if (answer.status == 429 || answer.status == 503)
        return refuseEnrolment(Kind::Busy);
    if (code.empty())
        return refuseEnrolment(Kind::NotYarrow, "HTTP " + std::to_string(answer.status));
    return refuseEnrolment(Kind::Refused, std::string(code) + ": " + std::string(said["detail"].string()));
}

/// Sends the code; the answer of a server of ours.
Enrolment<Json> redeem(CurlTransport& transport, const CodeEnrolment& wanted, const crypto::Bytes& publicKey)
{
    Json body = Json::object();
    body.set("code", wanted.code);
    body.set("name", wanted.name);
    body.set("publicKey", jwkOf(publicKey));
    HttpRequest request = jsonRequest(Method::Post, "api/v1/enrolments", body);
    request.headers.add("Accept", "application/json");
    const auto answer = transport.send(request);
    if (!answer)
        return refuseEnrolment(answer.error());
    if (answer->status != 201)
        return refusalOf(*answer);
    auto said = Json::parse(answer->body);
    if (!said || (*said)["clientId"].string().empty() || (*said)["fhirBase"].string().empty())
        return refuseEnrolment(Kind::NotYarrow);
    return std::move(*said);
}

/// The server's address as it calls itself, which its links and the tokens' audience are made from.
Enrolment<std::string> ownAddress(const ServerUrl& asked, const Json& said)
{
    std::string base(said["fhirBase"].string());
    if (!asked.resolve(base) || !base.ends_with("/fhir"))
        return refuseEnrolment(Kind::OtherAddress, base);
    base.resize(base.size() - std::string_view("/fhir").size());
    return base;
}

std::string_view tenantOf(std::string_view clientId)
{
    return clientId.substr(0, clientId.find('.'));
}

} // namespace

Enrolment<EnrolmentPlan> planEnrolment(Clinic& clinic, ServerLink::Kind kind, const std::string& url)
{
    if (auto allowed = clinic.enrolment().mayEnrol(); !allowed)
        return refuseEnrolment(allowed.error());
    auto link = clinic.enrolment().link();
    if (!link)
        return refuseEnrolment(link.error());
    auto accounts = clinic.accounts().list();
    if (!accounts)
        return refuseEnrolment(accounts.error());
    EnrolmentPlan plan{clinic.identity().databaseId, std::move(*link), clinic.actor().account,
                       std::move(*accounts)};
    if (plan.replaced) {
        const ServerLink& present = *plan.replaced;
        const auto asked = ServerUrl::parse(url);
        const bool isSame = present.kind == kind && asked && asked->text() == present.url;
        if (!isSame || (kind == ServerLink::Kind::Yarrow && present.stopped.empty()))
            return refuseEnrolment(Kind::AlreadyEnrolled, present.url);
    }
    return plan;
}

Enrolment<Enrolled> contact(const EnrolmentPlan& plan, const CodeEnrolment& wanted,
                            const StoreEnvironment& environment, const std::atomic_bool* cancelled)
{
    const auto options = optionsFor(wanted.url, wanted.caPem, false);
    if (!options)
        return tl::unexpected(options.error());
    DeviceSecretStore* secrets = environment.secrets;
    if (!secrets || !secrets->isAvailable())
        return refuseEnrolment(Kind::NoKeyStore);
    const QString keyName = keyNameFor(plan, wanted.code);
    const auto key = deviceKey(*secrets, keyName);
    if (!key)
        return tl::unexpected(key.error());

    CurlTransport transport(*options, cancelled);
    const auto said = redeem(transport, wanted, key->publicKey);
    if (!said) {
        // Where no answer came, the server may have taken the key: the next attempt needs it.
        if (key->isNew && said.error().kind != Kind::Unreachable && said.error().kind != Kind::Local)
            static_cast<void>(secrets->remove(keyName)); // an unused key does no harm
        return tl::unexpected(said.error());
    }
    const auto address = ownAddress(options->server, *said);
    if (!address)
        return tl::unexpected(address.error());

    Enrolled enrolled;
    enrolled.link.kind = ServerLink::Kind::Yarrow;
    enrolled.link.url = *address;
    enrolled.link.clientId = (*said)["clientId"].string();
    enrolled.link.keyName = keyName.toStdString();
    enrolled.link.caPem = wanted.caPem;
    enrolled.link.account = plan.account.text();
    enrolled.link.enrolledAt = formatInstant(environment.clock.now());
    enrolled.clinicName = (*said)["clinic"]["name"].string();
    for (const Json& area : (*said)["areas"].items())
        enrolled.areas.emplace_back(area.string());
    if (plan.replaced && tenantOf(plan.replaced->clientId) != tenantOf(enrolled.link.clientId))
        return refuseEnrolment(Kind::OtherClinic, enrolled.clinicName);

    auto linked =
        LinkTransport::open(enrolled.link, {environment.clock, environment.ids, secrets, cancelled});
    if (!linked)
        return refuseEnrolment(linked.error());
    if (auto matched = matchAccounts(**linked, plan, enrolled); !matched)
        return tl::unexpected(matched.error());
    return enrolled;
}

Enrolment<Enrolled> contact(const EnrolmentPlan& plan, const TokenEnrolment& wanted,
                            const StoreEnvironment& environment, const std::atomic_bool* cancelled)
{
    const auto options = optionsFor(wanted.url, wanted.caPem, wanted.allowPlainHttp);
    if (!options)
        return tl::unexpected(options.error());
    DeviceSecretStore* secrets = environment.secrets;
    if (!wanted.token.empty() && (!secrets || !secrets->isAvailable()))
        return refuseEnrolment(Kind::NoKeyStore);

    CurlTransport transport(*options, cancelled);
    StaticToken token(wanted.token);
    AuthorisedTransport authorised(transport, token);
    HttpRequest request;
    request.url = "metadata";
    request.headers.add("Accept", "application/fhir+json");
    const auto answer = authorised.send(request);
    if (!answer && answer.error().reason == TransportError::Reason::Unauthorised)
        return refuseEnrolment(Kind::TokenRefused);
    if (!answer)
        return refuseEnrolment(answer.error());
    if (answer->status == 403)
        return refuseEnrolment(Kind::TokenRefused);
    const auto statement = Json::parse(answer->body);
    if (answer->status != 200 || !statement ||
        (*statement)["resourceType"].string() != "CapabilityStatement" ||
        !(*statement)["fhirVersion"].string().starts_with("4.0"))
        return refuseEnrolment(Kind::NotFhirR4, "HTTP " + std::to_string(answer->status));

    Enrolled enrolled;
    if (plan.replaced)
        enrolled.link.dialect = plan.replaced->dialect;
    enrolled.link.kind = ServerLink::Kind::Fhir;
    enrolled.link.url = options->server.text();
    enrolled.link.caPem = wanted.caPem;
    enrolled.link.account = plan.account.text();
    enrolled.link.enrolledAt = formatInstant(environment.clock.now());
    if (!wanted.token.empty()) {
        enrolled.link.keyName = "server-token/" + plan.databaseId;
        if (auto written = secrets->write(QString::fromStdString(enrolled.link.keyName),
                                          SecretBytes(std::string_view(wanted.token)));
            !written)
            return refuseEnrolment(written.error());
    }
    return enrolled;
}

Enrolment<void> keepEnrolment(Clinic& clinic, const EnrolmentPlan& plan, const Enrolled& enrolled,
                              DeviceSecretStore* secrets)
{
    if (auto kept = clinic.enrolment().enrol(enrolled.link, enrolled.accounts); !kept)
        return refuseEnrolment(kept.error());
    if (plan.replaced && !plan.replaced->keyName.empty() && plan.replaced->keyName != enrolled.link.keyName &&
        secrets)
        static_cast<void>(secrets->remove(QString::fromStdString(plan.replaced->keyName))); // of no use now
    return {};
}

} // namespace yarrow::sync
