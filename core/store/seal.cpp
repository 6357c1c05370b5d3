// SPDX-License-Identifier: Apache-2.0
#include "core/store/seal.h"

#include "core/bytes/encoding.h"
#include "core/crypto/random.h"
#include "core/json/parse.h"
#include "core/store/secret_spans.h"

#include <QtCrypto>

#include <vector>

namespace postern {
namespace {

constexpr std::string_view kPrefix = "sealed:v1:";
constexpr std::string_view kQuotedPrefix = "\"sealed:v1:";
constexpr std::string_view kInfo = "postern store seal v1";
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

QCA::SecureArray secureArray(std::string_view octets)
{
    return QCA::SecureArray(QByteArray::fromRawData(octets.data(), qsizetype(octets.size())));
}

QByteArray bytesOf(std::string_view octets)
{
    return QByteArray(octets.data(), qsizetype(octets.size()));
}

std::string_view viewOf(const QCA::MemoryRegion &region) noexcept
{
    return {region.constData(), static_cast<std::size_t>(region.size())};
}

std::string placeOf(std::string_view key, const SecretSpan &span)
{
    return std::string(key).append("\n").append(span.path);
}

QCA::Cipher gcm(QCA::Direction direction, const Secret &key)
{
    return QCA::Cipher(QStringLiteral("aes256"), QCA::Cipher::GCM, QCA::Cipher::NoPadding,
                       direction, QCA::SymmetricKey(secureArray(key.view())),
                       QCA::InitializationVector(QByteArray(int(kNonceSize), 0)),
                       QCA::AuthTag(int(kTagSize)));
}

Result<QCA::SecureArray> runCipher(QCA::Cipher &cipher, const QCA::MemoryRegion &input)
{
    QCA::SecureArray output = cipher.update(input);
    if (cipher.ok()) {
        output.append(cipher.final());
        if (cipher.ok())
            return output;
    }
    return fail(Errc::Crypto, "AES-256-GCM failed");
}

std::unexpected<Error> cannotOpen(std::string_view place)
{
    return fail(Errc::StoreSeal, "the key is another one, or the value was changed or moved",
                std::string(place.substr(0, place.find('\n'))));
}

} // namespace

Result<Sealer> Sealer::make(const Secret &masterKey, std::string_view salt)
{
    if (masterKey.size() != kKeySize)
        return fail(Errc::InvalidArgument, "a master key has 32 octets");
    for (const char *feature : {"aes256-gcm", "hkdf(sha256)"}) {
        if (!QCA::isSupported(feature))
            return fail(Errc::Unsupported,
                        std::string("QCA offers no ")
                            .append(feature)
                            .append("; install its OpenSSL provider (Debian: libqca-qt6-plugins)"));
    }
    const QCA::SymmetricKey key =
        QCA::HKDF().makeKey(secureArray(masterKey.view()), QCA::InitializationVector(bytesOf(salt)),
                            QCA::InitializationVector(bytesOf(kInfo)), kKeySize);
    return Sealer(Secret(viewOf(key)));
}

Sealer::Sealer(const Secret &key)
    : m_key(key),
      m_encoder(gcm(QCA::Encode, key)),
      m_decoder(gcm(QCA::Decode, key))
{
}

Result<std::string> Sealer::seal(std::string_view text, std::string_view place) const
{
    const Result<Secret> nonce = randomOctets(kNonceSize);
    if (!nonce)
        return std::unexpected(nonce.error());
    m_encoder.setup(QCA::Encode, QCA::SymmetricKey(secureArray(m_key.view())),
                    QCA::InitializationVector(bytesOf(nonce->view())), QCA::AuthTag(int(kTagSize)));
    std::string plain;
    plain.reserve(place.size() + 1 + text.size());
    plain.append(place).append("\n").append(text);
    const Result<QCA::SecureArray> sealed = runCipher(m_encoder, secureArray(plain));
    wipe(plain);
    if (!sealed)
        return std::unexpected(sealed.error());
    const QCA::AuthTag tag = m_encoder.tag();
    std::string octets(nonce->view());
    octets.append(viewOf(*sealed)).append(viewOf(tag));
    return std::string(kPrefix).append(encodeBase64Url(octets));
}

Result<std::string> Sealer::open(std::string_view sealed, std::string_view place) const
{
    std::string octets;
    if (!sealed.starts_with(kPrefix) || !decodeBase64UrlInto(sealed.substr(kPrefix.size()), octets)
        || octets.size() < kNonceSize + kTagSize)
        return cannotOpen(place);
    const std::string_view all(octets);
    m_decoder.setup(QCA::Decode, QCA::SymmetricKey(secureArray(m_key.view())),
                    QCA::InitializationVector(bytesOf(all.substr(0, kNonceSize))),
                    QCA::AuthTag(bytesOf(all.substr(all.size() - kTagSize))));
    const Result<QCA::SecureArray> plain = runCipher(
        m_decoder, secureArray(all.substr(kNonceSize, all.size() - kNonceSize - kTagSize)));
    if (!plain)
        return cannotOpen(place);
    std::string_view text = viewOf(*plain);
    if (!text.starts_with(place) || !text.substr(place.size()).starts_with('\n'))
        return cannotOpen(place);
    return std::string(text.substr(place.size() + 1));
}

Result<std::string> Sealer::sealDocument(std::string_view key, std::string_view value) const
{
    const std::vector<SecretSpan> spans = secretSpans(key, value);
    if (spans.empty())
        return std::string(value);
    // A member that is there twice would keep its first secret in clear.
    if (const Result<Json> strict = parseJson(value); !strict)
        return fail(strict.error().code, strict.error().detail, std::string(key));
    return rewriteSpans(value, spans, [&](const SecretSpan &span, std::string_view text) {
        return seal(text, placeOf(key, span)).transform([](const std::string &sealed) {
            return "\"" + sealed + "\"";
        });
    });
}

Result<std::string> Sealer::openDocument(std::string_view key, std::string_view value) const
{
    if (!mayHoldSealed(value))
        return std::string(value);
    return rewriteSpans(value, secretSpans(key, value),
                        [&](const SecretSpan &span, std::string_view text) -> Result<std::string> {
                            if (!text.starts_with(kQuotedPrefix))
                                return std::string(text);
                            return open(text.substr(1, text.size() - 2), placeOf(key, span));
                        });
}

bool holdsSecrets(std::string_view key, std::string_view value)
{
    return !secretSpans(key, value).empty();
}

bool mayHoldSealed(std::string_view value) noexcept { return value.contains(kQuotedPrefix); }

} // namespace postern
