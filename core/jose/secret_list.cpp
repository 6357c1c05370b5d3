// SPDX-License-Identifier: Apache-2.0
#include "core/jose/secret_list.h"

#include "core/bytes/encoding.h"
#include "core/jose/jwt.h"
#include "core/jose/secret_probe.h"

#include <algorithm>
#include <array>
#include <utility>

namespace postern {

namespace {

constexpr std::size_t kShortestHex = 8;

std::string joined(const std::vector<std::string> &lines)
{
    std::string text;
    for (const std::string &line : lines)
        text.append(line).push_back('\n');
    return text;
}

bool isHex(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    });
}

/// One token, any number of candidates.
class Search
{
public:
    explicit Search(const DecodedJws &token)
    {
        if (const AlgInfo *alg = findAlg(token.alg))
            m_probe = SecretProbe::make(alg->alg, token.signingInput, token.signature);
    }

    [[nodiscard]] bool possible() const noexcept { return m_probe.has_value(); }

    [[nodiscard]] std::optional<SecretMatch> attempt(std::string_view text, std::size_t line)
    {
        const auto match = [&](SecretReading reading, std::size_t octets) {
            return SecretMatch{std::string(text), reading, line, octets};
        };
        if (m_probe->fits(text))
            return match(SecretReading::Text, text.size());
        if (decodeBase64AnyInto(text, m_octets) && m_probe->fits(m_octets))
            return match(SecretReading::Base64, m_octets.size());
        if (text.size() < kShortestHex || text.size() % 2 != 0 || !isHex(text))
            return std::nullopt;
        const Result<std::string> octets = decodeHex(text);
        if (octets && m_probe->fits(*octets))
            return match(SecretReading::Hex, octets->size());
        return std::nullopt;
    }

private:
    std::optional<SecretProbe> m_probe;
    std::string m_octets; // scratch
};

} // namespace

std::string_view nameOf(SecretReading reading) noexcept
{
    constexpr std::array<std::string_view, 3> kNames = {"text", "base64", "hex"};
    return kNames[std::to_underlying(reading)];
}

SecretList::SecretList(std::string text) : m_text(std::move(text))
{
    std::size_t number = 0;
    for (std::string_view rest = m_text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (!line.empty())
            m_lines.push_back({line, number});
    }
}

const SecretList &SecretList::builtIn()
{
    static const SecretList kList(joined(sampleSecrets()));
    return kList;
}

std::optional<SecretMatch> findSecret(const DecodedJws &token, const SecretList &list)
{
    Search search(token);
    if (!search.possible())
        return std::nullopt;
    for (const SecretList::Line &line : list.lines()) {
        if (std::optional<SecretMatch> match = search.attempt(line.text, line.number))
            return match;
    }
    return std::nullopt;
}

std::optional<SecretMatch> findSecretInToken(const DecodedJws &token, const Json &claims)
{
    Search search(token);
    if (!search.possible())
        return std::nullopt;
    for (const Json *object : {&token.header, &claims}) {
        for (const auto &[name, value] : object->members()) {
            if (!value.isString())
                continue;
            if (std::optional<SecretMatch> match = search.attempt(value.asString(), 0))
                return match;
        }
    }
    return std::nullopt;
}

} // namespace postern
