// SPDX-License-Identifier: Apache-2.0
#include "gui/traffic/gateway_link.h"

#include "core/runtime_directory.h"
#include "gateway/control/client.h"
#include "gateway/control/socket_registry.h"

#include <QByteArray>

#include <chrono>
#include <utility>

namespace postern::gui {

namespace {

constexpr unsigned long kRetryMilliseconds = 250;
/// Longer than the control API's heartbeat, short enough to end soon after the window closed.
constexpr auto kSilence = std::chrono::seconds(1);

Result<std::string> findGateway(const std::string &given)
{
    if (!given.empty())
        return given;
    if (const QByteArray named = qgetenv("POSTERN_SOCKET"); !named.isEmpty())
        return named.startsWith("unix:") || named.startsWith("http:")
            ? named.toStdString()
            : "unix:" + named.toStdString();
    const auto directory = runtimeDirectory();
    if (!directory)
        return std::unexpected(directory.error());
    const auto socket = gateway::findControlSocket(*directory);
    if (!socket)
        return fail(Errc::NotFound, "no gateway is running; start one with 'postern gateway run'");
    return "unix:" + socket->string();
}

} // namespace

GatewayLink::GatewayLink(std::string uri, QObject *parent) : QObject(parent), m_uri(std::move(uri))
{
}

GatewayLink::~GatewayLink()
{
    m_stop = true;
    if (m_thread)
        m_thread->wait();
}

void GatewayLink::start()
{
    m_thread.reset(QThread::create([this] { follow(); }));
    m_thread->start();
}

void GatewayLink::follow()
{
    while (!m_stop) {
        followOnce();
        for (unsigned long waited = 0; waited < 1000 && !m_stop; waited += kRetryMilliseconds)
            QThread::msleep(kRetryMilliseconds);
    }
}

void GatewayLink::followOnce()
{
    const auto uri = findGateway(m_uri);
    const auto address = uri ? gateway::parseServerAddress(*uri)
                             : Result<gateway::ServerAddress>(std::unexpected(uri.error()));
    if (!address) {
        Q_EMIT detached(QString::fromStdString(address.error().detail));
        return;
    }
    const gateway::ControlClient client(*address, kSilence);
    const auto health = client.send({.target = "/v1/healthcheck", .headers = {}, .body = {}});
    if (!health) {
        Q_EMIT detached(QString::fromStdString(describe(health.error())));
        return;
    }
    Q_EMIT attached(QString::fromStdString(address->text()));
    std::string last;
    // The stream's silence limit is short so that closing the window is; an idle gateway is normal.
    while (!m_stop) {
        const std::string since = last.empty() ? "" : "?since=" + last;
        const auto heard =
            client.listen({.target = "/v1/traces/stream" + since, .headers = {}, .body = {}},
                          [this, &last](const gateway::ServerEvent &event) {
                              if (event.event == "trace")
                                  Q_EMIT traceArrived(QByteArray::fromStdString(event.data));
                              if (!event.id.empty())
                                  last = event.id;
                              return !m_stop;
                          });
        if (!heard && heard.error().code != Errc::Timeout) {
            Q_EMIT detached(QString::fromStdString(describe(heard.error())));
            return;
        }
    }
}

} // namespace postern::gui
