// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/store.h"
#include "gateway/upstream/health_report.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What a request is counted under; absent ones are empty.
struct MetricLabels
{
    std::string_view route{}, matchedUri{}, matchedHost{}, service{}, consumer{}, node{};
    std::string_view source{}; ///< who answered: "apisix", "nginx", "upstream"
    int status = 0;
};

/// What is counted of a request. Times in microseconds.
struct MetricFigures
{
    std::uint64_t request = 0;
    std::uint64_t upstream = 0;
    bool reached = false; ///< an upstream was asked: `upstream` counts
    std::uint64_t received = 0, sent = 0; ///< octets, heads included
};

/// What the gateway counts whether or not anybody asks.
struct MetricTotals
{
    std::uint64_t requests = 0;
    std::uint64_t accepted = 0; ///< connections
    std::uint64_t open = 0; ///< connections
    std::uint64_t reading = 0, writing = 0, waiting = 0; ///< of them, a second ago at most
    std::uint64_t revision = 0; ///< of the configuration
    std::vector<CheckedUpstream> upstreams; ///< what health checks found
};

/// The figures of the prometheus plugin, with the names, labels and buckets of APISIX 3.18. Each
/// worker counts in a part of its own, without a lock; a scrape adds the parts up. Bounded: when
/// the labels of a worker take more room than allowed, further ones are dropped and counted as
/// errors.
class Metrics
{
public:
    /// \param room octets for series, all workers together
    explicit Metrics(std::size_t workers, std::size_t room = std::size_t{10} * 1024 * 1024);
    ~Metrics();
    Metrics(const Metrics &) = delete;
    Metrics &operator=(const Metrics &) = delete;

    /// Counts one request. In the worker's thread only.
    void count(std::size_t worker, const MetricLabels &labels, const MetricFigures &figures);
    /// Remembers which kinds of objects were written at which revision. One thread only.
    void noteChanges(const std::vector<Change> &changes);
    /// How totals are asked for, from any thread. To be set before anybody counts.
    void setTotals(std::function<MetricTotals()> totals) { m_totals = std::move(totals); }

    /// Everything in the text format of Prometheus, metrics by name. Any thread.
    [[nodiscard]] std::string text() const;

    /// Where metrics are offered.
    static constexpr std::string_view kUri = "/apisix/prometheus/metrics";

private:
    struct Part;
    static constexpr std::size_t kKinds = 8;

    std::vector<std::unique_ptr<Part>> m_parts;
    std::size_t m_room; ///< of each part
    std::array<std::atomic<std::uint64_t>, kKinds> m_changed{};
    std::function<MetricTotals()> m_totals;
};

} // namespace postern::gateway
