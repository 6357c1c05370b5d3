// SPDX-License-Identifier: Apache-2.0
#include "core/config/yaml_format.h"

#include "core/config/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace postern {
namespace {

bool isPlainCharacter(char c) noexcept
{
    constexpr std::string_view kOthers = "_-./";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
        || kOthers.contains(c);
}

/// Whether every reader takes the bare text for a string.
bool isPlain(std::string_view text)
{
    // YAML 1.1 reads more words as booleans, and 12_3 and 2024-12-15 as numbers and dates.
    constexpr std::array<std::string_view, 8> kWords{"yes", "no", "on",   "off",
                                                     "y",   "n",  "true", "false"};
    if (text.empty() || text.front() == '-' || text.front() == '.'
        || (text.front() >= '0' && text.front() <= '9')
        || !std::ranges::all_of(text, isPlainCharacter))
        return false;
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (std::ranges::contains(kWords, lower))
        return false;
    const auto value = resolvePlainScalar(text);
    return value && value->isString();
}

std::string scalarText(const Json &value)
{
    return value.isString() && isPlain(value.asString()) ? value.asString() : value.dump();
}

void write(std::string &out, const Json &value, std::size_t indent);

/// What stands behind "name:" or "-".
void writeBehind(std::string &out, const Json &value, std::size_t indent)
{
    if (value.size() == 0) {
        out.append(" ").append(scalarText(value)).append("\n"); // scalars, [] and {}
        return;
    }
    out += '\n';
    write(out, value, indent);
}

void write(std::string &out, const Json &value, std::size_t indent)
{
    if (value.size() == 0) {
        out.append(scalarText(value)).append("\n");
        return;
    }
    const std::string blanks(indent, ' ');
    for (const Json &item : value.items()) {
        // The first line of an item stands on the dash's line.
        std::string inner;
        write(inner, item, indent + 2);
        const bool nested = item.size() > 0;
        out.append(blanks).append("- ").append(nested ? inner.substr(indent + 2) : inner);
    }
    for (const auto &[name, member] : value.members()) {
        out.append(blanks).append(scalarText(Json(name))).append(":");
        writeBehind(out, member, indent + 2);
    }
}

} // namespace

std::string formatYaml(const Json &value)
{
    std::string out;
    write(out, value, 0);
    return out;
}

} // namespace postern
