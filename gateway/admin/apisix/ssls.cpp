// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"
#include "gateway/tls/ssl_object.h"

#include <array>

namespace postern::gateway {
namespace {

constexpr std::array<std::string_view, 2> kPrivate{"key", "keys"};

Result<void> check(Json &ssl, const Subject &, const CheckContext &)
{
    return checkSchema("ssl", ssl).and_then([&] { return checkSslObject(ssl); });
}

} // namespace

constexpr ResourceSpec sslsResource{
    .type = "ssls", .kind = "ssl", .schema = "ssl", .hidden = kPrivate, .check = check};

} // namespace postern::gateway
