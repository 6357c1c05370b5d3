// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"
#include "gateway/admin/access/admin_access.h"
#include "gateway/control/client.h"
#include "gateway/gateway.h"
#include "gui/session/workspace.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace postern::gui {

/// A gateway that answers.
struct GatewayFacts
{
    gateway::GatewayAddresses addresses;
    std::string profile;
};

/// What changed in the store.
struct ObjectNews
{
    std::vector<Edit> edits;
    bool complete = false; ///< what is not named is gone
};

/// A gateway's clock as it was read.
struct ClockReading
{
    Clock::Mode mode = Clock::Mode::Real;
    Timestamp now, real;
};

/// The thread of a Session: what may block happens here, one task after the other. Owns the store's
/// Admin API, the hosted gateway and the link to an attached one. Between tasks it looks for
/// changes ten times a second.
class SessionWorker
{
public:
    /// What is told, in the worker's thread.
    struct Listener
    {
        std::function<void(ObjectNews)> objects;
        std::function<void(ClockReading)> clock; ///< it was changed
        /// The attached gateway answers (again), or does not.
        std::function<void(Result<GatewayFacts>)> reached;
        std::function<void(Error)> failed;
    };
    using Task = std::function<void(SessionWorker &)>;

    explicit SessionWorker(Listener listener);
    ~SessionWorker(); ///< does what was asked for, then stops the hosted gateway
    SessionWorker(const SessionWorker &) = delete;
    SessionWorker &operator=(const SessionWorker &) = delete;

    void enqueue(Task task); ///< any thread

    /// \name For tasks
    /// @{
    [[nodiscard]] Result<void> open(const std::string &store);
    void attach(std::string control, std::string adminKey);
    [[nodiscard]] Result<GatewayFacts> start(gateway::GatewayOptions options);
    /// \return why the store cannot be opened again
    [[nodiscard]] Result<void> stopGateway();
    [[nodiscard]] gateway::AdminAccess &admin() noexcept { return *m_admin; }
    [[nodiscard]] Result<Json> askControl(const std::string &method, const std::string &target,
                                          const Json &body) const;
    [[nodiscard]] Workspace::Refusals write(const std::vector<Edit> &edits, bool dry);
    void poll(); ///< now
    void pollClock();
    /// @}

private:
    using Time = std::chrono::steady_clock;

    void run();
    void close();
    [[nodiscard]] Result<void> openStore();
    [[nodiscard]] bool isAttached() const noexcept { return m_control && !m_gateway; }
    [[nodiscard]] Result<GatewayFacts> greet();
    void lost(const Error &error);
    void readKey();
    [[nodiscard]] Result<ClockReading> readClock() const;
    [[nodiscard]] Result<void> checkStoreFile();

    Listener m_listener;
    std::unique_ptr<gateway::AdminAccess> m_nothing; ///< answers while nothing is open
    std::unique_ptr<gateway::AdminAccess> m_owned;
    gateway::AdminAccess *m_admin = nullptr;
    std::unique_ptr<gateway::Gateway> m_gateway;
    std::optional<gateway::ControlClient> m_control;
    std::string m_store, m_adminKey;
    std::string m_profile;
    std::pair<std::uint64_t, std::uint64_t> m_file; ///< device and inode of the store
    bool m_fileGone = false;
    bool m_lost = false;
    bool m_keyGiven = false; ///< else the gateway's ready file has it
    std::optional<Errc> m_told; ///< why the attached gateway is lost, as it was told last
    std::uint64_t m_revision = 0; ///< of the objects that were told; 0: none were
    std::optional<ClockReading> m_clock;
    Time::time_point m_nextClock;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_tasks;
    bool m_stop = false;
    std::thread m_thread; ///< last: everything else is there when it starts
};

} // namespace postern::gui
