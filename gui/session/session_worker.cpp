// SPDX-License-Identifier: Apache-2.0
#include "gui/session/session_worker.h"

#include "core/json/parse.h"
#include "gateway/control/ready_file.h"
#include "gui/session/object_order.h"

#include <algorithm>
#include <format>
#include <string_view>
#include <utility>

#include <sys/stat.h>

namespace postern::gui {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(100);
constexpr auto kClockPoll = std::chrono::milliseconds(500);
constexpr auto kControlTimeout = std::chrono::seconds(5);

/// \param tolerance a clock that is read over a socket tells whole seconds
bool isSameClock(const ClockReading &one, const ClockReading &two, Duration tolerance)
{
    if (one.mode != two.mode || one.mode == Clock::Mode::Real)
        return one.mode == two.mode;
    if (one.mode == Clock::Mode::Frozen)
        return one.now == two.now;
    return std::chrono::abs((one.now - one.real) - (two.now - two.real)) <= tolerance;
}

gateway::Endpoint endpointOf(const Json &health, std::string_view name)
{
    const auto address = gateway::parseServerAddress(health.stringOr(name, ""));
    return address ? gateway::Endpoint{address->host, address->port} : gateway::Endpoint{};
}

std::pair<std::uint64_t, std::uint64_t> identityOf(const std::string &store)
{
    struct stat file{};
    const std::string path = store.starts_with("sqlite:") ? store.substr(7) : std::string();
    if (path.empty() || ::stat(path.c_str(), &file) != 0)
        return {};
    return {file.st_dev, file.st_ino};
}

} // namespace

SessionWorker::SessionWorker(Listener listener) : m_listener(std::move(listener))
{
    m_thread = std::thread([this] { run(); });
}

SessionWorker::~SessionWorker()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void SessionWorker::enqueue(Task task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void SessionWorker::run()
{
    if (auto nothing = gateway::openStoreAdmin({}, {}))
        m_nothing = std::move(*nothing);
    m_admin = m_nothing.get();
    auto next = Time::now() + kPoll;
    std::unique_lock lock(m_mutex);
    while (!m_stop || !m_tasks.empty()) {
        if (!m_tasks.empty()) {
            const Task task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task(*this);
            lock.lock();
        } else if (m_owned) {
            m_wake.wait_until(lock, next);
        } else {
            m_wake.wait(lock);
        }
        if (Time::now() < next)
            continue;
        lock.unlock();
        poll();
        lock.lock();
        next = Time::now() + kPoll;
    }
    lock.unlock();
    close();
}

void SessionWorker::close()
{
    if (m_gateway)
        gateway::removeReadyFile(m_gateway->addresses().controlSocket);
    m_gateway.reset();
    m_control.reset();
    m_owned.reset();
    m_admin = m_nothing.get();
    m_store.clear();
    m_lost = m_fileGone = false;
    m_told.reset();
    m_clock.reset();
    m_revision = 0;
}

Result<void> SessionWorker::open(const std::string &store)
{
    close();
    m_store = store;
    return openStore();
}

Result<void> SessionWorker::openStore()
{
    auto admin = gateway::openStoreAdmin(m_store, {});
    if (!admin)
        return std::unexpected(admin.error());
    m_owned = std::move(*admin);
    m_admin = m_owned.get();
    m_file = identityOf(m_store);
    m_fileGone = false;
    m_revision = 0;
    return {};
}

void SessionWorker::attach(std::string control, std::string adminKey)
{
    close();
    const auto address = gateway::parseServerAddress(control);
    if (!address) {
        m_listener.failed(address.error());
        return;
    }
    m_control.emplace(*address, kControlTimeout);
    m_adminKey = std::move(adminKey);
    m_keyGiven = !m_adminKey.empty();
    m_owned = gateway::openRemoteAdmin({{}, m_adminKey, {}});
    m_admin = m_owned.get();
    m_lost = true;
    poll();
}

// Each start of a gateway may have a key of its own.
void SessionWorker::readKey()
{
    const std::string &socket = m_control->address().unixPath;
    if (m_keyGiven || socket.empty())
        return;
    if (const Result<Json> ready = gateway::readReadyFile(socket))
        m_adminKey = ready->stringOr("admin_key", "");
}

// An attached gateway says where it is; it may be another one after it was gone.
Result<GatewayFacts> SessionWorker::greet()
{
    const Result<Json> health = askControl("GET", "/v1/healthcheck", {});
    if (!health)
        return std::unexpected(health.error());
    readKey();
    GatewayFacts facts;
    facts.profile = health->stringOr("profile", "");
    facts.addresses.proxy = endpointOf(*health, "proxy");
    facts.addresses.admin = endpointOf(*health, "admin");
    if (!health->stringOr("https", "").empty())
        facts.addresses.https = endpointOf(*health, "https");
    facts.addresses.controlSocket = m_control->address().unixPath;
    if (facts.addresses.controlSocket.empty())
        facts.addresses.controlTcp =
            gateway::Endpoint{m_control->address().host, m_control->address().port};
    facts.addresses.adminKey = m_adminKey;
    m_profile = facts.profile;
    m_owned = gateway::openRemoteAdmin(
        {facts.addresses.adminUrl(), m_adminKey, m_control->address().text()});
    m_admin = m_owned.get();
    m_revision = 0;
    return facts;
}

Result<GatewayFacts> SessionWorker::start(gateway::GatewayOptions options)
{
    if (m_store.empty())
        return fail(Errc::NotFound, "no store is open");
    options.store = m_store;
    const std::string profile = options.profile;
    if (m_gateway) {
        gateway::removeReadyFile(m_gateway->addresses().controlSocket);
        m_gateway.reset();
        m_control.reset();
    }
    // One writer at a time: the gateway's own connection takes over.
    m_owned.reset();
    m_admin = m_nothing.get();
    auto started = gateway::Gateway::start(std::move(options));
    if (!started) {
        const auto reopened = openStore();
        return std::unexpected(reopened ? started.error() : reopened.error());
    }
    m_gateway = std::move(*started);
    const gateway::GatewayAddresses &addresses = m_gateway->addresses();
    m_control.emplace(*gateway::parseServerAddress(addresses.controlUri()), kControlTimeout);
    m_owned = gateway::openRemoteAdmin(
        {addresses.adminUrl(), addresses.adminKey, addresses.controlUri()});
    m_admin = m_owned.get();
    m_revision = 0;
    m_clock.reset();
    // the user's commands find the key there; without it they ask for one
    static_cast<void>(gateway::leaveReadyFile(addresses, profile, {{}, m_store}));
    return GatewayFacts{addresses, profile};
}

Result<void> SessionWorker::stopGateway()
{
    if (!m_gateway)
        return {};
    gateway::removeReadyFile(m_gateway->addresses().controlSocket);
    m_gateway.reset();
    m_control.reset();
    m_owned.reset();
    m_admin = m_nothing.get();
    return openStore();
}

Result<Json> SessionWorker::askControl(const std::string &method, const std::string &target,
                                       const Json &body) const
{
    if (!m_control)
        return fail(Errc::Remote, "no gateway is running");
    gateway::ClientRequest request{method, target, {}, {}};
    if (!body.isNull()) {
        request.body = body.dump();
        request.headers.emplace_back("Content-Type", "application/json");
    }
    if (m_control->address().unixPath.empty())
        request.headers.emplace_back("X-API-KEY", m_adminKey);
    const auto response = m_control->send(request);
    if (!response)
        return std::unexpected(response.error());
    Result<Json> json = parseJson(response->body);
    if (response->status < 400)
        return json;
    const Json *const error = json ? json->find("error") : nullptr;
    return fail(response->status == 404 ? Errc::NotFound : Errc::Remote,
                error ? std::string(error->stringOr("message", ""))
                      : std::format("status {}", response->status));
}

Result<void> SessionWorker::checkStoreFile()
{
    if (m_store.empty() || m_file == std::pair<std::uint64_t, std::uint64_t>()
        || identityOf(m_store) == m_file)
        return {};
    return fail(Errc::StoreOpen,
                "the file is gone or was replaced; nothing can be saved until the store is opened "
                "again. Staged changes are kept.",
                m_store);
}

Workspace::Refusals SessionWorker::write(const std::vector<Edit> &edits, bool dry)
{
    if (const auto there = checkStoreFile(); !there)
        return {{std::string(), there.error()}};
    std::vector<gateway::ObjectChange> changes;
    for (const Edit &edit : edits) {
        // a deleted consumer takes its credentials along: they are not named twice
        const std::string owner = edit.value ? std::string() : ownerOf(edit.key);
        const auto gone = std::ranges::find(edits, owner, &Edit::key);
        if (owner.empty() || gone == edits.end() || gone->value)
            changes.push_back({edit.key, edit.value.value_or(Json()), 0});
    }
    const auto outcome = m_admin->apply(changes, dry);
    if (!outcome)
        return {{std::string(), outcome.error()}};
    Workspace::Refusals refusals;
    for (const gateway::ObjectRefusal &refusal : outcome->refusals)
        refusals.emplace_back(refusal.key, Error{Errc::Schema, refusal.message, refusal.pointer});
    if (!dry)
        poll();
    return refusals;
}

void SessionWorker::lost(const Error &error)
{
    if (isAttached()) {
        m_lost = true;
        if (std::exchange(m_told, error.code) != error.code) // once a cause
            m_listener.reached(std::unexpected(error));
    } else if (!std::exchange(m_fileGone, true)) {
        m_listener.failed(error);
    }
}

void SessionWorker::poll()
{
    if (!m_owned)
        return;
    if (const auto there = checkStoreFile(); !there) {
        lost(there.error());
        return;
    }
    std::optional<GatewayFacts> greeted;
    if (isAttached() && m_lost) {
        Result<GatewayFacts> facts = greet();
        if (!facts) {
            lost(facts.error());
            return;
        }
        greeted = std::move(*facts);
    }
    auto feed = m_admin->objects(m_revision);
    if (!feed) {
        lost(feed.error());
        return;
    }
    if (greeted) { // it answers, and takes the key
        m_lost = false;
        m_told.reset();
        m_listener.reached(std::move(*greeted));
    }
    m_fileGone = false;
    m_revision = feed->revision;
    if (feed->complete || !feed->changes.empty()) {
        ObjectNews news{{}, feed->complete};
        for (gateway::ObjectChange &change : feed->changes)
            news.edits.push_back(
                {std::move(change.key),
                 change.value.isNull() ? std::nullopt : std::optional(std::move(change.value))});
        m_listener.objects(std::move(news));
    }
    if (m_control && (!m_clock || Time::now() >= m_nextClock))
        pollClock();
}

Result<ClockReading> SessionWorker::readClock() const
{
    if (m_gateway) {
        const Clock &clock = m_gateway->clock();
        return ClockReading{clock.mode(), clock.now(), Clock().now()};
    }
    const Result<Json> answer = askControl("GET", "/v1/clock", {});
    if (!answer)
        return std::unexpected(answer.error());
    const auto now = parseTime(answer->stringOr("now", ""), {});
    const auto real = parseTime(answer->stringOr("real", ""), {});
    if (!now || !real)
        return fail(Errc::Remote, "the gateway's clock cannot be read");
    const std::string_view mode = answer->stringOr("mode", "");
    return ClockReading{mode == "frozen"        ? Clock::Mode::Frozen
                            : mode == "ticking" ? Clock::Mode::Ticking
                                                : Clock::Mode::Real,
                        *now, *real};
}

void SessionWorker::pollClock()
{
    m_nextClock = Time::now() + kClockPoll;
    const Result<ClockReading> clock = readClock();
    if (!clock) {
        lost(clock.error());
        return;
    }
    const Duration tolerance =
        m_gateway ? Duration(std::chrono::milliseconds(5)) : Duration(std::chrono::seconds(1));
    if (m_clock && isSameClock(*m_clock, *clock, tolerance))
        return;
    m_clock = *clock;
    m_listener.clock(*clock);
}

} // namespace postern::gui
