// SPDX-License-Identifier: Apache-2.0
#include "gui/access/sender.h"

#include "gateway/control/client.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace postern::gui {
namespace {

constexpr auto kLimit = std::chrono::seconds(10);

Result<int> send(const std::string &proxy, gateway::DraftRequest draft)
{
    const auto address = gateway::parseServerAddress(proxy);
    if (!address)
        return std::unexpected(address.error());
    gateway::ClientRequest request{draft.method, draft.target, {}, std::move(draft.body)};
    if (draft.host != "localhost") // it does not matter to the route
        request.headers.emplace_back("Host", draft.host);
    for (auto &header : draft.headers)
        request.headers.push_back(std::move(header));
    return gateway::ControlClient(*address, kLimit)
        .send(request)
        .transform([](const gateway::ClientResponse &response) { return response.status; });
}

} // namespace

void sendDraft(const std::string &proxy, gateway::DraftRequest draft, QObject *context,
               std::function<void(Result<int>)> done)
{
    // The context lives in the main thread: it is looked at there only.
    QThreadPool::globalInstance()->start([proxy, draft = std::move(draft),
                                          target = QPointer<QObject>(context),
                                          done = std::move(done)]() mutable {
        Result<int> answer = send(proxy, std::move(draft));
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [target, done = std::move(done), answer = std::move(answer)]() mutable {
                if (target)
                    done(std::move(answer));
            },
            Qt::QueuedConnection);
    });
}

} // namespace postern::gui
