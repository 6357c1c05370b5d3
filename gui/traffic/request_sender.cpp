// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/request_sender.h"

#include <QMetaObject>

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace postern::gui {

namespace {

constexpr auto kTimeout = std::chrono::seconds(30);
constexpr int kThreads = 4;
constexpr std::size_t kMaxAnswer = 64UL * 1024 * 1024;

Result<gateway::ClientResponse> exchange(const gateway::WebRequest &request, int cancel)
{
    const auto address = gateway::parseWebAddress(request.origin());
    if (!address)
        return std::unexpected(address.error());
    const gateway::ControlClient client(*address, kTimeout, cancel);
    return client.send({.method = request.method,
                        .target = request.target(),
                        .headers = request.headers,
                        .body = request.body,
                        .maxBody = kMaxAnswer});
}

} // namespace

RequestSender::RequestSender(QObject *parent)
    : QObject(parent),
      m_cancel(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    m_pool.setMaxThreadCount(kThreads);
}

RequestSender::~RequestSender()
{
    const std::uint64_t one = 1;
    static_cast<void>(::write(m_cancel, &one, sizeof one));
    m_pool.clear();
    m_pool.waitForDone();
    ::close(m_cancel);
}

void RequestSender::send(gateway::WebRequest request, Done done)
{
    run([request = std::move(request), done = std::move(done),
         cancel = m_cancel]() -> std::function<void()> {
        auto answer = exchange(request, cancel);
        return [request, done, answer = std::move(answer)] { done(request, answer); };
    });
}

void RequestSender::run(std::function<std::function<void()>()> work)
{
    m_pool.start([this, work = std::move(work)] {
        QMetaObject::invokeMethod(this, work(), Qt::QueuedConnection);
    });
}

gateway::RecordedExchange recordOf(const gateway::WebRequest &sent,
                                   const gateway::ClientResponse &answer)
{
    gateway::RecordedExchange record;
    record.request = {.present = true,
                      .method = sent.method,
                      .target = sent.target(),
                      .status = 0,
                      .headers = sent.headers,
                      .body = sent.body,
                      .bodySize = sent.body.size()};
    if (!sent.header("Host"))
        record.request.headers.insert(record.request.headers.begin(), {"Host", sent.host()});
    record.response = {.present = true,
                       .method = {},
                       .target = {},
                       .status = answer.status,
                       .headers = answer.headers,
                       .body = answer.body,
                       .bodySize = answer.body.size()};
    return record;
}

} // namespace postern::gui
