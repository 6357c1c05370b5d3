// SPDX-License-Identifier: Apache-2.0
#include "cli/access_source.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "gateway/access/access_table.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <format>
#include <memory>
#include <ranges>

namespace postern::cli {
namespace {

using gateway::AccessCell;
using gateway::AccessColumn;
using gateway::AccessMatrix;
using gateway::AccessRow;
using gateway::AccessState;
using gateway::AccessView;

constexpr std::array kExamples{
    Example{"who may do what in the running gateway", "postern acl matrix", Needs::Gateway},
    Example{"of a configuration file, two routes, as CSV",
            "postern acl matrix --config gateway.yaml --route open-route --route jwt-route --csv"},
    Example{"what POST would get, as a table for a report",
            "postern acl matrix --config gateway.yaml --method POST --markdown"},
    Example{"what jack is refused, and by what",
            "postern acl matrix --config gateway.yaml --consumer jack --state denied -o json"},
};

/// Reasons below a table, before it says "and so on".
constexpr std::size_t kReasonsShown = 40;

struct Options
{
    ObjectSource source;
    std::vector<std::string> consumers, routes, labels;
    std::string method, state, clock;
    bool csv = false, markdown = false;
};

bool hasLabel(const AccessRow &row, std::string_view wanted)
{
    const std::size_t equals = wanted.find('=');
    const Json *value = row.labels.find(wanted.substr(0, equals));
    return value
        && (equals == std::string_view::npos || value->asString() == wanted.substr(equals + 1));
}

/// \return NotFound for a name that nothing has
Result<AccessView> viewOf(AccessMatrix &matrix, const Options &options)
{
    AccessView view;
    view.method = options.method;
    const auto &rows = matrix.rows();
    for (const std::string &consumer : options.consumers) {
        if (const auto row = rowOfConsumer(matrix, consumer); !row)
            return std::unexpected(row.error());
    }
    for (const std::string &route : options.routes) {
        if (!std::ranges::contains(matrix.columns(), route, &AccessColumn::id))
            return fail(Errc::NotFound, "no such route", route);
    }
    for (std::size_t i = 0; i < matrix.columns().size(); ++i) {
        if (options.routes.empty() || std::ranges::contains(options.routes, matrix.columns()[i].id))
            view.columns.push_back(i);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool named =
            options.consumers.empty() || std::ranges::contains(options.consumers, rows[i].consumer);
        const bool labelled = std::ranges::all_of(
            options.labels, [&](const std::string &label) { return hasLabel(rows[i], label); });
        if (named && labelled)
            view.rows.push_back(i);
    }
    if (options.state.empty())
        return view;
    std::erase_if(view.rows, [&](std::size_t row) {
        return std::ranges::none_of(view.columns, [&](std::size_t column) {
            return gateway::accessStateName(matrix.cell(row, column, view.method).state)
                == options.state;
        });
    });
    return view;
}

std::size_t widthOf(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xc0U) != 0x80U; }));
}

std::string padded(std::string_view text, std::size_t width)
{
    std::string out(text);
    out.append(width - std::min(width, widthOf(text)), ' ');
    return out;
}

Paint paintOf(AccessState state)
{
    switch (state) {
    case AccessState::Allowed:
    case AccessState::Anonymous:
        return Paint::Good;
    case AccessState::Denied:
        return Paint::Bad;
    case AccessState::Depends:
        return Paint::Warn;
    case AccessState::CannotAuthenticate:
    case AccessState::NotMatched:
        break;
    }
    return Paint::Dim;
}

/// The rule that decided, for the cells that are not simply allowed.
std::string reasonOf(const AccessRow &row, const AccessColumn &column, const AccessCell &cell)
{
    const std::string who = gateway::accessRowName(row);
    if (cell.state == AccessState::CannotAuthenticate)
        return std::format("{} × {}: {} wants a login that {} does not have", who, column.id,
                           cell.plugin, who);
    if (cell.rule.empty())
        return {};
    return std::format("{} × {}: {}{}{} → {}", who, column.id, cell.plugin,
                       cell.plugin.empty() ? "" : ": ", cell.rule, cell.status);
}

void printTable(const Console &console, AccessMatrix &matrix, const AccessView &view)
{
    std::vector<std::vector<AccessCell>> cells;
    std::vector<std::size_t> widths;
    std::size_t names = widthOf("(nobody)");
    std::vector<std::string> reasons;
    for (const std::size_t column : view.columns)
        widths.push_back(widthOf(matrix.columns()[column].id));
    for (const std::size_t row : view.rows) {
        names = std::max(names, widthOf(matrix.rows()[row].consumer));
        auto &line = cells.emplace_back();
        for (std::size_t i = 0; i < view.columns.size(); ++i) {
            line.push_back(matrix.cell(row, view.columns[i], view.method));
            widths[i] = std::max(widths[i], widthOf(gateway::accessCellText(line.back())));
            std::string reason =
                reasonOf(matrix.rows()[row], matrix.columns()[view.columns[i]], line.back());
            if (!reason.empty())
                reasons.push_back(std::move(reason));
        }
    }
    std::string head = padded("", names);
    for (std::size_t i = 0; i < widths.size(); ++i)
        head += "  " + padded(printable(matrix.columns()[view.columns[i]].id), widths[i]);
    console.line(console.painted(Paint::Bold, head));
    for (std::size_t row = 0; row < cells.size(); ++row) {
        std::string line =
            padded(printable(gateway::accessRowName(matrix.rows()[view.rows[row]])), names);
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const AccessCell &cell = cells[row][i];
            line += "  "
                + console.painted(paintOf(cell.state),
                                  padded(printable(gateway::accessCellText(cell)), widths[i]));
        }
        line.erase(line.find_last_not_of(' ') + 1);
        console.line(line);
    }
    if (!reasons.empty())
        console.line("");
    for (const std::string &reason : reasons | std::views::take(kReasonsShown))
        console.line(printable(reason));
    if (reasons.size() > kReasonsShown)
        console.line(
            std::format("and {} more; -o json has them all", reasons.size() - kReasonsShown));
}

Result<int> matrix(const Console &console, AdminAccess &admin, const Options &options)
{
    auto access = openAccess(admin, options.clock);
    if (!access)
        return std::unexpected(access.error());
    for (const gateway::CompileProblem &problem : access->problems())
        console.note(std::format("{} is left out: {}", problem.key, describe(problem.error)));
    const Result<AccessView> view = viewOf(*access, options);
    if (!view)
        return std::unexpected(view.error());
    if (options.csv)
        console.raw(gateway::accessCsv(*access, *view));
    else if (options.markdown)
        console.raw(gateway::accessMarkdown(*access, *view));
    else if (console.json())
        console.document(gateway::accessJson(*access, *view));
    else if (view->columns.empty())
        console.note("there are no routes");
    else
        printTable(console, *access, *view);
    return kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    addObjectSourceOptions(app, options->source);
    addList(app, "--consumer", options->consumers, "only this consumer; repeatable");
    addList(app, "--label", options->labels, "only consumers with this label; repeatable");
    addList(app, "--route", options->routes, "only this route; repeatable");
    app.add_option("--state", options->state, "only consumers that meet this somewhere")
        ->check(CLI::IsMember(
            {"allowed", "anonymous", "denied", "cannot-authenticate", "depends", "not-matched"}));
    app.add_option("--method", options->method, "of the requests; what each route takes");
    app.add_option("--clock", options->clock, "the time they come at; the gateway's");
    CLI::Option *const csv = app.add_flag("--csv", options->csv, "as comma-separated values");
    app.add_flag("--markdown", options->markdown, "as a Markdown table")->excludes(csv);
    return withAdmin(options, matrix);
}

} // namespace

const Command aclMatrixCommand{
    "acl matrix", "show what every consumer gets on every route", kExamples, define,
    "Each cell is decided by the gateway's own pipeline in a dry run: the consumer shows the login "
    "of its own that the route wants, no request is sent, no limit is counted, no other server is "
    "asked. ✓ allowed (with what limits allow), ✗ refused, – no login that fits, or no request of "
    "that method reaches the route, ~ left to luck or to a key that only the client has. Below the "
    "table stands the rule that decided. Logins whose secrets are $env:// references are known as "
    "far as the variables are set here; those of secret managers are not."};

} // namespace postern::cli
