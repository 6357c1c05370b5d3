// SPDX-License-Identifier: Apache-2.0
#include "gui/models/what_if.h"

#include "gui/models/login_source.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace postern::gui {

namespace {

using gateway::AccessMatrix;

AccessMatrix matrixAt(std::vector<Document> documents, Timestamp now)
{
    gateway::AccessOptions options;
    options.now = now;
    return AccessMatrix(std::move(documents), std::move(options));
}

std::vector<AccessFlip> cellsOf(AccessMatrix &matrix, const std::vector<std::string> &routes)
{
    std::vector<AccessFlip> cells;
    for (std::size_t column = 0; column < matrix.columns().size(); ++column) {
        if (!std::ranges::contains(routes, matrix.columns()[column].id))
            continue;
        for (std::size_t row = 0; row < matrix.rows().size(); ++row)
            cells.push_back({matrix.rows()[row].consumer,
                             matrix.columns()[column].id,
                             matrix.cell(row, column),
                             {}});
    }
    return cells;
}

} // namespace

std::vector<AccessFlip> flipsOf(std::vector<Document> documents, Document edit,
                                const std::vector<std::string> &routes, Timestamp now)
{
    AccessMatrix matrix = matrixAt(std::move(documents), now);
    std::vector<AccessFlip> before = cellsOf(matrix, routes);
    matrix.apply({std::move(edit)});
    std::vector<AccessFlip> after = cellsOf(matrix, routes);
    std::vector<AccessFlip> flips;
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
        if (before[i].before.state == after[i].before.state
            && before[i].before.status == after[i].before.status)
            continue;
        flips.push_back(std::move(before[i]));
        flips.back().after = std::move(after[i].before);
    }
    return flips;
}

gateway::RecordedExchange decideAgain(std::vector<Document> documents,
                                      const gateway::WebRequest &request,
                                      const std::string &consumer, Timestamp now)
{
    AccessMatrix matrix = matrixAt(std::move(documents), now);
    std::optional<std::size_t> row;
    const auto found = std::ranges::find(matrix.rows(), consumer, &gateway::AccessRow::consumer);
    if (!consumer.empty() && found != matrix.rows().end())
        row = static_cast<std::size_t>(found - matrix.rows().begin());
    gateway::AccessDetail detail = matrix.ask(draftOf(request, now), row);
    gateway::RecordedExchange exchange;
    exchange.trace = std::move(detail.trace);
    exchange.request.present = true;
    exchange.request.method = detail.request.method;
    exchange.request.target = detail.request.target;
    exchange.request.headers.emplace_back("Host", detail.request.host);
    for (auto &header : detail.request.headers)
        exchange.request.headers.push_back(std::move(header));
    exchange.request.body = std::move(detail.request.body);
    exchange.request.bodySize = exchange.request.body.size();
    return exchange;
}

} // namespace postern::gui
