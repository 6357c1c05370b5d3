// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/file_walk.h"
#include "cli/reveal.h"
#include "cli/times.h"
#include "core/jose/token_finder.h"

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <format>
#include <memory>
#include <optional>

#include <unistd.h>

namespace postern::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::array kExamples{
    Example{"in this folder and below it",
            "postern token mint --secret text:your-256-bit-secret --ttl 1h > fixture.txt && "
            "postern token find"},
    Example{"fixtures that have expired or will within 30 days",
            "postern token mint --secret text:s --exp 1700000000 > old.txt && postern token find "
            "--expires-within 30d"},
    Example{"as a check before a commit: exit 1 if there is anything",
            "postern token mint --secret text:s --ttl 1h > leaked.txt && postern token find --fail "
            "-q",
            Needs::Nothing, kNo},
};

constexpr std::string_view kDescription =
    "Finds compact tokens, JWKs, PEM private keys and well-known sample secrets in text files and "
    "prints file:line:column of each (columns count octets). Folders of version control, builds "
    "and dependencies, binary files and files over --max-size are left out and counted.\n\n"
    "Tokens and keys are shown by their beginning only, unless --reveal is given.";

struct Options
{
    std::vector<std::string> paths, kinds;
    std::string clock, within, maxSize = "16M";
    bool fail = false, reveal = false, all = false;
};

/// "16M", "512k", "1000000".
Result<std::uintmax_t> sizeOf(const std::string &text)
{
    std::size_t used = 0;
    unsigned long long value = 0;
    try {
        value = std::stoull(text, &used);
    } catch (const std::exception &) {
        used = 0;
    }
    const std::string unit = text.substr(used);
    constexpr std::array<std::pair<std::string_view, unsigned>, 7> kUnits{
        {{"", 0}, {"k", 10}, {"K", 10}, {"M", 20}, {"m", 20}, {"G", 30}, {"g", 30}}};
    const auto *known =
        std::ranges::find(kUnits, unit, &std::pair<std::string_view, unsigned>::first);
    if (used == 0 || known == kUnits.end() || value > (1ULL << 33))
        return fail(Errc::Usage, "a size as 512k or 16M is wanted", "--max-size");
    return value << known->second;
}

/// Says how far it has come, once it takes longer than a moment, and only to people.
class Progress
{
public:
    explicit Progress(const Console &console)
        : m_shown(isatty(STDERR_FILENO) == 1 && !console.quiet && !hasEnvironment("CI")),
          m_next(steady_clock::now() + std::chrono::seconds(1))
    {
    }
    ~Progress() { clear(); }
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;

    void show(const WalkCounts &counts)
    {
        if (!m_shown || steady_clock::now() < m_next)
            return;
        m_next = steady_clock::now() + std::chrono::milliseconds(250);
        std::fprintf(stderr, "\r\x1b[Kpostern: %llu files, %llu MB",
                     static_cast<unsigned long long>(counts.files),
                     static_cast<unsigned long long>(counts.bytes >> 20));
        std::fflush(stderr);
        m_dirty = true;
    }
    void clear()
    {
        if (m_dirty)
            std::fputs("\r\x1b[K", stderr);
        m_dirty = false;
    }

private:
    bool m_shown, m_dirty = false;
    steady_clock::time_point m_next;
};

/// One run: what is wanted, and what was found.
class Search
{
public:
    Search(const Console &console, const Options &options, Timestamp now,
           std::optional<std::int64_t> within)
        : m_console(console),
          m_options(options),
          m_now(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()),
          m_within(within)
    {
    }

    void look(const std::string &path, std::string_view text, Progress &progress)
    {
        for (const FoundItem &item : findInText(text)) {
            if (!isWanted(item))
                continue;
            ++m_count;
            if (m_console.quiet && !m_console.json())
                continue;
            progress.clear();
            if (m_console.format == Format::Json)
                m_list.push_back(toJson(path, text, item));
            else if (m_console.json())
                m_console.document(toJson(path, text, item), true);
            else
                m_console.line(lineOf(path, text, item));
        }
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    [[nodiscard]] Json takeList() { return std::move(m_list); }

private:
    [[nodiscard]] bool isWanted(const FoundItem &item) const
    {
        if (m_within)
            return item.kind == FoundKind::Token && item.expires
                && *item.expires <= m_now + *m_within;
        return m_options.kinds.empty()
            || std::ranges::find(m_options.kinds, nameOf(item.kind)) != m_options.kinds.end();
    }

    [[nodiscard]] std::string shown(std::string_view text, const FoundItem &item) const
    {
        return printable(m_options.reveal ? text.substr(item.offset, item.length)
                                          : std::string_view(maskedExcerpt(text, item)));
    }

    [[nodiscard]] std::string expiryText(const FoundItem &item) const
    {
        if (item.kind != FoundKind::Token)
            return {};
        if (!item.expires)
            return ", never expires";
        const std::string distance =
            formatDistance(std::chrono::seconds(std::abs(m_now - *item.expires)));
        return *item.expires <= m_now
            ? m_console.painted(Paint::Dim, std::format(", expired {} ago", distance))
            : m_console.painted(Paint::Warn, std::format(", expires in {}", distance));
    }

    [[nodiscard]] std::string lineOf(const std::string &path, std::string_view text,
                                     const FoundItem &item) const
    {
        return std::format("{}:{}:{}: {}{}{}{}  {}", printable(path), item.line, item.column,
                           m_console.painted(Paint::Bold, nameOf(item.kind)),
                           item.alg.empty() ? "" : " " + printable(item.alg), expiryText(item),
                           item.remark.empty() ? "" : ", " + printable(item.remark),
                           shown(text, item));
    }

    [[nodiscard]] Json toJson(const std::string &path, std::string_view text,
                              const FoundItem &item) const
    {
        Json row = Json::object({{"file", printable(path)},
                                 {"line", std::uint64_t{item.line}},
                                 {"column", std::uint64_t{item.column}},
                                 {"kind", nameOf(item.kind)}});
        if (!item.alg.empty())
            row.set("alg", printable(item.alg));
        if (item.kind == FoundKind::Token)
            row.set("exp", item.expires ? Json(*item.expires) : Json());
        if (item.expires) {
            row.set("expires_in_s", Json(*item.expires - m_now));
            row.set("expired", *item.expires <= m_now);
        }
        if (!item.remark.empty())
            row.set("remark", printable(item.remark));
        row.set("excerpt", shown(text, item));
        return row;
    }

    const Console &m_console;
    const Options &m_options;
    std::int64_t m_now;
    std::optional<std::int64_t> m_within;
    std::uint64_t m_count = 0;
    Json m_list = Json::array();
};

std::string leftOutText(const WalkCounts &counts)
{
    std::string text;
    const auto add = [&](std::uint64_t count, std::string_view what) {
        if (count > 0)
            text += std::format("{}{} {}", text.empty() ? "" : ", ", count, what);
    };
    add(counts.skippedFolders, "folders");
    add(counts.binary, "binary files");
    add(counts.tooLarge, "files over --max-size");
    add(counts.unreadable, "unreadable");
    return text;
}

void conclude(const Console &console, Search &search, const WalkCounts &counts)
{
    const std::string leftOut = leftOutText(counts);
    if (console.format == Format::Json)
        console.document(Json::object({{"version", 1},
                                       {"findings", search.takeList()},
                                       {"files", counts.files},
                                       {"bytes", counts.bytes},
                                       {"left_out",
                                        Json::object({{"folders", counts.skippedFolders},
                                                      {"binary", counts.binary},
                                                      {"too_large", counts.tooLarge},
                                                      {"unreadable", counts.unreadable}})}}));
    else
        console.note(std::format("{} found in {} files{}", search.count(), counts.files,
                                 leftOut.empty() ? "" : "; left out: " + leftOut));
}

int run(Console &console, const Options &options)
{
    const Result<Timestamp> now = timeOf(options.clock);
    const Result<std::uintmax_t> maxSize = sizeOf(options.maxSize);
    if (!now || !maxSize)
        return console.fail(now ? maxSize.error() : now.error());
    std::optional<std::int64_t> within;
    if (!options.within.empty()) {
        const Result<std::int64_t> seconds = secondsOf(options.within, "--expires-within");
        if (!seconds)
            return console.fail(seconds.error());
        within = *seconds;
    }
    Search search(console, options, *now, within);
    WalkCounts counts;
    {
        Progress progress(console);
        const auto pause = [&] { progress.show(counts); };
        const auto visit = [&](const std::string &path, std::string_view text) {
            search.look(path, text, progress);
        };
        for (const std::string &path :
             options.paths.empty() ? std::vector<std::string>{"."} : options.paths) {
            if (path == "-") {
                ArgumentReader reader(console);
                const Result<std::string> text = reader.standardInput();
                if (!text)
                    return console.fail(text.error());
                ++counts.files;
                visit("-", *text);
                continue;
            }
            const WalkOptions walk{.maxSize = *maxSize, .everything = options.all};
            if (const auto walked = walkFiles(path, walk, counts, visit, pause); !walked)
                return console.fail(walked.error());
        }
    }
    conclude(console, search, counts);
    return options.fail && search.count() > 0 ? kNo : kYes;
}

Run define(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("path", options->paths, "files and folders; - is standard input; else here");
    app.add_option("--expires-within", options->within,
                   "only tokens that have expired or will within this time, as 30d");
    addList(app, "--only", options->kinds,
            "only this kind: token, encrypted-token, private-key, secret-key, public-key, "
            "sample-secret; repeatable");
    app.add_flag("--fail", options->fail, "exit 1 if something was found");
    app.add_flag("--all", options->all, "do not leave folders out");
    app.add_option("--max-size", options->maxSize, "leave larger files out, as 512k or 16M");
    app.add_option("--clock", options->clock, "the time that expiry is compared with");
    addReveal(app, options->reveal);
    return [options](Console &console) { return run(console, *options); };
}

} // namespace

const Command tokenFindCommand{"token find", "find tokens, keys and sample secrets in files",
                               kExamples, define, kDescription};

} // namespace postern::cli
