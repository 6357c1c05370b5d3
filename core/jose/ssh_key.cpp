// SPDX-License-Identifier: Apache-2.0
#include "core/jose/ssh_key.h"

#include "core/bytes/encoding.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>

namespace postern {

namespace {

struct Kind
{
    std::string_view name; ///< in the line and in the blob
    std::string_view keyType;
    std::string_view curve; ///< JWK crv
    std::string_view sshCurve; ///< the name inside the blob
    std::size_t width; ///< of a coordinate
};
constexpr std::array<Kind, 6> kKinds = {{
    {"ssh-rsa", "RSA", "", "", 0},
    {"ssh-ed25519", "OKP", "Ed25519", "", 32},
    {"ssh-ed448", "OKP", "Ed448", "", 57},
    {"ecdsa-sha2-nistp256", "EC", "P-256", "nistp256", 32},
    {"ecdsa-sha2-nistp384", "EC", "P-384", "nistp384", 48},
    {"ecdsa-sha2-nistp521", "EC", "P-521", "nistp521", 66},
}};

/// Reads the length-prefixed strings of RFC 4251 5.
class Blob
{
public:
    explicit Blob(std::string_view octets) : m_rest(octets) {}

    std::optional<std::string_view> next()
    {
        if (m_rest.size() < 4)
            return std::nullopt;
        std::size_t size = 0;
        for (const char c : m_rest.substr(0, 4))
            size = size << 8 | static_cast<unsigned char>(c);
        if (size > m_rest.size() - 4)
            return std::nullopt;
        const std::string_view text = m_rest.substr(4, size);
        m_rest.remove_prefix(4 + size);
        return text;
    }
    [[nodiscard]] bool atEnd() const noexcept { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

std::string_view withoutSign(std::string_view number) noexcept
{
    return number.starts_with('\0') ? number.substr(1) : number;
}

std::unexpected<Error> damaged() { return fail(Errc::KeyFormat, "the OpenSSH key is damaged"); }

Result<Json> readBlob(const Kind &kind, Blob blob)
{
    Json jwk = Json::object({{"kty", kind.keyType}});
    if (kind.keyType == "RSA") {
        const auto e = blob.next();
        const auto n = blob.next();
        if (!e || !n || !blob.atEnd())
            return damaged();
        jwk.set("n", encodeBase64Url(withoutSign(*n)));
        jwk.set("e", encodeBase64Url(withoutSign(*e)));
        return jwk;
    }
    jwk.set("crv", kind.curve);
    if (kind.keyType == "OKP") {
        const auto x = blob.next();
        if (!x || x->size() != kind.width || !blob.atEnd())
            return damaged();
        jwk.set("x", encodeBase64Url(*x));
        return jwk;
    }
    const auto curve = blob.next();
    const auto point = blob.next();
    if (!curve || *curve != kind.sshCurve || !point || point->size() != 1 + 2 * kind.width
        || !point->starts_with('\x04') || !blob.atEnd())
        return damaged();
    jwk.set("x", encodeBase64Url(point->substr(1, kind.width)));
    jwk.set("y", encodeBase64Url(point->substr(1 + kind.width)));
    return jwk;
}

} // namespace

bool looksLikeOpenSsh(std::string_view text) noexcept
{
    return std::ranges::any_of(
        std::array<std::string_view, 4>{"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"},
        [text](std::string_view prefix) { return text.starts_with(prefix); });
}

Result<Json> jwkFromOpenSsh(std::string_view text)
{
    const std::size_t end = text.find_first_of("\r\n");
    if (end != std::string_view::npos
        && text.find_first_not_of(" \t\r\n", end) != std::string_view::npos)
        return fail(Errc::KeyFormat, "several lines; give one OpenSSH key at a time");
    const std::string_view line = text.substr(0, end);
    const std::size_t space = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view name = line.substr(0, space);
    const auto *const kind = std::ranges::find(kKinds, name, &Kind::name);
    if (kind == kKinds.end())
        return fail(Errc::KeyType, std::format("an OpenSSH key of type {}", name));
    const std::size_t start = std::min(line.find_first_not_of(" \t", space), line.size());
    const std::string_view base64 = line.substr(start, line.find_first_of(" \t", start) - start);
    const Result<std::string> octets = decodeBase64(base64);
    if (!octets)
        return damaged();
    Blob blob(*octets);
    if (blob.next() != name)
        return damaged();
    return readBlob(*kind, blob);
}

} // namespace postern
