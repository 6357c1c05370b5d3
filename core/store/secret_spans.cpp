// SPDX-License-Identifier: Apache-2.0
#include "core/store/secret_spans.h"

#include "core/json/reader.h"
#include "core/model/secret_members.h"

#include <algorithm>
#include <array>
#include <span>

namespace postern {
namespace {

/// The raw JSON text of a member of an object's text, quotes included; empty if absent.
std::string_view memberText(std::string_view object, std::string_view name)
{
    std::array wanted{WantedMember{.name = name}};
    if (!readMembers(object, wanted) || !wanted[0].present)
        return {};
    const std::string_view text = wanted[0].text;
    if (wanted[0].type == Json::Type::String)
        return {text.data() - 1, text.size() + 2};
    return text;
}

std::string_view followPath(std::string_view text, std::string_view path)
{
    while (!text.empty() && !path.empty()) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        text = memberText(text, path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return text;
}

} // namespace

std::string_view storageKind(std::string_view key) noexcept
{
    const std::size_t root = key.find('/', 1);
    if (root == std::string_view::npos)
        return {};
    const std::size_t end = key.find('/', root + 1);
    return key.substr(root + 1, end == std::string_view::npos ? end : end - root - 1);
}

std::vector<SecretSpan> secretSpans(std::string_view key, std::string_view value)
{
    std::vector<SecretSpan> spans;
    const auto add = [&](std::string_view text, std::string path) {
        if (!text.empty() && text != "null")
            spans.push_back({static_cast<std::size_t>(text.data() - value.data()), text.size(),
                             std::move(path)});
    };
    for (const std::string_view path : secretMembersOfKind(storageKind(key)))
        add(followPath(value, path), std::string(path));
    const std::string_view plugins = memberText(value, "plugins");
    if (plugins.starts_with('{')) {
        std::array<WantedMember, 16> wanted;
        const std::size_t count = std::min(pluginsWithSecrets().size(), wanted.size());
        for (std::size_t i = 0; i < count; ++i)
            wanted[i].name = pluginsWithSecrets()[i];
        if (!readMembers(plugins, std::span(wanted).first(count)))
            return spans;
        for (const WantedMember &plugin : std::span(wanted).first(count)) {
            if (!plugin.present || plugin.type != Json::Type::Object)
                continue;
            for (const std::string_view path : secretMembers(plugin.name))
                add(followPath(plugin.text, path),
                    std::string("plugins.").append(plugin.name).append(".").append(path));
        }
    }
    std::ranges::sort(spans, {}, &SecretSpan::offset);
    return spans;
}

} // namespace postern
