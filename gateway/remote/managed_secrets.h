// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/remote/fetch_lanes.h"
#include "gateway/remote/vault.h"
#include "gateway/router/compiler.h"
#include "gateway/server/reactor.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// The values of `$secret://` references, kept beside the configuration. Nobody waits for a secret
/// manager: resolve() answers from what is known, the rest is fetched by threads of its own, and
/// the objects that refer to a value are compiled anew when it has come or changed. So a request
/// costs nothing, and a manager that is dead or slow holds up nothing else.
///
/// A value is used for 300 seconds of the gateway's clock and beyond, until its successor is there.
/// What could not be had is asked for again after 0.2, 0.5, 1, 2, 5, 10, 20, 40 and then every 60
/// seconds of real time, and when a request found no login for the lack of it. A value is dropped
/// when its manager says that it is gone, and when the manager's object changed and gives none.
/// apisix.md 5.4.
///
/// resolve() and failed() may be called by any thread, everything else in the reactor's.
class ManagedSecrets
{
public:
    /// Compiles these objects (storage keys) anew and publishes what comes of it.
    using Recompile = std::function<void(const std::vector<std::string> &keys)>;

    ManagedSecrets(Reactor &reactor, const Clock &clock, SecretResolver::Lookup environment);
    ~ManagedSecrets();
    ManagedSecrets(const ManagedSecrets &) = delete;
    ManagedSecrets &operator=(const ManagedSecrets &) = delete;

    /// Authorities of secret managers; nullptr: the system's. Before the first applyManager().
    void setTrust(std::shared_ptr<X509_STORE> trust) { m_trust = std::move(trust); }
    void onChanged(Recompile recompile) { m_recompile = std::move(recompile); }
    /// Ends every fetch. When no thread runs the reactor any more, or in its own.
    void stop() { m_lanes.stop(); }

    /// \param user who is compiled anew when the value changes
    /// \return the value; SecretUnresolved (malformed), SecretManager (no such object, not reached,
    /// not asked yet), SecretMember
    [[nodiscard]] Result<std::string> resolve(std::string_view reference, std::string_view user);
    /// A reference in `user` that could not be replaced; forgotten with forget().
    void failed(std::string_view user, const Error &error);

    /// The object is about to be compiled anew, or is gone.
    void forget(std::string_view user);
    /// Everything but the values: before the whole configuration is compiled anew.
    void forgetAll();
    /// An object below /apisix/secrets/ was written or deleted.
    /// \return the users of values that are gone with it: to be compiled anew
    [[nodiscard]] std::vector<std::string> applyManager(const Change &change);
    /// These objects were written and compiled: what they lack, and what logins are made of, is
    /// asked for at once.
    void written(std::span<const Change> changes);

    /// Starts to collect what whenSettled() waits for.
    void expectNothing() { m_expected.clear(); }
    /// True if something that was written since expectNothing() waits for an answer.
    [[nodiscard]] bool expectsAnswers() const noexcept { return !m_expected.empty(); }
    /// Calls back once, when every answer is there or was waited for as long as its manager's
    /// object allows. The snapshot has them by then.
    void whenSettled(std::function<void()> done);

    /// True if a login had to be left out for a secret that a manager may have by now.
    [[nodiscard]] bool lacksLogins() const;
    /// A request found no login. Asks once more for the secrets that logins lack, unless that was
    /// just done or their manager is out of reach. Any thread.
    /// \param done in the reactor's thread, at once or when the answers are there
    void askForLogins(std::function<void()> done);

    /// Asks for everything again; whenSettled() waits for the answers.
    /// \return how many questions are under way
    std::size_t reload();
    /// Asks for what is old or failed. To be called several times a second.
    void tick();
    /// References whose text is used as it stands, and values that could not be renewed.
    [[nodiscard]] std::vector<CompileProblem> problems() const;

private:
    struct Manager
    {
        Result<VaultAddress> address; ///< or why its references cannot be resolved
        std::uint64_t epoch;
    };
    /// What one request to a manager gives: every member below a path.
    struct Unit
    {
        std::string manager; ///< "vault/jwt"
        std::string path;
        std::optional<Json> data = {};
        std::optional<Error> failure = {}; ///< of the last answer
        bool incomplete = false; ///< a member that somebody refers to is not in `data`
        bool asked = false; ///< an answer is on its way
        bool renew = false; ///< what is known comes from an older object of the manager
        std::uint64_t epoch = 0; ///< the manager's when it was asked
        Timestamp readAt{};
        Reactor::Clock::time_point answeredAt{};
        Reactor::Clock::time_point retryAt{};
        unsigned failures = 0; ///< in a row
        std::set<std::string, std::less<>> users = {};
    };
    struct Answer
    {
        std::string unit;
        std::uint64_t epoch;
        Result<Json> data;
    };
    struct Waiter
    {
        std::set<std::string> units;
        Reactor::TimerId timer;
        std::function<void()> done;
    };

    [[nodiscard]] Result<const VaultAddress *> addressOf(std::string_view manager) const;
    [[nodiscard]] static bool lacksLogin(const Unit &unit) noexcept;
    void ask(const std::string &key, Unit &unit);
    void retryLater(Unit &unit) const noexcept;
    void waitFor(std::set<std::string> units, Reactor::Clock::duration longest,
                 std::function<void()> done);
    void answered(Answer answer);
    void takeAnswers();
    [[nodiscard]] bool settle(Unit &unit, Result<Json> data);
    void endWaiters();

    Reactor &m_reactor;
    const Clock &m_clock;
    SecretResolver m_environment;
    Recompile m_recompile;
    std::shared_ptr<X509_STORE> m_trust;

    mutable std::mutex m_mutex; ///< guards the next five
    std::map<std::string, Manager, std::less<>> m_managers; ///< by "vault/jwt"
    std::map<std::string, Unit, std::less<>> m_units; ///< by manager and path
    std::map<std::string, std::set<std::string>, std::less<>> m_unitsOf; ///< by user
    std::map<std::string, Error, std::less<>> m_failed; ///< by user
    std::vector<Answer> m_answers;

    std::uint64_t m_epochs = 0;
    std::set<std::string> m_expected;
    std::map<std::uint64_t, Waiter> m_waiters;
    std::uint64_t m_nextWaiter = 0;
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
    FetchLanes m_lanes; ///< its threads end first
};

} // namespace postern::gateway
