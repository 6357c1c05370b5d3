// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/form_data.h"

#include "core/bytes/encoding.h"
#include "gateway/http/header_list.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::size_t kMaxParts = 1000;
constexpr std::string_view kSpace = " \t";

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Reads a token or a quoted string at the start of `text` and removes it from there.
std::string takeValue(std::string_view &text)
{
    std::string value;
    if (!text.starts_with('"')) {
        const auto end = std::min(text.find(';'), text.size());
        value = trimmed(text.substr(0, end));
        text.remove_prefix(end);
        return value;
    }
    std::size_t at = 1;
    for (; at < text.size() && text[at] != '"'; ++at) {
        // Browsers put a bare backslash into file names: only \" and \\ are escapes.
        if (text[at] == '\\' && at + 1 < text.size()
            && (text[at + 1] == '"' || text[at + 1] == '\\'))
            ++at;
        value += text[at];
    }
    text.remove_prefix(std::min(at + 1, text.size()));
    return value;
}

struct PartHeader
{
    std::string disposition;
    std::string contentType;
};

PartHeader readPartHeader(std::string_view text, std::string_view eol)
{
    PartHeader header;
    while (!text.empty()) {
        const auto end = std::min(text.find(eol), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + eol.size(), text.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        const std::string_view name = line.substr(0, colon);
        if (equalsIgnoringCase(name, "content-disposition"))
            header.disposition = trimmed(line.substr(colon + 1));
        else if (equalsIgnoringCase(name, "content-type"))
            header.contentType = trimmed(line.substr(colon + 1));
    }
    return header;
}

void addPart(MultipartForm &form, std::string_view part, std::string_view eol)
{
    // A part without headers starts with the empty line itself.
    const bool bare = part.starts_with(eol);
    const auto end = bare ? 0 : part.find(std::string(eol).append(eol));
    if (end == std::string_view::npos)
        return;
    PartHeader header = readPartHeader(part.substr(0, end), eol);
    const std::string_view content = part.substr(end + eol.size() * (bare ? 1 : 2));
    auto name = headerParameter(header.disposition, "name");
    if (!name)
        return;
    if (!headerParameter(header.disposition, "filename")) {
        form.fields[std::move(*name)].emplace_back(content);
        return;
    }
    if (header.contentType.empty())
        header.contentType = "application/octet-stream";
    form.files[std::move(*name)].push_back({std::move(header.contentType), std::string(content)});
}

} // namespace

FieldMap parseUrlEncoded(std::string_view text)
{
    FieldMap fields;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view field = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (field.empty())
            continue;
        const auto equals = std::min(field.find('='), field.size());
        const std::string_view value = field.substr(std::min(equals + 1, field.size()));
        fields[decodePercent(field.substr(0, equals), true)].push_back(decodePercent(value, true));
    }
    return fields;
}

std::optional<MultipartForm> parseMultipart(std::string_view body, std::string_view boundary)
{
    // RFC 2046 5.1.1: at most 70 characters.
    if (boundary.empty() || boundary.size() > 70)
        return std::nullopt;
    const std::string delimiter = "--" + std::string(boundary);
    // The original's parser takes lines that end in LF alone; a body written so has no CRLF at all.
    const std::string_view eol = body.contains("\r\n") ? "\r\n" : "\n";
    const std::string separator = std::string(eol) + delimiter;

    if (!body.starts_with(delimiter)) { // a preamble may come first
        const auto start = body.find(separator);
        if (start == std::string_view::npos)
            return std::nullopt;
        body.remove_prefix(start + eol.size());
    }
    MultipartForm form;
    for (std::size_t parts = 0; parts < kMaxParts; ++parts) {
        body.remove_prefix(delimiter.size());
        if (body.starts_with("--"))
            return form;
        const auto lineEnd = body.find(eol);
        if (lineEnd == std::string_view::npos || !trimmed(body.substr(0, lineEnd)).empty())
            return std::nullopt;
        body.remove_prefix(lineEnd + eol.size());
        const auto end = body.find(separator);
        if (end == std::string_view::npos)
            return std::nullopt;
        addPart(form, body.substr(0, end), eol);
        body.remove_prefix(end + eol.size());
    }
    return form;
}

std::optional<std::string> headerParameter(std::string_view value, std::string_view name)
{
    auto semicolon = value.find(';');
    while (semicolon != std::string_view::npos) {
        value = trimmed(value.substr(semicolon + 1));
        const auto stop = value.find_first_of("=;");
        if (stop == std::string_view::npos)
            return std::nullopt;
        if (value[stop] == ';') {
            semicolon = stop;
            continue;
        }
        const std::string_view parameter = trimmed(value.substr(0, stop));
        value = trimmed(value.substr(stop + 1));
        std::string text = takeValue(value);
        if (equalsIgnoringCase(parameter, name))
            return text;
        semicolon = value.find(';');
    }
    return std::nullopt;
}

} // namespace postern::gateway
