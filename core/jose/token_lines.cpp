// SPDX-License-Identifier: Apache-2.0
#include "core/jose/token_lines.h"

#include <algorithm>
#include <format>

namespace postern {

namespace {

bool isPlain(char c) noexcept
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
        || std::string_view("-_./:=,@+%").contains(c);
}

std::string quotedForShell(std::string_view word)
{
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + '\'';
}

} // namespace

std::string headerLine(std::string_view token)
{
    return std::format("Authorization: Bearer {}", token);
}

std::string curlLine(std::string_view token, std::string_view url)
{
    return std::format("curl -i -H {} {}", quotedForShell(headerLine(token)), quotedForShell(url));
}

std::string curlLineWithVariable(std::string_view name, std::string_view url)
{
    return std::format("curl -i -H \"{}\" {}", headerLine(std::format("${}", name)),
                       quotedForShell(url));
}

std::string environmentLine(std::string_view name, std::string_view token)
{
    return std::format("{}={}", name, token);
}

std::string shellLine(const std::vector<std::string> &words)
{
    std::string line;
    for (const std::string &word : words) {
        if (!line.empty())
            line += ' ';
        line += !word.empty() && std::ranges::all_of(word, isPlain) ? word : quotedForShell(word);
    }
    return line;
}

} // namespace postern
