// SPDX-License-Identifier: Apache-2.0
#include "core/jose/jwks.h"

#include "core/jose/jwk.h"
#include "core/json/parse.h"

#include <algorithm>
#include <format>
#include <utility>

namespace postern {

namespace {

// A longer list of names would bury the message.
constexpr std::size_t kListedKids = 20;

bool hasKid(const Key &key, std::string_view kid) { return key.kid() == kid; }

} // namespace

Result<KeySet> KeySet::fromJson(const Json &document, bool acceptSingle)
{
    if (!document.isObject())
        return fail(Errc::KeySetShape, "it must be a JSON object");
    KeySet set;
    const Json *keys = document.find("keys");
    if (!keys) {
        if (!acceptSingle || !document.contains("kty"))
            return fail(Errc::KeySetShape, "the member keys is missing", "/keys");
        Result<Key> key = Key::fromJwk(document);
        if (!key)
            return std::unexpected(key.error());
        set.m_keys.push_back(std::move(*key));
        return set;
    }
    if (!keys->isArray())
        return fail(Errc::KeySetShape, "must be an array", "/keys");
    if (keys->size() > kMaxKeys)
        return fail(Errc::LimitExceeded,
                    std::format("{} keys; the limit is {}", keys->size(), kMaxKeys), "/keys");
    for (std::size_t i = 0; i < keys->size(); ++i) {
        const Json &jwk = keys->items()[i];
        Result<Key> key = Key::fromJwk(jwk);
        Result<void> added = key ? set.add(std::move(*key)) : std::unexpected(key.error());
        // Two different keys of one kid are legal; which one is meant is decided at selection.
        if (!added && added.error().code == Errc::Conflict) {
            set.m_keys.push_back(*Key::fromJwk(jwk));
            continue;
        }
        if (!added) {
            Error error = added.error();
            error.where = std::format("/keys/{}{}", i, error.where);
            set.m_skipped.push_back({i, std::string(jwk.stringOr("kid", "")),
                                     std::string(jwk.stringOr("kty", "")), std::move(error)});
        }
    }
    for (const auto &[name, value] : document.members()) {
        if (name != "keys")
            set.m_otherMembers.set(name, value);
    }
    return set;
}

Result<KeySet> KeySet::parse(std::string_view text, bool acceptSingle)
{
    const Result<Json> document = parseJson(text, {.size = kMaxSize, .depth = 64});
    if (!document)
        return std::unexpected(document.error());
    return fromJson(*document, acceptSingle);
}

std::vector<Key> KeySet::candidates(Alg alg, std::optional<std::string_view> kid, bool forSigning,
                                    bool relaxedHmac) const
{
    std::vector<Key> found;
    for (const Key &key : m_keys) {
        if ((!kid || hasKid(key, *kid)) && key.allows(alg, forSigning, relaxedHmac))
            found.push_back(key);
    }
    return found;
}

Result<Key> KeySet::select(Alg alg, std::optional<std::string_view> kid, bool forSigning,
                           bool relaxedHmac) const
{
    std::vector<Key> found = candidates(alg, kid, forSigning, relaxedHmac);
    const std::string_view name = info(alg).name;
    const auto broken = std::ranges::find_if(m_skipped, [&](const Skipped &one) {
        return kid && !kid->empty() && one.kid == *kid
            && one.keyType == keyTypeName(info(alg).keyType);
    });
    if (found.size() == 1 && broken != m_skipped.end())
        return fail(Errc::KeyAmbiguous,
                    std::format("two keys of kid \"{}\", of which one cannot be read: {}", *kid,
                                describe(broken->error)));
    if (found.size() == 1)
        return std::move(found.front());
    if (found.size() > 1)
        return fail(Errc::KeyAmbiguous,
                    kid ? std::format("{} keys of kid \"{}\" fit {}", found.size(), *kid, name)
                        : std::format("the token names no kid and {} keys fit {}: {}", found.size(),
                                      name, kidList()));
    if (m_keys.empty())
        return fail(Errc::KeyMissing, "the set holds no usable key");
    if (!kid)
        return fail(Errc::KeyMissing,
                    std::format("no key of the set fits {}; it has {}", name, kidList()));
    const auto named =
        std::ranges::find_if(m_keys, [&](const Key &key) { return hasKid(key, *kid); });
    if (named == m_keys.end()) {
        if (broken != m_skipped.end())
            return std::unexpected(broken->error);
        return fail(Errc::KeyMissing,
                    std::format("no key has kid \"{}\"; the set has {}", *kid, kidList()));
    }
    return std::unexpected(named->allows(alg, forSigning, relaxedHmac).error());
}

Result<void> KeySet::add(Key key)
{
    const std::string thumbprint = key.thumbprint();
    for (Key &present : m_keys) {
        const bool same = present.thumbprint() == thumbprint;
        if (same && (present.kid() == key.kid() || key.kid().empty() || present.kid().empty())) {
            if (!present.isPrivate() && key.isPrivate())
                present = key.kid().empty() ? key.withKid(present.kid()) : std::move(key);
            return {};
        }
        if (!same && !key.kid().empty() && present.kid() == key.kid())
            return fail(Errc::Conflict,
                        std::format("another key of the set has the kid \"{}\"", key.kid()));
    }
    m_keys.push_back(std::move(key));
    return {};
}

std::size_t KeySet::remove(std::string_view kidOrThumbprint)
{
    return std::erase_if(m_keys, [&](const Key &key) {
        return hasKid(key, kidOrThumbprint) || key.thumbprint() == kidOrThumbprint;
    });
}

Result<void> KeySet::merge(const KeySet &other)
{
    for (const Key &key : other.m_keys) {
        if (const Result<void> added = add(key); !added)
            return added;
    }
    for (const auto &[name, value] : other.m_otherMembers.members()) {
        if (!m_otherMembers.contains(name))
            m_otherMembers.set(name, value);
    }
    return {};
}

Result<KeySet> KeySet::publicPart(bool dropSecrets) const
{
    KeySet set;
    set.m_otherMembers = m_otherMembers;
    for (const Key &key : m_keys) {
        if (key.type() == KeyType::Oct && dropSecrets)
            continue;
        Result<Key> part = key.publicPart();
        if (!part) {
            Error error = part.error();
            error.detail =
                std::format("{}: {}", key.kid().empty() ? "(no kid)" : key.kid(), error.detail);
            return std::unexpected(std::move(error));
        }
        set.m_keys.push_back(std::move(*part));
    }
    return set;
}

Json KeySet::toJson(bool includePrivate) const
{
    Json keys = Json::array();
    for (const Key &key : m_keys)
        keys.push_back(key.toJwk(includePrivate));
    Json document = Json::object({{"keys", std::move(keys)}});
    for (const auto &[name, value] : m_otherMembers.members())
        document.set(name, value);
    return document;
}

std::string KeySet::kidList() const
{
    std::string text;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        if (i == kListedKids)
            return text + std::format(" and {} more", m_keys.size() - i);
        text += std::format("{}{}", i == 0 ? "" : ", ",
                            m_keys[i].kid().empty() ? "(none)" : m_keys[i].kid());
    }
    return text;
}

} // namespace postern
