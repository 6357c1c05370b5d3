// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/config_service.h"

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace postern::gateway {

/// The object a check is about.
struct Subject
{
    std::string id; ///< id, or user name of a consumer
    std::string parent; ///< user name, for a credential
};

/// Objects that will be written in the same transaction: they count as present for each other.
struct PendingObjects
{
    struct LoginKey
    {
        const PluginSpec *plugin;
        std::string value;
        bool operator==(const LoginKey &) const = default;
    };
    struct LoginKeyHash
    {
        [[nodiscard]] std::size_t operator()(const LoginKey &key) const noexcept
        {
            return std::hash<std::string>()(key.value) ^ std::hash<const void *>()(key.plugin);
        }
    };
    std::unordered_set<std::string> keys; ///< storage keys
    std::mutex mutex; ///< objects are checked on every core
    std::unordered_map<LoginKey, LoginOwner, LoginKeyHash> logins; ///< of those checked so far
};

/// What a check may look at: the stored objects, and those about to be written with this one.
/// The admin thread only.
class CheckContext
{
public:
    explicit CheckContext(ConfigService &config, PendingObjects *pending = nullptr)
        : m_config(config),
          m_pending(pending)
    {
    }

    /// True if the object is stored or pending; or the storage failure.
    [[nodiscard]] Result<bool> exists(const std::string &key) const;
    /// The stored documents of a kind ("routes"), in key order.
    [[nodiscard]] Result<std::vector<Document>> list(std::string_view kind) const;
    /// Who already logs in with this key, other than `self`; and remembers `self` as its owner
    /// among the pending ones.
    /// \param wholeConsumer a consumer's own credentials do not count as someone else
    [[nodiscard]] std::optional<LoginOwner> otherOwner(const PluginSpec &plugin,
                                                       const std::string &loginKey,
                                                       const LoginOwner &self,
                                                       bool wholeConsumer) const;

private:
    ConfigService &m_config;
    /// Held while the store or the pending logins are looked at; nothing to hold outside an import.
    [[nodiscard]] std::unique_lock<std::mutex> lock() const
    {
        return m_pending ? std::unique_lock(m_pending->mutex) : std::unique_lock<std::mutex>();
    }

    PendingObjects *m_pending;
};

/// Checks every plugin configuration in `plugins` (any value; absent is fine). Fills in defaults.
/// \return nothing, or PluginUnknown / PluginConfig with APISIX's text; consumers and credentials
/// get it prefixed with "invalid plugins configuration: "
[[nodiscard]] Result<void> checkPlugins(Json *plugins, bool consumer);

/// The cross checks behind an upstream's schema (pass_host, node addresses, chash), and what this
/// build's data plane does not do yet. apisix.md 1.10.
[[nodiscard]] Result<void> checkUpstream(const Json &upstream);

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

/// An id as text, as Lua's tostring() shows it: strings as they are, 1 and 1.0 both "1".
[[nodiscard]] std::string idText(const Json &id);

/// Refuses the deletion when a stored object of `kind` names `id` in `member`; `message` has one
/// {} for the referring object's id.
[[nodiscard]] Result<void> refuseIfReferenced(std::string_view id, std::string_view kind,
                                              std::string_view member, std::string_view before,
                                              const CheckContext &context);

} // namespace postern::gateway
