// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

namespace postern::gateway {
namespace {

Result<void> checkConsumer(Json &consumer, const Subject &subject, const CheckContext &context)
{
    if (auto valid = checkSchema("consumer", consumer, context.profile()); !valid)
        return valid;
    const std::string &username = consumer.find("username")->asString();
    if (!subject.id.empty() && subject.id != username)
        return fail(Errc::InvalidArgument, "wrong username");
    return checkPlugins(consumer.find("plugins"), true, context)
        .and_then([&] { return checkLoginKeys(consumer.find("plugins"), {username, {}}, context); })
        .and_then([&] {
            return checkReference(consumer, "group_id", "consumer_groups", "consumer group",
                                  context);
        });
}

} // namespace

constexpr ResourceSpec consumersResource{.type = "consumers",
                                         .kind = "consumer",
                                         .schema = "consumer",
                                         .methods = ResourceSpec::Methods::NoPostPatch,
                                         .hasId = false,
                                         .check = checkConsumer};

} // namespace postern::gateway
