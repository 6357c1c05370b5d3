// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/store/store.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/admin/apisix/resource.h"

#include <string_view>
#include <vector>

namespace postern::gateway {

/// The answer to `GET /{type}`: filters (name, label, uri, filter), then pages. apisix.md 1.7.
/// \param documents of the type only, in key order
[[nodiscard]] AdminReply listReply(const ResourceSpec &resource, const ServiceRequest &request,
                                   std::vector<Document> documents);

/// The same as v2 answers it: a folder with everything in it. Filters and pages came with v3.
/// \param parent of a credential: its consumer
[[nodiscard]] AdminReply folderReply(const ResourceSpec &resource, std::string_view parent,
                                     const std::vector<Document> &documents);

} // namespace postern::gateway
