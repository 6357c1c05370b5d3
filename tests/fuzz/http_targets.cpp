// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"
#include "gateway/http/head_parser.h"
#include "gateway/http/http_date.h"
#include "gateway/http/uri.h"
#include "gateway/plugins/common/hmac_signature.h"
#include "targets.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace postern::fuzz {

namespace {

using gateway::Arena;
using gateway::HeaderField;
using gateway::HeaderList;
using gateway::HeadParser;

constexpr HeadParser::Limits kLimits{4096, 20, 1024};

/// What a parser made of a message, to compare two ways of feeding it.
std::string outcome(const HeadParser &parser, HeadParser::State state, std::string_view message)
{
    if (state == HeadParser::State::Failed)
        return "failed";
    if (state != HeadParser::State::Complete)
        return "more";
    std::string text(message.substr(0, parser.headSize()));
    text.append(parser.target(message)).append(std::to_string(parser.contentLength()));
    text.append(std::to_string(static_cast<int>(parser.framing())));
    HeaderList fields;
    parser.fields(message, fields);
    for (const HeaderField &field : fields.fields())
        text.append(field.name).append(field.value);
    return text;
}

void head(std::string_view message, HeadParser::Kind kind)
{
    HeadParser whole(kind);
    const HeadParser::State state = whole.feed(message, message.size(), kLimits);
    HeadParser bytewise(kind);
    HeadParser::State piecewise = HeadParser::State::More;
    std::size_t size = 0;
    while (size < message.size() && piecewise == HeadParser::State::More) {
        const std::string moved(message.substr(0, ++size)); // another buffer each time
        piecewise = bytewise.feed(moved, 1, kLimits);
    }
    require(outcome(whole, state, message) == outcome(bytewise, piecewise, message));
    if (state != HeadParser::State::Complete)
        return;
    std::vector<std::string_view> content;
    std::size_t used = 0;
    const std::string_view rest = message.substr(whole.headSize());
    if (whole.framing() == gateway::Framing::Chunked) {
        static_cast<void>(whole.feedBody(rest, content, used));
        require(used <= rest.size());
    }
}

void httpHead(std::string_view message)
{
    head(message, HeadParser::Kind::Request);
    head(message, HeadParser::Kind::Response);
}

void uri(std::string_view text)
{
    Arena arena;
    static_cast<void>(gateway::parseHost(text, arena));
    const auto target = gateway::splitTarget(text);
    std::string_view path;
    if (!target || !gateway::normalisePath(target->path, arena, path))
        return;
    require(path.starts_with('/') && !path.contains('\0'));
    require(!path.contains("/../") && !path.ends_with("/..") && !path.contains("//"));
}

void httpDate(std::string_view text)
{
    constexpr std::int64_t kFarthest = 9'000'000'000; // what the clock can tell
    const auto seconds = gateway::parseHttpDate(text);
    if (!seconds || *seconds < 0 || *seconds > kFarthest)
        return;
    const std::string written = formatHttpDate(Timestamp(std::chrono::seconds(*seconds)));
    require(gateway::parseHttpDate(written) == seconds);
}

void hmacParameters(std::string_view text)
{
    const auto inside = [text](std::optional<std::string_view> part) {
        return !part
            || (part->data() >= text.data()
                && part->data() + part->size() <= text.data() + text.size());
    };
    const auto read = gateway::HmacParameters::read(text);
    require(inside(read.keyId) && inside(read.algorithm) && inside(read.signature)
            && inside(read.headers));
    require(!read.keyId || read.keyId->find_first_of("\",") == std::string_view::npos);
    static_cast<void>(read.covers("date"));
}

constexpr std::array kTargets{Target{"http_head", httpHead}, Target{"uri", uri},
                              Target{"http_date", httpDate},
                              Target{"hmac_parameters", hmacParameters}};

} // namespace

std::span<const Target> httpTargets() noexcept { return kTargets; }

} // namespace postern::fuzz
