// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/managed_secrets.h"

#include "core/json/parse.h"
#include "core/model/keys.h"

#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <format>
#include <utility>

namespace postern::gateway {

namespace {

Q_LOGGING_CATEGORY(lcSecrets, "postern.secrets")

constexpr auto kFresh = std::chrono::seconds(300);
constexpr std::array kRetries{200, 500, 1000, 2000, 5000, 10'000, 20'000, 40'000, 60'000}; // ms
/// Between two answers that failed logins ask for; grows with every one that is of no use.
constexpr auto kLoginPause = std::chrono::milliseconds(50);
constexpr unsigned kLongestLoginPause = 20; ///< times the above
/// A fetch ends by its own time-out; this is for one that hangs in a name server.
constexpr auto kSlack = std::chrono::milliseconds(500);
constexpr auto kLoginWait = std::chrono::milliseconds(1000);
/// For a manager that has never answered: it may be one that never does.
constexpr auto kUnknownWait = std::chrono::milliseconds(100);
constexpr std::string_view kVault = "vault";
constexpr std::array<std::string_view, 2> kOthers{"aws", "gcp"};
constexpr std::string_view kLogins = "/apisix/consumers/";

std::string_view kindOf(std::string_view manager) noexcept
{
    return manager.substr(0, manager.find('/'));
}

// Whether other fetches of the same server can be spared.
bool isUnreachable(const Error &error)
{
    return error.code == Errc::SecretManager && !error.where.empty();
}

std::string userText(const std::set<std::string, std::less<>> &users)
{
    return users.empty() ? "nothing" : std::format("{} object(s)", users.size());
}

} // namespace

ManagedSecrets::ManagedSecrets(Reactor &reactor, const Clock &clock,
                               SecretResolver::Lookup environment)
    : m_reactor(reactor),
      m_clock(clock),
      m_environment(std::move(environment))
{
}

ManagedSecrets::~ManagedSecrets() = default;

Result<const VaultAddress *> ManagedSecrets::addressOf(std::string_view manager) const
{
    const std::string_view kind = kindOf(manager);
    if (kind != kVault && !std::ranges::contains(kOthers, kind))
        return fail(Errc::SecretManager, std::format("no secret manager: {}", kind));
    const auto found = m_managers.find(manager);
    if (found == m_managers.end())
        return fail(Errc::SecretManager,
                    std::format("no secret conf: there is no object /secrets/{}", manager));
    if (!found->second.address)
        return std::unexpected(found->second.address.error());
    return &*found->second.address;
}

Result<std::string> ManagedSecrets::resolve(std::string_view reference, std::string_view user)
{
    const auto secret = parseManagedSecret(reference);
    if (!secret)
        return std::unexpected(secret.error());
    const std::string manager = secret->manager + "/" + secret->id;
    const std::scoped_lock lock(m_mutex);
    const auto [at, added] = m_units.try_emplace(manager + "/" + secret->path);
    auto &[key, unit] = *at;
    if (added) {
        unit.manager = manager;
        unit.path = secret->path;
        ask(key, unit);
    }
    if (!user.empty() && unit.users.emplace(user).second)
        m_unitsOf[std::string(user)].insert(key);
    const auto address = addressOf(manager);
    if (!address)
        return std::unexpected(address.error());
    if (unit.data) {
        const std::string place =
            std::format("{} of {}", (*address)->target(unit.path).substr(4), (*address)->name());
        auto value = vaultMember(*unit.data, secret->member, place);
        unit.incomplete = unit.incomplete || !value;
        return value;
    }
    if (unit.failure)
        return std::unexpected(*unit.failure);
    return fail(Errc::SecretManager, (*address)->name() + " has not answered yet");
}

void ManagedSecrets::failed(std::string_view user, const Error &error)
{
    if (user.empty())
        return;
    const std::scoped_lock lock(m_mutex);
    m_failed.try_emplace(std::string(user), error);
}

void ManagedSecrets::forget(std::string_view user)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto failure = m_failed.find(user); failure != m_failed.end())
        m_failed.erase(failure);
    const auto found = m_unitsOf.find(user);
    if (found == m_unitsOf.end())
        return;
    for (const std::string &key : found->second) {
        if (const auto unit = m_units.find(key); unit != m_units.end())
            std::erase_if(unit->second.users, [user](const auto &each) { return each == user; });
    }
    m_unitsOf.erase(found);
}

void ManagedSecrets::forgetAll()
{
    const std::scoped_lock lock(m_mutex);
    m_failed.clear();
    m_unitsOf.clear();
    m_managers.clear();
    for (auto &[key, unit] : m_units)
        unit.users.clear();
}

// With the lock held.
void ManagedSecrets::ask(const std::string &key, Unit &unit)
{
    const auto address = addressOf(unit.manager);
    if (!address || unit.asked)
        return;
    unit.asked = true;
    unit.epoch = m_managers.find(unit.manager)->second.epoch;
    const std::uint64_t epoch = unit.epoch;
    const auto run = [this, key, epoch, vault = **address,
                      path = unit.path](int cancel) -> std::optional<Error> {
        // A token that cannot be resolved is sent as it stands, as the original does.
        const std::string token = isSecretReference(vault.token)
            ? m_environment.resolve(vault.token).value_or(vault.token)
            : vault.token;
        Result<Json> data = readVault(vault, token, path, cancel);
        std::optional<Error> dead;
        if (!data && data.error().code == Errc::Cancelled)
            return dead;
        if (!data && isUnreachable(data.error()))
            dead = data.error();
        answered({key, epoch, std::move(data)});
        return dead;
    };
    const auto abandon = [this, key, epoch](const Error &error) {
        answered({key, epoch, std::unexpected(error)});
    };
    m_lanes.add(unit.manager, {run, abandon});
}

// In a thread of the lanes.
void ManagedSecrets::answered(Answer answer)
{
    bool first = false;
    {
        const std::scoped_lock lock(m_mutex);
        first = m_answers.empty();
        m_answers.push_back(std::move(answer));
    }
    if (!first)
        return; // what is on its way takes this one, too
    m_reactor.post([this, alive = std::weak_ptr(m_alive)] {
        if (alive.lock())
            takeAnswers();
    });
}

void ManagedSecrets::retryLater(Unit &unit) const noexcept
{
    const auto retry = std::min<std::size_t>(unit.failures, kRetries.size() - 1);
    unit.retryAt = m_reactor.now() + std::chrono::milliseconds(kRetries[retry]);
    ++unit.failures;
}

/// \return whether its users see a difference
bool ManagedSecrets::settle(Unit &unit, Result<Json> data)
{
    unit.asked = false;
    unit.answeredAt = m_reactor.now();
    const bool renew = std::exchange(unit.renew, false);
    if (data) {
        const bool changed = !unit.data || *unit.data != *data;
        unit.data = std::move(*data);
        unit.failure.reset();
        unit.readAt = m_clock.now();
        if (changed)
            unit.incomplete = false; // its users will say
        const unsigned failures = unit.incomplete ? unit.failures + 1 : 0;
        retryLater(unit);
        unit.failures = failures; // whether something is missing may show when it is used
        return changed;
    }
    retryLater(unit);
    Error error = std::move(data.error());
    error.where.clear();
    if (unit.failure != error)
        qCWarning(lcSecrets, "%s: %s; used by %s", (unit.manager + "/" + unit.path).c_str(),
                  error.detail.c_str(), userText(unit.users).c_str());
    const bool dropped = unit.data && (renew || error.code == Errc::SecretMember);
    if (dropped)
        unit.data.reset();
    const bool changed = dropped || (!unit.data && unit.failure != error);
    unit.failure = std::move(error);
    return changed;
}

void ManagedSecrets::takeAnswers()
{
    std::set<std::string> users;
    {
        const std::scoped_lock lock(m_mutex);
        for (Answer &answer : std::exchange(m_answers, {})) {
            const auto found = m_units.find(answer.unit);
            if (found == m_units.end() || !found->second.asked
                || found->second.epoch != answer.epoch)
                continue; // asked of an object that is not there any more
            if (settle(found->second, std::move(answer.data)))
                users.insert(found->second.users.begin(), found->second.users.end());
        }
    }
    if (!users.empty() && m_recompile)
        m_recompile({users.begin(), users.end()});
    endWaiters();
}

std::vector<std::string> ManagedSecrets::applyManager(const Change &change)
{
    const auto parts = parseStorageKey(change.key);
    if (!parts || parts->kind != "secrets")
        return {};
    const std::string manager = std::format("{}/{}", parts->parent, parts->id);
    const std::scoped_lock lock(m_mutex);
    m_managers.erase(manager);
    if (change.document) {
        const auto object = parseJson(change.document->value, {.lastDuplicateWins = true});
        Result<VaultAddress> address =
            fail(Errc::SecretManager,
                 std::format("this gateway does not resolve references to {}", kindOf(manager)));
        if (kindOf(manager) == kVault)
            address = object ? readVaultAddress(*object) : std::unexpected(object.error());
        if (address)
            address->server.trust = m_trust;
        m_managers.emplace(manager, Manager{std::move(address), ++m_epochs});
    }
    const bool usable = addressOf(manager).has_value();
    std::set<std::string> users;
    for (auto &[key, unit] : m_units) {
        if (unit.manager != manager) {
            ask(key, unit); // any change invalidates all
            continue;
        }
        unit.asked = false; // an answer of the object before does not count
        unit.incomplete = false;
        unit.failure.reset();
        unit.failures = 0;
        unit.renew = true;
        if (usable) {
            ask(key, unit);
            continue;
        }
        unit.data.reset();
        users.insert(unit.users.begin(), unit.users.end());
    }
    return {users.begin(), users.end()};
}

void ManagedSecrets::written(std::span<const Change> changes)
{
    const std::scoped_lock lock(m_mutex);
    if (m_units.empty())
        return;
    const auto expect = [this](const std::string &key, const Unit &unit) {
        if (unit.asked)
            m_expected.insert(key);
    };
    for (const Change &change : changes) {
        if (const auto parts = parseStorageKey(change.key); parts && parts->kind == "secrets") {
            const std::string manager = std::format("{}/{}", parts->parent, parts->id);
            for (const auto &[key, unit] : m_units) {
                if (unit.manager == manager)
                    expect(key, unit);
            }
            continue;
        }
        const auto found = m_unitsOf.find(change.key);
        if (found == m_unitsOf.end())
            continue;
        for (const std::string &key : found->second) {
            Unit &unit = m_units.at(key);
            if (unit.failure || change.key.starts_with(kLogins))
                ask(key, unit);
            expect(key, unit);
        }
    }
}

void ManagedSecrets::whenSettled(std::function<void()> done)
{
    std::set<std::string> units = std::exchange(m_expected, {});
    std::chrono::milliseconds longest{0};
    {
        const std::scoped_lock lock(m_mutex);
        for (const std::string &key : units) {
            const auto unit = m_units.find(key);
            const auto address =
                unit == m_units.end() ? fail(Errc::NotFound) : addressOf(unit->second.manager);
            if (address)
                longest = std::max(longest, (*address)->timeout);
        }
    }
    waitFor(std::move(units), longest + kSlack, std::move(done));
}

void ManagedSecrets::waitFor(std::set<std::string> units, Reactor::Clock::duration longest,
                             std::function<void()> done)
{
    Waiter waiter{std::move(units), 0, std::move(done)};
    const std::uint64_t id = m_nextWaiter++;
    waiter.timer = m_reactor.callAfter(longest, [this, id] {
        const auto late = m_waiters.extract(id);
        if (!late.empty())
            late.mapped().done();
    });
    m_waiters.emplace(id, std::move(waiter));
    endWaiters();
}

void ManagedSecrets::endWaiters()
{
    std::vector<Waiter> ready;
    {
        const std::scoped_lock lock(m_mutex);
        for (auto at = m_waiters.begin(); at != m_waiters.end();) {
            std::erase_if(at->second.units, [this](const std::string &key) {
                const auto unit = m_units.find(key);
                return unit == m_units.end() || !unit->second.asked;
            });
            if (at->second.units.empty()) {
                ready.push_back(std::move(at->second));
                at = m_waiters.erase(at);
            } else {
                ++at;
            }
        }
    }
    for (const Waiter &waiter : ready) {
        m_reactor.cancel(waiter.timer);
        waiter.done();
    }
}

bool ManagedSecrets::lacksLogin(const Unit &unit) noexcept
{
    // A manager that is out of reach is not asked by requests.
    const bool lacks = unit.data ? unit.incomplete
        : unit.failure           ? unit.failure->code == Errc::SecretMember
                                 : unit.asked;
    if (!lacks)
        return false;
    const auto login = unit.users.lower_bound(kLogins);
    return login != unit.users.end() && login->starts_with(kLogins);
}

bool ManagedSecrets::lacksLogins() const
{
    const std::scoped_lock lock(m_mutex);
    return std::ranges::any_of(m_units, [](const auto &entry) { return lacksLogin(entry.second); });
}

void ManagedSecrets::askForLogins(std::function<void()> done)
{
    m_reactor.post([this, alive = std::weak_ptr(m_alive), done = std::move(done)]() mutable {
        if (!alive.lock())
            return;
        std::set<std::string> units;
        auto longest = kLoginWait;
        {
            const std::scoped_lock lock(m_mutex);
            for (auto &[key, unit] : m_units) {
                if (!lacksLogin(unit))
                    continue;
                if (!unit.data && !unit.failure)
                    longest = kUnknownWait;
                const auto pause = kLoginPause * std::min(unit.failures, kLongestLoginPause);
                if (unit.failures < 2 || m_reactor.now() >= unit.answeredAt + pause)
                    ask(key, unit);
                if (unit.asked)
                    units.insert(key);
            }
        }
        waitFor(std::move(units), longest, std::move(done));
    });
}

std::size_t ManagedSecrets::reload()
{
    const std::scoped_lock lock(m_mutex);
    std::size_t asked = 0;
    for (auto &[key, unit] : m_units) {
        ask(key, unit);
        if (!unit.asked)
            continue;
        m_expected.insert(key);
        ++asked;
    }
    return asked;
}

void ManagedSecrets::tick()
{
    const std::scoped_lock lock(m_mutex);
    if (m_units.empty())
        return;
    std::erase_if(m_units, [](const auto &entry) {
        return entry.second.users.empty() && !entry.second.asked;
    });
    const Timestamp now = m_clock.now();
    for (auto &[key, unit] : m_units) {
        const bool old = !unit.failure && unit.data && now >= unit.readAt + kFresh;
        const bool again = (unit.failure || unit.incomplete) && m_reactor.now() >= unit.retryAt;
        if (old || again)
            ask(key, unit);
    }
}

std::vector<CompileProblem> ManagedSecrets::problems() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<CompileProblem> out;
    for (const auto &[user, error] : m_failed)
        out.push_back({user, error, false});
    for (const auto &[key, unit] : m_units) {
        if (!unit.data || !unit.failure)
            continue;
        for (const std::string &user : unit.users)
            out.push_back({user,
                           {unit.failure->code,
                            "the value read before is still used: " + unit.failure->detail,
                            "$secret://" + key},
                           false});
    }
    return out;
}

} // namespace postern::gateway
