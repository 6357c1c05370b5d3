// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/capture_control.h"

#include "gateway/server/worker.h"

#include <algorithm>
#include <utility>

namespace postern::gateway {

void configureCapture(const Workers &workers, const CaptureSettings &settings, Reactor &control,
                      std::function<void()> done)
{
    CaptureSettings share = settings;
    share.bytes /= std::max<std::size_t>(1, workers.size());
    // Counted in the control thread only.
    const auto missing = std::make_shared<std::size_t>(workers.size());
    const auto finished = std::make_shared<std::function<void()>>(std::move(done));
    for (const auto &worker : workers) {
        worker->post([worker = worker.get(), share, missing, finished, &control] {
            worker->captures().configure(share);
            control.post([missing, finished] {
                if (--*missing == 0)
                    (*finished)();
            });
        });
    }
}

void findExchange(const Workers &workers, std::uint64_t id, Reactor &control,
                  std::function<void(std::shared_ptr<const CapturedExchange>)> done)
{
    const std::size_t index = Worker::indexOf(id);
    if (index >= workers.size()) {
        done(nullptr);
        return;
    }
    Worker *const worker = workers[index].get();
    worker->post([worker, id, &control, done = std::move(done)] {
        control.post([found = worker->captures().find(id), done] { done(found); });
    });
}

} // namespace postern::gateway
