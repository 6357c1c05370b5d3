// SPDX-License-Identifier: Apache-2.0
#include "gateway/router/object_key.h"

#include <array>
#include <utility>

namespace postern::gateway {

ObjectKey parseObjectKey(std::string_view key) noexcept
{
    constexpr std::string_view kPrefix = "/apisix/";
    if (!key.starts_with(kPrefix))
        return {};
    key.remove_prefix(kPrefix.size());
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos)
        return {};
    const std::string_view collection = key.substr(0, slash);
    const std::string_view rest = key.substr(slash + 1);
    if (rest.empty())
        return {};
    if (collection == "consumers") {
        constexpr std::string_view kCredentials = "/credentials/";
        const std::size_t at = rest.find(kCredentials);
        if (at == std::string_view::npos)
            return {ObjectKind::Consumer, rest, rest};
        return {ObjectKind::Credential, rest.substr(at + kCredentials.size()), rest.substr(0, at)};
    }
    constexpr std::array<std::pair<std::string_view, ObjectKind>, 8> kKinds{{
        {"routes", ObjectKind::Route},
        {"services", ObjectKind::Service},
        {"upstreams", ObjectKind::Upstream},
        {"plugin_configs", ObjectKind::PluginConfig},
        {"consumer_groups", ObjectKind::ConsumerGroup},
        {"global_rules", ObjectKind::GlobalRule},
        {"plugin_metadata", ObjectKind::Metadata},
        {"ssls", ObjectKind::Ssl},
    }};
    for (const auto &[name, kind] : kKinds) {
        if (collection == name)
            return {kind, rest, {}};
    }
    return {};
}

} // namespace postern::gateway
