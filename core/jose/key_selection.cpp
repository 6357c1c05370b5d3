// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_selection.h"

#include <algorithm>
#include <format>
#include <string>
#include <vector>

namespace postern {

namespace {

std::string kidsOf(std::span<const Key> keys)
{
    std::string kids;
    for (const Key &key : keys) {
        if (!key.kid().empty())
            kids.append(kids.empty() ? "" : ", ").append(key.kid());
    }
    return kids.empty() ? "none" : kids;
}

Error noKey(std::span<const Key> keys, Alg alg, std::string_view kid)
{
    if (kid.empty())
        return {Errc::KeyMissing,
                std::format("none of the {} keys is for {}", keys.size(), info(alg).name),
                {}};
    const auto named = std::ranges::find(keys, kid, &Key::kid);
    if (named != keys.end()) {
        if (const Result<void> fits = named->allows(alg, false, true); !fits)
            return fits.error();
    }
    return {Errc::KeyMissing,
            std::format("no key has kid \"{}\"; there are: {}", kid, kidsOf(keys)),
            {}};
}

} // namespace

bool couldVerify(const Key &key, Alg alg)
{
    const Result<void> allowed = key.allows(alg, false, true);
    return allowed || allowed.error().code == Errc::KeyWeak;
}

Result<const Key *> selectKey(std::span<const Key> keys, Alg alg, std::string_view kid, bool isSet)
{
    if (keys.empty())
        return fail(Errc::KeyMissing, "no key is trusted");
    if (!isSet && keys.size() == 1)
        return &keys.front();
    std::vector<const Key *> candidates;
    for (const Key &key : keys) {
        if (couldVerify(key, alg) && (kid.empty() || key.kid() == kid))
            candidates.push_back(&key);
    }
    if (candidates.empty())
        return std::unexpected(noKey(keys, alg, kid));
    if (candidates.size() > 1)
        return fail(Errc::KeyAmbiguous,
                    std::format("{} keys are for {}{}", candidates.size(), info(alg).name,
                                kid.empty() ? "; the token names none"
                                            : std::format(" and kid \"{}\"", kid)));
    return candidates.front();
}

Result<TrustedKeys> trustedSet(const Json &document, std::vector<Error> *skipped)
{
    const Json *members = document.find("keys");
    if (!members || !members->isArray())
        return fail(Errc::KeyFormat, "a JWK set has an array \"keys\"", "/keys");
    TrustedKeys out{.keys = {}, .isSet = true, .defect = {}};
    for (std::size_t i = 0; i < members->size(); ++i) {
        Result<Key> key = Key::fromJwk(members->items()[i]);
        if (key) {
            out.keys.push_back(std::move(*key));
        } else if (skipped) {
            key.error().where = std::format("/keys/{}{}", i, key.error().where);
            skipped->push_back(std::move(key.error()));
        }
    }
    return out;
}

} // namespace postern
