// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/json/json.h"
#include "core/secret/reference.h"
#include "core/store/store.h"
#include "gateway/access/draft_request.h"
#include "gateway/router/compiler.h"
#include "gateway/router/flavour.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What a consumer gets on a route.
enum class AccessState : std::uint8_t {
    Allowed, ///< its request goes to the upstream, or a plugin answers it without refusing
    Anonymous, ///< the same, as the route's anonymous consumer
    Denied,
    CannotAuthenticate, ///< the route wants a login that the consumer does not have
    Depends, ///< on luck (fault-injection), or on a key that only the client has
    NotMatched, ///< no request of this method reaches the route
};
/// "allowed", "anonymous", "denied", "cannot-authenticate", "depends", "not-matched".
[[nodiscard]] std::string_view accessStateName(AccessState state) noexcept;

/// Who asks: a consumer, or nobody with any login.
struct AccessRow
{
    std::string consumer; ///< empty: nobody
    Json labels = Json::object();
    std::vector<std::string> logins; ///< "key-auth", a kind once
};

/// What is asked for.
struct AccessColumn
{
    std::string id, name;
    std::vector<std::string> uris, hosts, methods; ///< without methods: all
    std::vector<std::string> plugins; ///< of the route as merged, in the order they run
};

/// One decision in a few words.
struct AccessCell
{
    AccessState state = AccessState::Denied;
    int status = 0; ///< of the gateway's own answer; 0: the upstream answers
    std::optional<Errc> reason; ///< what decided against it
    std::string word; ///< the reason for a narrow cell: "label", "deny", "no key"
    std::string plugin; ///< who decided; empty: none of them
    std::string consumer, credential; ///< as whom it went through, or came to the refusal
    std::string rule; ///< what decided against it, in a sentence
    std::string limit; ///< "3/30 s": what is allowed while it lasts
    std::string message; ///< body of the gateway's own answer

    bool operator==(const AccessCell &) const = default;
};

/// A decision with everything behind it.
struct AccessDetail
{
    AccessCell cell;
    DraftRequest request; ///< what was asked, login included: may be sent for real
    Json trace; ///< as traceToJson()
    std::string summary; ///< on one line: "key-auth: ... → acl: ... → 403 ..."
    std::string text; ///< as explainTrace(): a line a step, and the fix
};

struct AccessOptions
{
    std::optional<Timestamp> now; ///< the gateway's time; real time without
    RouterFlavour router = RouterFlavour::HostUri;
    SecretResolver::Lookup environment; ///< how `$env://` is read; the process environment
    std::string peer = "127.0.0.1"; ///< the clients' address
};

/// Consumers × routes: what a request would get, decided by the gateway's own pipeline on the
/// compiled configuration, without sockets. Each consumer shows the login of its own that the route
/// wants. Limits are not counted, nobody is called. Cells are worked out when they are asked for,
/// in some microseconds (public keys more). One thread.
class AccessMatrix
{
public:
    /// \param documents by storage key ("/apisix/routes/1"), secrets in clear
    explicit AccessMatrix(std::vector<Document> documents, AccessOptions options = {});
    ~AccessMatrix();
    AccessMatrix(AccessMatrix &&) noexcept;
    AccessMatrix &operator=(AccessMatrix &&) noexcept;

    /// Writes and deletes documents; rows and columns are new then. Compiles what it touches only.
    void apply(std::vector<Document> puts, const std::vector<std::string> &deletes = {});
    /// Documents that the gateway leaves out.
    [[nodiscard]] std::vector<CompileProblem> problems() const;

    /// By name; nobody is the last.
    [[nodiscard]] const std::vector<AccessRow> &rows() const noexcept;
    [[nodiscard]] const std::vector<AccessColumn> &columns() const noexcept; ///< by id

    /// \param method empty: one that the route takes, GET if it can be
    [[nodiscard]] AccessCell cell(std::size_t row, std::size_t column,
                                  std::string_view method = {});
    [[nodiscard]] AccessDetail explain(std::size_t row, std::size_t column,
                                       std::string_view method = {});
    /// Decides a request of the caller's own.
    /// \param row whose login is added; nullopt: it stays as it is
    [[nodiscard]] AccessDetail ask(DraftRequest request, std::optional<std::size_t> row = {});

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace postern::gateway
