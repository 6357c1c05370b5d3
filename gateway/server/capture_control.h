// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/observe/capture.h"
#include "gateway/server/reactor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace postern::gateway {

class Worker;

using Workers = std::vector<std::unique_ptr<Worker>>;

/// Tells every worker what to keep; calls back in the control thread when the next request is kept
/// so.
void configureCapture(const Workers &workers, const CaptureSettings &settings, Reactor &control,
                      std::function<void()> done);

/// Asks the worker that served the request for what it kept of it; calls back in the control
/// thread, with nullptr if there is nothing.
void findExchange(const Workers &workers, std::uint64_t id, Reactor &control,
                  std::function<void(std::shared_ptr<const CapturedExchange>)> done);

} // namespace postern::gateway
