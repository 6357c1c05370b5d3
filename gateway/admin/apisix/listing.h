// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/store/store.h"
#include "gateway/admin/apisix/reply.h"
#include "gateway/admin/apisix/resource.h"

#include <vector>

namespace postern::gateway {

/// The answer to `GET /{type}`: filters (name, label, uri, filter), then pages. apisix.md 1.7.
/// \param documents of the type only, in key order
[[nodiscard]] AdminReply listReply(const ResourceSpec &resource, const ServiceRequest &request,
                                   std::vector<Document> documents);

} // namespace postern::gateway
