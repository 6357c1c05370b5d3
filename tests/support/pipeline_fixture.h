// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/alg.h"
#include "core/jose/key.h"
#include "gateway/pipeline/pipeline.h"
#include "gateway/router/compiler.h"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway::testing {

/// A configuration and requests decided by it, without sockets. Time stands still unless moved.
class PipelineFixture
{
public:
    using Headers = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    explicit PipelineFixture(PluginEnv env = {});

    /// Writes a document: put("consumers/jack", R"({"username":"jack"})").
    void put(std::string_view path, std::string_view json);
    void remove(std::string_view path);
    /// Writes several documents in one change.
    void putAll(const std::vector<std::pair<std::string, std::string>> &documents);

    /// Decides a request; the exchange stays readable until the next call.
    Verdict send(std::string_view method, std::string_view target, Headers headers = {});
    /// Decides a GET and returns its status; 200 stands for "goes on to the upstream".
    int get(std::string_view target, Headers headers = {});

    [[nodiscard]] std::string body() const { return std::string(exchange.reply.body); }
    [[nodiscard]] std::string replyHeader(std::string_view name) const;
    [[nodiscard]] std::string upstreamHeader(std::string_view name) const;
    /// "extract ok; parse failed shape": what the trace says, without operands.
    [[nodiscard]] std::string steps() const;
    /// The last event's reason, as slug; empty when nothing failed.
    [[nodiscard]] std::string failure() const;
    [[nodiscard]] bool traceHolds(std::string_view text) const;

    void setTime(std::int64_t unixSeconds);

    SnapshotCompiler compiler;
    std::shared_ptr<const Snapshot> snapshot;
    MergedChains merged;
    Exchange exchange;
    std::int64_t now = 1'800'000'000;
    Duration offset{}; ///< on top of it
    std::uint64_t revision = 0;

private:
    std::string m_target, m_path;
    std::vector<std::string> m_texts;
};

/// A token over exactly these texts.
[[nodiscard]] std::string mint(std::string_view header, std::string_view payload, Alg alg,
                               const Key &key);
/// An HS256 token over the payload.
[[nodiscard]] std::string mintHs256(std::string_view payload, std::string_view secret);
/// The text as a JSON string, with quotes.
[[nodiscard]] std::string jsonText(std::string_view text);

} // namespace postern::gateway::testing
