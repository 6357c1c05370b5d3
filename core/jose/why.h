// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bytes/secret.h"
#include "core/jose/jws.h"
#include "core/jose/key.h"
#include "core/jose/secret_list.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A key that might have signed, and how people call it.
struct WhyCandidate
{
    std::string name; ///< "the given key", "carol / cred-carol-jwt-auth"
    std::optional<Key> key;
    Secret text; ///< the octets the key was read from (a PEM file); may be empty
    bool expected = true; ///< it should have fitted; false: somebody else's
};

/// A reading under which the signature fits.
struct WhyFinding
{
    std::string id; ///< stable: "secret-newline"; combined readings are joined by "+"
    std::string sentence; ///< never holds a configured secret
};

struct WhyReport
{
    std::vector<WhyFinding> found; ///< the most likely first
    std::vector<std::string> tried; ///< what was looked at, in words
    std::size_t attempts = 0; ///< signatures computed or verified
    bool outOfTime = false;
};

struct WhyOptions
{
    std::chrono::milliseconds limit{800};
    bool reserialised = true; ///< also other spellings of header and payload
    const SecretList *secrets = nullptr; ///< besides the built-in sample secrets
};

/// Why a signature does not fit: tries the usual mistakes and names those under which it fits.
/// Secrets: blanks, quotes, line breaks, base64 and hexadecimal taken as text and the reverse,
/// sample secrets, other candidates. Keys: the public key's text as HMAC secret, another algorithm
/// of the family, ECDSA as DER or swapped, PSS salt. Both: header or payload printed anew after
/// signing. For people; never on the request path.
[[nodiscard]] WhyReport explainSignature(const DecodedJws &token,
                                         std::span<const WhyCandidate> candidates,
                                         const WhyOptions &options = {});

/// Other spellings of a JSON text that a signer may have used, with their names in words.
struct Respelling
{
    std::string text;
    std::string how; ///< "with a space behind colons and commas"
};
[[nodiscard]] std::vector<Respelling> respellings(const std::string &text);

} // namespace postern
