// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "cli/target.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/jose/key.h"
#include "core/json/json.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace postern::cli {

/// Where the objects are that a command works on: a running gateway (default), a configuration
/// file, or a store.
struct ObjectSource
{
    std::string config, store;
};
void addObjectSourceOptions(CLI::App &app, ObjectSource &source);

/// The Admin API, of a running gateway or in this process on a store.
class AdminAccess
{
public:
    virtual ~AdminAccess() = default;
    /// \param path behind /apisix/admin, as "/consumers/jack"
    /// \param body null: none
    /// \return the answer's JSON (null for an empty one); NotFound, Schema (refused, with the
    /// API's words), Remote, Timeout
    [[nodiscard]] Result<Json> request(std::string_view method, std::string_view path,
                                       const Json &body = {});
    /// The time that counts there.
    [[nodiscard]] virtual Result<Timestamp> now() = 0;

protected:
    struct Answer
    {
        int status = 0;
        std::string body;
    };
    [[nodiscard]] virtual Result<Answer> send(std::string_view method, std::string_view path,
                                              std::string body) = 0;
};

[[nodiscard]] Result<std::unique_ptr<AdminAccess>> openAdmin(const ObjectSource &source);
/// The Admin API of a gateway whose address is known.
[[nodiscard]] std::unique_ptr<AdminAccess> openAdminAt(AdminTarget target);

/// A command over an Admin API: opens `options->source` and runs `function(console, admin,
/// options)`, which returns Result<int>; a failure is printed once, here.
template <class Options, class Function>
[[nodiscard]] Run withAdmin(std::shared_ptr<Options> options, Function function)
{
    return [options = std::move(options), function](Console &console) -> int {
        const auto admin = openAdmin(options->source);
        if (!admin)
            return console.fail(admin.error());
        const Result<int> exit = function(console, **admin, *options);
        return exit ? *exit : console.fail(exit.error());
    };
}

/// A jwt-auth credential of a consumer, references resolved.
struct JwtCredential
{
    std::string consumer;
    std::string id; ///< empty: inline on the consumer
    std::string key; ///< the value of the key claim
    Alg alg = Alg::HS256;
    Json config; ///< as configured
};

/// A consumer's jwt-auth credential.
/// \param consumer may be empty if `credential` is not
/// \param credential empty: the consumer's first
/// \return NotFound that says what there is
[[nodiscard]] Result<JwtCredential> findJwtCredential(AdminAccess &admin, std::string_view consumer,
                                                      std::string_view credential);
/// Every jwt-auth credential of a consumer, its inline one last.
/// \return NotFound if there is no such consumer
[[nodiscard]] Result<std::vector<JwtCredential>> listJwtCredentials(AdminAccess &admin,
                                                                    std::string_view consumer);
/// The names of all consumers.
[[nodiscard]] Result<std::vector<std::string>> listConsumers(AdminAccess &admin);
/// The key that signs or verifies its tokens. \return KeyMissing for signing with a public key
[[nodiscard]] Result<Key> keyOf(const JwtCredential &credential, bool forSigning);

/// Replaces the secret members of every plugin configuration in the object by "***".
void maskSecrets(Json &object);

} // namespace postern::cli
