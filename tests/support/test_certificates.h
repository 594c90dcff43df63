// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <utility>

namespace yarrow::testing {

struct FreeOpenSsl
{
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    void operator()(SSL* session) const noexcept { SSL_free(session); }
    void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
    void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
};
template <class T>
using OpenSsl = std::unique_ptr<T, FreeOpenSsl>;

/// A certificate with its key, made for one run of a test.
class TestCertificate
{
public:
    static constexpr long kDay = 24L * 60 * 60;

    /// Of an authority; signs itself.
    explicit TestCertificate(const std::string& name)
        : TestCertificate(name, nullptr, "critical,CA:TRUE", {}, kDay)
    {}
    /// Of a server, for these names ("DNS:localhost,IP:127.0.0.1"). It ends so many seconds from now.
    TestCertificate(const TestCertificate& authority, const std::string& names, long endsIn = kDay)
        : TestCertificate("server", &authority, "critical,CA:FALSE", names, endsIn)
    {}

    [[nodiscard]] std::string pem() const
    {
        const OpenSsl<BIO> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(out.get(), m_certificate.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(out.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

    /// What a server with this certificate serves with.
    [[nodiscard]] OpenSsl<SSL_CTX> serverContext(int highestVersion = 0) const
    {
        OpenSsl<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), highestVersion);
        SSL_CTX_use_certificate(context.get(), m_certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), m_key.get());
        return context;
    }

private:
    TestCertificate(const std::string& name, const TestCertificate* authority, const char* constraints,
                    const std::string& names, long endsIn)
        : m_key(EVP_EC_gen("P-256"))
        , m_certificate(X509_new())
    {
        static long serial = 0;
        X509* certificate = m_certificate.get();
        X509_set_version(certificate, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * kDay);
        X509_gmtime_adj(X509_getm_notAfter(certificate), endsIn);
        X509_set_pubkey(certificate, m_key.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(certificate,
                             X509_get_subject_name(authority ? authority->m_certificate.get() : certificate));
        extend(NID_basic_constraints, constraints);
        if (!names.empty())
            extend(NID_subject_alt_name, names);
        X509_sign(certificate, authority ? authority->m_key.get() : m_key.get(), EVP_sha256());
    }

    void extend(int kind, const std::string& value)
    {
        const OpenSsl<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
        X509_add_ext(m_certificate.get(), extension.get(), -1);
    }

    OpenSsl<EVP_PKEY> m_key;
    OpenSsl<X509> m_certificate;
};

} // namespace yarrow::testing
