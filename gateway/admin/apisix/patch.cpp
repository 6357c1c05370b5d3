// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/patch.h"

namespace postern::gateway {
namespace {

bool mergeable(const Json *value) { return value && value->isObject() && value->size() > 0; }

// Lua cannot tell an empty array from an empty object.
bool canHoldMembers(const Json &value)
{
    return value.isObject() || (value.isArray() && value.size() == 0);
}

} // namespace

void mergePatch(Json &stored, const Json &patch)
{
    for (const auto &[name, value] : patch.members()) {
        if (value.isNull()) {
            stored.erase(name);
            continue;
        }
        Json *old = stored.find(name);
        if (mergeable(old) && mergeable(&value))
            mergePatch(*old, value);
        else
            stored.set(name, value);
    }
}

Result<void> replaceAt(Json &stored, std::span<const std::string> path, Json value)
{
    Json *at = &stored;
    std::string walked;
    for (const std::string &name : path.first(path.size() - 1)) {
        walked.append("/").append(name);
        Json *next = at->find(name);
        if (!next) {
            at->set(name, Json::object());
            next = at->find(name);
        }
        if (!canHoldMembers(*next))
            return fail(Errc::InvalidArgument, "invalid sub-path: " + walked);
        at = next;
    }
    at->set(path.back(), std::move(value));
    return {};
}

} // namespace postern::gateway
