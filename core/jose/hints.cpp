// SPDX-License-Identifier: Apache-2.0
#include "core/jose/hints.h"

#include "core/jose/why.h"

#include <array>

namespace postern {

namespace {

std::vector<std::string> sentencesOf(const DecodedJws &token, WhyCandidate candidate)
{
    const std::array candidates{std::move(candidate)};
    std::vector<std::string> sentences;
    for (WhyFinding &finding : explainSignature(token, candidates, {.reserialised = false}).found)
        sentences.push_back(std::move(finding.sentence));
    return sentences;
}

} // namespace

std::vector<std::string> explainMismatch(const DecodedJws &token, const Key &key)
{
    return sentencesOf(token, {"the given key", key, {}, true});
}

std::vector<std::string> explainMismatch(const DecodedJws &token, std::string_view secret)
{
    Result<Key> key = Key::fromSecret(Secret(secret));
    return sentencesOf(
        token, {"the given secret", key ? std::optional(std::move(*key)) : std::nullopt, {}, true});
}

} // namespace postern
