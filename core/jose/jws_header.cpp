// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jws_header.h"

#include <algorithm>
#include <array>
#include <format>
#include <string>
#include <utility>

namespace postern {

namespace {

// crit must not name what every implementation understands. RFC 7515 4.1.11.
constexpr std::array<std::string_view, 20> kBaseMembers = {
    "alg",  "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty",
    "crit", "enc", "zip", "epk", "apu", "apv", "iv",  "tag",      "p2s", "p2c"};

/// One entry of crit: a string, once, present, not of the base specifications, understood.
Result<void> checkCritName(const Json &header, const Json::Array &names, std::size_t index)
{
    const std::string where = std::format("header/crit/{}", index);
    if (!names[index].isString())
        return fail(Errc::CritInvalid, "crit must hold strings", where);
    const std::string &name = names[index].asString();
    if (std::ranges::find(kBaseMembers, name) != kBaseMembers.end())
        return fail(Errc::CritInvalid, "crit must not name a member of the base specifications",
                    where);
    for (std::size_t i = 0; i < index; ++i) {
        if (names[i].asString() == name)
            return fail(Errc::CritInvalid, "crit names a member twice", where);
    }
    if (!header.contains(name))
        return fail(Errc::CritInvalid,
                    std::format("crit names \"{}\", which the header lacks", name), where);
    if (name != "b64")
        return fail(Errc::Crit, std::format("\"{}\"", name), where);
    return {};
}

bool isCritical(const Json *crit, std::string_view name)
{
    return crit && crit->isArray() && std::ranges::any_of(crit->items(), [name](const Json &one) {
               return one.asString() == name;
           });
}

Result<void> checkB64(const Json &header)
{
    const Json *b64 = header.find("b64");
    if (!b64)
        return {};
    if (!b64->isBool())
        return fail(Errc::B64Type, {}, "header/b64");
    if (!b64->asBool() && !isCritical(header.find("crit"), "b64"))
        return fail(Errc::B64NotCritical, {}, "header/b64");
    return {};
}

} // namespace

Result<Json> parseJoseHeader(std::string_view text)
{
    Result<Json> header = parseJson(text, kHeaderLimits);
    if (!header) {
        header.error().where = std::format("header:{}", header.error().where);
        return header;
    }
    if (!header->isObject())
        return fail(Errc::HeaderNotObject, {}, "header");
    return header;
}

Result<void> checkHeaderTypes(const Json &header)
{
    constexpr std::array<std::pair<std::string_view, Errc>, 3> kStrings = {
        {{"typ", Errc::TypType}, {"kid", Errc::KidType}, {"cty", Errc::CtyType}}};
    for (const auto &[name, reason] : kStrings) {
        const Json *value = header.find(name);
        if (value && !value->isString())
            return fail(reason, {}, std::format("header/{}", name));
    }
    if (const std::size_t size = header.stringOr("kid", "").size(); size > kMaxKidSize)
        return fail(Errc::LimitExceeded,
                    std::format("a key id of {} bytes; the limit is {}", size, kMaxKidSize),
                    "header/kid");
    return {};
}

Result<void> checkCritical(const Json &header)
{
    if (const Json *crit = header.find("crit")) {
        if (!crit->isArray() || crit->size() == 0)
            return fail(Errc::CritInvalid, "crit must be an array of names, not empty",
                        "header/crit");
        if (crit->size() > kMaxCritNames)
            return fail(
                Errc::LimitExceeded,
                std::format("crit names {} members; the limit is {}", crit->size(), kMaxCritNames),
                "header/crit");
        for (std::size_t i = 0; i < crit->size(); ++i) {
            if (Result<void> checked = checkCritName(header, crit->items(), i); !checked)
                return checked;
        }
    }
    return checkB64(header);
}

bool isUnencoded(const Json &header) noexcept
{
    const Json *b64 = header.find("b64");
    return b64 && b64->isBool() && !b64->asBool(true);
}

} // namespace postern
