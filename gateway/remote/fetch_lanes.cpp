// SPDX-License-Identifier: Apache-2.0
#include "gateway/remote/fetch_lanes.h"

#include <condition_variable>
#include <deque>
#include <iterator>
#include <thread>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <unistd.h>

namespace postern::gateway {

namespace {

constexpr std::size_t kThreads = 4; ///< of one lane
constexpr std::size_t kLanes = 16; ///< servers beyond share the last one

} // namespace

class FetchLanes::Lane
{
public:
    explicit Lane(int cancel) : m_cancel(cancel) {}

    void add(const std::string &name, Fetch fetch)
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stop)
            return;
        m_queue.push_back({name, std::move(fetch)});
        if (m_idle < m_queue.size() && m_threads.size() < kThreads)
            m_threads.emplace_back([this] { run(); });
        m_more.notify_one();
    }

    void stop()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_stop = true;
            m_queue.clear();
        }
        m_more.notify_all();
        for (std::thread &thread : m_threads)
            thread.join();
        m_threads.clear();
    }

private:
    struct Entry
    {
        std::string name;
        Fetch fetch;
    };

    void run()
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            ++m_idle;
            m_more.wait(lock, [this] { return m_stop || !m_queue.empty(); });
            --m_idle;
            if (m_stop)
                return;
            const Entry entry = std::move(m_queue.front());
            m_queue.pop_front();
            lock.unlock();
            const std::optional<Error> dead = entry.fetch.run(m_cancel);
            lock.lock();
            if (!dead)
                continue;
            const std::vector<Fetch> rest = takeAll(entry.name);
            lock.unlock();
            for (const Fetch &fetch : rest)
                fetch.abandon(*dead);
            lock.lock();
        }
    }

    std::vector<Fetch> takeAll(const std::string &name)
    {
        std::vector<Fetch> taken;
        std::deque<Entry> others;
        for (Entry &entry : m_queue) {
            if (entry.name == name)
                taken.push_back(std::move(entry.fetch));
            else
                others.push_back(std::move(entry));
        }
        m_queue = std::move(others);
        return taken;
    }

    int m_cancel;
    std::mutex m_mutex;
    std::condition_variable m_more;
    std::deque<Entry> m_queue;
    std::size_t m_idle = 0;
    bool m_stop = false;
    std::vector<std::thread> m_threads;
};

FetchLanes::FetchLanes() : m_cancel(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

FetchLanes::~FetchLanes()
{
    stop();
    if (m_cancel >= 0)
        ::close(m_cancel);
}

void FetchLanes::add(const std::string &lane, Fetch fetch)
{
    std::shared_ptr<Lane> to;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopped)
            return;
        auto found = m_lanes.find(lane);
        if (found == m_lanes.end() && m_lanes.size() >= kLanes)
            found = std::prev(m_lanes.end());
        if (found == m_lanes.end())
            found = m_lanes.emplace(lane, std::make_shared<Lane>(m_cancel)).first;
        to = found->second;
    }
    to->add(lane, std::move(fetch));
}

void FetchLanes::stop()
{
    std::map<std::string, std::shared_ptr<Lane>> lanes;
    {
        const std::scoped_lock lock(m_mutex);
        m_stopped = true;
        lanes.swap(m_lanes);
    }
    if (m_cancel >= 0)
        ::eventfd_write(m_cancel, 1);
    for (const auto &[name, lane] : lanes)
        lane->stop();
}

} // namespace postern::gateway
