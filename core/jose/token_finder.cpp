// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_finder.h"

#include "core/crypto/pem.h"
#include "core/jose/jwt.h"
#include "core/jose/key_data.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <format>
#include <utility>

namespace postern {

namespace {

constexpr std::size_t kMaxToken = 256UL * 1024;
constexpr std::size_t kMaxJwk = 64UL * 1024;
constexpr std::size_t kMaxPem = 32UL * 1024;
constexpr std::size_t kLeastSecret = 12; // shorter ones are ordinary words

bool isTokenCharacter(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'
        || c == '_' || c == '.';
}

std::size_t findFrom(std::string_view text, std::string_view needle, std::size_t from) noexcept
{
    if (from >= text.size())
        return std::string_view::npos;
    const void *at = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
    return at ? static_cast<std::size_t>(static_cast<const char *>(at) - text.data())
              : std::string_view::npos;
}

/// Calls visit(offset) for each occurrence.
void forEach(std::string_view text, std::string_view needle, auto visit)
{
    for (std::size_t at = findFrom(text, needle, 0); at != std::string_view::npos;
         at = findFrom(text, needle, at + 1))
        visit(at);
}

class Finder
{
public:
    explicit Finder(std::string_view text) : m_text(text) {}

    std::vector<FoundItem> run()
    {
        // A JOSE header is a JSON object: {" or { and white space.
        for (const std::string_view start : {"eyJ", "eyA", "ewo", "ewk", "ew0"})
            forEach(m_text, start, [this](std::size_t at) { token(at); });
        forEach(m_text, "-----BEGIN ", [this](std::size_t at) { pem(at); });
        forEach(m_text, "\"kty\"", [this](std::size_t at) { jwk(at); });
        secrets();
        std::ranges::sort(m_items, {}, &FoundItem::offset);
        place();
        return std::move(m_items);
    }

private:
    void add(FoundKind kind, std::size_t offset, std::size_t length, std::string alg,
             std::string remark = {}, std::optional<std::int64_t> expires = std::nullopt)
    {
        m_items.push_back({kind, offset, length, 0, 0, std::move(alg), expires, std::move(remark)});
    }

    void token(std::size_t at)
    {
        if (at > 0 && isTokenCharacter(m_text[at - 1]) && m_text[at - 1] != '.')
            return;
        std::size_t end = at;
        while (end < m_text.size() && end - at <= kMaxToken && isTokenCharacter(m_text[end]))
            ++end;
        std::string_view text = m_text.substr(at, end - at);
        while (text.ends_with('.') && std::ranges::count(text, '.') > 2)
            text.remove_suffix(1); // the end of a sentence
        const auto dots = std::ranges::count(text, '.');
        if (dots != 2 && dots != 4)
            return;
        const InspectedJws inspected = inspectJws(text);
        if (dots == 4) {
            encrypted(at, text);
            return;
        }
        const DecodedJws &jws = inspected.token;
        if (jws.alg.empty())
            return;
        const Result<Json> claims = parseJson(jws.payloadText, {.lastDuplicateWins = true});
        const Json *exp = claims ? claims->find("exp") : nullptr;
        std::string remark;
        if (const auto sample = sampleSecretOf(text))
            remark = std::format("signed with the sample secret \"{}\"", *sample);
        else if (!inspected.findings.empty())
            remark = std::format("damaged: {}", sentence(inspected.findings.front().code));
        add(FoundKind::Token, at, text.size(), jws.alg, std::move(remark),
            exp && exp->isNumber() ? secondsOf(*exp) : std::nullopt);
    }

    void encrypted(std::size_t at, std::string_view text)
    {
        // Reuse the strict decoder for the header alone.
        const std::string header = std::string(text.substr(0, text.find('.'))) + ".e30.";
        const InspectedJws inspected = inspectJws(header);
        const Json &json = inspected.token.header;
        if (json.contains("enc"))
            add(FoundKind::EncryptedToken, at, text.size(),
                std::format("{}, {}", json.stringOr("alg", "?"), json.stringOr("enc", "?")));
    }

    /// Whole seconds; what is beyond a date is no expiry to speak of.
    static std::optional<std::int64_t> secondsOf(const Json &number)
    {
        constexpr double kLast = 9.2e9; // of a Timestamp
        const double value = number.asDouble();
        if (!(value > -kLast && value < kLast))
            return std::nullopt;
        return static_cast<std::int64_t>(value);
    }

    void pem(std::size_t at)
    {
        constexpr std::string_view kBegin = "-----BEGIN ";
        const std::size_t dashes =
            findFrom(m_text.substr(0, at + 128), "-----", at + kBegin.size());
        if (dashes == std::string_view::npos)
            return;
        const std::string_view label =
            m_text.substr(at + kBegin.size(), dashes - at - kBegin.size());
        if (!label.ends_with("PRIVATE KEY"))
            return;
        const std::string ending = std::format("-----END {}-----", label);
        const std::size_t end =
            findFrom(m_text.substr(0, std::min(m_text.size(), at + kMaxPem)), ending, dashes);
        if (end == std::string_view::npos)
            return;
        const std::string_view block = m_text.substr(at, end + ending.size() - at);
        const std::string text = unescaped(block);
        const Result<PemBlock> read = readPem(text);
        if (!read)
            return; // the armour alone, as in a program that looks for keys
        if (read->encrypted) {
            add(FoundKind::PrivateKey, at, block.size(), {}, "encrypted");
            return;
        }
        const Result<Key> key = Key::fromPem(read->text);
        add(FoundKind::PrivateKey, at, block.size(), key ? typeOf(*key) : std::string(),
            key                                ? ""
                : label.starts_with("OPENSSH") ? "OpenSSH"
                                               : "unreadable");
    }

    /// A key inside a string literal: "\n" in two characters, line continuation and quotes.
    static std::string unescaped(std::string_view block)
    {
        std::string out;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const char next = i + 1 < block.size() ? block[i + 1] : '\0';
            if (block[i] == '\\' && (next == 'n' || next == 'r')) {
                out.push_back('\n');
                ++i;
            } else if (block[i] != '"' && block[i] != '\\' && block[i] != '\'' && block[i] != ',') {
                out.push_back(block[i]);
            }
        }
        return out;
    }

    static std::string typeOf(const Key &key)
    {
        if (key.type() == KeyType::Rsa)
            return std::format("RSA {}", key.bits());
        return key.type() == KeyType::Ec ? std::format("EC {}", key.curve())
                                         : std::string(key.curve());
    }

    /// The object around `at`, found by its braces.
    [[nodiscard]] std::string_view objectAround(std::size_t at) const
    {
        std::size_t begin = at;
        for (int depth = 1; depth > 0;) {
            if (begin == 0 || at - begin > kMaxJwk)
                return {};
            --begin;
            depth += m_text[begin] == '}' ? 1 : m_text[begin] == '{' ? -1 : 0;
        }
        bool inString = false;
        int depth = 0;
        for (std::size_t i = begin; i < m_text.size() && i - begin <= kMaxJwk; ++i) {
            const char c = m_text[i];
            if (inString && c == '\\')
                ++i;
            else if (c == '"')
                inString = !inString;
            else if (!inString)
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (!inString && depth == 0)
                return m_text.substr(begin, i - begin + 1);
        }
        return {};
    }

    void jwk(std::size_t at)
    {
        const std::string_view object = objectAround(at);
        const Result<Json> json = parseJson(object);
        if (object.empty() || !json)
            return;
        const std::string_view kty = json->stringOr("kty", "");
        const auto begin = static_cast<std::size_t>(object.data() - m_text.data());
        if (kty == "oct") {
            if (json->contains("k"))
                add(FoundKind::SecretKey, begin, object.size(),
                    std::string(json->stringOr("alg", "oct")), sampleRemark(*json));
            return;
        }
        constexpr std::array<std::string_view, 4> kTypes = {"RSA", "EC", "OKP", "AKP"};
        constexpr std::array<std::string_view, 4> kPublic = {"n", "x", "x", "pub"};
        const auto *type = std::ranges::find(kTypes, kty);
        if (type == kTypes.end()
            || !json->contains(kPublic[static_cast<std::size_t>(type - kTypes.begin())]))
            return;
        const Result<Key> key = Key::fromJwk(*json);
        add(json->contains("d") || json->contains("priv") ? FoundKind::PrivateKey
                                                          : FoundKind::PublicKey,
            begin, object.size(), key ? typeOf(*key) : std::string(kty), key ? "" : "damaged");
    }

    static std::string sampleRemark(const Json &jwk)
    {
        const Result<Key> key = Key::fromJwk(jwk);
        const bool sample = key
            && std::ranges::find(sampleSecrets(), key->data().secret.view())
                != sampleSecrets().end();
        return sample ? "a well-known sample secret" : "";
    }

    void secrets()
    {
        for (const Core &core : cores())
            forEach(m_text, core.needle, [&](std::size_t at) { secretAround(at, core); });
    }

    /// What a group of secrets has in common, so that one pass finds them all.
    struct Core
    {
        std::string_view needle;
        std::vector<std::pair<std::size_t, std::string_view>> secrets; // needle's place in each
    };

    static const std::vector<Core> &cores()
    {
        static const std::vector<Core> kCores = [] {
            std::vector<Core> out{{"ecret", {}}, {"ECRET", {}}}; // nearly all of them
            for (const std::string &secret : sampleSecrets()) {
                if (secret.size() < kLeastSecret)
                    continue;
                const auto core = std::ranges::find_if(
                    out, [&](const Core &one) { return secret.contains(one.needle); });
                if (core == out.end())
                    out.push_back({secret, {{0, secret}}});
                else
                    core->secrets.emplace_back(secret.find(core->needle), secret);
            }
            return out;
        }();
        return kCores;
    }

    void secretAround(std::size_t at, const Core &core)
    {
        for (const auto &[inside, secret] : core.secrets) {
            if (inside <= at && m_text[at - inside] == secret.front()
                && m_text.substr(at - inside).starts_with(secret))
                wholeWord(at - inside, secret);
        }
    }

    void wholeWord(std::size_t at, std::string_view secret)
    {
        const auto inWord = [](char c) { return isTokenCharacter(c) && c != '.'; };
        const std::size_t end = at + secret.size();
        if ((at > 0 && inWord(m_text[at - 1])) || (end < m_text.size() && inWord(m_text[end])))
            return;
        add(FoundKind::SampleSecret, at, secret.size(), {});
    }

    /// Lines and columns in one pass over the text.
    void place()
    {
        std::size_t line = 1, lineStart = 0, seen = 0;
        for (FoundItem &item : m_items) {
            while (seen < item.offset) {
                const void *end = std::memchr(m_text.data() + seen, '\n', item.offset - seen);
                if (!end)
                    break;
                seen = static_cast<std::size_t>(static_cast<const char *>(end) - m_text.data()) + 1;
                lineStart = seen;
                ++line;
            }
            seen = std::max(seen, item.offset);
            item.line = line;
            item.column = item.offset - lineStart + 1;
        }
    }

    std::string_view m_text;
    std::vector<FoundItem> m_items;
};

} // namespace

std::string_view nameOf(FoundKind kind) noexcept
{
    constexpr std::array<std::string_view, 6> kNames = {
        "token", "encrypted-token", "private-key", "secret-key", "public-key", "sample-secret"};
    return kNames[std::to_underlying(kind)];
}

std::vector<FoundItem> findInText(std::string_view text) { return Finder(text).run(); }

std::string maskedExcerpt(std::string_view text, const FoundItem &item)
{
    constexpr std::size_t kShown = 12;
    const std::string_view whole = text.substr(item.offset, item.length);
    switch (item.kind) {
    case FoundKind::Token:
    case FoundKind::EncryptedToken:
        return std::format("{}…", whole.substr(0, std::min(kShown, whole.find('.'))));
    case FoundKind::PrivateKey:
        return whole.starts_with("-----") ? std::string(whole.substr(0, whole.find("-----", 5) + 5))
                                          : "{…}";
    case FoundKind::SecretKey:
    case FoundKind::PublicKey:
        return "{…}";
    case FoundKind::SampleSecret:
        return std::string(whole); // everybody knows it
    }
    return {};
}

} // namespace postern
