// SPDX-License-Identifier: Apache-2.0
#include "core/large_heap.h"

#ifdef __GLIBC__

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <malloc.h>
#include <sys/mman.h>

namespace postern {
namespace {

constexpr std::size_t kMiB = 1024U * 1024;
constexpr std::size_t kMostAhead = 1024 * kMiB;
/// The largest that glibc takes: blocks above it are mapped and unmapped one by one.
constexpr std::size_t kLargestBlock = 32 * kMiB;

std::atomic<bool> g_prepared = false;

struct Closer
{
    void operator()(std::FILE *file) const noexcept { std::fclose(file); }
};

/// Asks for huge pages in the mapping that holds the address.
void adviseAround(std::uintptr_t at) noexcept
{
    const std::unique_ptr<std::FILE, Closer> maps(std::fopen("/proc/self/maps", "re"));
    if (!maps)
        return;
    char line[512];
    while (std::fgets(line, sizeof line, maps.get())) {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) == 2 && from <= at && at < to) {
            ::madvise(reinterpret_cast<void *>(from), to - from, MADV_HUGEPAGE);
            return;
        }
    }
}

/// Makes the calling thread's heap grow now, by what is set, and advises on it.
void growAndAdvise(std::size_t block) noexcept
{
    if (void *const inside = std::malloc(block)) {
        adviseAround(reinterpret_cast<std::uintptr_t>(inside));
        std::free(inside);
    }
}

} // namespace

void prepareLargeHeap(std::size_t bytes) noexcept
{
    const auto ahead = static_cast<int>(std::clamp(bytes, 2 * kLargestBlock, kMostAhead));
    mallopt(M_MMAP_THRESHOLD, kLargestBlock);
    mallopt(M_TRIM_THRESHOLD, ahead); // what one step of the load frees, the next one needs
    mallopt(M_TOP_PAD, ahead);
    growAndAdvise(kLargestBlock / 2);
    mallopt(M_TOP_PAD, 2 * kLargestBlock);
    g_prepared = true;
}

void prepareThreadHeap() noexcept
{
    if (g_prepared)
        growAndAdvise(1);
}

void trimLargeHeap() noexcept
{
    if (g_prepared.exchange(false))
        malloc_trim(0);
}

} // namespace postern

#else

namespace postern {

void prepareLargeHeap(std::size_t) noexcept {}
void prepareThreadHeap() noexcept {}
void trimLargeHeap() noexcept {}

} // namespace postern

#endif
