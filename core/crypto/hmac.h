// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/handle.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace postern {

/// A prepared HMAC: one digest, one key, a context made once and re-used. One thread only; a worker
/// keeps its own per credential. RFC 2104.
class Hmac
{
public:
    /// The result of finish(); a view into the object, valid until the next call.
    using Tag = std::string_view;

    /// \param digest OpenSSL name as in fetchedDigest(): "SHA1", "SHA256", "SHA512"
    /// \param key octets of any length, also none
    /// \return nullopt if the library refuses
    [[nodiscard]] static std::optional<Hmac> make(std::string_view digest, std::string_view key);

    /// Begins a message. \return false if the library fails
    [[nodiscard]] bool begin() noexcept;
    [[nodiscard]] bool update(std::string_view octets) noexcept;
    /// \return the tag; empty if the library fails
    [[nodiscard]] Tag finish() noexcept;

private:
    explicit Hmac(MacCtx context) noexcept : m_context(std::move(context)) {}

    MacCtx m_context;
    std::array<unsigned char, EVP_MAX_MD_SIZE> m_tag{};
};

} // namespace postern
