// SPDX-License-Identifier: Apache-2.0
#include "gateway/pipeline/explain.h"

#include <algorithm>
#include <array>
#include <format>

namespace postern::gateway {

namespace {

struct Palette
{
    std::string_view good, bad, quiet, reset;
};

constexpr Palette kColour{"\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[0m"};
constexpr Palette kPlain{"", "", "", ""};

/// What a request meets, in order; `token` steps belong to tokens only.
struct Stage
{
    std::string_view step, name;
    bool token;
};
constexpr std::array kStages{
    Stage{"route", "route", false},
    Stage{"extract", "extraction", false},
    Stage{"parse", "parsing", true},
    Stage{"lookup", "lookup", false},
    Stage{"signature", "signature", true},
    Stage{"claims", "claims", true},
    Stage{"consumer", "consumer plugins", false},
    Stage{"upstream", "upstream", false},
};

std::size_t stageOf(std::string_view step)
{
    // labels and other plugins stand where the consumer's plugins run
    const std::string_view wanted = step == "label" || step == "plugin" ? "consumer" : step;
    return static_cast<std::size_t>(std::ranges::find(kStages, wanted, &Stage::step)
                                    - kStages.begin());
}

bool isToken(std::string_view plugin) noexcept
{
    return plugin == "jwt-auth" || plugin == "hmac-auth";
}

std::string headline(const Json &trace)
{
    const Json *upstream = trace.find("upstream");
    const Json *reached = upstream ? upstream->find("reached") : nullptr;
    const Json *timing = trace.find("timing");
    const Json *micros = timing ? timing->find("decision_us") : nullptr;
    const Json *status = trace.find("status");
    std::string line = std::format("{} {} → {}", trace.stringOr("method", "?"),
                                   trace.stringOr("target", "?"), status ? status->lexeme() : "?");
    if (const std::string_view message = trace.stringOr("message", ""); !message.empty())
        line += std::format(" {}", message);
    line += std::format("   {} µs in plugins, upstream {}", micros ? micros->lexeme() : "?",
                        reached && reached->asBool() ? "reached" : "not reached");
    return line;
}

std::string stepLine(std::size_t number, const Json &step, const Palette &palette)
{
    const std::string_view outcome = step.stringOr("outcome", "");
    const std::string_view mark = outcome == "ok" ? "✓" : outcome == "failed" ? "✗" : "–";
    const std::string_view colour = outcome == "ok" ? palette.good
        : outcome == "failed"                       ? palette.bad
                                                    : palette.quiet;
    std::string line = std::format("{:>2} {}{}{} {:<10} {:<20} {}", number, colour, mark,
                                   palette.reset, step.stringOr("step", ""),
                                   step.stringOr("subject", ""), step.stringOr("text", ""));
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

} // namespace

std::vector<std::string_view> stagesNotReached(const Json &trace)
{
    std::vector<std::string_view> stages;
    const std::string_view last = trace.stringOr("step", "");
    if (last.empty())
        return stages;
    const Json *steps = trace.find("steps");
    const bool token = steps && std::ranges::any_of(steps->items(), [](const Json &step) {
                           return isToken(step.stringOr("subject", ""));
                       });
    for (std::size_t i = stageOf(last) + 1; i < kStages.size(); ++i) {
        if (!kStages[i].token || token)
            stages.push_back(kStages[i].name);
    }
    return stages;
}

std::string explainTrace(const Json &trace, bool colour)
{
    const Palette &palette = colour ? kColour : kPlain;
    std::string out = headline(trace) + '\n';
    std::size_t number = 0;
    const Json *steps = trace.find("steps");
    for (const Json &step : steps ? steps->items() : Json::Array())
        out += stepLine(++number, step, palette) + '\n';
    if (const Json *notes = trace.find("notes")) {
        for (const Json &note : notes->items())
            out += std::format("     {}note{}       {}\n", palette.quiet, palette.reset,
                               note.asString());
    }
    std::string rest;
    for (const std::string_view stage : stagesNotReached(trace))
        (rest += rest.empty() ? "" : ", ") += stage;
    if (!rest.empty())
        out += std::format("{:>2} – {}: not reached\n", number + 1, rest);
    std::string_view lead = "Fix: ";
    if (const Json *fix = trace.find("fix")) {
        for (const Json &line : fix->items()) {
            out += std::format("{}{}\n", lead, line.asString());
            lead = "     ";
        }
    }
    return out;
}

} // namespace postern::gateway
