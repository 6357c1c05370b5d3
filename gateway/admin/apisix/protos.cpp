// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

namespace postern::gateway {
namespace {

Result<void> checkProto(Json &proto, const Subject &, const CheckContext &)
{
    return checkSchema("proto", proto);
}

} // namespace

// Nothing can refer to a proto: grpc-transcode, whose proto_id would, is no plugin here.
constexpr ResourceSpec protosResource{.type = "protos",
                                      .kind = "proto",
                                      .schema = "proto",
                                      .methods = ResourceSpec::Methods::NoPatch,
                                      .check = checkProto};

} // namespace postern::gateway
