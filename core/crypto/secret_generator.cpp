// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/secret_generator.h"

#include "core/bytes/encoding.h"
#include "core/crypto/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace postern {

namespace {

constexpr std::array<SecretKindInfo, 6> kKinds{{{SecretKind::ApiKey, "API key"},
                                                {SecretKind::Hs256, "HS256 secret"},
                                                {SecretKind::Hs384, "HS384 secret"},
                                                {SecretKind::Hs512, "HS512 secret"},
                                                {SecretKind::HexSecret, "HS256 secret, hex"},
                                                {SecretKind::Password, "Password"}}};

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789";
// without l, I, 1, O, 0 and their like
constexpr std::array<std::string_view, 4> kClasses{
    "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#$%&*+-=?@_"};
constexpr std::size_t kApiKeySize = 32;
constexpr std::size_t kPasswordSize = 20;

/// Characters of the alphabet, each as likely as every other.
Result<std::string> randomText(std::string_view alphabet, std::size_t size)
{
    const std::size_t limit = 256 - 256 % alphabet.size();
    std::string text;
    while (text.size() < size) {
        const auto octets = randomOctets(2 * size);
        if (!octets)
            return std::unexpected(octets.error());
        for (const char octet : octets->view()) {
            const auto number = static_cast<unsigned char>(octet);
            if (number < limit && text.size() < size)
                text += alphabet[number % alphabet.size()];
        }
    }
    return text;
}

Result<GeneratedSecret> textSecret(std::string_view alphabet, std::size_t size)
{
    const auto text = randomText(alphabet, size);
    if (!text)
        return std::unexpected(text.error());
    return GeneratedSecret{
        Secret(*text), static_cast<double>(size) * std::log2(static_cast<double>(alphabet.size()))};
}

/// Drawn again until every class is used: that costs a fraction of a bit.
Result<GeneratedSecret> password()
{
    std::string alphabet;
    for (const std::string_view characters : kClasses)
        alphabet += characters;
    while (true) {
        auto drawn = textSecret(alphabet, kPasswordSize);
        if (!drawn || std::ranges::all_of(kClasses, [&drawn](std::string_view characters) {
                return drawn->text.view().find_first_of(characters) != std::string_view::npos;
            }))
            return drawn;
    }
}

Result<GeneratedSecret> octetSecret(std::size_t count, bool hex)
{
    const auto octets = randomOctets(count);
    if (!octets)
        return std::unexpected(octets.error());
    const std::string text = hex ? encodeHex(octets->view()) : encodeBase64Url(octets->view());
    return GeneratedSecret{Secret(text), static_cast<double>(count) * 8};
}

} // namespace

std::span<const SecretKindInfo> secretKinds() noexcept { return kKinds; }

Result<GeneratedSecret> generateSecret(SecretKind kind)
{
    switch (kind) {
    case SecretKind::ApiKey:
        return textSecret(kLetters, kApiKeySize);
    case SecretKind::AdminKey:
        return textSecret(kLetters.substr(0, kLetters.find('0')), kApiKeySize);
    case SecretKind::Hs256:
        return octetSecret(32, false);
    case SecretKind::Hs384:
        return octetSecret(48, false);
    case SecretKind::Hs512:
        return octetSecret(64, false);
    case SecretKind::HexSecret:
        return octetSecret(32, true);
    case SecretKind::Password:
        return password();
    }
    return fail(Errc::Internal);
}

} // namespace postern
