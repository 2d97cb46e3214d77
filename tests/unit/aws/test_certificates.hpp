// A test certificate authority, and a server certificate that it has signed.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace estante {

class TestCertificates {
public:
    // Writes ca.pem, server.pem and server.key into the folder; the server's names are for example "DNS:localhost".
    TestCertificates(const std::filesystem::path& folder, const std::string& names)
        : ca_file((folder / "ca.pem").string()),
          certificate_file((folder / "server.pem").string()),
          key_file((folder / "server.key").string())
    {
        const Key ca_key(EVP_EC_gen("P-256"));
        const Key key(EVP_EC_gen("P-256"));
        const auto ca = certificate("Test CA", *ca_key, nullptr, *ca_key, "", true);
        const auto server = certificate("Test server", *key, ca.get(), *ca_key, names, false);
        write(ca_file, [&](FILE* file) { return PEM_write_X509(file, ca.get()); });
        write(certificate_file, [&](FILE* file) { return PEM_write_X509(file, server.get()); });
        write(key_file,
              [&](FILE* file) { return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    }

    const std::string ca_file;
    const std::string certificate_file;
    const std::string key_file;

private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(X509* certificate) const { X509_free(certificate); }
        void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Free>;
    using Certificate = std::unique_ptr<X509, Free>;

    static Certificate certificate(const char* name, EVP_PKEY& key, X509* issuer, EVP_PKEY& issuer_key,
                                   const std::string& names, bool authority)
    {
        Certificate created(X509_new());
        X509_set_version(created.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(created.get()), authority ? 1 : 2);
        X509_gmtime_adj(X509_getm_notBefore(created.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(created.get()), 3600);
        X509_set_pubkey(created.get(), &key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(created.get()), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
        X509_set_issuer_name(created.get(), X509_get_subject_name(issuer ? issuer : created.get()));
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, issuer ? issuer : created.get(), created.get(), nullptr, nullptr, 0);
        add(*created, context, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
        if (!names.empty())
            add(*created, context, NID_subject_alt_name, names);
        if (X509_sign(created.get(), &issuer_key, EVP_sha256()) == 0)
            throw std::runtime_error("cannot sign a certificate");
        return created;
    }

    static void add(X509& certificate, X509V3_CTX& context, int kind, const std::string& value)
    {
        const std::unique_ptr<X509_EXTENSION, Free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
        if (!extension || X509_add_ext(&certificate, extension.get(), -1) != 1)
            throw std::runtime_error("cannot extend a certificate");
    }

    template <class Write> static void write(const std::string& path, Write put)
    {
        FILE* file = std::fopen(path.c_str(), "w");
        if (!file || put(file) != 1 || std::fclose(file) != 0)
            throw std::runtime_error("cannot write " + path);
    }
};

} // namespace estante
