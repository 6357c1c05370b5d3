// SPDX-License-Identifier: Apache-2.0
// The TLS part of a request's way to the upstream: which connections it may use, and the handshake.
#include "gateway/upstream/proxy_stream.h"

#include "gateway/server/client_connection.h"
#include "gateway/server/worker.h"
#include "gateway/tls/directory.h"
#include "gateway/tls/upstream_tls.h"
#include "gateway/upstream/proxy_head.h"

#include <format>
#include <string>

#include <sys/epoll.h>

namespace postern::gateway {

/// The pool of connections that are what this request wants: a connection that was made under
/// another name, or with another certificate, is never used for it.
/// \return false if the request has failed
bool ProxyStream::chooseSource()
{
    m_identity.reset();
    if (m_worker.isBuiltin(*m_pool)) // it speaks no TLS; nothing leaves this machine
        return true;
    const UpstreamTls &tls = *m_upstream->tls;
    const auto &snapshot = m_exchange->snapshot;
    m_identity = tls.shown(snapshot ? snapshot->certificates.get() : nullptr);
    if (!m_identity) {
        failed(Errc::UpstreamTls,
               std::format("there is no ssl object \"{}\" of type client", tls.certificateId));
        return false;
    }
    m_secured =
        m_pool->secured(std::format("{} {} {}", m_identity->uid, tls.trust ? "verified" : "any",
                                    serverNameFor(*m_exchange, *m_upstream, *m_node->node)));
    m_source = m_secured.get();
    return true;
}

/// Puts TLS on the connection that is open now. \return false if the request has failed
bool ProxyStream::secure()
{
    const TlsSession::Wanted wanted{
        std::string(serverNameFor(*m_exchange, *m_upstream, *m_node->node)),
        m_upstream->tls->trust.get()};
    m_connection->tls =
        TlsSession::connect(m_identity->context.get(), m_connection->descriptor, wanted);
    if (m_connection->tls)
        return true;
    failed(Errc::UpstreamTls, "TLS cannot be set up");
    return false;
}

void ProxyStream::handshake()
{
    switch (m_connection->tls->handshake()) {
    case TlsSession::Step::WantsRead:
        m_connection->watch(EPOLLIN);
        return;
    case TlsSession::Step::WantsWrite:
        m_connection->watch(EPOLLIN | EPOLLOUT);
        return;
    case TlsSession::Step::Failed: {
        const std::string why = m_connection->tls->failure();
        failed(Errc::UpstreamTls, why);
        return;
    }
    case TlsSession::Step::Done:
        break;
    }
    m_connection->watch(EPOLLIN);
    opened();
}

} // namespace postern::gateway
