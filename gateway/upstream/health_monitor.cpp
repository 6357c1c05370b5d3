// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/health_monitor.h"

#include "gateway/http/writer.h"
#include "gateway/router/snapshot.h"
#include "gateway/upstream/health_probe.h"

#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <deque>
#include <tuple>
#include <utility>

namespace postern::gateway {

namespace {

Q_LOGGING_CATEGORY(lcHealth, "postern.health")

void log(const HealthTarget &target, const std::string &why = {})
{
    qCInfo(lcHealth, "%s:%d is %s%s%s", target.host().c_str(), static_cast<int>(target.port()),
           std::string(healthStatusName(target.status())).c_str(), why.empty() ? "" : "; ",
           why.c_str());
}

ProbeQuestion questionFor(const UpstreamHealth &health, const HealthTarget &target)
{
    const HealthChecks &checks = health.checks();
    ProbeQuestion question{.request = {}, .limit = checks.timeout};
    if (checks.type == HealthChecks::Type::Tcp)
        return question;
    question.request = checks.request;
    appendField(question.request, "Host", health.hostField(target));
    question.request.append("\r\n").append(checks.body);
    question.tls = checks.tls;
    if (question.tls)
        question.serverName = health.serverName(target);
    return question;
}

/// Whether what is under way asks the same nodes the same things as often. What their answers
/// count is looked up when they are there.
bool sameRounds(const UpstreamHealth &one, const UpstreamHealth &other)
{
    const auto asked = [](const HealthChecks &checks) {
        return std::tie(checks.type, checks.timeout, checks.concurrency, checks.request,
                        checks.body, checks.verify, checks.healthyInterval,
                        checks.unhealthyInterval);
    };
    return asked(one.checks()) == asked(other.checks())
        && std::ranges::is_permutation(one.targets(), other.targets());
}

} // namespace

/// The active checks of one object: two rounds that repeat, one over the nodes in use and one over
/// those that are out, each with its interval. The monitor's thread only.
class HealthMonitor::Checker
{
public:
    Checker(HealthMonitor &monitor, std::string resource)
        : m_monitor(monitor),
          m_resource(std::move(resource))
    {
    }
    ~Checker()
    {
        for (const Round &round : m_rounds)
            m_monitor.m_reactor.cancel(round.timer);
    }
    Checker(const Checker &) = delete;
    Checker &operator=(const Checker &) = delete;

    void start()
    {
        for (Round &round : m_rounds)
            schedule(round, Reactor::Clock::duration::zero());
    }

private:
    struct Round
    {
        bool ofOut; ///< of the nodes that are out
        Reactor::TimerId timer = 0;
        Reactor::Clock::time_point began{};
        std::deque<std::shared_ptr<HealthTarget>> waiting{};
        std::size_t running = 0;
    };

    void schedule(Round &round, Reactor::Clock::duration in)
    {
        round.timer = m_monitor.m_reactor.callAfter(in, [this, &round] { begin(round); });
    }

    void begin(Round &round)
    {
        const auto health = m_monitor.current(m_resource);
        if (!health) {
            m_monitor.retire(m_resource); // ends this object, soon
            return;
        }
        round.began = Reactor::Clock::now();
        for (const auto &target : health->targets()) {
            if (target->out() == round.ofOut)
                round.waiting.push_back(target);
        }
        proceed(round, *health);
    }

    /// Fills up to `concurrency` checks; when all are through, the next round is due.
    void proceed(Round &round, const UpstreamHealth &health)
    {
        while (!round.waiting.empty() && round.running < health.checks().concurrency) {
            const auto target = std::move(round.waiting.front());
            round.waiting.pop_front();
            ++round.running;
            probe(round, health, target);
        }
        if (round.running > 0 || !round.waiting.empty())
            return;
        const Duration interval =
            round.ofOut ? health.checks().unhealthyInterval : health.checks().healthyInterval;
        const auto passed = Reactor::Clock::now() - round.began;
        schedule(round,
                 std::max(std::chrono::duration_cast<Reactor::Clock::duration>(interval) - passed,
                          Reactor::Clock::duration::zero()));
    }

    void probe(Round &round, const UpstreamHealth &health,
               const std::shared_ptr<HealthTarget> &target)
    {
        const auto finished = [this, &round, target,
                               alive = std::weak_ptr(m_alive)](const ProbeOutcome &outcome) {
            if (alive.expired())
                return;
            --round.running;
            const auto now = m_monitor.current(m_resource);
            if (now) {
                record(*now, *target, outcome);
                proceed(round, *now);
            } else if (round.running == 0) {
                m_monitor.retire(m_resource);
            }
        };
        m_monitor.locate(*target,
                         [this, target, finished, question = questionFor(health, *target),
                          alive = std::weak_ptr(m_alive)](const Result<SocketAddress> &address) {
                             if (alive.expired())
                                 return;
                             if (!address) {
                                 m_monitor.m_reactor.post(
                                     [finished] { finished({ProbeOutcome::Kind::Failed}); });
                                 return;
                             }
                             m_monitor.note(*target, *address);
                             ProbeQuestion asked = question;
                             if (m_monitor.isBuiltin(*address))
                                 asked.tls.reset();
                             HealthProbe::begin(m_monitor.m_reactor, m_monitor.m_probes, *address,
                                                std::move(asked), finished);
                         });
    }

    static void record(const UpstreamHealth &health, HealthTarget &target,
                       const ProbeOutcome &outcome)
    {
        const HealthLimits &limits = health.checks().active;
        bool changed = false;
        switch (outcome.kind) {
        case ProbeOutcome::Kind::Connected:
            changed = target.record(HealthResult::Success, limits.successes);
            break;
        case ProbeOutcome::Kind::Failed:
            changed = target.record(HealthResult::TcpFailure, limits.tcpFailures);
            break;
        case ProbeOutcome::Kind::TimedOut:
            changed = target.record(HealthResult::Timeout, limits.timeouts);
            break;
        case ProbeOutcome::Kind::Answered: {
            const auto status = static_cast<std::size_t>(outcome.status);
            if (status < limits.healthyStatuses.size() && limits.healthyStatuses.test(status))
                changed = target.record(HealthResult::Success, limits.successes);
            else if (status == 0
                     || (status < limits.unhealthyStatuses.size()
                         && limits.unhealthyStatuses.test(status)))
                changed = target.record(HealthResult::HttpFailure, limits.httpFailures);
            break;
        }
        }
        if (changed)
            log(target, outcome.why);
    }

    HealthMonitor &m_monitor;
    std::string m_resource;
    std::array<Round, 2> m_rounds{Round{.ofOut = false}, Round{.ofOut = true}};
    /// Gone with the checker, which a late answer may outlive.
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

HealthMonitor::HealthMonitor(Resolver &resolver) : m_resolver(resolver) {}

HealthMonitor::~HealthMonitor() { stop(); }

void HealthMonitor::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopped = true;
        m_running = false;
    }
    if (m_thread.joinable()) {
        m_reactor.stop();
        m_thread.join();
    }
    m_checkers.clear();
    m_probes.clear();
}

std::shared_ptr<UpstreamHealth> HealthMonitor::adopt(const std::string &resource,
                                                     HealthChecks checks,
                                                     const CompiledUpstream &upstream)
{
    auto made = std::make_shared<UpstreamHealth>(resource, std::move(checks), weak_from_this());
    made->m_nodeHost = upstream.passHost == CompiledUpstream::PassHost::Node;
    if (upstream.passHost == CompiledUpstream::PassHost::Rewrite)
        made->m_upstreamHost = upstream.upstreamHost;
    const std::scoped_lock lock(m_mutex);
    std::weak_ptr<UpstreamHealth> &known = m_known[resource];
    const auto before = known.lock();
    const auto find = [](const auto &targets, const HealthTarget &wanted) {
        const auto found = std::ranges::find_if(
            targets, [&wanted](const auto &target) { return target->is(wanted); });
        return found == targets.end() ? nullptr : *found;
    };
    for (const UpstreamNode &node : upstream.nodes) {
        const std::string &host = made->m_checks.host;
        auto target = std::make_shared<HealthTarget>(
            node.host, made->m_checks.port.value_or(node.port), host.empty() ? node.host : host);
        if (auto twin = find(made->m_targets, *target)) {
            made->m_byNode.push_back(std::move(twin));
            continue;
        }
        if (before) {
            if (auto same = find(before->m_targets, *target))
                target = std::move(same);
        }
        made->m_targets.push_back(target);
        made->m_byNode.push_back(std::move(target));
    }
    // What was checked goes on being checked, by the new interval from now on.
    made->m_used = before && before->used();
    known = made;
    if (!before)
        forget(resource);
    else if (m_running && !sameRounds(*before, *made))
        m_reactor.post([this, resource] {
            if (m_checkers.contains(resource))
                startChecker(resource);
        });
    return made;
}

void HealthMonitor::drop(std::string_view resource)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_known.find(resource); found != m_known.end()) {
        m_known.erase(found);
        forget(resource);
    }
}

void HealthMonitor::forget(std::string_view resource)
{
    if (m_running)
        m_reactor.post([this, resource = std::string(resource)] { m_checkers.erase(resource); });
}

std::shared_ptr<UpstreamHealth> HealthMonitor::current(const std::string &resource) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_known.find(resource);
    return found == m_known.end() ? nullptr : found->second.lock();
}

void HealthMonitor::begin(const std::string &resource)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopped)
            return;
        if (!std::exchange(m_running, true))
            m_thread = std::thread([this] { m_reactor.run(); });
    }
    m_reactor.post([this, resource] {
        if (!m_checkers.contains(resource))
            startChecker(resource);
    });
}

void HealthMonitor::startChecker(const std::string &resource)
{
    auto checker = std::make_unique<Checker>(*this, resource);
    checker->start();
    m_checkers.insert_or_assign(resource, std::move(checker));
}

void HealthMonitor::retire(const std::string &resource)
{
    // Called from within the checker.
    m_reactor.post([this, resource] {
        m_checkers.erase(resource);
        // An object of that name that was made and used meanwhile.
        if (const auto health = current(resource); health && health->used())
            startChecker(resource);
    });
}

void HealthMonitor::count(const std::shared_ptr<HealthTarget> &target, HealthResult result,
                          unsigned limit)
{
    m_reactor.post([target, result, limit] {
        if (target->record(result, limit))
            log(*target);
    });
}

void HealthMonitor::locate(const HealthTarget &target,
                           std::function<void(Result<SocketAddress>)> done)
{
    const std::string name = target.host() + ":" + std::to_string(target.port());
    if (const auto alias = m_aliases.find(name); alias != m_aliases.end()) {
        done(alias->second);
        return;
    }
    if (auto numeric = SocketAddress::fromNumeric(
            target.host() == "localhost" ? "127.0.0.1" : target.host(), target.port())) {
        done(*numeric);
        return;
    }
    m_resolver.resolve(
        target.host(), target.port(),
        [weak = weak_from_this(),
         done = std::move(done)](const Result<std::vector<SocketAddress>> &found) {
            if (const auto monitor = weak.lock())
                monitor->m_reactor.post([done, found] {
                    done(found.transform([](const auto &addresses) { return addresses.front(); }));
                });
        });
}

void HealthMonitor::note(HealthTarget &target, const SocketAddress &address)
{
    const std::scoped_lock lock(m_mutex);
    target.setAddress(address.host());
}

bool HealthMonitor::isBuiltin(const SocketAddress &address) const
{
    return m_builtinPort != 0 && address.port() == m_builtinPort && address.host() == "127.0.0.1";
}

std::vector<CheckedUpstream> HealthMonitor::checkedUpstreams() const
{
    std::vector<CheckedUpstream> made;
    const std::scoped_lock lock(m_mutex);
    for (const auto &[resource, known] : m_known) {
        if (const auto health = known.lock())
            made.push_back(health->report());
    }
    return made;
}

std::optional<CheckedUpstream> HealthMonitor::checkedUpstream(std::string_view name) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_known.find(name);
    const auto health = found == m_known.end() ? nullptr : found->second.lock();
    return health ? std::optional(health->report()) : std::nullopt;
}

} // namespace postern::gateway
