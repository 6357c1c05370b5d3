// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

#include "core/json/parse.h"
#include "core/model/keys.h"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern::gateway {
namespace {

/// Whether a traffic-split rule among the object's plugins names the upstream.
bool splitsTo(const Json &object, std::string_view id)
{
    const Json *plugins = object.find("plugins");
    const Json *split = plugins ? plugins->find("traffic-split") : nullptr;
    const Json *rules = split ? split->find("rules") : nullptr;
    if (!rules)
        return false;
    return std::ranges::any_of(rules->items(), [id](const Json &rule) {
        const Json *shares = rule.find("weighted_upstreams");
        return shares && std::ranges::any_of(shares->items(), [id](const Json &share) {
                   const Json *named = share.find("upstream_id");
                   return named && idText(*named) == id;
               });
    });
}

Result<void> refuseIfSplitTo(std::string_view id, const CheckContext &context)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kHolders{{
        {"routes", "route"},
        {"services", "service"},
        {"plugin_configs", "plugin_config"},
        {"consumers", "consumer"},
        {"consumer_groups", "consumer_group"},
        {"global_rules", "global_rules"},
    }};
    for (const auto &[kind, noun] : kHolders) {
        const auto documents = context.list(kind);
        if (!documents)
            return std::unexpected(documents.error());
        for (const Document &document : *documents) {
            // Cheap first: most documents have no such plugin.
            if (!document.value.contains("traffic-split"))
                continue;
            const auto object = parseJson(document.value, {.lastDuplicateWins = true});
            if (object && splitsTo(*object, id))
                return fail(Errc::InvalidArgument,
                            std::format("can not delete this upstream, plugin in {} [{}] is still "
                                        "using it now",
                                        noun, storageId(document.key)));
        }
    }
    return {};
}

Result<void> check(Json &upstream, const Subject &, const CheckContext &context)
{
    return checkSchema("upstream", upstream)
        .and_then([&] { return checkUpstream(upstream); })
        .and_then([&] { return checkUpstreamTls(upstream, context); });
}

Result<void> checkDelete(std::string_view id, const CheckContext &context)
{
    return refuseIfReferenced(id, "routes", "upstream_id", "can not delete this upstream, route",
                              context)
        .and_then([&] {
            return refuseIfReferenced(id, "services", "upstream_id",
                                      "can not delete this upstream, service", context);
        })
        .and_then([&] { return refuseIfSplitTo(id, context); });
}

} // namespace

constexpr ResourceSpec upstreamsResource{.type = "upstreams",
                                         .kind = "upstream",
                                         .schema = "upstream",
                                         .check = check,
                                         .checkDelete = checkDelete};

} // namespace postern::gateway
