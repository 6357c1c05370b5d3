// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwe_facts.h"

#include "core/json/reader.h"

#include <algorithm>
#include <array>
#include <format>
#include <string_view>

namespace postern {

namespace {

constexpr std::int64_t kMaxIterations = 1'200'000; // draft-ietf-oauth-rfc8725bis

struct Family
{
    std::string_view begin, end; ///< of the algorithm's name
    std::string_view name;
};

// The first row that fits. RFC 7518 4.1.
constexpr std::array<Family, 7> kFamilies = {{
    {"RSA", "", "RSA key encryption"},
    {"ECDH-ES+", "KW", "ECDH key agreement with key wrapping"},
    {"ECDH-ES", "", "ECDH key agreement"},
    {"PBES2-", "", "a password"},
    {"A", "GCMKW", "AES-GCM key wrapping"},
    {"A", "KW", "AES key wrapping"},
    {"dir", "", "a shared key, used directly"},
}};

} // namespace

JweFacts jweFacts(const Json &header)
{
    JweFacts facts{.alg = std::string(header.stringOr("alg", "")),
                   .enc = std::string(header.stringOr("enc", "")),
                   .zip = std::string(header.stringOr("zip", "")),
                   .family = "an unknown algorithm",
                   .remarks = {}};
    const auto family = std::ranges::find_if(kFamilies, [&facts](const Family &row) {
        return facts.alg.starts_with(row.begin) && facts.alg.ends_with(row.end);
    });
    if (family != kFamilies.end())
        facts.family = family->name;
    if (facts.enc.empty())
        facts.remarks.emplace_back("the header names no content encryption (enc)");
    if (facts.alg == "RSA1_5")
        facts.remarks.emplace_back("RSA1_5 is deprecated: padding oracles");
    if (!facts.zip.empty())
        facts.remarks.push_back(std::format("the content is compressed ({}); a reader must bound "
                                            "what comes out at 250 KB",
                                            facts.zip));
    if (const Json *count = header.find("p2c"); count && count->isNumber())
        facts.remarks.push_back(
            std::format("p2c: {} iterations{}", count->lexeme(),
                        compareNumber(count->lexeme(), kMaxIterations) > 0
                            ? std::format(", more than the {} a reader should bear", kMaxIterations)
                            : ""));
    return facts;
}

} // namespace postern
