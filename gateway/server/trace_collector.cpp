// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/trace_collector.h"

#include "core/bytes/secret.h"
#include "gateway/server/worker.h"

#include <algorithm>
#include <string>
#include <utility>

namespace postern::gateway {

namespace {

constexpr unsigned kMaxWaiting = 256;
constexpr std::size_t kMaxFindings = 10'000;

struct Copied
{
    std::vector<std::shared_ptr<const TraceRecord>> records; ///< newest first
    std::uint64_t written = 0, lost = 0;
};

/// In the worker: copies what the query asks for.
Copied copyTraces(const TraceRing &ring, const TraceQuery &query, std::uint64_t cursor)
{
    Copied copied;
    copied.written = ring.written();
    const std::uint64_t fresh = copied.written - std::min(cursor, copied.written);
    copied.lost = fresh > ring.size() ? fresh - ring.size() : 0;
    std::uint64_t left = query.cursor.empty() ? ring.size() : fresh - copied.lost;
    if (!left)
        return copied;
    ring.visitNewestFirst([&](const TraceRecord &record) {
        const bool wanted = query.id ? record.id == *query.id : record.id > query.since;
        if (wanted)
            copied.records.push_back(std::make_shared<const TraceRecord>(record));
        const bool enough =
            (query.limit && copied.records.size() >= query.limit) || (query.id && wanted);
        return --left > 0 && !enough;
    });
    return copied;
}

} // namespace

struct TraceCollector::Gathering
{
    TraceQuery query;
    std::function<void(TracePage)> done;
    std::vector<Copied> copies; ///< by worker
    std::size_t missing = 0;
};

void TraceCollector::collect(const std::vector<std::unique_ptr<Worker>> &workers,
                             const TraceQuery &query, std::function<void(TracePage)> done)
{
    auto gathering = std::make_shared<Gathering>();
    gathering->query = query;
    gathering->done = std::move(done);
    gathering->copies.resize(workers.size());
    gathering->missing = workers.size();
    for (const auto &worker : workers) {
        worker->post([this, gathering, from = worker.get()] {
            const std::size_t index = from->index();
            const TraceCursor &cursor = gathering->query.cursor;
            Copied copied = copyTraces(from->traces(), gathering->query,
                                       index < cursor.size() ? cursor[index] : 0);
            m_control.post([this, gathering, index, copied = std::move(copied)]() mutable {
                gathering->copies[index] = std::move(copied);
                if (--gathering->missing == 0)
                    finish(*gathering);
            });
        });
    }
}

void TraceCollector::finish(Gathering &gathering)
{
    TracePage page;
    for (Copied &copied : gathering.copies) {
        page.cursor.push_back(copied.written);
        page.lost += copied.lost;
        for (auto &record : copied.records) {
            const auto found = m_findings.find(record->id);
            page.traces.push_back(
                {std::move(record),
                 found == m_findings.end() ? std::vector<TokenFinding>{} : found->second});
        }
    }
    std::ranges::sort(page.traces, [](const TraceView &a, const TraceView &b) {
        return std::pair(a.record->received, a.record->id)
            < std::pair(b.record->received, b.record->id);
    });
    const std::size_t limit = gathering.query.limit;
    if (limit && page.traces.size() > limit)
        page.traces.erase(page.traces.begin(),
                          page.traces.end() - static_cast<std::ptrdiff_t>(limit));
    gathering.done(std::move(page));
}

void TraceCollector::refused(std::uint64_t traceId, std::string_view token,
                             const std::shared_ptr<const Snapshot> &snapshot)
{
    if (m_waiting.fetch_add(1, std::memory_order_relaxed) >= kMaxWaiting) {
        m_waiting.fetch_sub(1, std::memory_order_relaxed); // a flood is not worth explaining
        return;
    }
    m_control.post([this, traceId, text = std::string(token), snapshot]() mutable {
        analyse(traceId, text, *snapshot);
        wipe(text);
        m_waiting.fetch_sub(1, std::memory_order_relaxed);
    });
}

void TraceCollector::analyse(std::uint64_t traceId, std::string_view token,
                             const Snapshot &snapshot)
{
    auto findings = analyseRefusedToken(token, snapshot);
    if (findings.empty())
        return;
    if (m_order.size() >= kMaxFindings) {
        m_findings.erase(m_order.front());
        m_order.pop_front();
    }
    m_findings.emplace(traceId, std::move(findings));
    m_order.push_back(traceId);
}

} // namespace postern::gateway
