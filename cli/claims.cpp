// SPDX-License-Identifier: Apache-2.0
#include "cli/claims.h"

#include "cli/arguments.h"

namespace postern::cli {

Result<void> assignClaim(Json &object, std::string_view specification, Timestamp now,
                         std::uint64_t number)
{
    return postern::assignClaim(object, specification, now, number,
                                [](const std::string &path) { return readFile(path); });
}

} // namespace postern::cli
