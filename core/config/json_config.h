// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/config.h"

#include <memory>
#include <optional>

namespace postern {

/// Reads a configuration of megabytes that is written in JSON, which YAML's reader would take
/// seconds for. Objects are only found, not parsed: takeValue() does that, where it is wanted.
/// Whatever is not as it should be around them is left to the YAML reader (JSON is YAML), which
/// says where.
/// \return nullopt if the text is small, not JSON, holds `${`, or has any fault
[[nodiscard]] std::optional<Config>
parseLargeJsonConfig(const std::shared_ptr<const ConfigFile> &file);

} // namespace postern
