// SPDX-License-Identifier: Apache-2.0
#include "cli/batch.h"

#include "cli/exit_codes.h"
#include "core/bytes/encoding.h"
#include "core/json/parse.h"

#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <format>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace postern::cli {
namespace {

constexpr std::size_t kBlock = 128UL * 1024;
constexpr std::size_t kFlushAt = 256UL * 1024;

Error ioError(std::string_view what)
{
    return {Errc::Io, std::format("{}: {}", what, std::generic_category().message(errno)), {}};
}

bool isBlank(std::string_view text) noexcept
{
    return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// The `id` of a line that is not valid JSON, if it can be made out: the first member of that name
/// at the top level, when its value is a string or a number.
Json salvagedId(std::string_view line)
{
    constexpr std::string_view kName = "\"id\"";
    constexpr std::string_view kSpace = " \t\r";
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
            continue;
        }
        if (depth == 1 && line.substr(i).starts_with(kName)) {
            std::size_t at = line.find_first_not_of(kSpace, i + kName.size());
            if (at != std::string_view::npos && line[at] == ':') {
                at = line.find_first_not_of(kSpace, at + 1);
                if (at == std::string_view::npos)
                    return {};
                const bool text = line[at] == '"';
                const std::size_t end =
                    text ? line.find('"', at + 1) : line.find_first_of(",} \t\r", at);
                if (end == std::string_view::npos)
                    return {};
                Json id = parseJson(line.substr(at, end - at + (text ? 1 : 0))).value_or(Json());
                return id.isString() || id.isNumber() ? std::move(id) : Json();
            }
        }
        inString = c == '"';
        depth += (c == '{' || c == '[') ? 1 : 0;
        depth -= (c == '}' || c == ']') ? 1 : 0;
    }
    return {};
}

Json errorObject(const Error &error)
{
    return Json::object({{"code", slug(error.code)}, {"message", printable(describe(error))}});
}

Result<Json> guarded(const BatchAnswer &answer, const Json &request)
{
    try {
        return answer(request);
    } catch (const std::exception &error) {
        return fail(Errc::Internal, error.what());
    }
}

void answerLine(std::string_view line, const BatchAnswer &answer, std::string &out)
{
    Json id;
    Result<Json> answered = fail(Errc::Internal);
    const Result<Json> request = parseJson(line, {.size = kMaxBatchLine, .depth = 1024});
    if (!request) {
        id = salvagedId(line);
        answered = std::unexpected(request.error());
    } else if (!request->isObject()) {
        answered = fail(Errc::InvalidArgument, "a line of a batch is a JSON object");
    } else {
        if (const Json *given = request->find("id"))
            id = *given;
        answered = guarded(answer, *request);
    }
    Json text =
        answered ? std::move(*answered) : Json::object({{"error", errorObject(answered.error())}});
    Json::Object &members = text.members();
    members.emplace(members.begin(), "id", std::move(id));
    text.dumpTo(out);
    out += '\n';
}

Result<void> writeAll(int out, std::string &text)
{
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t written = ::write(out, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return std::unexpected(ioError("the answers cannot be written"));
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    text.clear();
    return {};
}

bool readyNow(int in) noexcept
{
    pollfd waiting{.fd = in, .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) > 0;
}

/// Cuts the input into lines; one that is too long is passed over up to its end.
class LineSplitter
{
public:
    void add(std::string_view block)
    {
        if (m_start != 0) {
            m_pending.erase(0, m_start);
            m_scanned -= m_start;
            m_start = 0;
        }
        m_pending.append(block);
    }
    /// The next whole line; nullopt when there is none yet.
    std::optional<std::string_view> next()
    {
        const std::size_t end = m_pending.find('\n', m_scanned);
        if (end == std::string::npos) {
            m_scanned = m_pending.size();
            return std::nullopt;
        }
        const std::string_view line = std::string_view(m_pending).substr(m_start, end - m_start);
        m_start = m_scanned = end + 1;
        return line;
    }
    /// What stands behind the last newline.
    [[nodiscard]] std::string_view rest() const noexcept
    {
        return std::string_view(m_pending).substr(m_start);
    }
    void dropRest() noexcept { m_start = m_scanned = m_pending.size(); }

private:
    std::string m_pending;
    std::size_t m_start = 0; ///< of the line
    std::size_t m_scanned = 0; ///< no newline between start and here
};

/// One batch from the first line to the last.
class Loop
{
public:
    Loop(int out, const BatchAnswer &answer) : m_out(out), m_answer(answer) {}

    Result<void> take(std::string_view block)
    {
        m_lines.add(block);
        while (const auto line = m_lines.next()) {
            // The head of a line that was too long has been answered already.
            if (!std::exchange(m_skipping, false))
                one(*line);
            if (m_answers.size() >= kFlushAt) {
                if (auto done = flush(); !done)
                    return done;
            }
        }
        if (m_lines.rest().size() > kMaxBatchLine) {
            if (!std::exchange(m_skipping, true))
                tooLong();
            m_lines.dropRest();
        } else if (m_skipping) {
            m_lines.dropRest();
        }
        return {};
    }
    Result<void> end()
    {
        if (!m_skipping)
            one(m_lines.rest());
        return flush();
    }
    Result<void> flush() { return writeAll(m_out, m_answers); }

private:
    void one(std::string_view line)
    {
        if (line.size() > kMaxBatchLine)
            tooLong();
        else if (!isBlank(line))
            answerLine(line, m_answer, m_answers);
    }
    void tooLong()
    {
        const Error error{Errc::LimitExceeded, "a line of more than 16 MiB", {}};
        Json::object({{"id", Json()}, {"error", errorObject(error)}}).dumpTo(m_answers);
        m_answers += '\n';
    }

    int m_out;
    const BatchAnswer &m_answer;
    LineSplitter m_lines;
    std::string m_answers;
    bool m_skipping = false;
};

} // namespace

void addBatchOption(CLI::App &app, std::string &source, std::string_view members)
{
    app.add_option(
        "--batch", source,
        std::format("answer many: NDJSON from - or a file, one answer a line; {}", members));
}

Result<void> answerLines(int in, int out, const BatchAnswer &answer)
{
    Loop loop(out, answer);
    std::string block(kBlock, '\0');
    while (true) {
        if (!readyNow(in)) {
            if (auto done = loop.flush(); !done)
                return done;
        }
        const ssize_t got = ::read(in, block.data(), block.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::unexpected(ioError("the lines cannot be read"));
        if (got == 0)
            return loop.end();
        if (auto done = loop.take(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
            !done)
            return done;
    }
}

int runBatch(const Console &console, const std::string &source, const BatchAnswer &answer)
{
    std::fflush(stdout);
    const bool standardInput = source == "-";
    const int in = standardInput ? STDIN_FILENO : ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        Error error = ioError("cannot be read");
        error.where = source;
        return console.fail(error);
    }
    const Result<void> done = answerLines(in, STDOUT_FILENO, answer);
    if (!standardInput)
        ::close(in);
    return done ? static_cast<int>(kYes) : console.fail(done.error());
}

Result<std::string_view> textMember(const Json &request, std::string_view name)
{
    const Json *const value = request.find(name);
    if (value == nullptr || !value->isString())
        return fail(Errc::InvalidArgument,
                    value == nullptr ? "the member is missing" : "must be a string",
                    std::format("/{}", name));
    return std::string_view(value->asString());
}

Result<std::string> hexMember(const Json &request, std::string_view name)
{
    return textMember(request, name).and_then([name](std::string_view text) {
        Result<std::string> octets = decodeHex(text);
        if (!octets)
            octets.error().where = std::format("/{}", name);
        return octets;
    });
}

} // namespace postern::cli
