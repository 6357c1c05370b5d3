// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/config.h"
#include "core/error.h"
#include "gateway/config_service.h"

#include <cstddef>
#include <vector>

namespace postern::gateway {

/// The storage key of an object of a file, whose id is filled in where the object itself has it.
/// \return Config that says what cannot be stored, without a place
[[nodiscard]] Result<std::string> storageKeyOf(ConfigObject &object);

/// Objects of a configuration file, in APISIX's shape; an id may be empty where the object has its
/// own `id` or `username`.
/// Checks every object with the rules of the Admin API and writes them in one transaction: all or
/// none. Objects may refer to each other in any order. Objects that are stored already are
/// overwritten and keep their create_time. The admin thread only.
/// \return how many were written; or every failure, in the order of the objects, each with its
/// place and APISIX's text
[[nodiscard]] std::expected<std::size_t, std::vector<Error>>
importObjects(ConfigService &config, std::vector<ConfigObject> objects);

/// What importObjects() would refuse. Nothing is stored.
[[nodiscard]] std::vector<Error> importFaults(ConfigService &config,
                                              std::vector<ConfigObject> objects);

} // namespace postern::gateway
