// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace postern {

/// Prepares the allocator for a large configuration, whose hundreds of thousands of small pieces
/// stay: memory is taken from the system in large steps, and in huge pages where the system offers
/// them to who asks (a page fault costs more than what is built in 4 KiB). Only advice: nothing is
/// allocated, and where it cannot be given nothing changes. Call before the load, in its thread.
/// \param bytes about how much will be allocated
void prepareLargeHeap(std::size_t bytes) noexcept;

/// The same for a thread that helps with it. Call in that thread.
void prepareThreadHeap() noexcept;

/// Gives back to the system what a large load has left free; does nothing before
/// prepareLargeHeap(). Takes milliseconds: call when what was waited for is ready.
void trimLargeHeap() noexcept;

} // namespace postern
