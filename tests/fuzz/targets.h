// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

// One entry per parser. Each aborts when a promise of the parser is broken; sanitizers see the
// rest.
namespace postern::fuzz {

struct Target
{
    std::string_view name;
    void (*run)(std::string_view octets);
};

[[nodiscard]] std::span<const Target> coreTargets() noexcept;
[[nodiscard]] std::span<const Target> httpTargets() noexcept;

/// Ends the process: the input broke a promise.
void require(bool kept);

} // namespace postern::fuzz
