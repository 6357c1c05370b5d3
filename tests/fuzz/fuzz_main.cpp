// SPDX-License-Identifier: Apache-2.0
#include "targets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

// libFuzzer's entry; POSTERN_FUZZ_TARGET names the parser.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using postern::fuzz::Target;
    static const Target *const kTarget = [] {
        for (const auto targets : {postern::fuzz::coreTargets(), postern::fuzz::httpTargets()}) {
            const auto found = std::ranges::find(targets, POSTERN_FUZZ_TARGET, &Target::name);
            if (found != targets.end())
                return &*found;
        }
        return static_cast<const Target *>(nullptr);
    }();
    postern::fuzz::require(kTarget != nullptr);
    kTarget->run({reinterpret_cast<const char *>(data), size});
    return 0;
}
