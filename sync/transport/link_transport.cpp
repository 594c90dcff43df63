// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/link_transport.h"

namespace yarrow::sync {
namespace {

std::unique_ptr<TokenSource> tokensOf(const ServerLink& link, Transport& transport,
                                      const LinkTransport::Machine& machine, std::string bearer)
{
    if (link.kind == ServerLink::Kind::Fhir)
        return std::make_unique<StaticToken>(std::move(bearer));
    auto privateKey = [secrets = machine.secrets,
                       name = QString::fromStdString(link.keyName)]() -> Result<SecretBytes> {
        if (!secrets)
            return fail(ErrorCode::KeyStoreUnavailable);
        return secrets->read(name);
    };
    return std::make_unique<DeviceTokenSource>(transport, machine.clock, machine.ids,
                                               link.url + "/auth/token", link.clientId,
                                               std::move(privateKey));
}

} // namespace

Result<std::unique_ptr<LinkTransport>> LinkTransport::open(const ServerLink& link, const Machine& machine)
{
    auto url = ServerUrl::parse(link.url);
    if (!url)
        return fail(url.error());
    std::string bearer;
    if (link.kind == ServerLink::Kind::Fhir && !link.keyName.empty()) {
        if (!machine.secrets)
            return fail(ErrorCode::KeyStoreUnavailable);
        const auto token = machine.secrets->read(QString::fromStdString(link.keyName));
        if (!token)
            return fail(token.error());
        bearer = token->view();
    }
    CurlTransport::Options options{std::move(*url)};
    options.caPem = link.caPem;
    options.packRequests = link.kind == ServerLink::Kind::Yarrow;
    options.allowPlainHttp = true; // enrolment has asked whether that is meant
    return std::unique_ptr<LinkTransport>(
        new LinkTransport(std::move(options), link, machine, std::move(bearer)));
}

LinkTransport::LinkTransport(CurlTransport::Options options, const ServerLink& link, const Machine& machine,
                             std::string bearer)
    : m_curl(std::move(options), machine.cancelled)
    , m_tokens(tokensOf(link, m_curl, machine, std::move(bearer)))
    , m_authorised(m_curl, *m_tokens)
{}

} // namespace yarrow::sync
