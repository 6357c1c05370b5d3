// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/toggle_rule.h"

#include "core/access/acl.h"

#include <algorithm>
#include <array>
#include <format>
#include <optional>
#include <vector>

namespace postern::gateway {
namespace {

constexpr std::string_view kAcl = "acl", kRestriction = "consumer-restriction";

/// Where a plugin stands, as precedence has it.
struct Holder
{
    std::string key;
    const Json *object = nullptr;
};

const Json *pluginOf(const Json *object, std::string_view plugin)
{
    const Json *const plugins = object ? object->find("plugins") : nullptr;
    return plugins ? plugins->find(plugin) : nullptr;
}

std::string idOf(const Json &object, std::string_view member)
{
    const Json *const id = object.find(member);
    if (id == nullptr || id->isNull())
        return {};
    return id->isString() ? id->asString() : std::string(id->lexeme());
}

std::optional<Holder> holderOf(const ObjectLookup &object, const std::string &routeKey,
                               const Json &route, std::string_view plugin)
{
    const std::array<std::string, 3> keys{routeKey,
                                          "/plugin_configs/" + idOf(route, "plugin_config_id"),
                                          "/services/" + idOf(route, "service_id")};
    for (const std::string &key : keys) {
        const Json *const found = key.ends_with('/') ? nullptr : object(key);
        if (pluginOf(found, plugin))
            return Holder{key, found};
    }
    return std::nullopt;
}

bool holds(const Json &list, std::string_view value)
{
    return std::ranges::any_of(list.items(),
                               [value](const Json &item) { return item.asString() == value; });
}

void drop(Json &list, std::string_view value)
{
    std::erase_if(list.items(), [value](const Json &item) { return item.asString() == value; });
}

/// A consumer's labels as the plugin reads them.
std::vector<LabelRule> labelsOf(const Json *consumer)
{
    std::vector<LabelRule> labels;
    const Json *const object = consumer ? consumer->find("labels") : nullptr;
    if (object == nullptr)
        return labels;
    for (const auto &[name, value] : object->members())
        labels.push_back({name, labelValues(value.asString())});
    return labels;
}

const LabelRule *labelNamed(const std::vector<LabelRule> &labels, std::string_view name)
{
    const auto label = std::ranges::find(labels, name, &LabelRule::label);
    return label == labels.end() ? nullptr : &*label;
}

/// Takes the consumer's values off a list of labels. \return "sales from allow_labels.team"
std::string takeOff(Json &config, std::string_view listName, const std::vector<LabelRule> &labels)
{
    Json *const list = config.find(listName);
    if (!list)
        return {};
    std::string done;
    std::vector<std::string> emptied;
    for (auto &[name, values] : list->members()) {
        const LabelRule *const label = labelNamed(labels, name);
        for (const std::string &value : label ? label->values : std::vector<std::string>()) {
            if (!holds(values, value))
                continue;
            drop(values, value);
            done += std::format("{}{} from {}.{}", done.empty() ? "" : ", ", value, listName, name);
        }
        if (values.size() == 0)
            emptied.push_back(name);
    }
    for (const std::string &name : emptied)
        list->erase(name);
    if (list->size() == 0)
        config.erase(listName);
    return done;
}

void append(Json &config, std::string_view listName, const std::string &label,
            const std::string &value)
{
    if (!config.contains(listName))
        config.set(listName, Json::object());
    Json &list = *config.find(listName);
    if (!list.contains(label))
        list.set(label, Json::array());
    list.find(label)->push_back(value);
}

Result<std::string> letIn(Json &config, const std::vector<LabelRule> &labels,
                          const std::string &consumer)
{
    std::string sentence;
    if (std::string taken = takeOff(config, "deny_labels", labels); !taken.empty())
        sentence = "take " + taken;
    const Json *const allow = config.find("allow_labels");
    const bool matched =
        allow == nullptr
        || std::ranges::any_of(allow->members(), [&labels](const Json::Member &one) {
               const LabelRule *const label = labelNamed(labels, one.first);
               return label && std::ranges::any_of(label->values, [&one](const std::string &value) {
                          return holds(one.second, value);
                      });
           });
    if (matched)
        return sentence.empty() ? fail(Errc::Unsupported, "the acl plugin lets it in already", {})
                                : Result<std::string>(sentence);
    for (const auto &[name, values] : allow->members()) {
        const LabelRule *const label = labelNamed(labels, name);
        if (label == nullptr || label->values.empty())
            continue;
        const std::string value = label->values.front(), rule = name;
        append(config, "allow_labels", rule, value);
        return std::format("{}{}add {} to allow_labels.{}", sentence, sentence.empty() ? "" : ", ",
                           value, rule);
    }
    return fail(Errc::Unsupported,
                std::format("{} has none of the labels that allow_labels asks for: {}; give it one",
                            consumer, allow->members().front().first));
}

Result<std::string> keepOut(Json &config, const std::vector<LabelRule> &labels,
                            const std::string &consumer)
{
    Json narrowed = config;
    const std::string taken = takeOff(narrowed, "allow_labels", labels);
    // The last value of the list stays: an empty list would let everybody in.
    if (!taken.empty() && narrowed.contains("allow_labels")) {
        config = std::move(narrowed);
        return "take " + taken;
    }
    const auto label =
        std::ranges::find_if(labels, [](const LabelRule &one) { return !one.values.empty(); });
    if (label == labels.end())
        return fail(Errc::Unsupported,
                    std::format("{} has no labels that a rule could name", consumer));
    append(config, "deny_labels", label->label, label->values.front());
    return std::format("add {} to deny_labels.{}", label->values.front(), label->label);
}

Result<std::string> restrictName(Json &config, const std::string &consumer, bool allowed)
{
    if (config.stringOr("type", "consumer_name") != "consumer_name")
        return fail(Errc::Unsupported,
                    "the consumer-restriction plugin there does not go by names");
    const auto list = [&config](std::string_view name) { return config.find(name); };
    const auto add = [&config, &consumer](std::string_view name) {
        if (!config.contains(name))
            config.set(name, Json::array());
        config.find(name)->push_back(consumer);
        return std::format("add {} to its {}", consumer, name);
    };
    const std::string_view off = allowed ? "whitelist" : "blacklist";
    const bool needed = allowed && list("blacklist") == nullptr; // one list must be there
    if (Json *const from = list(off);
        from && holds(*from, consumer) && (from->size() > 1 || !needed)) {
        drop(*from, consumer);
        if (from->size() == 0)
            config.erase(off);
        return std::format("take {} from its {}", consumer, off);
    }
    return add(allowed ? "blacklist" : "whitelist");
}

} // namespace

Result<AccessEdit> toggleAccess(const ObjectLookup &object, const std::string &routeId,
                                const std::string &consumer, bool allowed)
{
    const std::string routeKey = "/routes/" + routeId;
    const Json *const route = object(routeKey);
    if (route == nullptr)
        return fail(Errc::NotFound, "no such route", routeId);
    if (consumer.empty())
        return fail(Errc::Unsupported, "nobody is no consumer: no rule can name it");
    const std::vector<LabelRule> labels = labelsOf(object("/consumers/" + consumer));

    const auto acl = holderOf(object, routeKey, *route, kAcl);
    const auto restriction = holderOf(object, routeKey, *route, kRestriction);
    const bool byLabels = acl && (!restriction || !labels.empty());
    const Holder holder = byLabels ? *acl : restriction.value_or(Holder{routeKey, route});
    AccessEdit edit{holder.key, *holder.object, {}};
    if (!edit.value.contains("plugins"))
        edit.value.set("plugins", Json::object());
    Json &plugins = *edit.value.find("plugins");
    const std::string_view plugin = byLabels ? kAcl : kRestriction;
    if (!plugins.contains(plugin)) {
        if (!allowed)
            return fail(Errc::Unsupported, "no access rule of this route refuses it");
        plugins.set(plugin, Json::object());
    }
    Json &config = *plugins.find(plugin);
    Result<std::string> sentence = byLabels
        ? (allowed ? keepOut(config, labels, consumer) : letIn(config, labels, consumer))
        : restrictName(config, consumer, allowed);
    if (!sentence)
        return std::unexpected(sentence.error());
    if (byLabels && !config.contains("allow_labels") && !config.contains("deny_labels"))
        plugins.erase(plugin); // it needs one of the two
    if (!byLabels && !config.contains("whitelist") && !config.contains("blacklist")
        && !config.contains("allowed_by_methods"))
        plugins.erase(plugin);
    edit.sentence = std::move(*sentence);
    for (const std::string_view time : {"create_time", "update_time"})
        edit.value.erase(time);
    return edit;
}

} // namespace postern::gateway
