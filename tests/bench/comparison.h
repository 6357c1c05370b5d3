// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::bench {

/// How far ours may be from a peer.
struct Goal
{
    std::string peer; ///< whose time is 1; empty: no ratio
    std::optional<double> target, limit;
};

/// Collects benchmarks called "operation/subject/who" into one table: a column for each of `peers`,
/// ours is "postern". Times are CPU µs, the least of all
/// repetitions: what else the machine does only ever adds.
class ComparisonTable : public benchmark::BenchmarkReporter
{
public:
    explicit ComparisonTable(std::vector<std::string> peers) : m_peers(std::move(peers)) {}

    /// Rows are printed in the order in which they were added.
    void addRow(const std::string &operation, const std::string &subject, Goal goal);
    bool ReportContext(const Context &context) override;
    void ReportRuns(const std::vector<Run> &runs) override;
    void Finalize() override;

private:
    struct Row
    {
        std::string operation, subject;
        Goal goal;
        std::map<std::string, double> times;
        std::map<std::string, std::string> failures;
    };
    void print(const Row &row) const;

    std::vector<std::string> m_peers;
    std::vector<Row> m_rows;
};

/// Runs with repetitions in random order, unless the arguments say otherwise, into the table.
void runInto(ComparisonTable &table, int argc, char **argv);

} // namespace postern::bench
