// SPDX-License-Identifier: Apache-2.0
#include "cli/token_report.h"

#include "cli/times.h"
#include "core/bytes/encoding.h"
#include "core/jose/claim_names.h"
#include "core/jose/claim_table.h"
#include "core/jose/lint.h"

#include <algorithm>
#include <format>
#include <string>
#include <vector>

namespace postern::cli {
namespace {

constexpr std::size_t kAround = 36; // characters shown on each side of a fault

std::string indented(std::string_view text)
{
    std::string out = "  ";
    for (const char c : text)
        out += c == '\n' ? std::string("\n  ") : std::string(1, c);
    return out;
}

// Indented when the text is clean JSON, as it stands otherwise: inspecting repairs nothing.
std::string shown(std::string_view text, const Json &json)
{
    return indented(json.isNull() ? printable(text) : printable(json.dump(2)));
}

/// The text around a place, and a caret below it. Control characters take one column.
std::string marked(std::string_view text, std::size_t at)
{
    at = std::min(at, text.size());
    std::size_t begin = at > kAround ? at - kAround : 0;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
        --begin;
    std::string line(begin > 0 ? "..." : "");
    std::string caret(line.size(), ' ');
    const std::size_t end = std::min(text.size(), at + kAround);
    for (std::size_t i = begin; i < end; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool tail = (byte & 0xC0) == 0x80;
        if (i == at)
            caret += '^';
        else if (i < at && !tail)
            caret += ' ';
        line += byte < 0x20 || byte == 0x7F ? ' ' : text[i];
    }
    if (at >= end)
        caret += '^';
    if (end < text.size())
        line += "...";
    return std::format("    {}\n    {}", printable(replaceInvalidUtf8(line)), caret);
}

void printFault(const Console &console, const TokenView &view, const TokenFault &fault)
{
    console.line(std::format("{}: {} [{}]", console.painted(Paint::Bad, "finding"),
                             printable(describe(fault.error)), slug(fault.error.code)));
    if (fault.octet) {
        const std::string_view part =
            fault.part == "payload" ? view.payloadText() : view.headerText();
        console.line(std::format("{} offset {} of the {}", marked(part, *fault.octet), *fault.octet,
                                 fault.part));
    } else if (fault.offset) {
        const bool behind = *fault.offset >= view.text.size();
        console.line(std::format("{} {}", marked(view.text, *fault.offset),
                                 behind ? std::string("the end")
                                        : std::format("offset {} of the token", *fault.offset)));
    }
}

void printClaims(const Console &console, const TokenView &view, Timestamp now)
{
    for (const std::string_view name : timeClaims()) {
        if (const Json *const claim = view.payload.find(name))
            console.line(std::format("{}: {}", name, printable(timeClaimText(name, *claim, now))));
    }
    for (const ClaimMeaning &one : meaningsOf(view.payload)) {
        if (!std::ranges::contains(timeClaims(), one.name))
            console.line(std::format("{}: {} ({})", one.name, one.meaning, one.source));
    }
    for (const InexactNumber &one : inexactNumbers(view.payload))
        console.line(std::format("kept exactly: {} ({}; JavaScript reads {})", printable(one.path),
                                 one.lexeme, one.javaScript));
}

std::string sizesText(const TokenView &view)
{
    std::string text = std::format("size: {} bytes", view.text.size());
    for (const TokenPart &part : view.parts)
        text +=
            std::format("{}{} {}", &part == view.parts.data() ? " (" : ", ", part.name, part.size);
    return view.parts.empty() ? text : text + ')';
}

void printSignatures(const Console &console, const TokenView &view)
{
    if (view.shape == TokenShape::JwsJson) {
        for (const JsonSignature &one : view.form.signatures) {
            console.line(console.painted(Paint::Bold, "protected header"));
            console.line(indented(printable(one.jws.headerText)));
            if (!one.unprotected.isNull()) {
                console.line(console.painted(Paint::Bold, "unprotected header"));
                console.line(indented(printable(one.unprotected.dump(2))));
            }
        }
    }
    console.line(std::format(
        "signature: {} ({}{} bytes{}{}); 'postern token verify' checks it",
        console.painted(Paint::Warn, "not checked"),
        view.form.signatures.size() > 1 ? std::format("{} of them, ", view.form.signatures.size())
                                        : "",
        view.jws.signature.size(), view.jws.alg.empty() ? "" : ", ", printable(view.jws.alg)));
}

void printJwe(const Console &console, const TokenView &view)
{
    console.line(console.painted(Paint::Bold, "header"));
    console.line(shown(view.headerText(), view.header));
    console.line(std::format("encrypted (JWE): key by {} ({}), content by {}", view.jwe.family,
                             printable(view.jwe.alg), printable(view.jwe.enc)));
    for (const TokenPart &part : view.parts)
        console.line(std::format("{}: {} bytes", part.name, part.octets.size()));
    for (const std::string &remark : view.jwe.remarks)
        console.line(
            std::format("{}: {}", console.painted(Paint::Warn, "warning"), printable(remark)));
    console.line("nothing of it is verified or can be read without the key");
}

std::vector<std::string> warningsOf(const TokenView &view, Timestamp now)
{
    if (view.shape != TokenShape::Jws && view.shape != TokenShape::Partial)
        return {};
    const std::int64_t seconds =
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return lintToken(view.jws, view.payload, seconds, view.text.size(), false);
}

Json jweToJson(const JweFacts &jwe)
{
    Json remarks = Json::array();
    for (const std::string &remark : jwe.remarks)
        remarks.push_back(remark);
    return Json::object({{"alg", jwe.alg},
                         {"family", jwe.family},
                         {"enc", jwe.enc},
                         {"zip", jwe.zip.empty() ? Json() : Json(jwe.zip)},
                         {"remarks", std::move(remarks)}});
}

Json faultsToJson(const TokenView &view)
{
    Json findings = Json::array();
    for (const TokenFault &fault : view.faults) {
        Json row = Json::object({{"id", slug(fault.error.code)},
                                 {"where", printable(fault.error.where)},
                                 {"detail", printable(fault.error.detail)}});
        if (fault.offset)
            row.set("offset", std::uint64_t{*fault.offset});
        if (fault.octet)
            row.set("octet", std::uint64_t{*fault.octet});
        findings.push_back(std::move(row));
    }
    return findings;
}

Json timesToJson(const TokenView &view, Timestamp now)
{
    Json times = Json::object();
    for (const std::string_view name : timeClaims()) {
        const Json *const claim = view.payload.find(name);
        const auto time = claim ? timeOfClaim(*claim) : std::nullopt;
        if (!time)
            continue;
        times.set(
            name,
            Json::object(
                {{"value", *claim},
                 {"time", formatTime(*time)},
                 {"in_s",
                  std::int64_t{std::chrono::floor<std::chrono::seconds>(*time - now).count()}}}));
    }
    return times;
}

Json signaturesToJson(const TokenView &view)
{
    Json list = Json::array();
    for (const JsonSignature &one : view.form.signatures)
        list.push_back(Json::object({{"protected_text", replaceInvalidUtf8(one.jws.headerText)},
                                     {"header", one.unprotected},
                                     {"bytes", std::uint64_t{one.jws.signature.size()}}}));
    return list;
}

} // namespace

void printView(const Console &console, const TokenView &view, Timestamp now)
{
    if (view.shape == TokenShape::Jwe) {
        printJwe(console, view);
    } else {
        if (view.shape != TokenShape::JwsJson) {
            console.line(console.painted(Paint::Bold, "header"));
            console.line(shown(view.headerText(), view.header));
        }
        console.line(console.painted(Paint::Bold, "payload"));
        console.line(shown(view.payloadText(), view.payload));
        printClaims(console, view, now);
        printSignatures(console, view);
        for (const std::string &disclosure : view.disclosures)
            console.line(std::format("disclosure: {}", printable(disclosure)));
    }
    console.line(sizesText(view));
    const std::string_view remark = sizeRemark(view.text.size());
    if (!remark.empty() && view.shape == TokenShape::Jwe)
        console.line(std::format("{}: {}", console.painted(Paint::Warn, "warning"), remark));
    for (const TokenFault &fault : view.faults)
        printFault(console, view, fault);
    for (const std::string &warning : warningsOf(view, now))
        console.line(
            std::format("{}: {}", console.painted(Paint::Warn, "warning"), printable(warning)));
}

Json viewToJson(const TokenView &view, Timestamp now)
{
    const auto part = [](std::string_view text, const Json &json) {
        return json.isNull() ? Json(printable(text)) : json;
    };
    Json warnings = Json::array();
    for (const std::string &warning : warningsOf(view, now))
        warnings.push_back(printable(warning));
    Json sizes = Json::object({{"token", std::uint64_t{view.text.size()}}});
    for (const TokenPart &one : view.parts)
        sizes.set(one.name, std::uint64_t{one.size});
    Json meanings = Json::object();
    for (const ClaimMeaning &one : meaningsOf(view.payload))
        meanings.set(one.name, Json::object({{"meaning", one.meaning}, {"source", one.source}}));
    Json out = Json::object(
        {{"version", 1},
         {"shape", nameOf(view.shape)},
         {"header", part(view.headerText(), view.header)},
         {"header_text", replaceInvalidUtf8(view.headerText())},
         {"payload", part(view.payloadText(), view.payload)},
         {"payload_text", replaceInvalidUtf8(view.payloadText())},
         {"signature",
          Json::object({{"checked", false}, {"bytes", std::uint64_t{view.jws.signature.size()}}})},
         {"times", timesToJson(view, now)},
         {"claims", std::move(meanings)},
         {"sizes", std::move(sizes)},
         {"findings", faultsToJson(view)},
         {"warnings", std::move(warnings)}});
    if (view.shape == TokenShape::Jwe)
        out.set("jwe", jweToJson(view.jwe));
    if (view.shape == TokenShape::JwsJson)
        out.set("signatures", signaturesToJson(view));
    if (view.isSdJwt) {
        Json disclosures = Json::array();
        for (const std::string &one : view.disclosures)
            disclosures.push_back(replaceInvalidUtf8(one));
        out.set("disclosures", std::move(disclosures));
    }
    return out;
}

} // namespace postern::cli
