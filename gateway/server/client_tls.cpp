// SPDX-License-Identifier: Apache-2.0
// The TLS part of a client's connection: its handshake, and whether its certificate will do.
#include "gateway/server/client_connection.h"

#include "gateway/server/worker.h"
#include "gateway/tls/directory.h"

#include <algorithm>
#include <format>
#include <tuple>
#include <utility>

#include <sys/epoll.h>

namespace postern::gateway {

namespace {

using Fault = TlsSession::Fault;

Errc reasonOf(Fault fault) noexcept
{
    return fault == Fault::ServerName ? Errc::TlsServerName
        : fault == Fault::Certificate ? Errc::ClientCertificate
                                      : Errc::TlsHandshake;
}

} // namespace

void ClientConnection::handshake()
{
    switch (m_tls->handshake()) {
    case TlsSession::Step::WantsRead:
        watch(EPOLLIN | EPOLLRDHUP);
        return;
    case TlsSession::Step::WantsWrite:
        watch(EPOLLOUT);
        return;
    case TlsSession::Step::Failed:
        handshakeFailed();
        return;
    case TlsSession::Step::Done:
        break;
    }
    setDeadline(m_worker.options().limits.headerTimeout);
    watch(EPOLLIN | EPOLLRDHUP);
    if (m_lastRequest)
        end();
    else
        receive();
}

void ClientConnection::handshakeFailed()
{
    const Fault fault = m_tls->fault();
    const std::string failure = m_tls->failure();
    if (fault == Fault::PlainHttp) {
        m_tls.reset(); // it understands plain HTTP only
        m_phase = Phase::Head;
        refuse(400, Errc::TlsHandshake, failure);
        return;
    }
    noteConnection(reasonOf(fault), failure);
    end();
}

/// A record of a connection that ends without a request.
void ClientConnection::noteConnection(Errc reason, std::string_view detail)
{
    if (!m_worker.options().tracing)
        return;
    m_stream = m_worker.takeStream();
    open();
    Exchange &exchange = m_stream->exchange;
    std::tie(exchange.trace.peer, exchange.trace.peerSize) = exchange.trace.put(m_peer);
    if (reason == Errc::TlsServerName)
        std::tie(exchange.trace.host, exchange.trace.hostSize) =
            exchange.trace.put(detail.substr(0, 64));
    exchange.note(Step::Client, Outcome::Failed, reason, {}, detail);
    m_worker.recordConnection(exchange);
    m_worker.giveStream(std::move(m_stream));
}

/// Whether the certificate that the requested host wants was shown. The name in the handshake and
/// the Host both count: a client could otherwise name to one what asks for nothing and get at the
/// other. APISIX 3.18, client verification.
bool ClientConnection::admits(const Exchange &exchange, std::string &reason) const
{
    const auto &certificates = exchange.snapshot ? exchange.snapshot->certificates : nullptr;
    if (!certificates)
        return true;
    std::string_view host = exchange.request.hostName;
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    const auto asks = [&](const ServedCertificate *served) {
        return served && served->client
            && std::ranges::none_of(served->client->exempt, [&](const Pattern &path) {
                   return path.matches(exchange.request.path);
               });
    };
    const bool byHost = asks(certificates->find(host));
    if (!byHost && !asks(certificates->find(m_tls->serverName())))
        return true;
    if (!m_tls->clientVerified()) {
        const std::string verdict = m_tls->clientVerdict();
        reason = "the client showed none";
        if (const std::size_t colon = verdict.find(':'); colon != std::string::npos)
            reason = verdict.substr(colon + 1);
        return false;
    }
    if (byHost && m_tls->serverName() != host) {
        reason = std::format("it was shown to {}, the Host is {}", m_tls->serverName(), host);
        return false;
    }
    return true;
}

} // namespace postern::gateway
