// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qca_tools.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace postern {

/// Secret octets in secure memory (QCA::SecureArray: locked where possible, wiped on release).
/// Compared in constant time; has no stream or format operator on purpose.
class Secret
{
public:
    Secret() = default;
    explicit Secret(std::string_view octets);
    explicit Secret(std::span<const std::byte> octets);

    [[nodiscard]] std::string_view
    view() const noexcept; ///< valid while this object lives unchanged
    [[nodiscard]] std::span<const unsigned char> bytes() const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }

    /// Constant time in the content; the length is not secret.
    [[nodiscard]] bool operator==(const Secret &other) const noexcept;

private:
    QCA::SecureArray m_octets;
};

/// Equal octets, in time that depends on the lengths only.
[[nodiscard]] bool equalConstantTime(std::string_view a, std::string_view b) noexcept;

/// Overwrites the characters before the string is emptied.
void wipe(std::string &text) noexcept;

} // namespace postern
