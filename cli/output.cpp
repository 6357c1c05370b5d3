// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include "cli/exit_codes.h"
#include "core/bytes/encoding.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <ranges>

#include <unistd.h>

namespace postern::cli {
namespace {

// Index = Paint.
constexpr std::array<std::string_view, 5> kEscapes{"\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m",
                                                   "\x1b[1m"};

void write(FILE *stream, std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stream);
}

// Length of the UTF-8 sequence that a lead byte announces; 0 for a byte that cannot lead.
std::size_t sequenceLength(unsigned char lead) noexcept
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

bool isControl(std::string_view character) noexcept
{
    const auto byte = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
    // C1 controls, U+0080 to U+009F
    return byte == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

} // namespace

bool Console::coloured() const noexcept
{
    if (colour != ColourMode::Auto)
        return colour == ColourMode::Always;
    return !hasEnvironment("NO_COLOR") && isatty(STDOUT_FILENO) == 1;
}

std::string Console::painted(Paint paint, std::string_view text) const
{
    if (!coloured())
        return std::string(text);
    return std::format("{}{}\x1b[0m", kEscapes.at(static_cast<std::size_t>(paint)), text);
}

void Console::line(std::string_view text) const
{
    write(stdout, text);
    write(stdout, "\n");
}

void Console::raw(std::string_view octets) const { write(stdout, octets); }

void Console::document(const Json &json, bool oneLine) const
{
    line(json.dump(oneLine || format == Format::Ndjson ? 0 : 2));
}

void Console::note(std::string_view text) const
{
    if (!quiet)
        write(stderr, std::format("postern: {}\n", text));
}

int Console::fail(const Error &error) const
{
    // The result so far comes first where both streams are one terminal.
    std::fflush(stdout);
    if (error.code != Errc::Config || !error.where.empty()) {
        write(stderr, errorLine(error) + '\n');
        return exitCodeOf(error.code);
    }
    // One line for each wrong object of a configuration; each carries its place.
    for (const auto part : std::views::split(error.detail, '\n'))
        write(stderr,
              std::format("postern: {} [E-{}]\n", printable(std::string_view(part)),
                          slug(error.code)));
    return exitCodeOf(error.code);
}

std::string errorLine(const Error &error)
{
    return std::format("postern: {} [E-{}]", printable(describe(error)), slug(error.code));
}

std::string printable(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequenceLength(static_cast<unsigned char>(text.front()));
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        if (length == character.size() && isUtf8(character) && !isControl(character))
            out += character;
        else {
            for (const char c : character)
                out += std::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
        text.remove_prefix(character.size());
    }
    return out;
}

bool hasEnvironment(const char *name) noexcept
{
    const char *const value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

std::string environment(const char *name, std::string_view otherwise)
{
    return hasEnvironment(name) ? std::string(std::getenv(name)) : std::string(otherwise);
}

} // namespace postern::cli
