// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/jws.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// How the text of a list was read to get the secret's octets.
enum class SecretReading : std::uint8_t { Text, Base64, Hex };
/// "text", "base64", "hex".
[[nodiscard]] std::string_view nameOf(SecretReading reading) noexcept;

/// Known secrets, one on a line, tried in the order written. Immutable; any thread.
class SecretList
{
public:
    /// \param text lines ended by LF or CR LF; empty ones are passed over. Kept, not copied
    explicit SecretList(std::string text);
    SecretList(const SecretList &) = delete; // the lines are views into the text
    SecretList &operator=(const SecretList &) = delete;

    /// Debuggers' defaults, manuals' examples, common placeholders: sampleSecrets().
    [[nodiscard]] static const SecretList &builtIn();

    struct Line
    {
        std::string_view text;
        std::size_t number; ///< from 1
    };
    [[nodiscard]] const std::vector<Line> &lines() const noexcept { return m_lines; }

private:
    std::string m_text;
    std::vector<Line> m_lines;
};

/// A listed secret that signed a token.
struct SecretMatch
{
    std::string text; ///< as listed
    SecretReading reading = SecretReading::Text;
    std::size_t line = 0; ///< in its list; 0: found in the token itself
    std::size_t octets = 0; ///< length of the secret as read
};

/// Tries the list on an HMAC token: each line as text and, where it reads as such, as base64 (both
/// alphabets) and hexadecimal. One re-keyed context: about half a microsecond a try.
/// \return the first match; nothing if the token is not signed with HMAC
[[nodiscard]] std::optional<SecretMatch> findSecret(const DecodedJws &token,
                                                    const SecretList &list);

/// The same with what the token itself says: its alg, typ, kid, and the texts of its claims.
[[nodiscard]] std::optional<SecretMatch> findSecretInToken(const DecodedJws &token,
                                                           const Json &claims);

} // namespace postern
