// SPDX-License-Identifier: Apache-2.0
#include "gateway/access/access_table.h"

#include <format>
#include <string_view>

namespace postern::gateway {
namespace {

/// Calls `cell(text)` for every field of the table, `end(number)` behind every line; line 0 is the
/// head.
template <class Cell, class End>
void walk(AccessMatrix &matrix, const AccessView &view, const Cell &cell, const End &end)
{
    cell(std::string("consumer"));
    for (const std::size_t column : view.columns)
        cell(matrix.columns()[column].id);
    end(0);
    std::size_t line = 0;
    for (const std::size_t row : view.rows) {
        cell(accessRowName(matrix.rows()[row]));
        for (const std::size_t column : view.columns)
            cell(accessCellText(matrix.cell(row, column, view.method)));
        end(++line);
    }
}

std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string markdownField(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '|' || c == '\\')
            escaped += '\\';
        escaped += c == '\n' || c == '\r' ? ' ' : c;
    }
    return escaped;
}

Json listOf(const std::vector<std::string> &texts)
{
    Json list = Json::array();
    for (const std::string &text : texts)
        list.push_back(text);
    return list;
}

Json cellJson(const AccessRow &row, const AccessColumn &column, const AccessCell &cell)
{
    const auto text = [](const std::string &value) { return value.empty() ? Json() : Json(value); };
    return Json::object({{"consumer", text(row.consumer)},
                         {"route", column.id},
                         {"state", accessStateName(cell.state)},
                         {"status", cell.status == 0 ? Json() : Json(cell.status)},
                         {"reason", cell.reason ? Json(slug(*cell.reason)) : Json()},
                         {"plugin", text(cell.plugin)},
                         {"rule", text(cell.rule)},
                         {"as", text(cell.consumer)},
                         {"credential", text(cell.credential)},
                         {"limit", text(cell.limit)},
                         {"text", accessCellText(cell)}});
}

} // namespace

AccessView wholeView(const AccessMatrix &matrix)
{
    AccessView view;
    for (std::size_t i = 0; i < matrix.rows().size(); ++i)
        view.rows.push_back(i);
    for (std::size_t i = 0; i < matrix.columns().size(); ++i)
        view.columns.push_back(i);
    return view;
}

std::string accessRowName(const AccessRow &row)
{
    return row.consumer.empty() ? "(nobody)" : row.consumer;
}

std::string accessCellText(const AccessCell &cell)
{
    const std::string status = cell.status == 0 ? "" : std::to_string(cell.status) + ' ';
    switch (cell.state) {
    case AccessState::Allowed:
        if (!cell.limit.empty())
            return "✓ " + cell.limit;
        return cell.word.empty() ? "✓" : "✓ " + cell.word;
    case AccessState::Anonymous:
        return cell.limit.empty() ? "✓ anonymous" : "✓ anonymous " + cell.limit;
    case AccessState::Denied:
        return "✗ " + status + cell.word;
    case AccessState::CannotAuthenticate:
    case AccessState::NotMatched:
        return "– " + cell.word;
    case AccessState::Depends:
        return "~ " + cell.word;
    }
    return {};
}

std::string accessCsv(AccessMatrix &matrix, const AccessView &view)
{
    std::string out;
    bool first = true;
    walk(
        matrix, view,
        [&](const std::string &text) {
            out.append(first ? "" : ",").append(csvField(text));
            first = false;
        },
        [&](std::size_t) {
            out += "\r\n";
            first = true;
        });
    return out;
}

std::string accessMarkdown(AccessMatrix &matrix, const AccessView &view)
{
    std::string out;
    walk(
        matrix, view, [&](const std::string &text) { out += "| " + markdownField(text) + ' '; },
        [&](std::size_t line) {
            out += "|\n";
            if (line > 0)
                return;
            for (std::size_t i = 0; i <= view.columns.size(); ++i)
                out += "|---";
            out += "|\n";
        });
    return out;
}

Json accessJson(AccessMatrix &matrix, const AccessView &view)
{
    Json routes = Json::array(), consumers = Json::array(), cells = Json::array();
    for (const std::size_t index : view.columns) {
        const AccessColumn &column = matrix.columns()[index];
        routes.push_back(Json::object({{"id", column.id},
                                       {"name", column.name.empty() ? Json() : Json(column.name)},
                                       {"uris", listOf(column.uris)},
                                       {"hosts", listOf(column.hosts)},
                                       {"methods", listOf(column.methods)},
                                       {"plugins", listOf(column.plugins)}}));
    }
    for (const std::size_t index : view.rows) {
        const AccessRow &row = matrix.rows()[index];
        consumers.push_back(
            Json::object({{"username", row.consumer.empty() ? Json() : Json(row.consumer)},
                          {"labels", row.labels},
                          {"logins", listOf(row.logins)}}));
        for (const std::size_t column : view.columns)
            cells.push_back(
                cellJson(row, matrix.columns()[column], matrix.cell(index, column, view.method)));
    }
    return Json::object({{"version", 1},
                         {"method", view.method.empty() ? Json() : Json(view.method)},
                         {"routes", std::move(routes)},
                         {"consumers", std::move(consumers)},
                         {"cells", std::move(cells)}});
}

} // namespace postern::gateway
