// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "core/json/json.h"
#include "gateway/pipeline/arena.h"
#include "gateway/pipeline/exchange.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {

struct PluginSpec;

/// A login as its owner has it, secrets included.
struct ClientLogin
{
    const PluginSpec *plugin = nullptr; ///< whose login it is
    std::string id; ///< of the credential; empty: inline on the consumer
    Json config; ///< references resolved
};

/// A request that a client is about to send.
struct DraftRequest
{
    std::string method = "GET";
    std::string target = "/"; ///< path and query, encoded
    std::string host = "localhost";
    std::vector<std::pair<std::string, std::string>> headers{}; ///< without Host
    std::string body{};
    std::string peer = "127.0.0.1"; ///< the client's address
    Timestamp time{}; ///< when: for dates and tokens

    /// The first header of that name (case-insensitive), or nullptr.
    [[nodiscard]] const std::string *header(std::string_view name) const noexcept;
    void addHeader(std::string_view name, std::string_view value);
    void addArgument(std::string_view name, std::string_view value); ///< to the query
};

/// Reads a draft as the gateway reads what a client sends.
/// \param out views of the draft and of the arena
/// \return false if the gateway would not take it for a request
[[nodiscard]] bool readDraft(const DraftRequest &draft, Arena &arena, Request &out);

} // namespace postern::gateway
