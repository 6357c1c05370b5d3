// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/large_heap.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace postern {

/// Calls `function(item)` for every item, on every core when there are thousands of them: loading a
/// large configuration. A handful stays in the calling thread. Returns when all are done.
/// \param function called from several threads at once; must not throw
/// \param worthAThread how many items make up for the start of a thread
template <class Item, class Function>
void forEachParallel(std::vector<Item> &items, const Function &function,
                     std::size_t worthAThread = 2048)
{
    constexpr std::size_t kThreads = 8;
    const std::size_t threads = std::clamp<std::size_t>(
        items.size() / worthAThread, 1,
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kThreads));
    // Taken in small shares: items differ, and so do cores.
    const std::size_t share = std::max<std::size_t>(worthAThread / 8, 1);
    std::atomic<std::size_t> next = 0;
    const auto run = [&] {
        for (std::size_t from = next.fetch_add(share); from < items.size();
             from = next.fetch_add(share)) {
            for (std::size_t i = from; i < std::min(from + share, items.size()); ++i)
                function(items[i]);
        }
    };
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < threads; ++thread)
        others.emplace_back([&run] {
            prepareThreadHeap();
            run();
        });
    run();
}

} // namespace postern
