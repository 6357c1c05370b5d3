// SPDX-License-Identifier: Apache-2.0
#include "core/jose/key_import.h"

#include "core/crypto/pem.h"
#include "core/jose/key_data.h"
#include "core/jose/ssh_key.h"
#include "core/json/parse.h"
#include "core/text/trim.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern {

namespace {

Result<ImportedKey> checked(Result<LoadedPkey> loaded)
{
    if (!loaded)
        return std::unexpected(loaded.error());
    const std::string_view form = loaded->form;
    std::optional<CertificateInfo> certificate = std::move(loaded->certificate);
    Result<Key> key = keyFromLoaded(std::move(*loaded));
    if (!key)
        return std::unexpected(key.error());
    return ImportedKey{std::move(*key), form, std::move(certificate)};
}

void join(std::vector<ImportedKey> &keys, ImportedKey more)
{
    const std::string thumbprint = more.key.thumbprint();
    const auto same = std::ranges::find_if(
        keys, [&](const ImportedKey &one) { return one.key.thumbprint() == thumbprint; });
    if (same == keys.end()) {
        keys.push_back(std::move(more));
        return;
    }
    if (more.key.isPrivate() && !same->key.isPrivate()) {
        std::swap(same->key, more.key);
        std::swap(same->form, more.form);
    }
    if (!same->certificate)
        same->certificate = std::move(more.certificate);
}

Result<ImportedKeys> fromPemFile(std::string_view text, std::string_view passphrase)
{
    ImportedKeys found;
    std::size_t from = 0;
    while (from < text.size() && (found.keys.empty() || looksLikePem(text.substr(from)))) {
        Result<PemBlock> block = readPem(text, from);
        if (!block) {
            if (found.keys.empty())
                return std::unexpected(block.error());
            break; // parameters or notes behind the last key
        }
        Result<ImportedKey> key = checked(loadPem(block->text, passphrase));
        wipe(block->text);
        if (!key)
            return std::unexpected(key.error());
        join(found.keys, std::move(*key));
        from = block->next;
    }
    return found;
}

Result<ImportedKeys> one(Result<ImportedKey> key)
{
    if (!key)
        return std::unexpected(key.error());
    ImportedKeys found;
    found.keys.push_back(std::move(*key));
    return found;
}

Result<ImportedKeys> one(Result<Key> key, std::string_view form)
{
    if (!key)
        return std::unexpected(key.error());
    return one(ImportedKey{std::move(*key), form, {}});
}

Result<ImportedKeys> fromJsonFile(std::string_view text)
{
    const Result<Json> json = parseJson(text, {.size = KeySet::kMaxSize, .depth = 64});
    if (!json)
        return std::unexpected(json.error());
    if (!json->contains("keys"))
        return one(Key::fromJwk(*json), "JWK");
    const Result<KeySet> set = KeySet::fromJson(*json);
    if (!set)
        return std::unexpected(set.error());
    ImportedKeys found;
    found.isSet = true;
    for (const Key &key : set->keys())
        found.keys.push_back({key, "JWK", {}});
    found.skipped.assign(set->skipped().begin(), set->skipped().end());
    return found;
}

} // namespace

Result<ImportedKeys> importKeys(std::string_view octets, std::string_view passphrase)
{
    const std::string_view text = trimmed(octets);
    if (looksLikePem(text))
        return fromPemFile(octets, passphrase);
    if (text.starts_with('{'))
        return fromJsonFile(text);
    if (looksLikeOpenSsh(text))
        return one(Key::import(text), "OpenSSH");
    if (looksLikeDer(octets))
        return one(checked(loadDer(octets, passphrase)));
    return one(Key::import(octets, passphrase), ""); // says what it looks like
}

} // namespace postern
