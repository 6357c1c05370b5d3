// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/comparison.h"

#include <algorithm>
#include <cstdio>
#include <format>

namespace postern::bench {

namespace {

constexpr std::string_view kOurs = "postern";

std::string timeText(double time) { return std::format("{:.{}f}", time, time < 10 ? 2 : 1); }

std::string ratioText(std::optional<double> ratio)
{
    return ratio ? std::format("{:.2f}", *ratio) : std::string("-");
}

} // namespace

void ComparisonTable::addRow(const std::string &operation, const std::string &subject, Goal goal)
{
    m_rows.push_back({.operation = operation,
                      .subject = subject,
                      .goal = std::move(goal),
                      .times = {},
                      .failures = {}});
}

bool ComparisonTable::ReportContext(const Context &context)
{
    PrintBasicContext(&GetErrorStream(), context);
    return true;
}

void ComparisonTable::ReportRuns(const std::vector<Run> &runs)
{
    for (const Run &run : runs) {
        const std::string name = run.run_name.function_name;
        const std::size_t first = name.find('/');
        const std::size_t last = name.rfind('/');
        if (run.run_type != Run::RT_Iteration || first == last)
            continue;
        const auto row = std::ranges::find_if(m_rows, [&](const Row &one) {
            return one.operation == name.substr(0, first)
                && one.subject == name.substr(first + 1, last - first - 1);
        });
        if (row == m_rows.end())
            continue;
        const std::string who = name.substr(last + 1);
        if (run.skipped) {
            row->failures[who] = run.report_label;
            continue;
        }
        const double micros =
            run.GetAdjustedCPUTime() / benchmark::GetTimeUnitMultiplier(run.time_unit) * 1e6;
        const auto [known, isNew] = row->times.try_emplace(who, micros);
        known->second = std::min(known->second, micros);
    }
}

void ComparisonTable::print(const Row &row) const
{
    const auto cell = [&row](const std::string &who) {
        const auto time = row.times.find(who);
        if (time != row.times.end())
            return timeText(time->second);
        return std::string(row.failures.contains(who) ? "refused" : "-");
    };
    std::string line =
        std::format("{:<12}{:<9}{:>8}", row.operation, row.subject, cell(std::string(kOurs)));
    for (const std::string &peer : m_peers)
        line += std::format("{:>14}", cell(peer));
    const auto ours = row.times.find(std::string(kOurs));
    const auto peer = row.times.find(row.goal.peer);
    if (ours != row.times.end() && peer != row.times.end()) {
        const double ratio = ours->second / peer->second;
        const bool over = row.goal.limit && ratio > *row.goal.limit;
        line +=
            std::format("{:>8}{:>8}{:>8}  of {}{}", ratioText(ratio), ratioText(row.goal.target),
                        ratioText(row.goal.limit), row.goal.peer, over ? ", OVER THE LIMIT" : "");
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%s\n", line.c_str());
}

void ComparisonTable::Finalize()
{
    std::string head = std::format("{:<12}{:<9}{:>8}", "operation", "alg", "ours");
    for (const std::string &peer : m_peers)
        head += std::format("{:>14}", peer);
    std::printf("CPU µs per operation, one thread, the least of all repetitions in one run\n\n");
    std::printf("%s%8s%8s%8s\n", head.c_str(), "ratio", "target", "limit");
    for (const Row &row : m_rows) {
        if (!row.times.empty() || !row.failures.empty())
            print(row);
    }
    std::fflush(stdout);
}

void runInto(ComparisonTable &table, int argc, char **argv)
{
    static char repetitions[] = "--benchmark_repetitions=9";
    static char time[] = "--benchmark_min_time=0.05s";
    static char order[] = "--benchmark_enable_random_interleaving=true";
    std::vector<char *> words{argv[0], repetitions, time, order};
    words.insert(words.end(), argv + 1, argv + argc); // a later word wins
    int count = static_cast<int>(words.size());
    words.push_back(nullptr);
    benchmark::Initialize(&count, words.data());
    benchmark::RunSpecifiedBenchmarks(&table);
    benchmark::Shutdown();
}

} // namespace postern::bench
