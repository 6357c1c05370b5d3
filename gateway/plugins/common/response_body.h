// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/pipeline/plugin.h"

namespace postern::gateway {

/// Removes the fields that describe a body which is about to change: Content-Length,
/// Content-Encoding, Last-Modified, ETag. APISIX 3.18, response-rewrite.
inline void dropBodyFields(ResponseHead &head)
{
    for (const char *name : {"content-length", "content-encoding", "last-modified", "etag"})
        head.headers.remove(name);
}

} // namespace postern::gateway
