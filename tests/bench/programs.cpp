// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/programs.h"

#include "core/jose/key_data.h"
#include "core/json/json.h"
#include "tests/bench/jose_subject.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <optional>
#include <string_view>

namespace postern::bench {

namespace {

namespace fs = std::filesystem;

constexpr int kProcesses = 20;
constexpr int kLines = 20'000;

void write(const fs::path &path, std::string_view text)
{
    std::ofstream(path, std::ios::binary) << text;
}

/// Wall-clock µs of a shell line; nothing if it failed.
std::optional<double> timed(const std::string &line)
{
    const auto start = std::chrono::steady_clock::now();
    if (std::system((line + " >/dev/null 2>&1").c_str()) != 0)
        return std::nullopt;
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
        .count();
}

std::string leastOf(const std::string &line)
{
    std::optional<double> least;
    for (int i = 0; i < kProcesses; ++i) {
        const std::optional<double> time = timed(line);
        if (!time)
            return "-";
        least = std::min(*time, least.value_or(*time));
    }
    return std::format("{:.0f}", least.value_or(0));
}

std::string perLine(const std::string &line)
{
    std::optional<double> least;
    for (int i = 0; i < 3; ++i) {
        const std::optional<double> time = timed(line);
        if (!time)
            return "-";
        least = std::min(*time, least.value_or(*time));
    }
    return std::format("{:.1f}", least.value_or(0) / kLines);
}

} // namespace

void comparePrograms(const std::string &self)
{
    const fs::path postern = fs::path(self).parent_path() / "postern";
    std::string pattern = (fs::temp_directory_path() / "postern-bench-XXXXXX").string();
    if (!fs::exists(postern) || !mkdtemp(pattern.data()))
        return;
    const fs::path folder = pattern;
    std::printf("\nwhole programs: wall-clock µs per token, the start of the process included; "
                "--batch: one process for %d tokens\n\n%-10s%-9s%16s%22s%24s\n",
                kLines, "operation", "alg", "jose jws ver", "postern token verify",
                "token verify --batch");
    for (const Alg alg : {Alg::HS256, Alg::RS256, Alg::ES256}) {
        const Subject &of = subject(alg);
        const bool isSecret = of.alg.keyType == KeyType::Oct;
        const Json jwk = of.key.toJwk(isSecret);
        write(folder / "key.jwk", jwk.dump());
        write(folder / "token", of.token);
        const std::string line =
            Json::object({{"id", 1}, {"token", of.token}, {"key", jwk}}).dump();
        std::string lines;
        for (int i = 0; i < kLines; ++i)
            lines.append(line).append("\n");
        write(folder / "lines", lines);
        const std::string at = std::format("cd '{}' && ", folder.string());
        const std::string tool = std::format("'{}' token verify", fs::absolute(postern).string());
        std::printf(
            "%-10s%-9s%16s%22s%24s\n", "verify", std::string(of.alg.name).c_str(),
            leastOf(at + "jose jws ver -i token -k key.jwk").c_str(),
            leastOf(std::format("{}{} @token --key key.jwk --alg {}", at, tool, of.alg.name))
                .c_str(),
            perLine(at + tool + " --batch lines").c_str());
    }
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    std::fflush(stdout);
}

} // namespace postern::bench
