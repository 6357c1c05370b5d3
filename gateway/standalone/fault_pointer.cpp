// SPDX-License-Identifier: Apache-2.0
#include "gateway/standalone/fault_pointer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace postern::gateway {
namespace {

/// A step of a text: what stands around the name of a member or the number of an item.
struct Step
{
    std::string_view before, after;
    std::string_view below = {}; ///< the member that the named one lies in
    bool last = false; ///< nothing behind it leads further
};

constexpr std::array kSteps{
    Step{"property \"", "\" validation failed: "},
    Step{"failed to validate item ", ": "},
    Step{"failed to validate additional property ", ": "},
    Step{"failed to validate ", " (matching "},
    Step{"failed to check the configuration of plugin ", " err: ", "plugins"},
    Step{"additional properties forbidden, found ", "", {}, true},
    Step{"unknown plugin [", "]", "plugins", true},
    Step{"for plugin [", "]", "plugins", true},
    Step{"failed to validate the 'vars' expression", "", "vars", true},
};

std::string escaped(std::string_view name)
{
    std::string token;
    for (const char c : name) {
        if (c == '~' || c == '/')
            token.append(c == '~' ? "~0" : "~1");
        else
            token += c;
    }
    return token;
}

/// The value below, by member name or 1-based item number; its pointer token in `token`.
const Json *child(const Json &value, std::string_view name, std::string &token)
{
    if (value.isArray()) {
        std::size_t number = 0;
        const char *const end = name.data() + name.size();
        if (std::from_chars(name.data(), end, number).ptr != end || number == 0
            || number > value.size())
            return nullptr;
        token = std::to_string(number - 1);
        return &value.items()[number - 1];
    }
    token = escaped(name);
    return value.find(name);
}

struct Found
{
    const Step *step;
    std::string_view name, rest;
};

/// The first step in the text.
std::optional<Found> nextStep(std::string_view text)
{
    std::optional<Found> nearest;
    std::size_t best = std::string_view::npos;
    for (const Step &step : kSteps) {
        const std::size_t at = text.find(step.before);
        if (at >= best)
            continue;
        const std::string_view behind = text.substr(at + step.before.size());
        const std::size_t end = step.after.empty() ? behind.size() : behind.find(step.after);
        if (end == std::string_view::npos)
            continue;
        best = at;
        nearest = Found{&step, behind.substr(0, end),
                        behind.substr(std::min(end + step.after.size(), behind.size()))};
    }
    return nearest;
}

} // namespace

std::string faultPointer(std::string_view text, const Json &object)
{
    std::string pointer;
    const Json *value = &object;
    const auto go = [&](std::string_view name) {
        std::string token;
        const Json *next = child(*value, name, token);
        if (!next)
            return false;
        pointer.append("/").append(token);
        value = next;
        return true;
    };
    while (const auto found = nextStep(text)) {
        if (!found->step->below.empty() && value == &object && !go(found->step->below))
            break;
        const bool named = !found->name.empty() && found->step->below != "vars";
        if ((named && !go(found->name)) || found->step->last)
            break;
        text = found->rest;
    }
    return pointer;
}

} // namespace postern::gateway
