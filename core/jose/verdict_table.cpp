// SPDX-License-Identifier: Apache-2.0
#include "core/jose/verdict_table.h"

#include <algorithm>
#include <format>

namespace postern {

const JwtCheck *findCheck(const JwtVerdict &verdict, std::string_view id)
{
    // A claim that fails is worth more than the same claim's passing row.
    const JwtCheck *found = nullptr;
    for (const JwtCheck &check : verdict.checks) {
        if (check.id == id && (!found || found->ok))
            found = &check;
    }
    return found;
}

std::string checkCell(const JwtVerdict &verdict, std::string_view id)
{
    const JwtCheck *check = findCheck(verdict, id);
    if (!check || check->detail == "not looked at")
        return "-";
    return check->ok ? "ok" : std::string(slug(check->reason));
}

std::vector<std::string> checkIds(std::span<const ProfileVerdict> verdicts)
{
    std::vector<std::string> ids;
    for (const ProfileVerdict &one : verdicts) {
        for (const JwtCheck &check : one.verdict.checks) {
            if (!std::ranges::contains(ids, check.id))
                ids.push_back(check.id);
        }
    }
    std::ranges::stable_sort(ids, {}, [&](const std::string &id) {
        for (const ProfileVerdict &one : verdicts) {
            if (const JwtCheck *check = findCheck(one.verdict, id))
                return check->stage;
        }
        return Stage::Claims;
    });
    return ids;
}

bool checkDiffers(std::span<const ProfileVerdict> verdicts, std::string_view id)
{
    const auto refuses = [id](const ProfileVerdict &one) {
        const JwtCheck *check = findCheck(one.verdict, id);
        return check && !check->ok;
    };
    const auto passed = [id](const ProfileVerdict &one) {
        const JwtCheck *check = findCheck(one.verdict, id);
        return check ? check->ok : one.verdict.valid;
    };
    return std::ranges::any_of(verdicts, refuses) && std::ranges::any_of(verdicts, passed);
}

bool verdictsDiffer(std::span<const ProfileVerdict> verdicts)
{
    return std::ranges::any_of(verdicts, [&](const ProfileVerdict &one) {
        return one.verdict.valid != verdicts.front().verdict.valid;
    });
}

std::string answerText(const ProfileVerdict &verdict)
{
    if (verdict.status == 200)
        return "the request goes on";
    return std::format("{} {}", verdict.status, verdict.body);
}

} // namespace postern
