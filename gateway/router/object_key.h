// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace postern::gateway {

/// Kinds of objects that are compiled.
enum class ObjectKind : std::uint8_t {
    Other,
    Route,
    Service,
    Upstream,
    PluginConfig,
    ConsumerGroup,
    GlobalRule,
    Metadata,
    Ssl,
    Consumer,
    Credential
};

/// A storage key as the compiler sees it, taken apart without a copy: many thousands of them come
/// at a start. Views into the key.
struct ObjectKey
{
    ObjectKind kind = ObjectKind::Other;
    std::string_view id; ///< the object's id; of a credential: its own
    std::string_view username; ///< of a consumer or credential
};

/// "/apisix/routes/1", "/apisix/consumers/jack/credentials/c": everything else is Other.
[[nodiscard]] ObjectKey parseObjectKey(std::string_view key) noexcept;

} // namespace postern::gateway
