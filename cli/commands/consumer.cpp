// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_access.h"
#include "cli/admin_objects.h"
#include "cli/arguments.h"
#include "cli/claims.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/reveal.h"
#include "core/bytes/encoding.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kListExamples{
    Example{"of the running gateway", "postern consumer list", Needs::Gateway},
    Example{"of a configuration file", "postern consumer list --config gateway.yaml"},
    Example{"of a store, as JSON", "postern consumer list --store sqlite:postern.db -o json"},
};
constexpr std::array kGetExamples{
    Example{"one consumer as JSON, secrets masked", "postern consumer get jack", Needs::Gateway},
    Example{"of a configuration file", "postern consumer get jack --config gateway.yaml"},
    Example{"is there such a consumer? 1 is no",
            "postern consumer get nobody -q --config gateway.yaml", Needs::Nothing, 1},
};
constexpr std::array kAddExamples{
    Example{"in the running gateway", "postern consumer add bob --desc 'the builder'",
            Needs::Gateway},
    Example{"with labels, in a store",
            "postern consumer add alice --label team=platform --label role=admin --store "
            "sqlite:postern.db"},
    Example{"from JSON", "echo '{\"labels\":{\"team\":\"a\"}}' | postern consumer add bob --data -",
            Needs::Gateway},
};
constexpr std::array kSetExamples{
    Example{"change a label", "postern consumer set jack --label team=billing", Needs::Gateway},
    Example{"remove one", "postern consumer set jack --unset labels.team", Needs::Gateway},
    Example{"a description, in a store",
            "postern consumer add carol --store sqlite:postern.db && postern consumer set carol "
            "--desc 'night shift' --store sqlite:postern.db"},
};
constexpr std::array kRemoveExamples{
    Example{"remove a consumer and its credentials", "postern consumer rm alice", Needs::Gateway},
    Example{"of a store",
            "postern consumer add dave --store sqlite:postern.db && postern consumer rm dave "
            "--store sqlite:postern.db"},
    Example{"what is not there cannot be removed", "postern consumer rm nobody", Needs::Gateway, 1},
};

struct Options
{
    ObjectSource source;
    std::string name, description, data;
    std::vector<std::string> labels, plugins, unset;
    bool reveal = false;
};

std::string pathOf(const Options &options) { return "/consumers/" + encodePercent(options.name); }

Result<int> list(const Console &console, AdminAccess &admin, const Options &options)
{
    Result<Json> answer = admin.request("GET", "/consumers");
    if (!answer)
        return std::unexpected(answer.error());
    Json consumers = objectsOf(std::move(*answer), options.reveal);
    if (console.json()) {
        console.document(Json::object({{"version", 1}, {"consumers", std::move(consumers)}}));
        return kYes;
    }
    for (const Json &consumer : consumers.items()) {
        const Json *const labels = consumer.find("labels");
        console.line(std::format("{:<20} {}", printable(consumer.stringOr("username", "?")),
                                 labels ? printable(labels->dump()) : ""));
    }
    return kYes;
}

Result<int> get(const Console &console, AdminAccess &admin, const Options &options)
{
    return showObject(console, admin, pathOf(options), options.reveal);
}

// `--label team=a`, `--plugin limit-count:={…}` as claims below their member.
Result<void> assignBelow(Json &object, std::string_view member,
                         const std::vector<std::string> &specifications)
{
    for (const std::string &specification : specifications) {
        if (!object.contains(member))
            object.set(member, Json::object());
        if (const auto set = assignClaim(*object.find(member), specification, {}); !set)
            return set;
    }
    return {};
}

Result<Json> bodyOf(const Console &console, const Options &options)
{
    Json body = Json::object();
    if (!options.data.empty()) {
        ArgumentReader reader(console);
        const Result<std::string> text = options.data == "-" ? reader.standardInput()
            : options.data.starts_with('@')                  ? readFile(options.data.substr(1))
                                                             : Result<std::string>(options.data);
        Result<Json> parsed = text ? parseJson(*text) : std::unexpected(text.error());
        if (!parsed)
            return parsed;
        body = std::move(*parsed);
    }
    if (!options.description.empty())
        body.set("desc", options.description);
    if (const auto set = assignBelow(body, "labels", options.labels); !set)
        return std::unexpected(set.error());
    if (const auto set = assignBelow(body, "plugins", options.plugins); !set)
        return std::unexpected(set.error());
    body.set("username", options.name);
    return body;
}

Result<int> add(const Console &console, AdminAccess &admin, const Options &options)
{
    if (admin.request("GET", pathOf(options)))
        return fail(Errc::Conflict,
                    "the consumer exists already; 'postern consumer set' changes it", options.name);
    const Result<Json> body = bodyOf(console, options);
    if (!body)
        return std::unexpected(body.error());
    if (const auto answer = admin.request("PUT", "/consumers", *body); !answer)
        return std::unexpected(answer.error());
    return reportDone(console, "added", {{"username", options.name}});
}

Result<int> set(const Console &console, AdminAccess &admin, const Options &options)
{
    Result<Json> consumer = getObject(admin, pathOf(options));
    if (!consumer)
        return std::unexpected(consumer.error());
    const Result<Json> change = bodyOf(console, options);
    if (!change)
        return std::unexpected(change.error());
    // As APISIX's PATCH: objects are merged one level at a time, other members replaced.
    for (const auto &[name, value] : change->members()) {
        Json *const old = consumer->find(name);
        if (old == nullptr || !old->isObject() || !value.isObject()) {
            consumer->set(name, value);
            continue;
        }
        for (const auto &[inner, innerValue] : value.members())
            old->set(inner, innerValue);
    }
    for (const std::string &path : options.unset) {
        if (const auto removed = unsetClaim(*consumer, path); !removed)
            return std::unexpected(removed.error());
    }
    if (const auto written = putObject(admin, "/consumers", std::move(*consumer)); !written)
        return std::unexpected(written.error());
    return reportDone(console, "changed", {{"username", options.name}});
}

Result<int> removeConsumer(const Console &console, AdminAccess &admin, const Options &options)
{
    if (const auto answer = admin.request("DELETE", pathOf(options)); !answer)
        return std::unexpected(answer.error());
    return reportDone(console, "removed", {{"username", options.name}});
}

std::shared_ptr<Options> defineCommon(CLI::App &app, bool named)
{
    auto options = std::make_shared<Options>();
    if (named)
        app.add_option("name", options->name, "the consumer's name")->required();
    addObjectSourceOptions(app, options->source);
    return options;
}

void addContentOptions(CLI::App &app, Options &options)
{
    app.add_option("--desc", options.description, "a description");
    addList(app, "--label", options.labels, "a label, name=value; repeatable");
    addList(app, "--plugin", options.plugins, "a plugin, name:=JSON; repeatable");
    app.add_option("--data", options.data, "the whole object: JSON, @file or -");
}

Run defineList(CLI::App &app)
{
    const auto options = defineCommon(app, false);
    addReveal(app, options->reveal);
    return withAdmin(options, list);
}

Run defineGet(CLI::App &app)
{
    const auto options = defineCommon(app, true);
    addReveal(app, options->reveal);
    return withAdmin(options, get);
}

Run defineAdd(CLI::App &app)
{
    const auto options = defineCommon(app, true);
    addContentOptions(app, *options);
    return withAdmin(options, add);
}

Run defineSet(CLI::App &app)
{
    const auto options = defineCommon(app, true);
    addContentOptions(app, *options);
    addList(app, "--unset", options->unset, "remove this member, as labels.team; repeatable");
    return withAdmin(options, set);
}

Run defineRemove(CLI::App &app) { return withAdmin(defineCommon(app, true), removeConsumer); }

} // namespace

const Command consumerListCommand{"consumer list", "list the consumers", kListExamples, defineList};
const Command consumerGetCommand{"consumer get", "show a consumer", kGetExamples, defineGet};
const Command consumerAddCommand{"consumer add", "add a consumer", kAddExamples, defineAdd};
const Command consumerSetCommand{"consumer set", "change a consumer", kSetExamples, defineSet};
const Command consumerRemoveCommand{"consumer rm", "remove a consumer with its credentials",
                                    kRemoveExamples, defineRemove};

} // namespace postern::cli
