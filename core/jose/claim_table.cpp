// SPDX-License-Identifier: Apache-2.0
#include "core/jose/claim_table.h"

#include "core/jose/claim_names.h"
#include "core/jose/profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <format>

namespace postern {

namespace {

constexpr std::array<std::string_view, 5> kTimeClaims{"iat", "nbf", "exp", "auth_time",
                                                      "updated_at"};
constexpr std::int64_t kExactDouble = 9'007'199'254'740'992; // 2^53

struct HeaderLimit
{
    std::size_t octets;
    std::string_view text;
};
constexpr std::array kLimits{
    HeaderLimit{8192, "over 8 KiB: many servers refuse such a header line"},
    HeaderLimit{4096, "over 4 KiB: too long for a cookie, near the limit of some servers"},
};

bool isBigInteger(const Json &value)
{
    if (!value.isNumber() || value.lexeme().find_first_of(".eE") != std::string_view::npos)
        return false;
    const auto number = value.asInteger();
    return !number || *number > kExactDouble || *number < -kExactDouble;
}

void collectBig(const Json &value, const std::string &path, std::vector<InexactNumber> &out)
{
    if (isBigInteger(value))
        out.push_back(
            {path, std::string(value.lexeme()), std::format("{:.17g}", value.asDouble())});
    for (const auto &[name, member] : value.members())
        collectBig(member, path.empty() ? name : path + '.' + name, out);
    for (std::size_t i = 0; i < value.items().size(); ++i)
        collectBig(value.items()[i], std::format("{}[{}]", path, i), out);
}

std::string typeText(const Json &value)
{
    switch (value.type()) {
    case Json::Type::Null:
        return "null";
    case Json::Type::Boolean:
        return "true or false";
    case Json::Type::Number:
        return "number";
    case Json::Type::String:
        return "text";
    case Json::Type::Array:
        return std::format("list of {}", value.size());
    case Json::Type::Object:
        return std::format("object of {}", value.size());
    }
    return {};
}

std::vector<std::string> usersOf(std::string_view name)
{
    std::vector<std::string> users;
    for (const TokenProfile &profile : tokenProfiles()) {
        if (!profile.keyClaim.empty() && profile.keyClaim == name)
            users.push_back(std::format("{}: finds the consumer by it", profile.name));
        else if (name == "exp" || name == "nbf")
            users.push_back(
                std::format("{}: {}", profile.name,
                            profile.timesOnDemand ? "checked where it is demanded" : "checked"));
        else if (name == "iat" && !profile.isGateway)
            users.push_back(std::format("{}: must be a date", profile.name));
    }
    return users;
}

std::string timeWord(std::string_view name, Timestamp time, Timestamp now)
{
    const std::string_view word = name != "exp" ? "" : time <= now ? "expired " : "expires ";
    return std::format("{}{}", word, distanceText(time, now));
}

std::string remarkOf(const Json &value)
{
    const std::vector<InexactNumber> numbers = inexactNumbers(value);
    if (numbers.empty())
        return {};
    const InexactNumber &first = numbers.front();
    return std::format("kept exactly: {}{}{}; JavaScript readers would see {}", first.path,
                       first.path.empty() ? "" : " ", first.lexeme, first.javaScript);
}

} // namespace

std::span<const std::string_view> timeClaims() noexcept { return kTimeClaims; }

std::optional<Timestamp> timeOfClaim(const Json &claim)
{
    constexpr double kLimit = 9.2e9; // seconds that fit 64 bit nanoseconds
    const double seconds = claim.asDouble(kLimit);
    if (!claim.isNumber() || !(std::abs(seconds) < kLimit))
        return std::nullopt;
    if (const auto whole = claim.asInteger())
        return Timestamp(std::chrono::seconds(*whole));
    return Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::string distanceText(Timestamp time, Timestamp now)
{
    const Duration distance = time - now;
    if (distance < std::chrono::seconds(1) && distance > -std::chrono::seconds(1))
        return "now";
    return distance.count() > 0 ? std::format("in {}", formatDistance(distance))
                                : std::format("{} ago", formatDistance(-distance));
}

std::string timeClaimText(std::string_view name, const Json &claim, Timestamp now)
{
    if (!claim.isNumber())
        return std::format("not a number: {}", claim.dump());
    const auto time = timeOfClaim(claim);
    if (!time)
        return std::format("{} is beyond the calendar", claim.lexeme());
    return std::format("{}, {}", formatTime(*time), timeWord(name, *time, now));
}

std::vector<InexactNumber> inexactNumbers(const Json &value)
{
    std::vector<InexactNumber> out;
    collectBig(value, {}, out);
    return out;
}

std::vector<ClaimRow> claimRows(const Json &payload, Timestamp now, std::size_t limit)
{
    const std::vector<ClaimMeaning> meanings = meaningsOf(payload);
    std::vector<ClaimRow> rows;
    for (const auto &[name, value] : payload.members()) {
        if (rows.size() == limit)
            break;
        ClaimRow row{.name = name,
                     .value = value.isString() ? value.asString() : value.dump(),
                     .type = typeText(value),
                     .meaning = {},
                     .source = {},
                     .users = usersOf(name),
                     .time = {},
                     .distance = {},
                     .remark = remarkOf(value)};
        const auto known = std::ranges::find(meanings, name, &ClaimMeaning::name);
        if (known != meanings.end()) {
            row.meaning = known->meaning;
            row.source = known->source;
        }
        if (std::ranges::contains(kTimeClaims, name)) {
            row.time = timeOfClaim(value);
            row.distance = row.time ? timeWord(name, *row.time, now) : std::string();
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string_view sizeRemark(std::size_t octets) noexcept
{
    const auto *const limit = std::ranges::find_if(
        kLimits, [octets](const HeaderLimit &one) { return octets > one.octets; });
    return limit == kLimits.end() ? std::string_view() : limit->text;
}

} // namespace postern
