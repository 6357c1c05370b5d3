// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/plugin.h"

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/help/document.h"
#include "core/json/parse.h"
#include "core/json/schema_fields.h"
#include "core/text/suggest.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <optional>

namespace postern::cli {
namespace {

using gateway::builtinPlugins;
using gateway::Phase;
using gateway::PluginKind;
using gateway::PluginSpec;

constexpr std::array kListExamples{
    Example{"every plugin, in the order they run", "postern plugin list"},
    Example{"those that authenticate", "postern plugin list --kind auth"},
    Example{"for programs", "postern plugin list -o json"},
};
constexpr std::array kShowExamples{
    Example{"what jwt-auth takes, on routes and in credentials", "postern plugin show jwt-auth"},
    Example{"try a plugin's own example",
            "curl -s $POSTERN_ADMIN_URL/routes/1 -H \"X-API-KEY: $POSTERN_ADMIN_KEY\" -X PUT -d "
            "\"{\\\"uri\\\":\\\"/mock\\\",\\\"plugins\\\":{\\\"mocking\\\":$(postern plugin show "
            "mocking --example route)}}\" && curl -s $POSTERN_PROXY_URL/mock",
            Needs::Gateway},
    Example{"for programs, with the JSON Schema", "postern plugin show limit-count -o json"},
};

struct KindName
{
    PluginKind kind;
    std::string_view name;
};
constexpr std::array kKinds{
    KindName{PluginKind::Auth, "auth"}, KindName{PluginKind::Access, "access"},
    KindName{PluginKind::Traffic, "traffic"}, KindName{PluginKind::Transform, "transform"}};

struct PhaseName
{
    Phase phase;
    std::string_view name;
};
constexpr std::array kPhases{
    PhaseName{Phase::Rewrite, "rewrite"},          PhaseName{Phase::Access, "access"},
    PhaseName{Phase::BeforeProxy, "before_proxy"}, PhaseName{Phase::HeaderFilter, "header_filter"},
    PhaseName{Phase::BodyFilter, "body_filter"},   PhaseName{Phase::Log, "log"}};

std::string_view kindOf(const PluginSpec &plugin)
{
    return std::ranges::find(kKinds, plugin.kind, &KindName::kind)->name;
}

Json phasesOf(const PluginSpec &plugin)
{
    Json phases = Json::array();
    for (const auto &[phase, name] : kPhases) {
        if ((plugin.phases & phase) != 0)
            phases.push_back(name);
    }
    return phases;
}

std::string phaseText(const PluginSpec &plugin)
{
    std::string text;
    const Json phases = phasesOf(plugin);
    for (const Json &phase : phases.items())
        text.append(text.empty() ? "" : ", ").append(phase.asString());
    return text;
}

Json summaryOf(const PluginSpec &plugin)
{
    return Json::object({{"name", plugin.name},
                         {"kind", kindOf(plugin)},
                         {"priority", plugin.apisixPriority},
                         {"phases", phasesOf(plugin)},
                         {"summary", plugin.summary}});
}

int list(const Console &console, const std::string &kind)
{
    Json plugins = Json::array();
    for (const PluginSpec *plugin : builtinPlugins()) {
        if (!kind.empty() && kind != kindOf(*plugin))
            continue;
        if (console.json())
            plugins.push_back(summaryOf(*plugin));
        else
            console.line(std::format("{:>5}  {:<22} {:<10} {:<26} {}", plugin->apisixPriority,
                                     plugin->name, kindOf(*plugin), phaseText(*plugin),
                                     plugin->summary));
    }
    if (console.json())
        console.document(Json::object({{"version", 1}, {"plugins", std::move(plugins)}}));
    return kYes;
}

// One of the objects that a plugin is configured by.
struct Part
{
    std::string_view name; ///< in JSON and of --example
    std::string_view title;
    std::string_view PluginSpec::*schema;
    std::string_view PluginSpec::*example;
};

constexpr std::array kParts{
    Part{"route", "On a route, service, plugin config, consumer or global rule:",
         &PluginSpec::schema, &PluginSpec::example},
    Part{"consumer", "In a consumer or credential:", &PluginSpec::consumerSchema,
         &PluginSpec::consumerExample},
    Part{"metadata", "In plugin_metadata, for all uses together:", &PluginSpec::metadataSchema,
         nullptr},
};

struct ShowOptions
{
    std::string name, example;
};

// Texts of the plugins' table; the tests see to it that each is JSON.
Json jsonOf(std::string_view text) { return parseJson(text).value_or(Json::object()); }

Json fieldsOf(const Json &schema)
{
    Json fields = Json::array();
    for (const SchemaField &field : schemaFields(schema)) {
        Json row = Json::object({{"name", field.path}, {"type", field.type}});
        if (!field.byDefault.empty())
            row.set("default", jsonOf(field.byDefault));
        if (!field.constraint.empty())
            row.set("constraint", field.constraint);
        if (!field.description.empty())
            row.set("description", field.description);
        fields.push_back(std::move(row));
    }
    return fields;
}

Json partDocument(const PluginSpec &plugin, const Part &part)
{
    const Json schema = jsonOf(plugin.*part.schema);
    Json rules = Json::array();
    for (const std::string &rule : schemaRules(schema))
        rules.push_back(rule);
    Json document = Json::object({{"fields", fieldsOf(schema)}, {"rules", std::move(rules)}});
    if (part.example)
        document.set("example", jsonOf(plugin.*part.example));
    document.set("schema", schema);
    return document;
}

void showPart(const Console &console, const PluginSpec &plugin, const Part &part)
{
    const Json schema = jsonOf(plugin.*part.schema);
    console.line("");
    console.line(console.painted(Paint::Bold, part.title));
    const std::vector<SchemaField> fields = schemaFields(schema);
    for (const SchemaField &field : fields) {
        const std::string byDefault =
            field.byDefault.empty() ? std::string() : " = " + field.byDefault;
        console.line(std::format("  {:<28} {}{}", field.path, field.type, byDefault));
        if (!field.constraint.empty())
            console.raw(wrapped(field.constraint, 31, 100));
        if (!field.description.empty())
            console.raw(wrapped(field.description, 31, 100));
    }
    if (fields.empty())
        console.line("  no members of its own");
    for (const std::string &rule : schemaRules(schema))
        console.line("  needs " + rule);
    if (part.example) {
        console.line("  Example:");
        console.raw(std::string(plugin.*part.example) + '\n');
    }
}

Error unknownPlugin(const std::string &name)
{
    std::vector<std::string_view> names;
    for (const PluginSpec *plugin : builtinPlugins())
        names.push_back(plugin->name);
    const std::string meant = didYouMean(name, names);
    return {Errc::NotFound,
            std::format("no plugin is called '{}'{}", name,
                        meant.empty() ? "; `postern plugin list` names them all" : meant),
            {}};
}

int showExample(const Console &console, const PluginSpec &plugin, const std::string &of)
{
    const auto *const part = std::ranges::find(kParts, of, &Part::name);
    const std::string_view example = plugin.*part->example;
    if (example.empty())
        return console.fail({Errc::NotFound,
                             std::format("{} has nothing to configure in a consumer; leave "
                                         "'--example consumer' out",
                                         plugin.name),
                             {}});
    console.line(jsonOf(example).dump());
    return kYes;
}

int show(const Console &console, const ShowOptions &options)
{
    const PluginSpec *const plugin = gateway::findPlugin(options.name);
    if (!plugin)
        return console.fail(unknownPlugin(options.name));
    if (!options.example.empty())
        return showExample(console, *plugin, options.example);
    Json document = Json::object({{"version", 1}});
    Json summary = summaryOf(*plugin);
    for (auto &[name, value] : summary.members())
        document.set(name, std::move(value));
    if (!console.json())
        console.line(std::format("{}: {}\npriority {}, {}, runs in {}",
                                 console.painted(Paint::Bold, plugin->name), plugin->summary,
                                 plugin->apisixPriority, kindOf(*plugin), phaseText(*plugin)));
    for (const Part &part : kParts) {
        if ((plugin->*part.schema).empty())
            continue;
        if (console.json())
            document.set(part.name, partDocument(*plugin, part));
        else
            showPart(console, *plugin, part);
    }
    if (console.json())
        console.document(document);
    else
        console.line("\nEvery plugin also takes _meta: {disable, priority, filter, "
                     "error_response}.");
    return kYes;
}

Run defineList(CLI::App &app)
{
    const auto kind = std::make_shared<std::string>();
    app.add_option("--kind", *kind, "only plugins that do this")
        ->check(CLI::IsMember({"auth", "access", "traffic", "transform"}));
    return [kind](const Console &console) { return list(console, *kind); };
}

Run defineShow(CLI::App &app)
{
    const auto options = std::make_shared<ShowOptions>();
    app.add_option("name", options->name, "the plugin's name")->required();
    app.add_option("--example", options->example, "print only this example, as one line of JSON")
        ->check(CLI::IsMember({"route", "consumer"}));
    return [options](const Console &console) { return show(console, *options); };
}

} // namespace

const Command pluginListCommand{
    "plugin list", "list the plugins, in the order they run", kListExamples, defineList,
    "Columns: priority (higher runs first within a phase), name, kind, phases, summary."};
const Command pluginShowCommand{
    "plugin show", "show what a plugin takes, with an example", kShowExamples, defineShow,
    "Fields with type, default and constraint, read from the JSON Schemas that configurations are "
    "checked with. The examples are run by the test suite."};

} // namespace postern::cli
