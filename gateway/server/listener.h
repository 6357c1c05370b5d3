// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gateway/server/reactor.h"

#include <functional>
#include <memory>

namespace postern::gateway {

/// A listening socket that a Reactor watches. When the process has no descriptor left it rests for
/// a moment instead of spinning; waiting connections stay in the kernel's queue.
class Listener
{
public:
    /// Owns the descriptor, which listens and does not block.
    /// \param accepted called in the reactor's thread with a non-blocking, close-on-exec descriptor
    Listener(Reactor &reactor, int descriptor, std::function<void(int descriptor)> accepted);
    /// Stops and closes; in the reactor's thread, or when no thread runs it.
    ~Listener();
    Listener(const Listener &) = delete;
    Listener &operator=(const Listener &) = delete;

    /// Begins to accept. \return Io
    Result<void> start();

private:
    class Source;
    Reactor &m_reactor;
    std::unique_ptr<Source> m_source;
};

} // namespace postern::gateway
