// SPDX-License-Identifier: Apache-2.0
#include "gateway/observe/metrics.h"

#include <algorithm>
#include <format>
#include <map>
#include <unordered_map>
#include <utility>

#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::string_view kVersion = "3.18.0";
/// Upper bounds of http_latency, in milliseconds.
constexpr std::array<std::uint64_t, 15> kBuckets{1,   2,    5,    10,   20,    50,    100,  200,
                                                 500, 1000, 2000, 5000, 10000, 30000, 60000};
/// Storage kinds in etcd_modify_indexes, by name.
constexpr std::array<std::string_view, 8> kKinds{"consumers",     "global_rules", "protos",
                                                 "routes",        "services",     "ssls",
                                                 "stream_routes", "upstreams"};
constexpr std::array<std::string_view, 3> kLatencies{"apisix", "request", "upstream"};
constexpr std::array<std::string_view, 2> kDirections{"egress", "ingress"};

/// The figures of one latency: a count per bucket (the last: above all), and the sum.
constexpr std::size_t kLatencySize = kBuckets.size() + 2;
constexpr std::size_t kTrafficSize = kLatencies.size() * kLatencySize + kDirections.size();

/// Counters of one set of labels. One thread adds, any thread reads: no locked instructions.
template <std::size_t Size> struct Series
{
    explicit Series(std::string text) : labels(std::move(text)) {}

    void add(std::size_t index, std::uint64_t amount) noexcept
    {
        auto &value = values[index];
        value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

    const std::string labels; ///< as the text format writes them
    std::array<std::atomic<std::uint64_t>, Size> values{};
    Series *next = nullptr;
};

/// The series of one worker. Readers walk the list, which only ever grows at its front; the index
/// is the worker's own.
template <std::size_t Size> class SeriesList
{
public:
    /// \param room left for series; taken from when one is made
    /// \return nullptr if there is no room for a new one
    Series<Size> *find(const std::string &labels, std::size_t &room)
    {
        const auto known = m_index.find(labels);
        if (known != m_index.end())
            return known->second.get();
        const std::size_t size = sizeof(Series<Size>) + 2 * labels.size();
        if (size > room)
            return nullptr;
        room -= size;
        auto made = std::make_unique<Series<Size>>(labels);
        made->next = m_first.load(std::memory_order_relaxed);
        m_first.store(made.get(), std::memory_order_release);
        return m_index.emplace(labels, std::move(made)).first->second.get();
    }

    void addTo(std::map<std::string_view, std::array<std::uint64_t, Size>> &sums) const
    {
        for (const Series<Size> *each = m_first.load(std::memory_order_acquire); each;
             each = each->next) {
            auto &sum = sums[each->labels];
            for (std::size_t i = 0; i < Size; ++i)
                sum[i] += each->values[i].load(std::memory_order_relaxed);
        }
    }

private:
    std::unordered_map<std::string, std::unique_ptr<Series<Size>>> m_index;
    std::atomic<Series<Size> *> m_first{nullptr};
};

void appendLabel(std::string &out, std::string_view name, std::string_view value)
{
    if (!out.empty())
        out += ',';
    out.append(name).append("=\"");
    if (value.find_first_of("\\\"\n") == std::string_view::npos) {
        out.append(value);
    } else {
        for (const char c : value) {
            if (c == '\n') {
                out += "\\n";
                continue;
            }
            if (c == '\\' || c == '"')
                out += '\\';
            out += c;
        }
    }
    out += '"';
}

void appendPlace(std::string &out, const MetricLabels &labels)
{
    appendLabel(out, "service", labels.service);
    appendLabel(out, "consumer", labels.consumer);
    appendLabel(out, "node", labels.node);
}

/// APISIX tells requests to language models by these; here every request is an ordinary one.
void appendKind(std::string &out)
{
    out += R"(,request_type="traditional_http",request_llm_model="",llm_model="")";
}

/// The text format, a metric after the other.
class Page
{
public:
    void begin(std::string_view name, std::string_view help, std::string_view type)
    {
        m_name = name;
        m_text += std::format("# HELP apisix_{} {}\n# TYPE apisix_{} {}\n", name, help, name, type);
    }
    template <class Value> void line(std::string_view labels, Value value)
    {
        line({}, labels, {}, value);
    }
    template <class Value>
    void line(std::string_view suffix, std::string_view labels, std::string_view more, Value value)
    {
        m_text.append("apisix_").append(m_name).append(suffix);
        if (!labels.empty() || !more.empty())
            m_text.append("{").append(labels).append(more).append("}");
        m_text += std::format(" {}\n", value);
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    std::string m_text;
    std::string_view m_name;
};

using StatusSums = std::map<std::string_view, std::array<std::uint64_t, 1>>;
using TrafficSums = std::map<std::string_view, std::array<std::uint64_t, kTrafficSize>>;

void writeLatencies(Page &page, const TrafficSums &sums)
{
    page.begin("http_latency", "HTTP request latency in milliseconds per service in APISIX",
               "histogram");
    for (std::size_t type = 0; type < kLatencies.size(); ++type) {
        for (const auto &[labels, values] : sums) {
            const std::uint64_t *const at = values.data() + type * kLatencySize;
            const std::string all = std::format("type=\"{}\",{}", kLatencies[type], labels);
            std::uint64_t count = 0;
            for (std::size_t bucket = 0; bucket < kBuckets.size(); ++bucket) {
                count += at[bucket];
                page.line("_bucket", all, std::format(",le=\"{}\"", kBuckets[bucket]), count);
            }
            count += at[kBuckets.size()];
            if (count == 0)
                continue; // an upstream that was never asked
            page.line("_bucket", all, ",le=\"+Inf\"", count);
            page.line("_count", all, {}, count);
            page.line("_sum", all, {}, static_cast<double>(at[kBuckets.size() + 1]) / 1000.0);
        }
    }
}

void writeBandwidth(Page &page, const TrafficSums &sums)
{
    page.begin("bandwidth", "Total bandwidth in bytes consumed per service in APISIX", "counter");
    for (std::size_t type = 0; type < kDirections.size(); ++type) {
        for (const auto &[labels, values] : sums)
            page.line(std::format("type=\"{}\",{}", kDirections[type], labels),
                      values[kLatencies.size() * kLatencySize + type]);
    }
}

void writeUpstreams(Page &page, const std::vector<CheckedUpstream> &upstreams)
{
    page.begin("upstream_status", "upstream status from health check", "gauge");
    for (const CheckedUpstream &upstream : upstreams) {
        for (const CheckedNode &node : upstream.nodes) {
            std::string labels;
            appendLabel(labels, "name", upstream.name);
            appendLabel(labels, "ip", node.ip);
            appendLabel(labels, "port", std::to_string(node.port));
            const bool usable =
                node.status == HealthStatus::Healthy || node.status == HealthStatus::MostlyHealthy;
            page.line(labels, usable ? 1 : 0);
        }
    }
}

std::string hostName()
{
    std::array<char, 256> room{};
    return ::gethostname(room.data(), room.size() - 1) == 0 ? std::string(room.data())
                                                            : std::string();
}

} // namespace

/// What one worker counts.
struct Metrics::Part
{
    SeriesList<1> status;
    SeriesList<kTrafficSize> traffic;
    std::string scratch;
    std::size_t room = 0;
    std::atomic<std::size_t> left{0}; ///< as `room`, for readers
    std::atomic<std::uint64_t> errors{0};
};

Metrics::Metrics(std::size_t workers, std::size_t room)
    : m_room(room / std::max<std::size_t>(workers, 1))
{
    static_assert(Metrics::kKinds == gateway::kKinds.size());
    for (std::size_t i = 0; i < workers; ++i) {
        auto part = std::make_unique<Part>();
        part->room = m_room;
        part->left = m_room;
        m_parts.push_back(std::move(part));
    }
}

Metrics::~Metrics() = default;

void Metrics::count(std::size_t worker, const MetricLabels &labels, const MetricFigures &figures)
{
    Part &part = *m_parts[worker];
    std::string &text = part.scratch;
    text.clear();
    appendLabel(text, "code", std::to_string(labels.status));
    appendLabel(text, "route", labels.route);
    appendLabel(text, "matched_uri", labels.matchedUri);
    appendLabel(text, "matched_host", labels.matchedHost);
    appendPlace(text, labels);
    appendKind(text);
    appendLabel(text, "response_source", labels.source);
    auto *const status = part.status.find(text, part.room);

    text.clear();
    appendLabel(text, "route", labels.route);
    appendPlace(text, labels);
    appendKind(text);
    auto *const traffic = part.traffic.find(text, part.room);
    part.left.store(part.room, std::memory_order_relaxed);
    if (!status || !traffic) {
        part.errors.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    status->add(0, 1);
    const auto observe = [traffic](std::size_t type, std::uint64_t microseconds) {
        const std::size_t at = type * kLatencySize;
        const auto bucket = std::ranges::lower_bound(
            kBuckets, microseconds, {}, [](std::uint64_t bound) { return bound * 1000; });
        traffic->add(at + static_cast<std::size_t>(bucket - kBuckets.begin()), 1);
        traffic->add(at + kBuckets.size() + 1, microseconds);
    };
    observe(0, figures.request - std::min(figures.upstream, figures.request));
    observe(1, figures.request);
    if (figures.reached)
        observe(2, figures.upstream);
    traffic->add(kLatencies.size() * kLatencySize, figures.sent);
    traffic->add(kLatencies.size() * kLatencySize + 1, figures.received);
}

void Metrics::noteChanges(const std::vector<Change> &changes)
{
    for (const Change &change : changes) {
        // "/apisix/routes/1"
        std::string_view kind(change.key);
        kind.remove_prefix(std::min(kind.size(), kind.find('/', 1) + 1));
        kind = kind.substr(0, kind.find('/'));
        const auto *const found = std::ranges::find(gateway::kKinds, kind);
        if (found == gateway::kKinds.end())
            continue;
        auto &index = m_changed[static_cast<std::size_t>(found - gateway::kKinds.begin())];
        index = std::max(index.load(), change.revision);
    }
}

std::string Metrics::text() const
{
    StatusSums status;
    TrafficSums traffic;
    std::uint64_t errors = 0;
    std::size_t left = 0;
    for (const auto &part : m_parts) {
        part->status.addTo(status);
        part->traffic.addTo(traffic);
        errors += part->errors;
        left += part->left;
    }
    const MetricTotals totals = m_totals ? m_totals() : MetricTotals();

    Page page;
    if (!traffic.empty())
        writeBandwidth(page, traffic);
    page.begin("etcd_modify_indexes", "Etcd modify index for APISIX keys", "gauge");
    for (std::size_t i = 0; i < gateway::kKinds.size(); ++i)
        page.line(std::format("key=\"{}\"", gateway::kKinds[i]), m_changed[i].load());
    for (const std::string_view key : {"max_modify_index", "prev_index", "x_etcd_index"})
        page.line(std::format("key=\"{}\"", key), totals.revision);
    page.begin("etcd_reachable", "Config server etcd reachable from APISIX, 0 is unreachable",
               "gauge");
    page.line({}, 1);
    if (!traffic.empty())
        writeLatencies(page, traffic);
    page.begin("http_requests_total", "The total number of client requests since APISIX started",
               "gauge");
    page.line({}, totals.requests);
    if (!status.empty()) {
        page.begin("http_status", "HTTP status codes per service in APISIX", "counter");
        for (const auto &[labels, values] : status)
            page.line(labels, values[0]);
    }
    page.begin("nginx_http_current_connections", "Number of HTTP connections", "gauge");
    page.line("state=\"accepted\"", totals.accepted);
    page.line("state=\"active\"", totals.open);
    page.line("state=\"handled\"", totals.accepted);
    page.line("state=\"reading\"", totals.reading);
    page.line("state=\"waiting\"", totals.waiting);
    page.line("state=\"writing\"", totals.writing);
    page.begin("nginx_metric_errors_total", "Number of nginx-lua-prometheus errors", "counter");
    page.line({}, errors);
    page.begin("node_info", "Info of APISIX node", "gauge");
    std::string node;
    appendLabel(node, "hostname", hostName());
    appendLabel(node, "version", kVersion);
    page.line(node, 1);
    constexpr std::string_view kDictionary = "name=\"prometheus-metrics\"";
    page.begin("shared_dict_capacity_bytes",
               "The capacity of each nginx shared DICT since APISIX start", "gauge");
    page.line(kDictionary, m_room * m_parts.size());
    page.begin("shared_dict_free_space_bytes",
               "The free space of each nginx shared DICT since APISIX start", "gauge");
    page.line(kDictionary, left);
    if (!totals.upstreams.empty())
        writeUpstreams(page, totals.upstreams);
    return page.take();
}

} // namespace postern::gateway
