// SPDX-License-Identifier: Apache-2.0
#include "batch_process.h"

#include "core/json/parse.h"
#include "postern_process.h"

#include <QElapsedTimer>
#include <QTest>

#include <cstdio>
#include <format>
#include <ranges>

namespace postern::test {

void Batch::add(Json request)
{
    request.set("id", Json(static_cast<std::uint64_t>(m_count++)));
    request.dumpTo(m_lines);
    m_lines += '\n';
}

std::vector<Json> Batch::run(const std::vector<std::string> &words) const
{
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--batch", "-"});
    QElapsedTimer timer;
    timer.start();
    const Ran ran = runPostern(arguments, m_lines);
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    std::vector<Json> answers;
    for (const auto line : std::views::split(ran.out, '\n')) {
        if (!std::string_view(line).empty())
            answers.push_back(parseJson(std::string_view(line)).value_or(Json()));
    }
    bool inOrder = ran.exit == 0 && answers.size() == m_count;
    for (std::size_t i = 0; inOrder && i < answers.size(); ++i) {
        const Json *const id = answers[i].find("id");
        inOrder = id != nullptr && id->asInteger() == static_cast<std::int64_t>(i);
    }
    if (!inOrder) {
        QTest::qFail(std::format("{} answers to {} lines, exit {}: {}", answers.size(), m_count,
                                 ran.exit, ran.err)
                         .c_str(),
                     __FILE__, __LINE__);
        return {};
    }
    std::printf("  %zu lines in %.2f s with the start: %.0f a second\n", m_count, seconds,
                static_cast<double>(m_count) / seconds);
    return answers;
}

} // namespace postern::test
