// SPDX-License-Identifier: Apache-2.0
#include "core/store/field_encryption.h"

#include "core/bytes/encoding.h"
#include "core/crypto/handle.h"
#include "core/crypto/openssl_error.h"
#include "core/json/parse.h"
#include "core/model/secret_members.h"
#include "core/store/secret_spans.h"

#include <algorithm>
#include <array>
#include <climits>

namespace postern {
namespace {

using CipherCtx = OpenSslHandle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr std::size_t kBlock = 16;
constexpr std::string_view kPem = "---"; // what a private key begins with

const unsigned char *octets(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

/// \return nullopt if OpenSSL refuses, as it does wrong padding
std::optional<std::string> runCbc(std::string_view text, const Secret &key, bool encrypting)
{
    if (text.size() > INT_MAX - kBlock)
        return std::nullopt;
    const CipherCtx context(EVP_CIPHER_CTX_new());
    const EVP_CIPHER *cipher = key.size() == kBlock ? EVP_aes_128_cbc() : EVP_aes_256_cbc();
    // A key of 32 octets is cut to the block's size to be the IV.
    if (!context
        || EVP_CipherInit_ex2(context.get(), cipher, octets(key.view()), octets(key.view()),
                              encrypting ? 1 : 0, nullptr)
            != 1)
        return std::nullopt;
    std::string out(text.size() + kBlock, '\0');
    auto *at = reinterpret_cast<unsigned char *>(out.data());
    int size = 0;
    int rest = 0;
    if (EVP_CipherUpdate(context.get(), at, &size, octets(text), static_cast<int>(text.size())) != 1
        || EVP_CipherFinal_ex(context.get(), at + size, &rest) != 1) {
        wipe(out);
        return std::nullopt;
    }
    out.resize(static_cast<std::size_t>(size + rest));
    return out;
}

/// What APISIX encrypts is less than what we keep secret: no secrets managers, no private key of a
/// jwt-auth login, and logins only where they belong to a consumer.
bool encryptedByApisix(std::string_view kind, std::string_view path) noexcept
{
    constexpr std::array<std::string_view, 5> kLogins{"key-auth.", "basic-auth.", "jwt-auth.",
                                                      "hmac-auth.", "jwe-decrypt."};
    constexpr std::string_view kPlugins = "plugins.";
    if (!path.starts_with(kPlugins))
        return kind != "secrets";
    path.remove_prefix(kPlugins.size());
    if (path == "jwt-auth.private_key")
        return false;
    return kind == "consumers"
        || std::ranges::none_of(kLogins, [path](auto login) { return path.starts_with(login); });
}

bool isPrivateKey(const SecretSpan &span) noexcept { return !span.path.starts_with("plugins."); }

/// Applies `change` to a text, or to each text of a list.
template <class Change> void changeTexts(Json &value, const Change &change)
{
    if (value.isString())
        change(value);
    if (!value.isArray())
        return;
    for (Json &item : value.items()) {
        if (item.isString())
            change(item);
    }
}

template <class Wanted>
Result<std::string> encryptSpans(const FieldEncryption &encryption, std::string_view key,
                                 std::string_view value, const Wanted &wanted)
{
    std::vector<SecretSpan> spans = secretSpans(key, value);
    std::erase_if(spans, [&](const SecretSpan &span) { return !wanted(span); });
    if (spans.empty())
        return std::string(value);
    return rewriteSpans(value, spans,
                        [&](const SecretSpan &span, std::string_view text) -> Result<std::string> {
                            auto member = parseJson(text, {.lastDuplicateWins = true});
                            if (!member)
                                return std::unexpected(std::move(member.error()));
                            Result<void> failure;
                            changeTexts(*member, [&](Json &secret) {
                                if (isPrivateKey(span) && !secret.asString().starts_with(kPem))
                                    return;
                                auto encrypted = encryption.encrypt(secret.asString());
                                if (encrypted)
                                    secret = std::move(*encrypted);
                                else
                                    failure = std::unexpected(std::move(encrypted.error()));
                            });
                            if (!failure)
                                return std::unexpected(std::move(failure.error()));
                            return member->dump();
                        });
}

} // namespace

std::vector<std::string> FieldEncryption::defaultKeyring()
{
    return {"qeddd145sfvddff3", "edd1c9f0985e76a2"};
}

Result<FieldEncryption> FieldEncryption::make(const std::vector<std::string> &keyring)
{
    if (keyring.empty())
        return fail(Errc::InvalidArgument, "the keyring is empty");
    std::vector<Secret> keys;
    for (const std::string &key : keyring) {
        if (key.size() != kBlock && key.size() != 2 * kBlock)
            return fail(Errc::InvalidArgument, "a key of the keyring has 16 or 32 characters");
        keys.emplace_back(key);
    }
    return FieldEncryption(std::move(keys));
}

Result<std::string> FieldEncryption::encrypt(std::string_view text) const
{
    const auto encrypted = runCbc(text, m_keyring.front(), true);
    if (!encrypted)
        return std::unexpected(openSslError(Errc::Crypto, "AES-CBC"));
    return encodeBase64(*encrypted);
}

std::optional<std::string> FieldEncryption::decrypt(std::string_view base64) const
{
    const auto sealed = decodeBase64(base64);
    if (!sealed || sealed->empty() || sealed->size() % kBlock != 0)
        return std::nullopt;
    for (const Secret &key : m_keyring) {
        // Wrong padding is the common way not to fit; text that is no UTF-8 cannot be JSON's.
        if (auto text = runCbc(*sealed, key, false); text && isUtf8(*text))
            return text;
    }
    return std::nullopt;
}

Result<std::string> FieldEncryption::written(std::string_view key, std::string_view value) const
{
    const std::string_view kind = storageKind(key);
    return encryptSpans(*this, key, value, [kind](const SecretSpan &span) {
        return encryptedByApisix(kind, span.path);
    });
}

Result<std::string> FieldEncryption::shown(std::string_view key, std::string value) const
{
    // Cheap first: lists are long.
    if (!value.contains(kPem))
        return value;
    const std::string_view kind = storageKind(key);
    return encryptSpans(*this, key, value, [kind](const SecretSpan &span) {
        return isPrivateKey(span) && encryptedByApisix(kind, span.path);
    });
}

void FieldEncryption::openKeys(std::string_view kind, Json &object) const
{
    if (kind == "secrets")
        return;
    for (std::string_view path : secretMembersOfKind(kind)) {
        Json *member = &object;
        while (member && !path.empty()) {
            const std::size_t dot = std::min(path.find('.'), path.size());
            member = member->find(path.substr(0, dot));
            path.remove_prefix(std::min(dot + 1, path.size()));
        }
        if (!member)
            continue;
        changeTexts(*member, [this](Json &secret) {
            if (secret.asString().starts_with(kPem))
                return;
            if (auto opened = decrypt(secret.asString()); opened && opened->starts_with(kPem))
                secret = std::move(*opened);
        });
    }
}

} // namespace postern
