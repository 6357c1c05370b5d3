// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/config_export.h"
#include "cli/admin_access.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/reveal.h"
#include "cli/target.h"
#include "core/config/config.h"
#include "core/config/standalone.h"
#include "core/config/yaml.h"
#include "core/model/keys.h"
#include "core/store/store.h"
#include "core/text/suggest.h"
#include "gateway/convert/foreign_config.h"
#include "gateway/lint/lint_sources.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <utility>

namespace postern::cli {
namespace {

using gateway::ExportFormat;
using gateway::NotExported;
using gateway::ObjectChange;

constexpr std::string_view kRoot = "/apisix";

constexpr std::array kExportExamples{
    Example{"what a running gateway serves, as a file that starts the same one",
            "postern config export --reveal --out copy.yaml && postern config validate copy.yaml",
            Needs::Gateway},
    Example{"of a store, for APISIX without etcd",
            "postern consumer add bob --store sqlite:postern.db && postern config export --store "
            "sqlite:postern.db --to apisix --out apisix.yaml"},
    Example{"the routes alone, on standard output", "postern config export --kind routes",
            Needs::Gateway},
};
constexpr std::array kConvertExamples{
    Example{"Postern's own file for APISIX without etcd",
            "postern config convert gateway.yaml --to apisix --reveal --out apisix.yaml && postern "
            "config validate apisix.yaml"},
    Example{"Kong's consumers; what is not taken over is told",
            "printf '_format_version: \"3.0\"\\nconsumers:\\n- username: bob\\n  "
            "keyauth_credentials: [{key: bobs-key}]\\n' > kong.yml && postern config convert "
            "kong.yml --reveal"},
    Example{"exit code 1 if anything is not taken over",
            "printf '_format_version: \"3.0\"\\nservices: [{name: a}]\\n' > kong.yml && postern "
            "config convert kong.yml --strict",
            Needs::Nothing, kNo},
};

constexpr std::string_view kExportText =
    "Routes, services, upstreams, consumers with their credentials, groups, plugin "
    "configurations, global rules, metadata, certificates, protos and secret managers, as a file "
    "for 'postern gateway run --config' (postern), for APISIX and 'postern gateway run "
    "--standalone' (apisix, apisix-json). Without --store the running gateway is asked; a real "
    "APISIX over its Admin API.\n\n"
    "Without --reveal secrets become references to environment variables ($env://NAME), which the "
    "gateway that reads the file must have; they are listed in the file and on standard error. "
    "With --reveal the file holds the secrets and only its owner can read it. What a gateway would "
    "not load from the file is left out, and told with its reason; --strict exits with 1 then. A "
    "file is replaced in one step: whatever goes wrong, the old one stays.";

constexpr std::string_view kConvertText =
    "Reads postern.yaml, apisix.yaml, apisix.json, and of Kong's kong.yml and adc's adc.yaml the "
    "consumers with their credentials; the content tells which it is. Secrets and what no gateway "
    "would load are treated as by 'postern config export'.";

constexpr std::array<std::pair<std::string_view, ExportFormat>, 3> kFormats{
    {{"postern", ExportFormat::Postern},
     {"apisix", ExportFormat::Standalone},
     {"apisix-json", ExportFormat::StandaloneJson}}};

struct Options
{
    std::string file, store, to = "postern", out;
    std::vector<std::string> kinds;
    bool reveal = false, strict = false;
};

/// Objects of some source.
struct Source
{
    std::vector<ObjectChange> objects;
    std::vector<std::string> leftOut; ///< sentences
    std::vector<std::string> temporary; ///< keys of objects that end by themselves
    std::string profile;
};

std::string shortKey(std::string_view key)
{
    return std::string(key.starts_with(kRoot) ? key.substr(kRoot.size()) : key);
}

Result<Source> readStore(const std::string &uri)
{
    StoreOptions access;
    access.readOnly = true;
    const auto store = openStore(uri, access);
    if (!store)
        return std::unexpected(store.error());
    auto objects = gateway::readLintObjects(**store);
    if (!objects)
        return std::unexpected(objects.error());
    Source source;
    for (gateway::LintObject &object : *objects)
        source.objects.push_back({shortKey(object.key), std::move(object.value), 0});
    constexpr std::string_view kLeases = "/postern/leases/apisix";
    if (const auto leases = (*store)->list(kLeases)) {
        for (const Document &lease : *leases)
            source.temporary.push_back(lease.key.substr(kLeases.size()));
    }
    return source;
}

Result<Source> readGateway()
{
    const auto admin = openAdmin({});
    if (!admin)
        return std::unexpected(admin.error());
    auto feed = (*admin)->objects(0);
    if (!feed)
        return std::unexpected(feed.error());
    Source source;
    source.objects = std::move(feed->changes);
    if (const auto health = askControl("GET", "/v1/healthcheck"))
        source.profile = health->stringOr("profile", "");
    return source;
}

std::string sentenceOf(const gateway::LeftOut &left)
{
    using What = gateway::LeftOut::What;
    switch (left.what) {
    case What::Services:
        return std::format("{} services: they mean other things there", left.count);
    case What::Routes:
        return std::format("{} routes: they mean other things there", left.count);
    case What::List:
        return std::format("the list \"{}\"", left.name);
    case What::Consumer:
        return std::format("consumer \"{}\": this is no user name here", left.name);
    case What::Extras:
        return std::format("groups and plugins of consumer {}", left.name);
    }
    return {};
}

Result<Source> readOwn(const std::string &path, bool standalone)
{
    const auto kind =
        standalone ? gateway::ConfigFileKind::Standalone : gateway::ConfigFileKind::Postern;
    auto file = gateway::readLintFile(path, kind);
    if (!file)
        return std::unexpected(file.error());
    Source source;
    for (gateway::LintObject &object : file->objects)
        source.objects.push_back({shortKey(object.key), std::move(object.value), 0});
    for (const Error &fault : file->faults)
        source.leftOut.push_back(describe(fault));
    if (kind == gateway::ConfigFileKind::Postern) {
        if (const auto config = loadConfig(path))
            source.profile = config->profile;
    }
    return source;
}

Result<Source> readAny(const std::string &path)
{
    const auto text = readFile(path);
    if (!text)
        return std::unexpected(text.error());
    // Large files are none of Kong's or adc's; YAML's reader takes seconds for them.
    constexpr std::size_t kForeign = 16U * 1024 * 1024;
    const auto tree = text->size() < kForeign ? parseYaml(*text, path, {}) : YamlNode();
    const Json root = tree ? tree->toJson() : Json();
    const bool kong = gateway::isKongConfig(root);
    if (!kong && !gateway::isAdcConfig(root))
        return readOwn(path,
                       hasEndMark(*text)
                           || gateway::kindOfConfigFile(path)
                               == gateway::ConfigFileKind::Standalone);
    gateway::ForeignConfig foreign =
        kong ? gateway::readKongConfig(root) : gateway::readAdcConfig(root);
    Source source;
    source.objects = std::move(foreign.objects);
    for (const gateway::LeftOut &left : foreign.leftOut)
        source.leftOut.push_back(sentenceOf(left));
    return source;
}

/// Consumers take their credentials along.
void keepKinds(std::vector<ObjectChange> &objects, const std::vector<std::string> &kinds)
{
    std::erase_if(objects, [&kinds](const ObjectChange &object) {
        const std::string full = std::string(kRoot) + object.key;
        const auto key = parseStorageKey(full);
        const std::string_view kind = !key ? ""
            : key->kind == "credentials"   ? "consumers"
                                           : key->kind;
        return !std::ranges::contains(kinds, kind);
    });
}

Json documentOf(const gateway::ExportedConfig &config, const Source &source)
{
    Json variables = Json::array(), leftOut = Json::array();
    for (const std::string &variable : config.variables)
        variables.push_back(variable);
    for (const NotExported &left : config.leftOut)
        leftOut.push_back(
            Json::object({{"object", printable(left.key)}, {"why", printable(left.why)}}));
    for (const std::string &text : source.leftOut)
        leftOut.push_back(Json::object({{"object", ""}, {"why", printable(text)}}));
    return Json::object({{"version", 1},
                         {"objects", static_cast<std::uint64_t>(config.objects)},
                         {"variables", std::move(variables)},
                         {"left_out", std::move(leftOut)}});
}

std::string joined(const std::vector<std::string> &names)
{
    constexpr std::size_t kNamed = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > kNamed)
        text += std::format(" and {} more", names.size() - kNamed);
    return text;
}

void talk(const Console &console, const Options &options, const Source &source,
          const gateway::ExportedConfig &config)
{
    for (const std::string &text : source.leftOut)
        console.note(std::format("left out: {}", printable(text)));
    for (const NotExported &left : config.leftOut)
        console.note(std::format("left out: {}: {}", printable(left.key), printable(left.why)));
    for (const std::string &key : source.temporary)
        console.note(
            std::format("{} ends by itself in the store, not in the file", printable(key)));
    if (!config.variables.empty())
        console.note(std::format("the gateway that reads it needs {}; --reveal writes the secrets "
                                 "themselves",
                                 joined(config.variables)));
    if (!options.out.empty() && options.out != "-")
        console.note(std::format("wrote {} ({} {}{})", options.out, config.objects,
                                 config.objects == 1 ? "object" : "objects",
                                 options.reveal ? ", mode 0600" : ""));
}

int write(const Console &console, const Options &options, Result<Source> source)
{
    if (!source)
        return console.fail(source.error());
    if (!options.kinds.empty())
        keepKinds(source->objects, options.kinds);
    const auto format =
        std::ranges::find(kFormats, options.to, [](const auto &row) { return row.first; })->second;
    const gateway::SecretForm secrets =
        options.reveal ? gateway::SecretForm::Values : gateway::SecretForm::References;
    const gateway::ExportedConfig config =
        gateway::exportConfig(source->objects,
                              {.format = format,
                               .secrets = secrets,
                               .profile = source->profile,
                               .partial = !options.kinds.empty()});
    const bool toFile = !options.out.empty() && options.out != "-";
    if (toFile) {
        if (const auto saved = gateway::saveConfig(options.out, config.text, secrets); !saved)
            return console.fail(saved.error());
    }
    if (console.json()) {
        Json document = documentOf(config, *source);
        document.set(toFile ? "file" : "text", toFile ? options.out : config.text);
        console.document(document);
    } else if (!toFile) {
        console.raw(config.text);
    }
    talk(console, options, *source, config);
    return options.strict && !(config.leftOut.empty() && source->leftOut.empty()) ? kNo : kYes;
}

void addOutput(CLI::App &app, Options &options)
{
    std::vector<std::string> names;
    names.reserve(std::size(kFormats));
    for (const auto &[name, format] : kFormats)
        names.emplace_back(name);
    app.add_option("--to,--format", options.to,
                   "postern, apisix (apisix.yaml), apisix-json (apisix.json)")
        ->check(CLI::IsMember(names));
    app.add_option("--out", options.out, "write to this file; standard output by default");
    addReveal(app, options.reveal);
    app.add_flag("--strict", options.strict, "exit 1 if anything is left out");
}

/// They are too many for a line of help, which is what CLI::IsMember would make of them.
std::string checkKind(const std::string &kind)
{
    constexpr std::array<std::string_view, 11> kKinds{
        "routes",         "services",     "upstreams",       "consumers", "consumer_groups",
        "plugin_configs", "global_rules", "plugin_metadata", "ssls",      "protos",
        "secrets"};
    return std::ranges::contains(kKinds, kind)
        ? std::string()
        : std::format("no kind \"{}\"{}", kind, didYouMean(kind, kKinds));
}

Run defineExport(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--store", options->store, "the objects of a store instead: sqlite:PATH");
    addOutput(app, *options);
    addList(app, "--kind", options->kinds, "only these: routes, consumers, …; repeatable");
    app.get_option("--kind")->check(checkKind);
    return [options](const Console &console) {
        return write(console, *options,
                     options->store.empty() ? readGateway() : readStore(options->store));
    };
}

Run defineConvert(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("file", options->file, "the configuration file")->required();
    addOutput(app, *options);
    return [options](const Console &console) {
        return write(console, *options, readAny(options->file));
    };
}

} // namespace

const Command configExportCommand{"config export",
                                  "write the whole configuration as a file that a gateway loads",
                                  kExportExamples, defineExport, kExportText};
const Command configConvertCommand{"config convert",
                                   "write a configuration file in another product's format",
                                   kConvertExamples, defineConvert, kConvertText};

} // namespace postern::cli
