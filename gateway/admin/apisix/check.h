// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/model/keys.h"
#include "gateway/config_service.h"

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

struct GroupClaim;

/// The object a check is about.
struct Subject
{
    std::string id; ///< id, or user name of a consumer
    std::string parent; ///< user name, for a credential
};

/// A login key that an object brings along.
struct LoginClaim
{
    const PluginSpec *plugin;
    std::string key;
    std::uint64_t hash; ///< of both
};

/// Objects that will be written in the same transaction: they count as present for each other.
struct PendingObjects
{
    /// What they will be, by storage key; nullopt: deleted.
    using Texts = std::map<std::string, std::optional<std::string>, std::less<>>;

    std::function<bool(std::string_view key)> contains; ///< storage keys; any thread
    const Texts *few = nullptr; ///< all of them, if they are few enough to be looked through
    std::mutex mutex; ///< objects are checked on every core: held while the store is looked at
};

/// What a check may look at: the stored objects, and those about to be written with this one.
/// The admin thread only.
class CheckContext
{
public:
    explicit CheckContext(ConfigService &config) : m_config(config) {}
    /// For objects that are looked at each for itself: everything they refer to exists, and nobody
    /// else has their login keys. Any thread.
    [[nodiscard]] static CheckContext alone(ConfigService &config)
    {
        CheckContext context(config);
        context.m_alone = true;
        return context;
    }
    /// \param claims takes the login keys of the object, since who else of the pending ones has
    /// them is known only when all were checked
    CheckContext(ConfigService &config, PendingObjects &pending, std::vector<LoginClaim> &claims)
        : m_config(config),
          m_pending(&pending),
          m_claims(&claims)
    {
    }

    /// \param claims takes the limit-count groups of the object, which are compared with others
    /// once all objects were checked
    void claimGroups(std::vector<GroupClaim> &claims) noexcept { m_groups = &claims; }
    /// Where groups go; nullptr: they are compared at once.
    [[nodiscard]] std::vector<GroupClaim> *groupClaims() const noexcept { return m_groups; }

    /// True if the object is stored or pending; or the storage failure.
    [[nodiscard]] Result<bool> exists(const std::string &key) const;
    /// Whose rules count.
    [[nodiscard]] const GatewayProfile &profile() const noexcept { return m_config.profile(); }
    /// The documents of a consumer's credentials, as list() tells them.
    [[nodiscard]] Result<std::vector<Document>> credentials(std::string_view consumer) const
    {
        return listBelow(storagePrefix("credentials", consumer));
    }
    /// The document of that key; a pending one only if they are few.
    [[nodiscard]] Result<std::optional<Document>> stored(const std::string &key) const;
    /// Many objects are written at once: looking through all others for each would not end.
    [[nodiscard]] bool importing() const noexcept { return m_pending && !m_pending->few; }
    enum class Replaced : bool { Left, Out };
    /// The documents of a kind ("routes"): the stored ones in key order, then pending ones if they
    /// are few. \param replaced what becomes of stored ones that pending ones replace
    [[nodiscard]] Result<std::vector<Document>> list(std::string_view kind,
                                                     Replaced replaced = Replaced::Out) const;
    /// Who already logs in with this key, other than `self`, among the stored objects that stay as
    /// they are.
    /// \param wholeConsumer a consumer's own credentials do not count as someone else
    [[nodiscard]] std::optional<LoginOwner> otherOwner(const PluginSpec &plugin,
                                                       const std::string &loginKey,
                                                       const LoginOwner &self,
                                                       bool wholeConsumer) const;

private:
    /// Held while the store is looked at; nothing to hold outside an import.
    [[nodiscard]] std::unique_lock<std::mutex> lock() const
    {
        return m_pending ? std::unique_lock(m_pending->mutex) : std::unique_lock<std::mutex>();
    }

    [[nodiscard]] bool stays(const std::string &key) const;
    [[nodiscard]] Result<std::vector<Document>> listBelow(const std::string &prefix,
                                                          Replaced replaced = Replaced::Out) const;

    ConfigService &m_config;
    PendingObjects *m_pending = nullptr;
    std::vector<LoginClaim> *m_claims = nullptr;
    std::vector<GroupClaim> *m_groups = nullptr;
    bool m_alone = false;
};

/// Checks every plugin configuration in `plugins` (any value; absent is fine). Fills in defaults.
/// \return nothing, or PluginUnknown / PluginConfig with APISIX's text; consumers and credentials
/// get it prefixed with "invalid plugins configuration: "
[[nodiscard]] Result<void> checkPlugins(Json *plugins, bool consumer);
/// As above, and what depends on other objects: all members of a limit-count group are configured
/// alike. As in APISIX the first one decides, also against its own change. apisix.md 4.7.
[[nodiscard]] Result<void> checkPlugins(Json *plugins, bool consumer, const CheckContext &context);

/// The cross checks behind an upstream's schema (pass_host, node addresses, chash), and what this
/// build's data plane does not do yet. apisix.md 1.10.
[[nodiscard]] Result<void> checkUpstream(const Json &upstream);

/// Checks what an upstream shows to its nodes: certificate and key, or the `ssls` object it names.
/// apisix.md 1.8, 1.10.
[[nodiscard]] Result<void> checkUpstreamTls(const Json &upstream, const CheckContext &context);

/// Checks that `object[member]` names a stored object of that kind, if it is there at all.
/// \param noun "upstream", "service": for "failed to fetch upstream info by upstream id [1], ..."
[[nodiscard]] Result<void> checkReference(const Json &object, std::string_view member,
                                          std::string_view kind, std::string_view noun,
                                          const CheckContext &context);

/// Refuses members that APISIX has and this build's data plane does not: better a clear 400 than
/// a route that ignores its condition. `kind` as in "route".
[[nodiscard]] Result<void> refuseUnsupported(std::string_view kind, const Json &object);

/// Refuses login keys that belong to somebody else. apisix.md 1.11 (since 3.18).
/// \param self the consumer, or the credential being written
[[nodiscard]] Result<void> checkLoginKeys(const Json *plugins, const LoginOwner &self,
                                          const CheckContext &context);

/// Refuses a login key that two objects of one transaction have, unless they are one consumer's.
[[nodiscard]] Result<void> checkSharedLogin(const PluginSpec &plugin, const LoginOwner &owner,
                                            const LoginOwner &self);

/// The refusal of a login key that `owner` has already.
[[nodiscard]] std::unexpected<Error> duplicateLogin(const PluginSpec &plugin,
                                                    const LoginOwner &owner);

/// An id as text, as Lua's tostring() shows it: strings as they are, 1 and 1.0 both "1".
[[nodiscard]] std::string idText(const Json &id);

/// Refuses the deletion when a stored object of `kind` names `id` in `member`; `message` has one
/// {} for the referring object's id.
[[nodiscard]] Result<void> refuseIfReferenced(std::string_view id, std::string_view kind,
                                              std::string_view member, std::string_view before,
                                              const CheckContext &context);

} // namespace postern::gateway
