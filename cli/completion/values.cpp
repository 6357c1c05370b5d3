// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/values.h"

#include "core/error.h"
#include "core/jose/alg.h"
#include "gateway/pipeline/plugin.h"

#include <array>
#include <format>
#include <optional>
#include <span>

#include <unistd.h>

namespace postern::cli {
namespace {

struct Fixed
{
    std::string_view value;
    std::string_view help;
};

constexpr std::array kSecretForms{Fixed{"@", "a file"},         Fixed{"env:", "a variable"},
                                  Fixed{"b64:", "base64"},      Fixed{"b64u:", "base64url"},
                                  Fixed{"hex:", "hexadecimal"}, Fixed{"text:", "as it stands"},
                                  Fixed{"-", "standard input"}};
constexpr std::array kKeyForms{Fixed{"consumer:", "a consumer's credential"},
                               Fixed{"cred:", "a credential"}, Fixed{"env:", "a variable"},
                               Fixed{"@", "a file"}, Fixed{"-", "standard input"}};
constexpr std::array kTokenForms{Fixed{"@", "a file"}, Fixed{"-", "standard input"}};
constexpr std::array kInputForms{Fixed{"-", "standard input"}};
constexpr std::array kStoreForms{Fixed{"memory:", "kept nowhere"}, Fixed{"sqlite:", "a file"},
                                 Fixed{"file:", "apisix.yaml or apisix.json"},
                                 Fixed{"api:", "PUT /apisix/admin/configs"}};
constexpr std::array kDurations{Fixed{"30s", ""}, Fixed{"5m", ""}, Fixed{"1h", ""},
                                Fixed{"1d", ""}};
constexpr std::array kTimes{Fixed{"now", ""}, Fixed{"+30s", ""}, Fixed{"+1h", ""},
                            Fixed{"-1h", ""}};
constexpr std::array kProfiles{Fixed{"strict", "RFC 8725"}, Fixed{"apisix", "as APISIX does"},
                               Fixed{"kong", "as Kong does"}};
constexpr std::array kStatus{Fixed{"2xx", ""}, Fixed{"4xx", ""}, Fixed{"401", ""},
                             Fixed{"403", ""}, Fixed{"404", ""}, Fixed{"5xx", ""}};
constexpr std::array kTraceIds{Fixed{"last", "the last request"}};
constexpr std::array kUrls{Fixed{"http://127.0.0.1:9080/", "the proxy"}};
constexpr std::array kAddresses{Fixed{"127.0.0.1:0", "any free port"}};
constexpr std::array kClaims{Fixed{"iss=", "issuer"},      Fixed{"sub=", "subject"},
                             Fixed{"aud=", "audience"},    Fixed{"exp:=", "expiry"},
                             Fixed{"nbf:=", "not before"}, Fixed{"iat:=", "issue time"},
                             Fixed{"jti=", "token id"},    Fixed{"key=", "APISIX: which consumer"},
                             Fixed{"role=", ""},           Fixed{"scope=", ""}};

// Collects what begins with the typed text; `lead` stands before it in the word.
class Collector
{
public:
    Collector(std::string_view text, std::string_view lead) : m_text(text), m_lead(lead) {}

    void add(std::string_view value, std::string_view help = {}, bool open = false)
    {
        if (value.starts_with(m_text))
            m_result.candidates.push_back(
                {std::string(m_lead).append(value), std::string(help), open});
    }
    void add(std::span<const Fixed> values)
    {
        for (const auto &[value, help] : values)
            add(value, help, value.ends_with(':') || value.ends_with('=') || value == "@");
    }
    void addAll(const std::vector<std::string> &values, std::string_view help)
    {
        for (const std::string &value : values)
            add(value, help);
    }
    void addFiles(ShellWords words = ShellWords::Files) { m_result.shell = words; }
    [[nodiscard]] Completion take() { return std::move(m_result); }

private:
    std::string_view m_text, m_lead;
    Completion m_result;
};

Completion filesBehind(std::size_t offset) { return {{}, ShellWords::Files, offset}; }

Completion variables(std::string_view text, std::string_view lead)
{
    Collector found(text, lead);
    for (char **entry = environ; *entry != nullptr; ++entry) {
        const std::string_view variable(*entry);
        found.add(variable.substr(0, variable.find('=')));
    }
    return found.take();
}

Completion objects(std::string_view kind, std::string_view text, std::string_view lead,
                   const LineContext &context)
{
    const bool credential = kind == "credentials";
    Collector found(text, lead);
    const std::vector<std::string> ids =
        objectsInReach(context.reach, kind, credential ? context.consumer : std::string(), text);
    found.addAll(ids, credential ? "credential" : kind == "routes" ? "route" : "consumer");
    return found.take();
}

// `env:NAME`, `@file`, `consumer:NAME`: what follows the form decides.
std::optional<Completion> behindForm(ValueKind kind, std::string_view text,
                                     const LineContext &context)
{
    if (text.starts_with('@'))
        return filesBehind(1);
    if (text.starts_with("env:"))
        return variables(text.substr(4), text.substr(0, 4));
    if (kind != ValueKind::Key)
        return std::nullopt;
    if (text.starts_with("consumer:"))
        return objects("consumers", text.substr(9), text.substr(0, 9), context);
    if (text.starts_with("cred:"))
        return objects("credentials", text.substr(5), text.substr(0, 5), context);
    return std::nullopt;
}

Completion secretLike(ValueKind kind, std::span<const Fixed> forms, bool files,
                      std::string_view text, const LineContext &context)
{
    if (const auto behind = behindForm(kind, text, context))
        return *behind;
    Collector found(text, {});
    found.add(forms);
    if (files)
        found.addFiles();
    return found.take();
}

Completion claims(std::string_view text, const LineContext &context)
{
    if (const std::size_t file = text.find("=@"); file != std::string_view::npos)
        return filesBehind(file + 2);
    Collector found(text, {});
    if (context.command.starts_with("token"))
        found.add(kClaims);
    return found.take();
}

Completion claimNames(std::string_view text)
{
    Collector found(text, {});
    for (const auto &[value, help] : kClaims)
        found.add(value.substr(0, value.find_first_of(":=")), help);
    return found.take();
}

// strict,apisix: each behind its comma.
Completion profiles(std::string_view text)
{
    const std::size_t comma = text.rfind(',');
    const std::size_t start = comma == std::string_view::npos ? 0 : comma + 1;
    Collector found(text.substr(start), text.substr(0, start));
    found.add(kProfiles);
    return found.take();
}

Completion plugins(std::string_view text, const LineContext &context)
{
    Collector found(text, {});
    const bool credential = context.command.starts_with("consumer credential");
    // Only the name; elsewhere its configuration follows.
    const bool bare = credential || context.command.starts_with("plugin");
    for (const gateway::PluginSpec *plugin : gateway::builtinPlugins()) {
        if (!credential || !plugin->consumerSchema.empty())
            found.add(bare ? std::string(plugin->name) : std::format("{}:=", plugin->name),
                      bare && !credential ? plugin->summary : std::string_view(), !bare);
    }
    return found.take();
}

Completion algorithmNames(std::string_view text)
{
    Collector found(text, {});
    for (const AlgInfo &algorithm : algorithms())
        found.add(algorithm.name);
    return found.take();
}

Completion reasons(std::string_view text)
{
    Collector found(text, {});
#define X(name, slug, sentence) found.add(slug, sentence);
#include "core/errors.def"
#undef X
    return found.take();
}

Completion stores(std::string_view text)
{
    for (const std::string_view scheme : {"sqlite:", "file:"}) {
        if (text.starts_with(scheme))
            return filesBehind(scheme.size());
    }
    Collector found(text, {});
    found.add(kStoreForms);
    return found.take();
}

Completion fixed(std::span<const Fixed> values, std::string_view text)
{
    Collector found(text, {});
    found.add(values);
    return found.take();
}

} // namespace

Completion valuesFor(const OptionDocument &option, std::string_view text,
                     const LineContext &context)
{
    if (!option.choices.empty()) {
        Collector found(text, {});
        found.addAll(option.choices, {});
        return found.take();
    }
    switch (option.kind) {
    case ValueKind::File:
        return {{}, ShellWords::Files, text.starts_with('@') ? std::size_t{1} : std::size_t{0}};
    case ValueKind::Directory:
        return {{}, ShellWords::Directories, 0};
    case ValueKind::Program:
        return {{}, context.position == 0 ? ShellWords::Programs : ShellWords::Files, 0};
    case ValueKind::JsonText:
        return secretLike(option.kind, kTokenForms, false, text, context);
    case ValueKind::Secret:
        return secretLike(option.kind, kSecretForms, false, text, context);
    case ValueKind::Key:
        return secretLike(option.kind, kKeyForms, true, text, context);
    case ValueKind::Token:
        return secretLike(option.kind, kTokenForms, true, text, context);
    case ValueKind::Store:
        return stores(text);
    case ValueKind::Claim:
        return claims(text, context);
    case ValueKind::ClaimName:
        return claimNames(text);
    case ValueKind::Batch:
        return secretLike(option.kind, kInputForms, true, text, context);
    case ValueKind::Consumer:
        return objects("consumers", text, {}, context);
    case ValueKind::Credential:
        return objects("credentials", text, {}, context);
    case ValueKind::Route:
        return objects("routes", text, {}, context);
    case ValueKind::Plugin:
        return plugins(text, context);
    case ValueKind::Algorithm:
        return algorithmNames(text);
    case ValueKind::Profile:
        return profiles(text);
    case ValueKind::Reason:
        return reasons(text);
    case ValueKind::Duration:
        return fixed(kDurations, text);
    case ValueKind::Time:
        return fixed(kTimes, text);
    case ValueKind::Address:
        return fixed(kAddresses, text);
    case ValueKind::TraceId:
        return fixed(kTraceIds, text);
    case ValueKind::Status:
        return fixed(kStatus, text);
    case ValueKind::Url:
        return fixed(kUrls, text);
    case ValueKind::Text:
    case ValueKind::Name:
    case ValueKind::Kid:
    case ValueKind::Number:
    case ValueKind::Command:
    case ValueKind::Flag:
        break;
    }
    return {};
}

} // namespace postern::cli
