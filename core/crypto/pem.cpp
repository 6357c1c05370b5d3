// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/pem.h"

#include <algorithm>
#include <array>
#include <format>
#include <vector>

namespace postern {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kColumns = 64;

bool isBlank(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool isBase64(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
        || c == '/' || c == '=';
}

std::string place(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t start = before.rfind('\n');
    const std::size_t column = offset - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return std::format("{}:{}", line, column);
}

std::unexpected<Error> refuse(std::string_view text, std::size_t offset, std::string detail)
{
    return fail(Errc::KeyFormat, std::move(detail), place(text, offset));
}

/// Where the block's parts are in the text.
struct Span
{
    std::string_view label;
    std::size_t bodyStart = 0; ///< just behind the BEGIN line's dashes
    std::size_t bodyEnd = 0; ///< at the END line's dashes
    std::size_t next = 0; ///< behind the block
};

Result<Span> locate(std::string_view text, std::size_t begin)
{
    const std::size_t labelStart = begin + kBegin.size();
    const std::size_t labelEnd = text.find(kDashes, labelStart);
    if (labelEnd == std::string_view::npos
        || text.substr(labelStart, labelEnd - labelStart).contains('\n'))
        return refuse(text, begin, "the BEGIN line does not end with five dashes");
    Span span;
    span.label = text.substr(labelStart, labelEnd - labelStart);
    span.bodyStart = labelEnd + kDashes.size();
    const std::string footer = std::format("{}{}{}", kEnd, span.label, kDashes);
    span.bodyEnd = text.find(footer, span.bodyStart);
    if (span.bodyEnd == std::string_view::npos) {
        const bool other = text.find(kEnd, span.bodyStart) != std::string_view::npos;
        return refuse(text, begin,
                      other ? std::format("the END line does not say \"{}\"", span.label)
                            : std::format("the line \"{}\" is missing", footer));
    }
    span.next = span.bodyEnd + footer.size();
    return span;
}

/// Whether a line break stands between the armour and the body, blanks allowed.
Result<void> checkBreaks(std::string_view text, const Span &span)
{
    const std::string_view body = text.substr(span.bodyStart, span.bodyEnd - span.bodyStart);
    if (body.contains("\\n"))
        return refuse(text, span.bodyStart + body.find("\\n"),
                      R"(the text holds the two characters \n where a line break belongs)");
    const auto first = std::ranges::find_if(body, [](char c) { return c != ' ' && c != '\t'; });
    if (first == body.end() || (*first != '\n' && *first != '\r'))
        return refuse(
            text, span.bodyStart,
            std::format("a line break is missing after \"-----BEGIN {}-----\"", span.label));
    const std::size_t last = body.find_last_not_of(" \t");
    if (body[last] != '\n' && body[last] != '\r')
        return refuse(
            text, span.bodyEnd,
            std::format("a line break is missing before \"-----END {}-----\"", span.label));
    return {};
}

std::string_view trimmed(std::string_view line) noexcept
{
    while (!line.empty() && isBlank(line.front()))
        line.remove_prefix(1);
    while (!line.empty() && isBlank(line.back()))
        line.remove_suffix(1);
    return line;
}

/// The body's RFC 1421 headers (traditional encryption) and its base64 characters.
struct Body
{
    std::vector<std::string_view> headers;
    std::string base64;
};

Result<Body> readBody(std::string_view text, const Span &span)
{
    Body body;
    std::size_t at = span.bodyStart;
    while (at < span.bodyEnd) {
        const std::size_t end = std::min(text.find('\n', at), span.bodyEnd);
        const std::string_view line = trimmed(text.substr(at, end - at));
        if (body.base64.empty() && line.contains(':')) {
            body.headers.push_back(line);
        } else {
            for (const char &c : line) {
                if (isBlank(c))
                    continue;
                if (!isBase64(c))
                    return refuse(text, static_cast<std::size_t>(&c - text.data()),
                                  "a character that is not base64");
                body.base64.push_back(c);
            }
        }
        at = end + 1;
    }
    if (body.base64.empty())
        return refuse(text, span.bodyStart, "the block is empty");
    return body;
}

} // namespace

bool looksLikePem(std::string_view text) noexcept { return text.contains(kBegin); }

Result<PemBlock> readPem(std::string_view text, std::size_t from)
{
    std::size_t begin = text.find(kBegin, from);
    if (begin == std::string_view::npos)
        return fail(Errc::KeyFormat, "no line \"-----BEGIN ...-----\"");
    while (true) {
        const Result<Span> span = locate(text, begin);
        if (!span)
            return std::unexpected(span.error());
        // `openssl ecparam -genkey` writes the curve's name before the key.
        if (span->label.ends_with("PARAMETERS")) {
            begin = text.find(kBegin, span->next);
            if (begin == std::string_view::npos)
                return refuse(text, span->next, "the text holds parameters but no key");
            continue;
        }
        if (const Result<void> breaks = checkBreaks(text, *span); !breaks)
            return std::unexpected(breaks.error());
        const Result<Body> body = readBody(text, *span);
        if (!body)
            return std::unexpected(body.error());

        PemBlock block;
        block.label = span->label;
        block.next = span->next;
        block.encrypted = block.label.starts_with("ENCRYPTED") || !body->headers.empty();
        block.text = std::format("{}{}{}\n", kBegin, block.label, kDashes);
        for (const std::string_view header : body->headers)
            block.text.append(header).append("\n");
        if (!body->headers.empty())
            block.text.append("\n");
        for (std::size_t i = 0; i < body->base64.size(); i += kColumns)
            block.text.append(body->base64, i, kColumns).append("\n");
        block.text.append(std::format("{}{}{}\n", kEnd, block.label, kDashes));
        return block;
    }
}

} // namespace postern
