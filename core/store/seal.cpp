// SPDX-License-Identifier: Apache-2.0
#include "core/store/seal.h"

#include "core/bytes/encoding.h"
#include "core/crypto/random.h"
#include "core/json/parse.h"
#include "core/json/reader.h"
#include "core/model/secret_members.h"

#include <QtCrypto>

#include <algorithm>
#include <array>
#include <span>
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

/// A secret member in a document: where its JSON text lies.
struct Span
{
    std::size_t offset;
    std::size_t size;
    std::string path; ///< "plugins.jwt-auth.secret"
};

/// The raw JSON text of a member of an object's text, quotes included; empty if absent.
std::string_view memberText(std::string_view object, std::string_view name)
{
    std::array wanted{WantedMember{.name = name}};
    if (!readMembers(object, wanted) || !wanted[0].present)
        return {};
    const std::string_view text = wanted[0].text;
    if (wanted[0].type == Json::Type::String)
        return {text.data() - 1, text.size() + 2};
    return text;
}

std::string_view followPath(std::string_view text, std::string_view path)
{
    while (!text.empty() && !path.empty()) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        text = memberText(text, path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return text;
}

/// "/apisix/consumers/jack/credentials/x" -> "consumers"
std::string_view kindOf(std::string_view key) noexcept
{
    const std::size_t root = key.find('/', 1);
    if (root == std::string_view::npos)
        return {};
    const std::size_t end = key.find('/', root + 1);
    return key.substr(root + 1, end == std::string_view::npos ? end : end - root - 1);
}

/// Every secret member of the document, in the order of the text.
std::vector<Span> secretSpans(std::string_view key, std::string_view value)
{
    std::vector<Span> spans;
    const auto add = [&](std::string_view text, std::string path) {
        if (!text.empty() && text != "null")
            spans.push_back({static_cast<std::size_t>(text.data() - value.data()), text.size(),
                             std::move(path)});
    };
    for (const std::string_view path : secretMembersOfKind(kindOf(key)))
        add(followPath(value, path), std::string(path));
    const std::string_view plugins = memberText(value, "plugins");
    if (plugins.starts_with('{')) {
        std::array<WantedMember, 16> wanted;
        const std::size_t count = std::min(pluginsWithSecrets().size(), wanted.size());
        for (std::size_t i = 0; i < count; ++i)
            wanted[i].name = pluginsWithSecrets()[i];
        if (!readMembers(plugins, std::span(wanted).first(count)))
            return spans;
        for (const WantedMember &plugin : std::span(wanted).first(count)) {
            if (!plugin.present || plugin.type != Json::Type::Object)
                continue;
            for (const std::string_view path : secretMembers(plugin.name))
                add(followPath(plugin.text, path),
                    std::string("plugins.").append(plugin.name).append(".").append(path));
        }
    }
    std::ranges::sort(spans, {}, &Span::offset);
    return spans;
}

std::string placeOf(std::string_view key, const Span &span)
{
    return std::string(key).append("\n").append(span.path);
}

/// Rebuilds `value` with `replace(span, text)` in place of each span; nullopt keeps the text.
template <class Replace>
Result<std::string> rewrite(std::string_view value, const std::vector<Span> &spans,
                            const Replace &replace)
{
    std::string out;
    out.reserve(value.size() + spans.size() * 128);
    std::size_t done = 0;
    for (const Span &span : spans) {
        out.append(value.substr(done, span.offset - done));
        Result<std::string> text = replace(span, value.substr(span.offset, span.size));
        if (!text)
            return std::unexpected(std::move(text.error()));
        out.append(*text);
        done = span.offset + span.size;
    }
    out.append(value.substr(done));
    return out;
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
    const std::vector<Span> spans = secretSpans(key, value);
    if (spans.empty())
        return std::string(value);
    // A member that is there twice would keep its first secret in clear.
    if (const Result<Json> strict = parseJson(value); !strict)
        return fail(strict.error().code, strict.error().detail, std::string(key));
    return rewrite(value, spans, [&](const Span &span, std::string_view text) {
        return seal(text, placeOf(key, span)).transform([](const std::string &sealed) {
            return "\"" + sealed + "\"";
        });
    });
}

Result<std::string> Sealer::openDocument(std::string_view key, std::string_view value) const
{
    if (!mayHoldSealed(value))
        return std::string(value);
    return rewrite(value, secretSpans(key, value),
                   [&](const Span &span, std::string_view text) -> Result<std::string> {
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
