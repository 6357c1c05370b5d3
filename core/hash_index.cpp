// SPDX-License-Identifier: Apache-2.0
#include "core/hash_index.h"

namespace postern {

bool anyRepeats(std::span<const std::uint64_t> hashes)
{
    HashIndex seen;
    seen.reset(hashes.size());
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        const auto equal = [&](std::uint32_t other) { return hashes[other] == hashes[i]; };
        if (seen.find(hashes[i], equal) != HashIndex::kNone)
            return true;
        seen.insert(hashes[i], static_cast<std::uint32_t>(i));
    }
    return false;
}

} // namespace postern
