// SPDX-License-Identifier: Apache-2.0
#include "gui/session/secret_seal.h"

#include "core/bytes/secret.h"
#include "core/crypto/random.h"
#include "core/json/parse.h"

#include <string>

namespace postern::gui {

namespace {

constexpr std::size_t kKeySize = 32;

std::string storageKey(std::string_view key) { return std::string("/apisix").append(key); }

/// \param text is overwritten
bool replace(Json &object, std::string &text, const Result<std::string> &other)
{
    const bool same = !other || *other == text;
    wipe(text);
    if (same)
        return false;
    auto parsed = parseJson(*other);
    if (!parsed)
        return false;
    object = std::move(*parsed);
    return true;
}

} // namespace

Result<SecretSeal> SecretSeal::make()
{
    const auto key = randomOctets(kKeySize);
    if (!key)
        return std::unexpected(key.error());
    auto sealer = Sealer::make(*key, "window lock");
    if (!sealer)
        return std::unexpected(sealer.error());
    return SecretSeal(std::move(*sealer));
}

bool SecretSeal::seal(std::string_view key, Json &object) const
{
    std::string text = object.dump();
    return replace(object, text, m_sealer.sealDocument(storageKey(key), text));
}

bool SecretSeal::open(std::string_view key, Json &object) const
{
    std::string text = object.dump();
    return replace(object, text, m_sealer.openDocument(storageKey(key), text));
}

} // namespace postern::gui
