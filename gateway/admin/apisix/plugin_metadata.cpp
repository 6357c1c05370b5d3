// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"
#include "gateway/pipeline/plugin_config.h"

namespace postern::gateway {
namespace {

Result<void> checkMetadata(Json &metadata, const Subject &subject, const CheckContext &)
{
    if (subject.id.empty())
        return fail(Errc::InvalidArgument, "missing plugin name");
    const PluginSpec *plugin = findPlugin(subject.id);
    if (!plugin)
        return fail(Errc::InvalidArgument, "invalid plugin name");
    if (const auto valid = checkPluginMetadata(*plugin, metadata); !valid)
        return fail(Errc::Schema, "invalid configuration: " + valid.error().detail);
    return {};
}

} // namespace

constexpr ResourceSpec pluginMetadataResource{.type = "plugin_metadata",
                                              .kind = "plugin_metadata",
                                              .schema = {},
                                              .methods = ResourceSpec::Methods::NoPostPatch,
                                              .hasId = false,
                                              .nameMember = {},
                                              .hasTimes = false,
                                              .check = checkMetadata};

} // namespace postern::gateway
