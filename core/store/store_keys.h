// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// The keys of a store file that is only looked at: no value is read, no secret opened, no file
/// made, and a writer is not waited for. For shells that complete names.
/// \param uri `sqlite:PATH`
/// \param prefix of the keys, as "/apisix/consumers/"
/// \param limit at most so many, in byte order
/// \return the keys, or StoreOpen, StoreLocked, StoreCorrupt, Permission, Unsupported (a store that
/// is no file)
[[nodiscard]] Result<std::vector<std::string>>
storeKeys(std::string_view uri, std::string_view prefix, std::size_t limit);

} // namespace postern
