// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/echo.h"

#include "core/bytes/encoding.h"
#include "core/json/parse.h"
#include "gateway/http/header_list.h"
#include "gateway/upstream/form_data.h"
#include "gateway/upstream/python_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kUrlEncoded = "application/x-www-form-urlencoded";
constexpr std::string_view kMultipart = "multipart/form-data";

constexpr bool isAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// One value stands for itself, several make an array.
Json flatten(const FieldMap &fields)
{
    Json::Object object;
    std::map<std::string, Json::Array> named; // two names may be one after the UTF-8 repair
    for (const auto &[name, values] : fields) {
        Json::Array &list = named[lossyUtf8(name)];
        for (const std::string &value : values)
            list.emplace_back(lossyUtf8(value));
    }
    for (auto &[name, list] : named)
        object.emplace_back(name,
                            list.size() == 1 ? std::move(list.front()) : Json(std::move(list)));
    return Json(std::move(object));
}

// Text as it is, anything else as a data: URL, RFC 2397.
std::string jsonSafe(std::string_view octets, std::string_view contentType)
{
    if (isUtf8(octets))
        return std::string(octets);
    return "data:" + headerTextToUtf8(contentType) + ";base64," + encodeBase64(octets);
}

Json describeFiles(const std::map<std::string, std::vector<FormFile>> &files)
{
    Json::Object object;
    std::map<std::string, Json::Array> named;
    for (const auto &[name, list] : files) {
        for (const FormFile &file : list)
            named[lossyUtf8(name)].emplace_back(jsonSafe(file.octets, file.contentType));
    }
    for (auto &[name, list] : named)
        object.emplace_back(name,
                            list.size() == 1 ? std::move(list.front()) : Json(std::move(list)));
    return Json(std::move(object));
}

// The body read by its content type: a form is no `data`, and only `data` is tried as JSON.
struct Body
{
    FieldMap form;
    std::map<std::string, std::vector<FormFile>> files;
    std::string_view data;
};

Body readBody(const ServiceRequest &request)
{
    Body body;
    const std::string_view type = request.header("content-type");
    const std::string_view media = type.substr(0, type.find_first_of("; \t"));
    if (equalsIgnoringCase(media, kUrlEncoded)) {
        body.form = parseUrlEncoded(request.body);
    } else if (equalsIgnoringCase(media, kMultipart)) {
        const auto boundary = headerParameter(type, "boundary");
        if (auto parts = parseMultipart(request.body, boundary.value_or(""))) {
            body.form = std::move(parts->fields);
            body.files = std::move(parts->files);
        }
    } else {
        body.data = request.body;
    }
    return body;
}

Json parsedData(std::string_view data)
{
    auto value = parseJson(data, {.depth = 512, .lastDuplicateWins = true});
    return value ? std::move(*value) : Json();
}

// Decodes escapes as far as the text stays the same URL: what `keep` names, '%' and control
// characters stay escaped. Text that would not be UTF-8 stays as it came.
std::string readableEscapes(std::string_view text, std::string_view keep)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size()) {
            const auto octet = decodeHex(text.substr(at + 1, 2));
            const bool plain = octet && static_cast<unsigned char>(octet->front()) >= 0x20
                && octet->front() != 0x7F && octet->front() != '%'
                && !keep.contains(octet->front());
            if (plain) {
                out += octet->front();
                at += 2;
                continue;
            }
        }
        out += text[at];
    }
    return isUtf8(out) ? out : headerTextToUtf8(text);
}

std::string echoUrl(const ServiceRequest &request)
{
    std::string_view scheme = request.header("x-forwarded-proto");
    if (scheme.empty())
        scheme = request.header("x-forwarded-protocol");
    if (scheme.empty())
        scheme = request.header("x-forwarded-ssl") == "on" ? "https" : "http";

    std::string_view host = request.header("host");
    if (host.ends_with(":80"))
        host.remove_suffix(3);

    std::string_view target = request.target;
    if (const auto authority = target.find("://");
        !target.starts_with('/') && authority != std::string_view::npos) {
        target.remove_prefix(authority + 3);
        target.remove_prefix(std::min(target.find('/'), target.size()));
    }
    const auto question = std::min(target.find('?'), target.size());
    std::string url = headerTextToUtf8(scheme) + "://" + headerTextToUtf8(host);
    url += readableEscapes(target.substr(0, question), "/;?#");
    if (question + 1 < target.size())
        url += '?' + readableEscapes(target.substr(question + 1), ";/?:@&=+,$#");
    return url;
}

struct EchoMember
{
    std::string_view name;
    Json (*make)(const ServiceRequest &request, const Body &body);
};

constexpr std::array<EchoMember, 9> kMembers{{
    {"args",
     [](const ServiceRequest &r, const Body &) { return flatten(parseUrlEncoded(r.query)); }},
    {"data",
     [](const ServiceRequest &, const Body &b) {
         return Json(jsonSafe(b.data, "application/octet-stream"));
     }},
    {"files", [](const ServiceRequest &, const Body &b) { return describeFiles(b.files); }},
    {"form", [](const ServiceRequest &, const Body &b) { return flatten(b.form); }},
    {"headers", [](const ServiceRequest &r, const Body &) { return echoHeaders(r); }},
    {"json", [](const ServiceRequest &, const Body &b) { return parsedData(b.data); }},
    {"method", [](const ServiceRequest &r, const Body &) { return Json(r.method); }},
    {"origin", [](const ServiceRequest &r, const Body &) { return Json(echoOrigin(r)); }},
    {"url", [](const ServiceRequest &r, const Body &) { return Json(echoUrl(r)); }},
}};

} // namespace

std::string titleCase(std::string_view name)
{
    std::string title(name);
    bool inWord = false;
    for (char &c : title) {
        if (!isAlpha(c)) {
            inWord = false;
            continue;
        }
        c = static_cast<char>(inWord ? c | 0x20 : c & ~0x20);
        inWord = true;
    }
    return title;
}

Json echoHeaders(const ServiceRequest &request)
{
    std::map<std::string, std::string> fields;
    for (const auto &[name, value] : request.headers) {
        const auto [field, added] = fields.try_emplace(titleCase(name), headerTextToUtf8(value));
        if (!added)
            field->second.append(1, ',').append(headerTextToUtf8(value));
    }
    Json::Object object;
    for (auto &[name, value] : fields)
        object.emplace_back(name, std::move(value));
    return Json(std::move(object));
}

std::string echoOrigin(const ServiceRequest &request)
{
    std::string chain;
    bool present = false;
    for (const auto &[name, value] : request.headers) {
        if (!equalsIgnoringCase(name, "x-forwarded-for"))
            continue;
        if (std::exchange(present, true))
            chain += ',';
        chain += value;
    }
    return headerTextToUtf8(present ? chain : request.peer);
}

Json echoCookies(const ServiceRequest &request)
{
    std::map<std::string, std::string> cookies;
    for (const auto &[field, line] : request.headers) {
        if (!equalsIgnoringCase(field, "cookie"))
            continue;
        std::string_view rest = line;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            std::string_view pair = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            pair.remove_prefix(std::min(pair.find_first_not_of(" \t"), pair.size()));
            const auto equals = std::min(pair.find('='), pair.size());
            if (pair.empty())
                continue;
            std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
            if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
                value = value.substr(1, value.size() - 2);
            cookies[headerTextToUtf8(pair.substr(0, equals))] = headerTextToUtf8(value);
        }
    }
    Json::Object object;
    for (auto &[name, value] : cookies)
        object.emplace_back(name, std::move(value));
    return Json(std::move(object));
}

Json echoRequest(const ServiceRequest &request, std::span<const std::string_view> keys)
{
    const Body body = readBody(request);
    Json::Object object;
    for (const std::string_view key : keys) {
        const auto *member = std::ranges::find(kMembers, key, &EchoMember::name);
        if (member != kMembers.end())
            object.emplace_back(key, member->make(request, body));
    }
    return Json(std::move(object));
}

} // namespace postern::gateway
