// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/key_ring.h"

#include "core/bytes/encoding.h"
#include "core/jose/key_data.h"
#include "core/jose/key_import.h"
#include "core/jose/key_selection.h"
#include "core/text/trim.h"
#include "gui/session/workspace.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern::gui {

KeyRing::KeyRing(std::vector<gateway::JwtCredential> credentials)
    : m_credentials(std::move(credentials))
{
}

const gateway::JwtCredential *KeyRing::find(std::string_view consumer,
                                            std::string_view credential) const
{
    const auto found = std::ranges::find_if(m_credentials, [&](const gateway::JwtCredential &one) {
        return one.consumer == consumer && (credential.empty() || one.id == credential);
    });
    return found == m_credentials.end() ? nullptr : &*found;
}

const std::vector<WhyCandidate> &KeyRing::candidates() const
{
    std::call_once(m_once, [this] {
        for (const gateway::JwtCredential &one : m_credentials) {
            if (Result<Key> key = gateway::keyOf(one, false))
                m_candidates.push_back({gateway::nameOf(one), std::move(*key), {}, false});
        }
    });
    return m_candidates;
}

std::shared_ptr<const KeyRing> keyRingOf(const Workspace &workspace)
{
    std::vector<gateway::JwtCredential> all;
    for (const std::string &key : workspace.keys("/consumers")) {
        const Json *const consumer = workspace.value(key);
        if (consumer == nullptr)
            continue;
        std::vector<std::pair<std::string, Json>> credentials;
        for (const std::string &path : workspace.keys(key + "/credentials")) {
            if (const Json *const value = workspace.value(path))
                credentials.emplace_back(decodePercent(path.substr(path.rfind('/') + 1)), *value);
        }
        const std::string name(
            consumer->stringOr("username", decodePercent(key.substr(key.rfind('/') + 1))));
        std::ranges::move(gateway::listJwtCredentials(name, *consumer, credentials),
                          std::back_inserter(all));
    }
    return std::make_shared<const KeyRing>(std::move(all));
}

Result<std::string> secretOctets(std::string_view text, SecretKind kind)
{
    switch (kind) {
    case SecretKind::Text:
        return std::string(text);
    case SecretKind::Base64:
        return decodeBase64(text);
    case SecretKind::Base64Url:
        return decodeBase64Url(text);
    case SecretKind::Hex:
        return decodeHex(text);
    }
    return std::string(text);
}

std::string_view cleanedSecret(std::string_view text) noexcept
{
    text = trimmed(text);
    if (text.size() > 1 && text.front() == text.back()
        && (text.front() == '"' || text.front() == '\''))
        text = text.substr(1, text.size() - 2);
    return text;
}

bool isSampleSecret(std::string_view octets)
{
    return std::ranges::contains(sampleSecrets(), octets);
}

Result<KeyChoice> importChoice(std::string_view octets, std::string_view name,
                               std::string_view passphrase)
{
    Result<ImportedKeys> imported = importKeys(octets, passphrase);
    if (!imported)
        return std::unexpected(imported.error());
    if (imported->keys.empty())
        return fail(Errc::KeyMissing, "the file holds no usable key", std::string(name));
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::Imported;
    choice.octets = Secret(octets);
    const ImportedKey &first = imported->keys.front();
    if (imported->isSet) {
        KeySet set;
        for (const ImportedKey &one : imported->keys)
            static_cast<void>(set.add(one.key)); // a second key of one kid is left out
        choice.imported = trustSet(std::move(set));
        choice.name = std::format("{}: set of {} keys", name, imported->keys.size());
        return choice;
    }
    choice.imported.keys = {first.key};
    choice.name = std::format("{}: {}, {}", name, first.form, describeKey(first.key.data()));
    return choice;
}

} // namespace postern::gui
