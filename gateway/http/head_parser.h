// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/http/header_list.h"

#include <llhttp.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// How a message's body is delimited. RFC 9112 6.3.
enum class Framing : std::uint8_t { None, Length, Chunked, UntilClose };

/// Strict HTTP/1 head parser over llhttp. Heads arrive in pieces; what was found is kept as offsets
/// into the message, so the caller may move its buffer between calls. After the head, feedBody()
/// takes a chunked body apart. One thread.
class HeadParser
{
public:
    enum class Kind : std::uint8_t { Request, Response };
    enum class State : std::uint8_t { More, Complete, Failed };

    struct Limits
    {
        std::size_t bytes = 64U * 1024; ///< head, all of it
        std::size_t fields = 100;
        std::size_t target = 16U * 1024;
    };

    explicit HeadParser(Kind kind) noexcept : m_kind(kind) {}

    /// Forgets the last message.
    void reset() noexcept;

    /// Feeds octets that follow those fed before. `message` is the whole message so far (the octets
    /// fed before and now), `fresh` how many of its last octets are new.
    /// \return Complete: headSize() octets make up the head, the rest is body or the next message.
    /// Failed: error() says why.
    State feed(std::string_view message, std::size_t fresh, const Limits &limits);

    [[nodiscard]] std::size_t headSize() const noexcept { return m_headSize; }
    [[nodiscard]] const Error &error() const noexcept { return m_error; }

    // After Complete. `message` is the same buffer as given to feed(), or a copy of its head.
    [[nodiscard]] std::string_view method(std::string_view message) const noexcept;
    [[nodiscard]] std::string_view target(std::string_view message) const noexcept;
    [[nodiscard]] std::string_view reason(std::string_view message) const noexcept;
    void fields(std::string_view message, HeaderList &out) const;

    [[nodiscard]] int status() const noexcept { return m_parser.status_code; }
    [[nodiscard]] unsigned major() const noexcept { return m_parser.http_major; }
    [[nodiscard]] unsigned minor() const noexcept { return m_parser.http_minor; }
    /// Framing as the header fields say; a response to HEAD or with 1xx, 204, 304 has none
    /// regardless.
    [[nodiscard]] Framing framing() const noexcept;
    [[nodiscard]] std::uint64_t contentLength() const noexcept { return m_contentLength; }
    [[nodiscard]] bool keepAlive() const noexcept; ///< RFC 9112 9.3
    [[nodiscard]] bool upgrade() const noexcept
    {
        return m_upgrade;
    } ///< Connection: upgrade and Upgrade
    [[nodiscard]] bool expectsContinue(std::string_view message) const noexcept;

    /// Feeds octets of a chunked body behind the head. Pieces of content are appended to `content`
    /// as views into `octets`.
    /// \return Complete: `used` octets belong to this message
    State feedBody(std::string_view octets, std::vector<std::string_view> &content,
                   std::size_t &used);

private:
    struct Span
    {
        std::uint32_t at = 0;
        std::uint32_t size = 0;
    };
    struct FieldSpan
    {
        Span name, value;
    };

    static int onUrl(llhttp_t *parser, const char *at, std::size_t size);
    static int onStatus(llhttp_t *parser, const char *at, std::size_t size);
    static int onField(llhttp_t *parser, const char *at, std::size_t size);
    static int onValue(llhttp_t *parser, const char *at, std::size_t size);
    static int onHeadersComplete(llhttp_t *parser);
    static int onBody(llhttp_t *parser, const char *at, std::size_t size);
    static int onMessageComplete(llhttp_t *parser);
    [[nodiscard]] static const llhttp_settings_t &settings() noexcept;

    void extend(Span &span, const char *at, std::size_t size) noexcept;
    [[nodiscard]] const char *objection(std::string_view message) const noexcept;
    State failed(llhttp_errno_t code);

    llhttp_t m_parser{};
    Kind m_kind;
    bool m_started = false;
    bool m_complete = false;
    bool m_bodyComplete = false;
    bool m_upgrade = false;
    bool m_inValue = false;
    bool m_tooMany = false;
    std::size_t m_maxFields = 0;
    std::uint64_t m_contentLength = 0;
    const char *m_base = nullptr; ///< start of the message during feed()
    std::size_t m_headSize = 0;
    Span m_target, m_reason;
    std::vector<FieldSpan> m_fields;
    std::vector<std::string_view> *m_content = nullptr;
    Error m_error;
};

} // namespace postern::gateway
