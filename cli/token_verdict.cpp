// SPDX-License-Identifier: Apache-2.0
#include "cli/token_verdict.h"

#include "cli/exit_codes.h"
#include "cli/times.h"
#include "cli/token_key.h"
#include "core/clock.h"
#include "core/jose/verdict_table.h"

#include <algorithm>
#include <cstdlib>
#include <format>
#include <string>

namespace postern::cli {
namespace {

Timestamp timestampOf(std::int64_t seconds) { return Timestamp(std::chrono::seconds(seconds)); }

std::string textOf(const Console &console, const JwtCheck &check)
{
    const std::string_view text = check.detail.empty()
        ? (check.ok ? std::string_view("ok") : sentence(check.reason))
        : std::string_view(check.detail);
    std::string line = std::format(
        "{}: {}", check.id, console.painted(check.ok ? Paint::Good : Paint::Bad, printable(text)));
    if (!check.ok)
        line += std::format(" [{}]", slug(check.reason));
    return line;
}

void printRemarks(const Console &console, const JwtVerdict &verdict)
{
    for (const std::string &warning : verdict.warnings)
        console.line(
            std::format("{}: {}", console.painted(Paint::Warn, "warning"), printable(warning)));
    for (const std::string &hint : verdict.hints)
        console.line(std::format("{}: {}", console.painted(Paint::Bold, "hint"), printable(hint)));
}

Json listOf(const std::vector<std::string> &texts)
{
    Json list = Json::array();
    for (const std::string &text : texts)
        list.push_back(text);
    return list;
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

void printTable(const Console &console, std::span<const ProfileVerdict> verdicts)
{
    const std::vector<std::string> ids = checkIds(verdicts);
    std::size_t first = std::string_view("verdict").size();
    for (const std::string &id : ids)
        first = std::max(first, id.size());
    std::vector<std::size_t> widths;
    for (const ProfileVerdict &one : verdicts) {
        std::size_t width = std::max(one.profile->name.size(), std::string_view("refused").size());
        for (const std::string &id : ids)
            width = std::max(width, checkCell(one.verdict, id).size());
        widths.push_back(width);
    }
    const auto row = [&](std::string line, std::string_view mark, const auto &cell) {
        line = padded(std::move(line), first);
        for (std::size_t i = 0; i < verdicts.size(); ++i)
            line += "  " + padded(cell(verdicts[i]), widths[i]);
        line += mark;
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    };
    console.line(console.painted(Paint::Bold, row("check", "", [](const ProfileVerdict &one) {
                                     return std::string(one.profile->name);
                                 })));
    for (const std::string &id : ids)
        console.line(row(printable(id), checkDiffers(verdicts, id) ? "  !=" : "",
                         [&id](const ProfileVerdict &one) { return checkCell(one.verdict, id); }));
    console.line(
        row("verdict", verdictsDiffer(verdicts) ? "  !=" : "", [](const ProfileVerdict &one) {
            return std::string(one.verdict.valid ? "valid" : "refused");
        }));
}

Json oneToJson(const ProfileVerdict &one, std::int64_t now)
{
    const JwtVerdict &verdict = one.verdict;
    const JwtCheck *decisive = verdict.decisive();
    Json out = Json::object({{"version", 1},
                             {"valid", verdict.valid},
                             {"profile", one.profile->name},
                             {"time", formatTime(timestampOf(now))},
                             {"stage", decisive ? Json(stageName(decisive->stage)) : Json()},
                             {"reason", decisive ? Json(slug(decisive->reason)) : Json()},
                             {"checks", checksToJson(verdict, now)},
                             {"warnings", listOf(verdict.warnings)},
                             {"hints", listOf(verdict.hints)}});
    Json key = Json::object();
    if (verdict.key) {
        key.set("kid", verdict.key->kid().empty() ? Json() : Json(verdict.key->kid()));
        if (verdict.key->type() != KeyType::Oct) // a secret's thumbprint could be guessed against
            key.set("thumbprint", verdict.key->thumbprint());
    }
    out.set("key", verdict.key ? std::move(key) : Json());
    if (one.profile->isGateway) {
        Json answer = Json::object({{"status", one.status}, {"body", one.body}});
        if (!one.challenge.empty())
            answer.set("www_authenticate", one.challenge);
        out.set("answer", std::move(answer));
    }
    return out;
}

int codeOf(const JwtVerdict &verdict, bool byReason)
{
    if (verdict.valid)
        return kYes;
    if (byReason)
        return exitReasonOf(verdict);
    const auto noToken = [](const JwtCheck &check) {
        return !check.ok && meansNoToken(check.reason);
    };
    return std::ranges::any_of(verdict.checks, noToken) ? kInvalid : kNo;
}

} // namespace

Json checksToJson(const JwtVerdict &verdict, std::int64_t now, bool detailed)
{
    const bool wantsPayload = detailed && !verdict.valid && verdict.token;
    const Json payload = wantsPayload ? parsePayload(*verdict.token) : Json();
    Json checks = Json::array();
    for (const JwtCheck &check : verdict.checks) {
        Json row =
            Json::object({{"id", check.id}, {"ok", check.ok}, {"stage", stageName(check.stage)}});
        if (!check.ok)
            row.set("reason", slug(check.reason));
        const Json *const claim = payload.find(check.id);
        if (const auto time = claim ? timeOfClaim(*claim) : std::nullopt; time && !check.ok)
            row.set(
                "by_s",
                std::int64_t{std::abs(
                    std::chrono::floor<std::chrono::seconds>(timestampOf(now) - *time).count())});
        if (!check.detail.empty())
            row.set("detail", printable(check.detail));
        checks.push_back(std::move(row));
    }
    return checks;
}

void printVerdict(const Console &console, const ProfileVerdict &verdict)
{
    for (const JwtCheck &check : verdict.verdict.checks)
        console.line(textOf(console, check));
    if (verdict.profile->isGateway)
        console.line(std::format("answer: {}", answerText(verdict)));
    printRemarks(console, verdict.verdict);
}

void printVerdicts(const Console &console, std::span<const ProfileVerdict> verdicts)
{
    if (verdicts.size() == 1)
        return printVerdict(console, verdicts.front());
    printTable(console, verdicts);
    for (const ProfileVerdict &one : verdicts) {
        const JwtCheck *decisive = one.verdict.decisive();
        if (one.profile->isGateway)
            console.line(std::format("{}: {}", one.profile->name, answerText(one)));
        if (decisive)
            console.line(std::format("{}: {}", one.profile->name, textOf(console, *decisive)));
    }
    printRemarks(console, verdicts.front().verdict);
}

Json verdictsToJson(std::span<const ProfileVerdict> verdicts, std::int64_t now)
{
    if (verdicts.size() == 1)
        return oneToJson(verdicts.front(), now);
    Json profiles = Json::array();
    bool valid = true;
    for (const ProfileVerdict &one : verdicts) {
        Json row = oneToJson(one, now);
        row.erase("version");
        profiles.push_back(std::move(row));
        valid = valid && one.verdict.valid;
    }
    Json differ = Json::array();
    for (const std::string &id : checkIds(verdicts)) {
        if (checkDiffers(verdicts, id))
            differ.push_back(id);
    }
    return Json::object({{"version", 1},
                         {"valid", valid},
                         {"profiles", std::move(profiles)},
                         {"differ", std::move(differ)}});
}

int exitOf(std::span<const ProfileVerdict> verdicts, bool byReason)
{
    for (const ProfileVerdict &one : verdicts) {
        if (!one.verdict.valid)
            return codeOf(one.verdict, byReason);
    }
    return kYes;
}

} // namespace postern::cli
