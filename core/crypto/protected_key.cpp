// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/protected_key.h"

#include "core/crypto/openssl_error.h"

#include <QtCrypto>

#include <string>

namespace postern {

namespace {

constexpr std::string_view kForm = "PKCS#12";
constexpr std::string_view kNoKey = "the PKCS#12 file holds no key that can be read";

QByteArray borrowed(std::string_view octets)
{
    return QByteArray::fromRawData(octets.data(), qsizetype(octets.size()));
}

/// QCA's secure memory exists once a Secret was made; a provider only where it is installed.
QCA::SecureArray secureArray(std::string_view octets)
{
    const Secret ready(octets);
    return QCA::SecureArray(borrowed(ready.view()));
}

Result<LoadedPkey> fromPrivateKey(const QCA::PrivateKey &key, std::string_view form)
{
    const QCA::SecureArray der = key.toDER();
    const auto *data = reinterpret_cast<const unsigned char *>(der.constData());
    Pkey pkey(d2i_AutoPrivateKey(nullptr, &data, der.size()));
    if (!pkey)
        return std::unexpected(openSslError(Errc::KeyFormat, kNoKey));
    return LoadedPkey{std::move(pkey), true, form, {}};
}

std::optional<CertificateInfo> aboutCertificate(const QCA::CertificateChain &chain)
{
    if (chain.isEmpty())
        return std::nullopt;
    const QByteArray der = chain.primary().toDER();
    const auto *data = reinterpret_cast<const unsigned char *>(der.constData());
    const Certificate certificate(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
    Result<LoadedPkey> loaded = fromCertificate(certificate, kNoKey);
    return loaded ? std::move(loaded->certificate) : std::nullopt;
}

/// By QCA; nothing if it has no type for the key.
std::optional<Result<LoadedPkey>> bundleByQca(std::string_view octets,
                                              const QCA::SecureArray &passphrase)
{
    if (!QCA::isSupported("pkcs12"))
        return std::nullopt;
    QCA::ConvertResult converted = QCA::ErrorDecode;
    const QCA::KeyBundle bundle =
        QCA::KeyBundle::fromArray(borrowed(octets), passphrase, &converted);
    clearOpenSslErrors();
    if (converted != QCA::ConvertGood || bundle.isNull() || bundle.privateKey().isNull())
        return std::nullopt;
    Result<LoadedPkey> loaded = fromPrivateKey(bundle.privateKey(), kForm);
    if (loaded)
        loaded->certificate = aboutCertificate(bundle.certificateChain());
    return loaded;
}

Result<LoadedPkey> bundleByOpenSsl(std::string_view octets, std::string_view passphrase)
{
    const auto *data = reinterpret_cast<const unsigned char *>(octets.data());
    const Pkcs12 bundle(d2i_PKCS12(nullptr, &data, static_cast<long>(octets.size())));
    if (!bundle)
        return std::unexpected(openSslError(Errc::KeyFormat, "not a PKCS#12 file"));
    std::string word(passphrase);
    const bool opens =
        PKCS12_verify_mac(bundle.get(), word.c_str(), static_cast<int>(word.size())) == 1
        || (word.empty() && PKCS12_verify_mac(bundle.get(), nullptr, 0) == 1);
    EVP_PKEY *key = nullptr;
    X509 *certificate = nullptr;
    const bool parsed =
        opens && PKCS12_parse(bundle.get(), word.c_str(), &key, &certificate, nullptr) == 1;
    wipe(word);
    Pkey pkey(key);
    const Certificate holder(certificate);
    if (!opens) {
        clearOpenSslErrors();
        return fail(Errc::KeyPassphrase,
                    passphrase.empty() ? "no passphrase was given" : "the passphrase is wrong");
    }
    if (!parsed || (!pkey && !holder))
        return std::unexpected(openSslError(Errc::KeyFormat, kNoKey));
    if (!pkey)
        return fromCertificate(holder, kNoKey);
    LoadedPkey loaded{std::move(pkey), true, kForm, {}};
    if (holder) {
        if (Result<LoadedPkey> about = fromCertificate(holder, kNoKey))
            loaded.certificate = std::move(about->certificate);
    }
    clearOpenSslErrors();
    return loaded;
}

} // namespace

Result<LoadedPkey> decryptPem(std::string_view text, std::string_view passphrase)
{
    const QCA::SecureArray word = secureArray(passphrase);
    if (!QCA::isSupported("pkey"))
        return fail(Errc::KeyFormat, "QCA has no provider for keys");
    QCA::ConvertResult converted = QCA::ErrorDecode;
    const QString pem = QString::fromLatin1(text.data(), qsizetype(text.size()));
    const QCA::PrivateKey key = QCA::PrivateKey::fromPEM(pem, word, &converted);
    clearOpenSslErrors();
    if (converted != QCA::ConvertGood || key.isNull())
        return fail(Errc::KeyFormat, "QCA cannot read this key");
    return fromPrivateKey(key, "encrypted PEM");
}

bool looksLikePkcs12(std::string_view octets) noexcept
{
    if (octets.size() < 8 || octets[0] != '\x30')
        return false;
    const auto first = static_cast<unsigned char>(octets[1]);
    if (first > 0x84)
        return false;
    const std::size_t lengthOctets = first < 0x80 ? 0 : first - 0x80U;
    return octets.substr(2 + lengthOctets).starts_with(std::string_view("\x02\x01\x03", 3));
}

Result<LoadedPkey> loadPkcs12(std::string_view octets, std::string_view passphrase)
{
    if (!passphrase.empty()) {
        if (auto read = bundleByQca(octets, secureArray(passphrase)))
            return std::move(*read);
    }
    return bundleByOpenSsl(octets, passphrase);
}

} // namespace postern
