// SPDX-License-Identifier: Apache-2.0
#include "cli/env_file.h"

#include "cli/arguments.h"

#include <algorithm>
#include <cstdlib>
#include <format>
#include <optional>

namespace postern::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool isName(std::string_view text)
{
    const auto letter = [](char c) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    };
    return !text.empty() && letter(text.front())
        && std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// \return nullopt if the quotes are not closed, or something stands behind them
std::optional<std::string> quoted(std::string_view text)
{
    const char quote = text.front();
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) {
            const std::string_view rest = trimmed(text.substr(i + 1));
            return rest.empty() || rest.front() == '#' ? std::optional(value) : std::nullopt;
        }
        if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
            const char escaped = text[++i];
            value += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
        } else {
            value += text[i];
        }
    }
    return std::nullopt;
}

std::optional<std::string> valueOf(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('"') || text.starts_with('\''))
        return quoted(text);
    const std::size_t comment = std::min(text.find(" #"), text.find("\t#"));
    return std::string(trimmed(text.substr(0, comment)));
}

} // namespace

Result<std::vector<std::pair<std::string, std::string>>> parseEnvFile(std::string_view text,
                                                                      std::string_view file)
{
    std::vector<std::pair<std::string, std::string>> variables;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#')
            continue;
        if (line.starts_with("export "))
            line = trimmed(line.substr(7));
        const auto refuse = [&](std::string why) {
            return fail(Errc::Config, std::move(why), std::format("{}:{}", file, number));
        };
        const std::size_t equals = line.find('=');
        const std::string_view name = line.substr(0, equals);
        if (equals == std::string_view::npos || !isName(name) || line.contains('\0'))
            return refuse("write NAME=value");
        auto value = valueOf(line.substr(equals + 1));
        if (!value)
            return refuse(std::format("the quotes of {} are not closed", name));
        variables.emplace_back(name, std::move(*value));
    }
    return variables;
}

Result<void> useEnvFiles(const std::vector<std::string> &files)
{
    for (const std::string &file : files) {
        const Result<std::string> text = readFile(file);
        if (!text)
            return std::unexpected(text.error());
        const auto variables = parseEnvFile(*text, file);
        if (!variables)
            return std::unexpected(variables.error());
        for (const auto &[name, value] : *variables)
            ::setenv(name.c_str(), value.c_str(), 0);
    }
    return {};
}

} // namespace postern::cli
