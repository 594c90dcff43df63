// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace yarrow::server {
namespace {

namespace ssl = boost::asio::ssl;

// Of TLS 1.2; those of 1.3 are all good.
constexpr const char* kCiphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

tl::unexpected<Problem> bad(const std::string& what)
{
    return refuse(500, "tls-files", what);
}

} // namespace

Result<std::shared_ptr<ssl::context>> makeTlsContext(const std::string& certificateFile,
                                                     const std::string& keyFile)
{
    auto context =
        std::make_shared<ssl::context>(ssl::context::tls_server); // shared by the connections made with it
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                         ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression);
    SSL_CTX* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS); // idle connections keep no record buffers
    if (SSL_CTX_set_cipher_list(native, kCiphers) != 1)
        return bad("OpenSSL has none of the cipher suites that are allowed.");

    boost::system::error_code error;
    context->use_certificate_chain_file(certificateFile, error);
    if (error)
        return bad("The certificate " + certificateFile + " cannot be used: " + error.message() + ".");
    context->use_private_key_file(keyFile, ssl::context::pem, error);
    if (error)
        return bad("The private key " + keyFile + " cannot be used with the certificate: " + error.message() +
                   ".");
    const X509* certificate = SSL_CTX_get0_certificate(native);
    if (certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return bad("The certificate " + certificateFile + " has expired.");
    return context;
}

} // namespace yarrow::server
