// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace postern::test {

/// Requests for one run of a batch command. The id of each is its place, so that answers can be
/// matched and their order checked.
class Batch
{
public:
    void add(Json request);
    [[nodiscard]] std::size_t size() const noexcept { return m_count; }

    /// Starts the binary once with these words and `--batch -`, and gives the answers in order.
    /// Fails the running test (and gives nothing) unless there is exactly one answer for each
    /// request, with its id, and exit code 0. Prints how many a second were answered.
    [[nodiscard]] std::vector<Json> run(const std::vector<std::string> &words) const;

private:
    std::string m_lines;
    std::size_t m_count = 0;
};

} // namespace postern::test
