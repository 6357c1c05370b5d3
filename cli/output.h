// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::cli {

enum class Format : std::uint8_t { Text, Json, Ndjson };
enum class ColourMode : std::uint8_t { Auto, Always, Never };
enum class Paint : std::uint8_t { Good, Bad, Warn, Dim, Bold };

/// Where a command's result and talk go: the result to stdout, talk to stderr. Colour only where
/// it was asked for, or on a terminal without NO_COLOR. One thread.
class Console
{
public:
    Format format = Format::Text;
    ColourMode colour = ColourMode::Auto;
    bool quiet = false; ///< no talk; the exit code is the answer
    int verbosity = 0;

    /// A format for programs; Ndjson is JSON with one document a line.
    [[nodiscard]] bool json() const noexcept { return format != Format::Text; }
    /// Whether stdout gets colour.
    [[nodiscard]] bool coloured() const noexcept;
    /// The text, wrapped in the colour's escapes if stdout is coloured.
    [[nodiscard]] std::string painted(Paint paint, std::string_view text) const;

    /// A line of the result. Not silenced by `quiet`.
    void line(std::string_view text) const;
    /// Result octets as they are.
    void raw(std::string_view octets) const;
    /// A JSON result, indented for people or on one line.
    void document(const Json &json, bool oneLine = false) const;

    /// A line of talk, "postern: …", on stderr; silent with `quiet`.
    void note(std::string_view text) const;
    /// An error line on stderr: "postern: <place>: <what>; <fix> [E-<slug>]".
    /// \return the exit code that the error stands for
    int fail(const Error &error) const;
};

/// The text of an error line without its newline.
[[nodiscard]] std::string errorLine(const Error &error);

/// Control characters (other than newline and tab) and malformed UTF-8 as \xNN, so that foreign
/// text cannot steer a terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// True if a variable is set and not empty.
[[nodiscard]] bool hasEnvironment(const char *name) noexcept;
/// A variable's value, or `otherwise` if it is unset or empty.
[[nodiscard]] std::string environment(const char *name, std::string_view otherwise = {});

} // namespace postern::cli
