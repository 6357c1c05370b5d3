// SPDX-License-Identifier: Apache-2.0
#include "core/jose/secret_reading.h"

#include "core/bytes/encoding.h"
#include "core/bytes/secret.h"

#include <array>
#include <format>
#include <optional>
#include <span>
#include <utility>

namespace postern {

namespace {

using Octets = std::optional<std::string>;

std::string_view withoutBlanks(std::string_view text) noexcept
{
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Octets orNothing(Result<std::string> octets)
{
    if (!octets)
        return std::nullopt;
    return std::move(*octets);
}

Octets unquoted(std::string_view s)
{
    const bool quoted =
        s.size() > 2 && s.front() == s.back() && (s.front() == '"' || s.front() == '\'');
    return quoted ? Octets(s.substr(1, s.size() - 2)) : std::nullopt;
}

/// \n and \t written as two characters, as in a variable that a shell did not unescape.
Octets unescaped(std::string_view s)
{
    if (!s.contains("\\n") && !s.contains("\\t"))
        return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const char next = s[i] == '\\' && i + 1 < s.size() ? s[i + 1] : '\0';
        if (next == 'n' || next == 't') {
            out.push_back(next == 'n' ? '\n' : '\t');
            ++i;
        } else {
            out.push_back(s[i]);
        }
    }
    return out;
}

Octets upperHex(std::string_view s)
{
    std::string text = encodeHex(s);
    for (char &c : text)
        c = c >= 'a' ? static_cast<char>(c - 0x20) : c;
    return text;
}

Octets anyBase64(std::string_view s)
{
    std::string out;
    return decodeBase64AnyInto(s, out) ? Octets(std::move(out)) : std::nullopt;
}

/// One step of a reading.
struct Step
{
    std::string_view id;
    std::string_view phrase; ///< "taken as base64", behind "the secret"
    std::string_view why; ///< what the signer does then
    Octets (*apply)(std::string_view secret);
};

constexpr std::array kClean = {
    Step{"secret-blanks", "without the blanks or line breaks around it",
         "the verifier's copy has them, the signer's has not",
         [](std::string_view s) { return Octets(withoutBlanks(s)); }},
    Step{"secret-quotes", "without the quotes around it",
         "the verifier's copy has them, the signer's has not", unquoted},
    Step{"secret-quotes", "with quotes around it", "the signer took them as part of it",
         [](std::string_view s) { return Octets(std::format("\"{}\"", s)); }},
    Step{"secret-quotes", "with single quotes around it", "the signer took them as part of it",
         [](std::string_view s) { return Octets(std::format("'{}'", s)); }},
    Step{"secret-escapes", "with \\n and \\t taken as line break and tab",
         "the verifier's copy was not unescaped", unescaped},
};

constexpr std::array kCode = {
    Step{"secret-base64", "taken as base64", "the signer decodes the secret first",
         [](std::string_view s) { return orNothing(decodeBase64(s)); }},
    Step{"secret-base64", "taken as base64url", "the signer decodes the secret first",
         [](std::string_view s) { return orNothing(decodeBase64Url(s)); }},
    Step{"secret-base64", "taken as base64 with padding missing or misplaced",
         "the signer decodes the secret first", anyBase64},
    Step{"secret-hex", "taken as hexadecimal", "the signer decodes the secret first",
         [](std::string_view s) { return orNothing(decodeHex(s)); }},
    Step{"secret-base64-text", "written as base64",
         "the signer uses the base64 text of this secret as it is, undecoded",
         [](std::string_view s) { return Octets(encodeBase64(s)); }},
    Step{"secret-base64-text", "written as base64url",
         "the signer uses the base64url text of this secret as it is, undecoded",
         [](std::string_view s) { return Octets(encodeBase64Url(s)); }},
    Step{"secret-hex-text", "written as hexadecimal",
         "the signer uses the hexadecimal text as it is, undecoded",
         [](std::string_view s) { return Octets(encodeHex(s)); }},
    Step{"secret-hex-text", "written as hexadecimal in capitals",
         "the signer uses the hexadecimal text as it is, undecoded", upperHex},
};

constexpr std::array kTail = {
    Step{"secret-newline", "with a line break behind it",
         "the signer had a line break behind the secret, as in a file with a trailing newline",
         [](std::string_view s) { return Octets(std::string(s) + '\n'); }},
    Step{"secret-newline", "with CR LF behind it",
         "the signer had a line break behind the secret, as in a file with a trailing newline",
         [](std::string_view s) { return Octets(std::string(s) + "\r\n"); }},
};

/// Walks the readings of one secret.
class Walk
{
public:
    Walk(std::string_view secret,
         const std::function<bool(std::string_view, const SecretReadingName &)> &visit)
        : m_secret(secret),
          m_visit(visit)
    {
    }

    void run()
    {
        for (const std::span<const Step> steps :
             {std::span<const Step>(kClean), std::span<const Step>(kCode),
              std::span<const Step>(kTail)}) {
            for (const Step &step : steps) {
                if (tryChain(std::array{&step}))
                    return;
            }
        }
        for (const Step &clean : kClean) {
            for (const Step &code : kCode) {
                if (tryChain(std::array{&clean, &code}))
                    return;
            }
            for (const Step &tail : kTail) {
                if (tryChain(std::array{&clean, &tail}))
                    return;
            }
        }
        for (const Step &code : kCode) {
            for (const Step &tail : kTail) {
                if (tryChain(std::array{&code, &tail}))
                    return;
            }
        }
    }

private:
    [[nodiscard]] bool tryChain(std::span<const Step *const> chain)
    {
        Octets octets{std::string(m_secret)};
        SecretReadingName name;
        std::string phrases;
        for (const Step *step : chain) {
            Octets next = step->apply(*octets);
            wipe(*octets);
            // A step that changes nothing was tried without it.
            if (!next || next->empty())
                return false;
            octets = std::move(next);
            name.id += (name.id.empty() ? "" : "+") + std::string(step->id);
            phrases += (phrases.empty() ? "" : ", ") + std::string(step->phrase);
        }
        name.sentence =
            std::format("It verifies with the secret {}: {}.", phrases, chain.back()->why);
        const bool done = *octets != m_secret && m_visit(*octets, name);
        wipe(*octets);
        return done;
    }

    std::string_view m_secret;
    const std::function<bool(std::string_view, const SecretReadingName &)> &m_visit;
};

} // namespace

void forEachSecretReading(
    std::string_view secret,
    const std::function<bool(std::string_view octets, const SecretReadingName &name)> &visit)
{
    Walk(secret, visit).run();
}

std::vector<std::string_view> secretReadingNames()
{
    return {"the secret without or with blanks, line breaks and quotes around it",
            "the secret taken as base64, base64url or hexadecimal",
            "the secret written as base64, base64url or hexadecimal",
            "the secret with a line break behind it"};
}

} // namespace postern
