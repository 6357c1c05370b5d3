// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/path.h"
#include "gateway/pipeline/exchange.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// What a variable is at the moment: absent, text (also a number, as it is written), or, for
/// members of a body, what JSON has.
struct VariableValue
{
    enum class Kind : std::uint8_t { Absent, Text, Number, Boolean, List };
    Kind kind = Kind::Absent;
    std::string_view text; ///< Text, Number
    bool flag = false; ///< Boolean
    std::vector<Json> list; ///< List
};

/// A variable of nginx or APISIX, found by its name once: "uri", "http_x_y", "arg_a", "cookie_b",
/// "post_arg.a.b", "1" (group of proxy-rewrite's regex_uri), "consumer_name" ... (APISIX 3.18, vars
/// expressions). Names nobody knows are always absent. Immutable after construction; any worker.
class Variable
{
public:
    explicit Variable(std::string_view name);

    [[nodiscard]] const std::string &name() const noexcept { return m_name; }
    /// True if the value lies in the request's body: requestBody() before asking for it.
    [[nodiscard]] bool needsBody() const noexcept;
    /// Texts live in the exchange (its arena, its request, its snapshot) or for ever.
    [[nodiscard]] VariableValue value(Exchange &exchange) const;
    /// The value as a template shows it; nullopt if absent.
    [[nodiscard]] std::optional<std::string_view> text(Exchange &exchange) const;

private:
    using Getter = std::optional<std::string_view> (*)(Exchange &);
    enum class Source : std::uint8_t {
        Fixed,
        Header,
        SentHeader,
        Argument,
        Cookie,
        PathParameter,
        FormArgument,
        BodyMember,
        Graphql,
        Capture,
        Unknown,
    };
    std::string m_name;
    std::string m_key; ///< the name behind its prefix
    Source m_source = Source::Unknown;
    std::size_t m_group = 0;
    Getter m_get = nullptr;
    std::optional<JsonPath> m_path;
};

/// The largest body that is read for the sake of a variable.
inline constexpr std::uint64_t kVariableBodyLimit = 64ULL * 1024 * 1024;

/// Text with variables in it: `$name`, `${name}`, `${name ?? otherwise}`. A backslash before `$`
/// keeps it, and stays itself, as in APISIX. Immutable after construction; any worker.
class Template
{
public:
    /// Dotted: names may hold dots, as in most fields. Plain: they may not (redirect's `uri`).
    enum class Names : std::uint8_t { Dotted, Plain };

    Template() = default;
    explicit Template(std::string_view text, Names names = Names::Dotted);

    [[nodiscard]] bool literal() const noexcept { return m_parts.empty(); }
    [[nodiscard]] const std::string &source() const noexcept { return m_text; }
    [[nodiscard]] bool needsBody() const noexcept;
    /// Whether a variable in it is there.
    [[nodiscard]] bool resolves(Exchange &exchange) const;
    /// The text with every variable replaced, absent ones by nothing. A view of this template or of
    /// the exchange's arena.
    [[nodiscard]] std::string_view evaluate(Exchange &exchange) const;
    /// As evaluate(), with what variables hold (not the text around them) changed by `escape`.
    [[nodiscard]] std::string_view evaluate(Exchange &exchange,
                                            std::string (*escape)(std::string_view)) const;

private:
    struct Part
    {
        std::string before; ///< text in front of the variable
        Variable variable;
        std::optional<std::string> otherwise;
    };
    std::string m_text; ///< the source; all there is when literal
    std::string m_rest; ///< behind the last variable
    std::vector<Part> m_parts;
};

} // namespace postern::gateway
