// SPDX-License-Identifier: Apache-2.0
#include "cli/access_source.h"

#include "core/text/suggest.h"
#include "gateway/admin/access/documents.h"

#include <algorithm>
#include <format>
#include <utility>
#include <vector>

namespace postern::cli {

Result<gateway::AccessMatrix> openAccess(AdminAccess &admin, std::string_view clock)
{
    const Result<Timestamp> own = admin.now();
    if (!own)
        return std::unexpected(own.error());
    gateway::AccessOptions options;
    options.now = *own;
    if (!clock.empty()) {
        const Result<Timestamp> time = parseTime(clock, *own);
        if (!time)
            return fail(time.error().code, time.error().detail, "--clock");
        options.now = *time;
    }
    auto documents = gateway::readDocuments(admin);
    if (!documents)
        return std::unexpected(documents.error());
    return gateway::AccessMatrix(std::move(*documents), std::move(options));
}

Result<std::size_t> rowOfConsumer(const gateway::AccessMatrix &matrix, std::string_view consumer)
{
    const auto &rows = matrix.rows();
    const auto found = std::ranges::find(rows, consumer, &gateway::AccessRow::consumer);
    if (!consumer.empty() && found != rows.end())
        return static_cast<std::size_t>(found - rows.begin());
    std::vector<std::string_view> names;
    for (const gateway::AccessRow &row : rows)
        names.emplace_back(row.consumer);
    return fail(Errc::NotFound,
                std::format("no such consumer{}; 'postern consumer list' shows them",
                            didYouMean(consumer, names)),
                std::string(consumer));
}

} // namespace postern::cli
