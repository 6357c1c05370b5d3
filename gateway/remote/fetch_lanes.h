// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace postern::gateway {

/// Something that blocks and is done off the workers.
struct Fetch
{
    /// Does it, and tells who wants to know. In one of the lane's threads.
    /// \param cancel a descriptor that can be read once everything has to end
    /// \return why the whole server is out of reach, so that nothing else of its lane need be tried
    std::function<std::optional<Error>(int cancel)> run;
    /// Instead of run(): the server is out of reach.
    std::function<void(const Error &error)> abandon;
};

/// Threads that talk to remote servers, a few for each server, so that one that is dead or slow
/// keeps nobody waiting but those who want something of it. Threads start when they are needed and
/// stay. add() may be called by any thread.
class FetchLanes
{
public:
    FetchLanes();
    ~FetchLanes(); ///< as stop()
    FetchLanes(const FetchLanes &) = delete;
    FetchLanes &operator=(const FetchLanes &) = delete;

    /// \param lane which server
    void add(const std::string &lane, Fetch fetch);
    /// Cancels what is under way, forgets the rest, ends the threads.
    void stop();

private:
    class Lane;

    int m_cancel = -1;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<Lane>> m_lanes;
    bool m_stopped = false;
};

} // namespace postern::gateway
