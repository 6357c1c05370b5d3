// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/key_pair.h"

#include "core/crypto/openssl_error.h"

#include <iterator>
#include <limits>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace postern::gateway {
namespace {

constexpr std::size_t kMostCertificates = 32;

// OpenSSL's own callback asks on the terminal.
int noPassphrase(char *, int, int, void *) { return -1; }

Bio reading(std::string_view text)
{
    if (text.size() > std::numeric_limits<int>::max())
        return nullptr;
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::unexpected<Error> refuse(std::string_view text)
{
    clearOpenSslErrors();
    return fail(Errc::CertificateUnusable, std::string(text));
}

Result<Pkey> readPrivateKey(std::string_view pem)
{
    if (!pem.starts_with("---")) // the original takes anything else for its own ciphertext
        return refuse("failed to decrypt previous encrypted key");
    const Bio in = reading(pem);
    Pkey key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, noPassphrase, nullptr) : nullptr);
    if (!key)
        return refuse("failed to parse key: PEM_read_bio_PrivateKey() failed");
    return key;
}

} // namespace

Result<std::vector<Certificate>> readCertificates(std::string_view pem)
{
    clearOpenSslErrors();
    const Bio in = reading(pem);
    std::vector<Certificate> read;
    read.emplace_back(in ? PEM_read_bio_X509_AUX(in.get(), nullptr, noPassphrase, nullptr)
                         : nullptr);
    if (!read.front())
        return refuse("failed to parse cert: PEM_read_bio_X509_AUX() failed");
    while (Certificate further{PEM_read_bio_X509(in.get(), nullptr, noPassphrase, nullptr)}) {
        if (read.size() == kMostCertificates)
            return refuse("failed to parse cert: too many certificates");
        read.push_back(std::move(further));
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return refuse("failed to parse cert: PEM_read_bio_X509() failed");
    clearOpenSslErrors();
    return read;
}

Result<TlsKeyPair> readKeyPair(std::string_view certificate, std::string_view key)
{
    auto certificates = readCertificates(certificate);
    if (!certificates)
        return std::unexpected(certificates.error());
    auto read = readPrivateKey(key);
    if (!read)
        return std::unexpected(read.error());
    TlsKeyPair pair{std::move(certificates->front()), {}, std::move(*read)};
    if (X509_check_private_key(pair.certificate.get(), pair.key.get()) != 1)
        return refuse("failed to parse key: the key does not belong to the certificate");
    pair.chain.assign(std::make_move_iterator(certificates->begin() + 1),
                      std::make_move_iterator(certificates->end()));
    clearOpenSslErrors();
    return pair;
}

} // namespace postern::gateway
