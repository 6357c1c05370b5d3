// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
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
    const std::size_t share = (items.size() + threads - 1) / threads;
    const auto run = [&](std::size_t from) {
        for (std::size_t i = from; i < std::min(from + share, items.size()); ++i)
            function(items[i]);
    };
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < threads; ++thread)
        others.emplace_back(run, thread * share);
    run(0);
}

} // namespace postern
