// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/head_parser.h"

static_assert(LLHTTP_VERSION_MAJOR == 9);

namespace postern::gateway {

namespace {

HeadParser *self(llhttp_t *parser) noexcept { return static_cast<HeadParser *>(parser->data); }

} // namespace

const llhttp_settings_t &HeadParser::settings() noexcept
{
    static const llhttp_settings_t kSettings = [] {
        llhttp_settings_t made;
        llhttp_settings_init(&made);
        made.on_url = &HeadParser::onUrl;
        made.on_status = &HeadParser::onStatus;
        made.on_header_field = &HeadParser::onField;
        made.on_header_value = &HeadParser::onValue;
        made.on_headers_complete = &HeadParser::onHeadersComplete;
        made.on_body = &HeadParser::onBody;
        made.on_message_complete = &HeadParser::onMessageComplete;
        return made;
    }();
    return kSettings;
}

void HeadParser::reset() noexcept
{
    m_started = m_complete = m_bodyComplete = m_upgrade = m_inValue = m_tooMany = false;
    m_headSize = 0;
    m_contentLength = 0;
    m_target = m_reason = {};
    m_fields.clear();
}

void HeadParser::extend(Span &span, const char *at, std::size_t size) noexcept
{
    if (span.size == 0)
        span.at = static_cast<std::uint32_t>(at - m_base);
    span.size += static_cast<std::uint32_t>(size);
}

int HeadParser::onUrl(llhttp_t *parser, const char *at, std::size_t size)
{
    self(parser)->extend(self(parser)->m_target, at, size);
    return 0;
}

int HeadParser::onStatus(llhttp_t *parser, const char *at, std::size_t size)
{
    self(parser)->extend(self(parser)->m_reason, at, size);
    return 0;
}

int HeadParser::onField(llhttp_t *parser, const char *at, std::size_t size)
{
    HeadParser &me = *self(parser);
    if (me.m_complete)
        return 0; // a trailer field: dropped
    if (me.m_inValue || me.m_fields.empty()) {
        if (me.m_fields.size() >= me.m_maxFields) {
            me.m_tooMany = true;
            return HPE_USER;
        }
        me.m_fields.emplace_back();
        me.m_inValue = false;
    }
    me.extend(me.m_fields.back().name, at, size);
    return 0;
}

int HeadParser::onValue(llhttp_t *parser, const char *at, std::size_t size)
{
    HeadParser &me = *self(parser);
    if (me.m_complete)
        return 0;
    me.m_inValue = true;
    me.extend(me.m_fields.back().value, at, size);
    return 0;
}

int HeadParser::onHeadersComplete(llhttp_t *parser)
{
    HeadParser &me = *self(parser);
    me.m_complete = true;
    me.m_contentLength = parser->content_length;
    me.m_upgrade = (parser->flags & F_UPGRADE) && (parser->flags & F_CONNECTION_UPGRADE);
    // What follows is ours to decide: without this a refused upgrade would end HTTP parsing.
    parser->upgrade = 0;
    return HPE_PAUSED;
}

int HeadParser::onBody(llhttp_t *parser, const char *at, std::size_t size)
{
    self(parser)->m_content->emplace_back(at, size);
    return 0;
}

int HeadParser::onMessageComplete(llhttp_t *parser)
{
    self(parser)->m_bodyComplete = true;
    return HPE_PAUSED;
}

HeadParser::State HeadParser::failed(llhttp_errno_t code)
{
    if (m_tooMany) {
        m_error = {Errc::HttpTooManyHeaders, "more than " + std::to_string(m_maxFields), {}};
        return State::Failed;
    }
    const char *given = llhttp_get_error_reason(&m_parser);
    const std::string_view reason = given ? given : "";
    // llhttp uses the same code for a missing CR behind a good version.
    const bool version = code == HPE_INVALID_VERSION && reason.starts_with("Invalid HTTP version");
    m_error = {version ? Errc::HttpVersion : Errc::HttpSyntax,
               std::string(reason.empty() ? llhttp_errno_name(code) : reason),
               {}};
    return State::Failed;
}

/// What llhttp lets pass in a head and we must not. nullptr: nothing.
const char *HeadParser::objection(std::string_view message) const noexcept
{
    if (m_kind == Kind::Request) {
        // llhttp also speaks RTSP and ICE, and skips any number of spaces.
        const std::size_t behind = m_target.at + m_target.size;
        if (m_target.at < 2 || message[m_target.at - 2] == ' '
            || !message.substr(behind).starts_with(" HTTP/"))
            return "the request line is not method, target and HTTP version";
    }
    if (m_parser.flags & F_TRANSFER_ENCODING) {
        // llhttp refuses codings other than chunked only behind the head, where we have decided
        // how the body is framed. A coding that is not understood hides where the message ends.
        std::size_t count = 0;
        for (const FieldSpan &field : m_fields) {
            if (!equalsIgnoringCase(message.substr(field.name.at, field.name.size),
                                    "transfer-encoding"))
                continue;
            std::string_view value = message.substr(field.value.at, field.value.size);
            value = value.substr(0, value.find_last_not_of(" \t") + 1);
            if (++count > 1 || !equalsIgnoringCase(value, "chunked"))
                return "the only transfer coding understood is chunked, once";
        }
    }
    return nullptr;
}

HeadParser::State HeadParser::feed(std::string_view message, std::size_t fresh,
                                   const Limits &limits)
{
    if (!m_started) {
        llhttp_init(&m_parser, m_kind == Kind::Request ? HTTP_REQUEST : HTTP_RESPONSE, &settings());
        m_parser.data = this;
        m_started = true;
    }
    m_base = message.data();
    m_maxFields = limits.fields;
    const char *from = message.data() + message.size() - fresh;
    const llhttp_errno_t code = llhttp_execute(&m_parser, from, fresh);
    if (m_complete) {
        m_headSize = static_cast<std::size_t>(llhttp_get_error_pos(&m_parser) - message.data());
        if (m_headSize > limits.bytes || m_target.size > limits.target) {
            m_error = {Errc::HttpHeaderTooLarge,
                       m_headSize > limits.bytes
                           ? "more than " + std::to_string(limits.bytes) + " bytes"
                           : "request target of " + std::to_string(m_target.size) + " bytes",
                       {}};
            return State::Failed;
        }
        if (const char *reason = objection(message)) {
            m_error = {Errc::HttpSyntax, reason, {}};
            return State::Failed;
        }
        return State::Complete;
    }
    if (code != HPE_OK)
        return failed(code);
    if (message.size() > limits.bytes || m_target.size > limits.target) {
        m_error = {
            Errc::HttpHeaderTooLarge, "more than " + std::to_string(limits.bytes) + " bytes", {}};
        return State::Failed;
    }
    return State::More;
}

HeadParser::State HeadParser::feedBody(std::string_view octets,
                                       std::vector<std::string_view> &content, std::size_t &used)
{
    m_content = &content;
    m_base = octets.data();
    if (llhttp_get_errno(&m_parser) == HPE_PAUSED)
        llhttp_resume(&m_parser);
    const llhttp_errno_t code = llhttp_execute(&m_parser, octets.data(), octets.size());
    if (m_bodyComplete) {
        used = static_cast<std::size_t>(llhttp_get_error_pos(&m_parser) - octets.data());
        return State::Complete;
    }
    used = octets.size();
    return code == HPE_OK ? State::More : failed(code);
}

std::string_view HeadParser::method(std::string_view message) const noexcept
{
    const std::size_t start = message.find_first_not_of("\r\n"); // RFC 9112 2.2: skip an empty line
    return start == std::string_view::npos
        ? std::string_view{}
        : message.substr(start, message.find(' ', start) - start);
}

std::string_view HeadParser::target(std::string_view message) const noexcept
{
    return message.substr(m_target.at, m_target.size);
}

std::string_view HeadParser::reason(std::string_view message) const noexcept
{
    return message.substr(m_reason.at, m_reason.size);
}

void HeadParser::fields(std::string_view message, HeaderList &out) const
{
    for (const FieldSpan &field : m_fields) {
        std::string_view value = message.substr(field.value.at, field.value.size);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
            value.remove_suffix(1);
        out.append(message.substr(field.name.at, field.name.size), value);
    }
}

Framing HeadParser::framing() const noexcept
{
    if (m_parser.flags & F_CHUNKED)
        return Framing::Chunked;
    if (m_parser.flags & F_CONTENT_LENGTH)
        return m_contentLength ? Framing::Length : Framing::None;
    if (m_kind == Kind::Request)
        return Framing::None;
    return Framing::UntilClose;
}

bool HeadParser::keepAlive() const noexcept
{
    if (m_parser.flags & F_CONNECTION_CLOSE)
        return false;
    if (m_parser.http_minor == 0)
        return m_parser.flags & F_CONNECTION_KEEP_ALIVE;
    return true;
}

bool HeadParser::expectsContinue(std::string_view message) const noexcept
{
    for (const FieldSpan &field : m_fields) {
        if (field.name.size == 6 && equalsIgnoringCase(message.substr(field.name.at, 6), "expect")
            && equalsIgnoringCase(message.substr(field.value.at, field.value.size), "100-continue"))
            return true;
    }
    return false;
}

} // namespace postern::gateway
