// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/target.h"

#include <CLI/CLI.hpp>

#include <array>
#include <format>
#include <memory>

namespace postern::cli {
namespace {

constexpr std::array kShowExamples{
    Example{"the gateway's time and mode", "postern clock show", Needs::Gateway},
    Example{"as JSON", "postern clock show -o json", Needs::Gateway},
    Example{"only UNIX seconds", "postern clock show -o json | grep -o '\"unix\": [0-9]*'",
            Needs::Gateway},
};
constexpr std::array kAdvanceExamples{
    Example{"let a token of 30 seconds expire", "postern clock advance 31s", Needs::Gateway},
    Example{"a day later", "postern clock advance 1d", Needs::Gateway},
    Example{"an hour on, and stop there", "postern clock advance 1h --mode frozen", Needs::Gateway},
};
constexpr std::array kSetExamples{
    Example{"to a fixed time", "postern clock set 2030-01-01T00:00:00Z", Needs::Gateway},
    Example{"stop it there", "postern clock set 2030-01-01T00:00:00Z --mode frozen --force",
            Needs::Gateway},
    Example{"back to the real time", "postern clock set --mode real --force", Needs::Gateway},
};
constexpr std::array kFreezeExamples{
    Example{"stop the clock where it is", "postern clock freeze", Needs::Gateway},
    Example{"two tokens of the same second",
            "postern clock freeze && postern token mint --consumer jack --iat now && postern token "
            "mint --consumer jack --iat now",
            Needs::Gateway},
    Example{"freeze, move, go on",
            "postern clock freeze && postern clock advance 31s && postern clock resume",
            Needs::Gateway},
};
constexpr std::array kResumeExamples{
    Example{"let it run on from where it stands", "postern clock freeze && postern clock resume",
            Needs::Gateway},
    Example{"say nothing", "postern clock resume -q", Needs::Gateway},
    Example{"the answer for programs", "postern clock resume -o json", Needs::Gateway},
};

int print(const Console &console, const Result<Json> &clock)
{
    if (!clock)
        return console.fail(clock.error());
    if (console.json()) {
        console.document(*clock);
    } else {
        console.line(std::format("{} (real {}, mode {})", clock->stringOr("now", "?"),
                                 clock->stringOr("real", "?"), clock->stringOr("mode", "?")));
    }
    return kYes;
}

struct Options
{
    std::string value, mode;
    bool force = false;
};

Json changeOf(std::string_view verb, const Options &options)
{
    Json change = Json::object();
    if (!options.value.empty())
        change.set(verb, options.value);
    if (!options.mode.empty())
        change.set("mode", options.mode);
    if (options.force)
        change.set("force", true);
    return change;
}

Run defineShow(CLI::App &)
{
    return [](Console &console) { return print(console, askControl("GET", "/v1/clock")); };
}

void addChangeOptions(CLI::App &app, Options &options)
{
    app.add_option("--mode", options.mode, "and go on in this mode")
        ->check(CLI::IsMember({"real", "ticking", "frozen"}));
    app.add_flag("--force", options.force, "also backwards");
}

Run defineAdvance(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("duration", options->value, "how far, as 31s or 1h30m")->required();
    addChangeOptions(app, *options);
    return [options](Console &console) {
        if (const auto duration = parseDuration(options->value); !duration)
            return console.fail(duration.error());
        return print(console, askControl("POST", "/v1/clock", changeOf("advance", *options)));
    };
}

int set(const Console &console, Options options)
{
    if (options.value.empty() && options.mode.empty())
        return console.fail({Errc::Usage, "name a TIME or a --mode", {}});
    if (!options.value.empty() && options.mode == "real")
        return console.fail({Errc::Usage,
                             "the real time cannot be set; leave out TIME or choose another --mode",
                             {}});
    if (!options.value.empty()) {
        const auto time = parseTime(options.value, Clock().now());
        if (!time)
            return console.fail(time.error());
        options.value = formatTime(*time, true);
    }
    return print(console, askControl("POST", "/v1/clock", changeOf("set", options)));
}

Run defineSet(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("time", options->value,
                   "RFC 3339, UNIX seconds, now, +90s; left out: only the mode changes");
    addChangeOptions(app, *options);
    return [options](Console &console) { return set(console, *options); };
}

template <const char *kMode> Run defineMode(CLI::App &)
{
    return [](Console &console) {
        return print(console, askControl("POST", "/v1/clock", Json::object({{"mode", kMode}})));
    };
}

constexpr char kFrozen[] = "frozen";
constexpr char kTicking[] = "ticking";

} // namespace

const Command clockShowCommand{"clock show", "show the gateway's clock", kShowExamples, defineShow};
const Command clockAdvanceCommand{"clock advance", "move the gateway's clock forward",
                                  kAdvanceExamples, defineAdvance};
const Command clockSetCommand{
    "clock set", "set the gateway's clock or its mode", kSetExamples, defineSet,
    "A clock in mode real shows the computer's time, ticking goes on from where it was set, frozen "
    "moves only by 'clock advance' and 'clock set'. Backwards wants --force: what was cached or "
    "counted meanwhile does not follow."};
const Command clockFreezeCommand{"clock freeze", "stop the gateway's clock", kFreezeExamples,
                                 defineMode<kFrozen>};
const Command clockResumeCommand{"clock resume", "let the gateway's clock run on", kResumeExamples,
                                 defineMode<kTicking>,
                                 "It runs on from where it stands; 'postern clock set --mode "
                                 "real' goes back to the computer's time."};

} // namespace postern::cli
