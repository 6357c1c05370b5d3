// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

enum class FoundKind : std::uint8_t {
    Token, ///< a compact JWS
    EncryptedToken, ///< a compact JWE
    PrivateKey, ///< PEM, or a JWK with its private member
    SecretKey, ///< a JWK of type oct
    PublicKey, ///< a JWK without a private member
    SampleSecret, ///< the text of a well-known secret
};
/// "token", "encrypted-token", "private-key", "secret-key", "public-key", "sample-secret".
[[nodiscard]] std::string_view nameOf(FoundKind kind) noexcept;

/// Something that signs, or is signed, in a text.
struct FoundItem
{
    FoundKind kind;
    std::size_t offset, length; ///< in the text
    std::size_t line, column; ///< from 1; the column counts octets
    std::string alg; ///< "HS256", "RSA 2048", "EC P-256"; may be empty
    std::optional<std::int64_t> expires; ///< `exp` of a token, UNIX seconds
    std::string remark; ///< "signed with the sample secret …", "encrypted", "damaged"; may be empty
};

/// Finds compact tokens, JWKs, PEM private keys and well-known sample secrets, in the order of the
/// text. Only what proves to be one counts: a token's header decodes, a key has its members, a
/// secret stands as a word of its own.
[[nodiscard]] std::vector<FoundItem> findInText(std::string_view text);

/// What may be shown of a finding: the beginning of a token or key, never the rest.
[[nodiscard]] std::string maskedExcerpt(std::string_view text, const FoundItem &item);

} // namespace postern
