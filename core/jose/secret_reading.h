// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// The ways in which a secret is misread. For core/jose only.
namespace postern {

/// What to tell the user if a reading was the right one.
struct SecretReadingName
{
    std::string id; ///< "secret-base64", or several joined by "+"
    std::string sentence;
};

/// Calls `visit` with each reading of the secret: cleaned (blanks, quotes), then decoded or
/// encoded, then with a line break behind it. Single steps come first. Ends when `visit` returns
/// true. The octets are wiped after the call. The secret itself is not among them.
void forEachSecretReading(
    std::string_view secret,
    const std::function<bool(std::string_view octets, const SecretReadingName &name)> &visit);

/// What forEachSecretReading() does, in words.
[[nodiscard]] std::vector<std::string_view> secretReadingNames();

} // namespace postern
