// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/content_coding.h"

#include "gateway/http/header_list.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>

#include <brotli/decode.h>
#include <zlib.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kStep = std::size_t{32} * 1024;
/// zlib's window bits: its largest window, with the frame found by itself (gzip or zlib), or none.
constexpr int kAnyFrame = MAX_WBITS + 32;
constexpr int kNoFrame = -MAX_WBITS;

Error broken() { return {Errc::InvalidArgument, "the encoded body is broken", {}}; }
Error tooLong() { return {Errc::LimitExceeded, "the decoded body is too long", {}}; }

class Inflater
{
public:
    explicit Inflater(int windowBits) { m_ready = ::inflateInit2(&m_stream, windowBits) == Z_OK; }
    ~Inflater() { ::inflateEnd(&m_stream); }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    Result<std::string> run(std::string_view octets, std::uint64_t limit)
    {
        if (!m_ready || octets.size() > std::numeric_limits<uInt>::max())
            return std::unexpected(broken());
        std::string out;
        // zlib does not write to its input, but its type says it might.
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(octets.data()));
        m_stream.avail_in = static_cast<uInt>(octets.size());
        std::array<char, kStep> room;
        for (;;) {
            m_stream.next_out = reinterpret_cast<Bytef *>(room.data());
            m_stream.avail_out = static_cast<uInt>(room.size());
            const int state = ::inflate(&m_stream, Z_NO_FLUSH);
            out.append(room.data(), room.size() - m_stream.avail_out);
            if (out.size() > limit)
                return std::unexpected(tooLong());
            if (state == Z_STREAM_END) {
                if (m_stream.avail_in == 0)
                    return out;
                // Several gzip members follow each other. RFC 1952 2.2.
                if (::inflateReset(&m_stream) != Z_OK)
                    return std::unexpected(broken());
                continue;
            }
            if (state != Z_OK || (m_stream.avail_in == 0 && m_stream.avail_out != 0))
                return std::unexpected(broken());
        }
    }

private:
    z_stream m_stream{};
    bool m_ready = false;
};

struct BrotliEnd
{
    void operator()(BrotliDecoderState *state) const noexcept
    {
        ::BrotliDecoderDestroyInstance(state);
    }
};

Result<std::string> unbrotli(std::string_view octets, std::uint64_t limit)
{
    const std::unique_ptr<BrotliDecoderState, BrotliEnd> state(
        ::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state)
        return std::unexpected(broken());
    std::string out;
    const auto *next = reinterpret_cast<const std::uint8_t *>(octets.data());
    std::size_t left = octets.size();
    std::array<char, kStep> room;
    for (;;) {
        auto *to = reinterpret_cast<std::uint8_t *>(room.data());
        std::size_t free = room.size();
        const auto result =
            ::BrotliDecoderDecompressStream(state.get(), &left, &next, &free, &to, nullptr);
        out.append(room.data(), room.size() - free);
        if (out.size() > limit)
            return std::unexpected(tooLong());
        if (result == BROTLI_DECODER_RESULT_SUCCESS)
            return left == 0 ? Result<std::string>(std::move(out)) : std::unexpected(broken());
        if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
            return std::unexpected(broken());
    }
}

} // namespace

ContentCoding contentCodingOf(std::string_view field) noexcept
{
    constexpr std::array<std::pair<std::string_view, ContentCoding>, 6> kNames{
        {{"", ContentCoding::Identity},
         {"identity", ContentCoding::Identity},
         {"gzip", ContentCoding::Gzip},
         {"x-gzip", ContentCoding::Gzip},
         {"deflate", ContentCoding::Deflate},
         {"br", ContentCoding::Brotli}}};
    const auto *const found = std::ranges::find_if(
        kNames, [field](const auto &row) { return equalsIgnoringCase(row.first, field); });
    return found == kNames.end() ? ContentCoding::Unknown : found->second;
}

Result<std::string> decodeContent(ContentCoding coding, std::string_view octets,
                                  std::uint64_t limit)
{
    switch (coding) {
    case ContentCoding::Identity:
        return octets.size() > limit ? Result<std::string>(std::unexpected(tooLong()))
                                     : std::string(octets);
    case ContentCoding::Gzip:
        return Inflater(kAnyFrame).run(octets, limit);
    case ContentCoding::Deflate: {
        Result<std::string> framed = Inflater(kAnyFrame).run(octets, limit);
        return framed || framed.error().code == Errc::LimitExceeded
            ? framed
            : Inflater(kNoFrame).run(octets, limit);
    }
    case ContentCoding::Brotli:
        return unbrotli(octets, limit);
    case ContentCoding::Unknown:
        break;
    }
    return fail(Errc::Unsupported, "the body has an unknown content coding");
}

} // namespace postern::gateway
