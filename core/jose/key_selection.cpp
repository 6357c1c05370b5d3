// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_selection.h"

#include <optional>
#include <utility>
#include <vector>

namespace postern {

bool couldVerify(const Key &key, Alg alg)
{
    const Result<void> allowed = key.allows(alg, false, true);
    return allowed || allowed.error().code == Errc::KeyWeak;
}

Result<Key> selectKey(const TrustedKeys &trusted, Alg alg, std::string_view kid)
{
    if (trusted.set) {
        Result<Key> key =
            trusted.set->select(alg, kid.empty() ? std::nullopt : std::optional(kid), false, true);
        if (key || key.error().code != Errc::KeyMissing || kid.empty())
            return key;
        // A key without a name may be the one that is meant, if it is the only one.
        std::vector<Key> unnamed = trusted.set->candidates(alg, std::nullopt, false, true);
        std::erase_if(unnamed, [](const Key &one) { return !one.kid().empty(); });
        return unnamed.size() == 1 ? Result<Key>(std::move(unnamed.front())) : key;
    }
    if (trusted.keys.empty())
        return fail(Errc::KeyMissing, "no key is trusted");
    return trusted.keys.front();
}

TrustedKeys trustSet(KeySet set)
{
    TrustedKeys out;
    out.keys = {set.keys().begin(), set.keys().end()};
    out.set = std::move(set);
    return out;
}

} // namespace postern
