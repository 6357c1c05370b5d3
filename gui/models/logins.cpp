// SPDX-License-Identifier: Apache-2.0
#include "gui/models/logins.h"

#include "core/jose/alg.h"
#include "gateway/pipeline/plugin.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace postern::gui {

namespace {

using Kind = LoginField::Kind;

constexpr std::array<LoginField, 1> kKeyAuth{
    {{"key", QT_TRANSLATE_NOOP("Logins", "&Key"), Kind::Secret}}};
constexpr std::array<LoginField, 6> kJwtAuth{
    {{"key", QT_TRANSLATE_NOOP("Logins", "&Key claim"), Kind::Text},
     {"algorithm", QT_TRANSLATE_NOOP("Logins", "&Algorithm"), Kind::Algorithm},
     {"secret", QT_TRANSLATE_NOOP("Logins", "&Secret"), Kind::Secret, true},
     {"base64_secret", QT_TRANSLATE_NOOP("Logins", "The secret is base64"), Kind::Check, true},
     {"public_key", QT_TRANSLATE_NOOP("Logins", "&Public key"), Kind::Pem, false, true},
     {"private_key", QT_TRANSLATE_NOOP("Logins", "Pri&vate key"), Kind::Secret, false, true}}};
constexpr std::array<LoginField, 2> kBasicAuth{
    {{"username", QT_TRANSLATE_NOOP("Logins", "&User name"), Kind::Text},
     {"password", QT_TRANSLATE_NOOP("Logins", "&Password"), Kind::Secret}}};
constexpr std::array<LoginField, 2> kHmacAuth{
    {{"key_id", QT_TRANSLATE_NOOP("Logins", "&Key id"), Kind::Text},
     {"secret_key", QT_TRANSLATE_NOOP("Logins", "&Secret key"), Kind::Secret}}};

constexpr std::array<LoginKind, 4> kKinds{{{"key-auth", "key", "key", kKeyAuth},
                                           {"jwt-auth", "jwt", "secret", kJwtAuth},
                                           {"basic-auth", "basic", "password", kBasicAuth},
                                           {"hmac-auth", "hmac", "secret_key", kHmacAuth}}};

constexpr std::array<std::string_view, 12> kAlgorithms{"HS256", "HS384", "HS512", "RS256",
                                                       "RS384", "RS512", "ES256", "ES384",
                                                       "ES512", "PS256", "PS384", "EdDSA"};

} // namespace

std::span<const LoginKind> loginKinds() noexcept { return kKinds; }

const LoginKind *findLoginKind(std::string_view plugin) noexcept
{
    const auto *const found = std::ranges::find(kKinds, plugin, &LoginKind::plugin);
    return found == kKinds.end() ? nullptr : found;
}

QString labelOf(const LoginField &field)
{
    return QCoreApplication::translate("Logins", field.label);
}

std::vector<std::string> loginsOf(const Json &object)
{
    std::vector<std::string> names;
    const Json *const plugins = object.find("plugins");
    for (const auto &[name, config] : plugins ? plugins->members() : Json::Object()) {
        const gateway::PluginSpec *const spec = gateway::findPlugin(name);
        if (spec && spec->makeCredential)
            names.push_back(name);
    }
    return names;
}

const Json *loginConfig(const Json &object, std::string_view plugin)
{
    const Json *const plugins = object.find("plugins");
    return plugins ? plugins->find(plugin) : nullptr;
}

SecretKind secretKindOf(std::string_view plugin, const Json &config)
{
    if (plugin == "basic-auth")
        return SecretKind::Password;
    if (plugin == "key-auth")
        return SecretKind::ApiKey;
    const std::string_view algorithm = config.stringOr("algorithm", "HS256");
    return algorithm == "HS512" ? SecretKind::Hs512
        : algorithm == "HS384"  ? SecretKind::Hs384
                                : SecretKind::Hs256;
}

std::optional<Alg> keyPairAlgOf(std::string_view plugin, const Json &config)
{
    const AlgInfo *const alg =
        plugin == "jwt-auth" ? findAlg(config.stringOr("algorithm", "HS256")) : nullptr;
    return alg && alg->keyType != KeyType::Oct ? std::optional(alg->alg) : std::nullopt;
}

QString loginSummary(std::string_view plugin, const Json &config)
{
    const std::string_view member = plugin == "basic-auth" ? "username"
        : plugin == "hmac-auth"                            ? "key_id"
                                                           : "";
    if (plugin == "jwt-auth")
        return toText(config.stringOr("algorithm", "HS256"));
    return member.empty() ? toText(plugin) : toText(config.stringOr(member, ""));
}

std::span<const std::string_view> loginAlgorithms() noexcept { return kAlgorithms; }

} // namespace postern::gui
