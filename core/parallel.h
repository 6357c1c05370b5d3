// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace postern {

/// Calls `function(item)` for every item, on every core when there are thousands of them: loading a
/// large configuration. A handful stays in the calling thread. Returns when all are done.
/// \param function called from several threads at once; must not throw
template <class Item, class Function>
void forEachParallel(std::vector<Item> &items, const Function &function)
{
    constexpr std::size_t kWorthAThread = 2048;
    constexpr std::size_t kThreads = 8;
    const std::size_t threads = std::clamp<std::size_t>(
        items.size() / kWorthAThread, 1,
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kThreads));
    // Taken in small shares: items differ, and so do cores.
    constexpr std::size_t kShare = 256;
    std::atomic<std::size_t> next = 0;
    const auto run = [&] {
        for (std::size_t from = next.fetch_add(kShare); from < items.size();
             from = next.fetch_add(kShare)) {
            for (std::size_t i = from; i < std::min(from + kShare, items.size()); ++i)
                function(items[i]);
        }
    };
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < threads; ++thread)
        others.emplace_back(run);
    run();
}

} // namespace postern
