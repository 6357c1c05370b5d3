// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/store/store.h"
#include "gateway/pipeline/plugin.h"
#include "gateway/router/snapshot.h"

#include <functional>
#include <memory>
#include <string_view>

namespace postern::gateway {

/// Called with the storage key and what is wrong with it; no error: the document is fine now.
using ReportProblem = std::function<void(std::string_view key, Result<void> problem)>;

/// A consumer under construction: starts from what is known of it and takes single changes, so
/// that one credential's change does not parse the others again. `exists` is false while only
/// credentials of it are stored.
struct ConsumerDraft
{
    std::shared_ptr<CompiledConsumer> consumer;
    bool exists = false;

    ConsumerDraft(std::string_view username, const CompiledConsumer *known, bool existed);

    /// The consumer's own document was written (`document`) or deleted (nullptr).
    void applyConsumer(const Document *document, std::string_view key, const PluginEnv &env,
                       const ReportProblem &report);
    /// One of its credentials was written or deleted.
    void applyCredential(std::string_view id, const Document *document, std::string_view key,
                         const PluginEnv &env, const ReportProblem &report);
    /// Points every credential at its owner. Call once, at the end.
    void finish();
};

} // namespace postern::gateway
