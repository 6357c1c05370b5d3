// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace postern::bench {

/// Prints what a token costs where a program verifies it: `jose jws ver` and `postern token verify`
/// with a process for each token, and `postern token verify --batch` with one for all.
/// \param self path of this program; postern lies beside it
void comparePrograms(const std::string &self);

} // namespace postern::bench
