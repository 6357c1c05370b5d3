// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace postern::fuzz {

/// An input worth starting from.
struct Seed
{
    std::string target; ///< as in targets.h
    std::string octets;
};

/// Known answers of our own, and what the published vectors hold where they are at hand.
[[nodiscard]] std::vector<Seed> seeds();

} // namespace postern::fuzz
