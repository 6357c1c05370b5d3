// SPDX-License-Identifier: Apache-2.0
#include "gateway/control/control_objects.h"

#include "gateway/admin/apisix/admin.h"
#include "gateway/admin/objects/object_change.h"
#include "gateway/admin/objects/object_changes_json.h"
#include "gateway/admin/objects/object_feed.h"
#include "gateway/control/control_reply.h"

#include <charconv>
#include <utility>

namespace postern::gateway {
namespace {

using Call = ControlApi::Call;

/// The Admin API behind the gateway; answers 405 if there is none.
ApisixAdmin *adminOf(const Call &call)
{
    ApisixAdmin *const admin = call.host.admin();
    if (!admin)
        sendError(call.responder, {Errc::Unsupported, "this server holds no objects", {}});
    return admin;
}

Result<std::uint64_t> sinceArgument(const ServiceRequest &request)
{
    const auto [text, present] = request.argument("since");
    std::uint64_t since = 0;
    const char *const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, since);
    if (present && (read.ec != std::errc() || read.ptr != end))
        return fail(Errc::InvalidArgument, "a revision is a whole number", "since");
    return since;
}

} // namespace

void getRevision(const Call &call)
{
    ApisixAdmin *const admin = adminOf(call);
    if (!admin)
        return;
    const ChangeJournal &journal = admin->config().journal();
    sendJson(call.responder, 200,
             Json::object({{"revision", journal.revision()}, {"instance", journal.instance()}}));
}

void getObjects(const Call &call)
{
    ApisixAdmin *const admin = adminOf(call);
    if (!admin)
        return;
    const auto since = sinceArgument(call.request);
    if (!since) {
        sendError(call.responder, since.error());
        return;
    }
    const auto feed = readFeed(admin->config(), *since, call.request.argument("instance").first);
    if (!feed) {
        sendError(call.responder, feed.error());
        return;
    }
    call.responder.send(200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
                        feedText(*feed));
}

void postObjects(const Call &call)
{
    ApisixAdmin *const admin = adminOf(call);
    if (!admin)
        return;
    auto batch = parseObjectBatch(call.request.body);
    if (!batch) {
        sendError(call.responder, batch.error());
        return;
    }
    admin->apply(std::move(batch->changes), batch->dry,
                 [responder = call.responder, dry = batch->dry](const Result<ApplyOutcome> &done) {
                     if (!done) {
                         sendError(responder, done.error());
                         return;
                     }
                     const bool refused = !dry && !done->refusals.empty();
                     sendJson(responder, refused ? 400 : 200, outcomeJson(*done));
                 });
}

} // namespace postern::gateway
