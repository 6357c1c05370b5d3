// SPDX-License-Identifier: Apache-2.0
#include "core/secret/reference.h"

#include "core/json/parse.h"

#include <cstdlib>
#include <format>

namespace postern {
namespace {

constexpr std::string_view kEnvironment = "$env://";
constexpr std::string_view kManager = "$secret://";

bool startsWithIgnoringCase(std::string_view text, std::string_view prefix) noexcept
{
    if (text.size() < prefix.size())
        return false;
    for (std::size_t i = 0; i < prefix.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != prefix[i])
            return false;
    }
    return true;
}

/// Cuts `text` at the first slash.
std::pair<std::string_view, std::string_view> cut(std::string_view text) noexcept
{
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
        return {text, {}};
    return {text.substr(0, slash), text.substr(slash + 1)};
}

std::optional<std::string> processEnvironment(const std::string &name)
{
    if (const char *value = std::getenv(name.c_str()))
        return value;
    return std::nullopt;
}

Result<std::string> memberOf(const std::string &value, const SecretReference &reference)
{
    const Result<Json> parsed = parseJson(value);
    if (!parsed || !parsed->isObject())
        return fail(Errc::SecretUnresolved,
                    std::format("environment variable {} is not a JSON object, so it has no "
                                "member \"{}\"",
                                reference.name, reference.member));
    const Json *member = parsed->find(reference.member);
    if (!member || member->isNull())
        return fail(Errc::SecretUnresolved,
                    std::format("the JSON object in environment variable {} has no member \"{}\"",
                                reference.name, reference.member));
    return member->isString() ? member->asString() : member->dump();
}

} // namespace

bool isSecretReference(std::string_view text) noexcept
{
    return text.starts_with(kManager) || startsWithIgnoringCase(text, kEnvironment);
}

std::optional<SecretReference> parseSecretReference(std::string_view text)
{
    if (text.starts_with(kManager)) {
        const std::string_view path = text.substr(kManager.size());
        const auto [manager, behind] = cut(path);
        const auto [id, member] = cut(behind);
        return SecretReference{SecretReference::Kind::Manager,
                               std::string(manager).append("/").append(id), std::string(member)};
    }
    if (startsWithIgnoringCase(text, kEnvironment)) {
        const auto [name, member] = cut(text.substr(kEnvironment.size()));
        return SecretReference{SecretReference::Kind::Environment, std::string(name),
                               std::string(member)};
    }
    return std::nullopt;
}

Result<ManagedSecret> parseManagedSecret(std::string_view reference)
{
    const auto refuse = [](std::string why) {
        return fail(Errc::SecretUnresolved, std::move(why));
    };
    if (!reference.starts_with(kManager))
        return refuse("the text is not a reference to a secret manager");
    const std::string_view text = reference.substr(kManager.size());
    const std::size_t manager = text.find('/');
    if (manager == std::string_view::npos)
        return refuse("error format: no secret manager");
    const std::size_t id = text.find('/', manager + 1);
    if (id == std::string_view::npos)
        return refuse("error format: no secret conf id");
    const std::string key(text.substr(id + 1));
    if (key.empty())
        return refuse("error format: no secret key id");
    const std::size_t member = key.rfind('/');
    if (member == std::string::npos)
        return refuse("error key format, key: " + key);
    if (member == 0)
        return refuse("can't find main key, key: " + key);
    if (member + 1 == key.size())
        return refuse("can't find sub key, key: " + key);
    return ManagedSecret{std::string(text.substr(0, manager)),
                         std::string(text.substr(manager + 1, id - manager - 1)),
                         key.substr(0, member), key.substr(member + 1)};
}

SecretResolver::SecretResolver(Lookup environment, Managers managers, Failed failed)
    : m_environment(environment ? std::move(environment) : Lookup(processEnvironment)),
      m_managers(std::move(managers)),
      m_failed(std::move(failed))
{
}

Result<std::string> SecretResolver::resolve(std::string_view text, std::string_view user) const
{
    const std::optional<SecretReference> reference = parseSecretReference(text);
    if (!reference)
        return fail(Errc::SecretUnresolved, "the text is not a secret reference");
    if (reference->kind == SecretReference::Kind::Manager && m_managers)
        return m_managers(text, user);
    if (reference->kind == SecretReference::Kind::Manager)
        return fail(
            Errc::SecretUnresolved,
            std::format("secret manager {} is not available in this gateway", reference->name));
    if (reference->name.empty())
        return fail(Errc::SecretUnresolved, "the reference names no environment variable");
    const std::optional<std::string> value = m_environment(reference->name);
    if (!value)
        return fail(Errc::SecretUnresolved,
                    std::format("environment variable {} is not set in the gateway process",
                                reference->name));
    if (reference->member.empty())
        return *value;
    return memberOf(*value, *reference);
}

Result<void> SecretResolver::resolveAll(Json &tree, std::string_view user) const
{
    Result<void> outcome;
    const auto visit = [&](Json &child) {
        if (const Result<void> inner = resolveAll(child, user); !inner && outcome)
            outcome = inner;
    };
    switch (tree.type()) {
    case Json::Type::String:
        if (isSecretReference(tree.asString())) {
            Result<std::string> value = resolve(tree.asString(), user);
            if (!value) {
                value.error().where = tree.asString();
                if (m_failed)
                    m_failed(user, value.error());
                return std::unexpected(std::move(value.error()));
            }
            tree = Json(std::move(*value));
        }
        break;
    case Json::Type::Array:
        for (Json &item : tree.items())
            visit(item);
        break;
    case Json::Type::Object:
        for (auto &[name, value] : tree.members())
            visit(value);
        break;
    case Json::Type::Null:
    case Json::Type::Boolean:
    case Json::Type::Number:
        break;
    }
    return outcome;
}

} // namespace postern
