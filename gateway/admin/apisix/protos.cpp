// SPDX-License-Identifier: Apache-2.0
#include "gateway/admin/apisix/resource.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <format>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern::gateway {
namespace {

constexpr std::string_view kSpaces = " \t\r\n\f\v";
constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "_.";

/// Cuts a proto's text into words, strings and single characters.
class ProtoTokens
{
public:
    explicit ProtoTokens(std::string_view text) : m_text(text) {}

    /// \return an empty token at the end or at a fault
    std::string_view next()
    {
        if (!skipSpace())
            return {};
        m_start = m_at;
        if (m_at == m_text.size())
            return {};
        const char first = m_text[m_at];
        if (first == '"' || first == '\'') {
            for (++m_at; m_at < m_text.size() && m_text[m_at] != first; ++m_at)
                m_at += m_text[m_at] == '\\' ? 1 : 0;
            if (m_at >= m_text.size())
                return fault("a string has no end");
            ++m_at;
        } else if (kWord.contains(first)) {
            m_at = std::min(m_text.find_first_not_of(kWord, m_at), m_text.size());
        } else {
            ++m_at;
        }
        return m_text.substr(m_start, m_at - m_start);
    }

    std::string_view fault(std::string text)
    {
        if (!m_fault) {
            const std::string_view before = m_text.substr(0, m_start);
            const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
            m_fault = std::format("{}:{}: {}", std::ranges::count(before, '\n') + 1,
                                  m_start - lineStart + 1, std::move(text));
        }
        return {};
    }
    [[nodiscard]] const std::optional<std::string> &faultText() const { return m_fault; }

private:
    /// Past white space and comments.
    bool skipSpace()
    {
        for (;;) {
            m_at = std::min(m_text.find_first_not_of(kSpaces, m_at), m_text.size());
            m_start = m_at;
            const std::string_view rest = m_text.substr(m_at);
            const bool line = rest.starts_with("//");
            if (!line && !rest.starts_with("/*"))
                return true;
            const std::size_t end = m_text.find(line ? "\n" : "*/", m_at + 2);
            if (end == std::string_view::npos && !line) {
                fault("a comment has no end");
                return false;
            }
            m_at = end == std::string_view::npos ? m_text.size() : end + (line ? 1 : 2);
        }
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_start = 0;
    std::optional<std::string> m_fault;
};

/// The number of the field that a statement declares; empty if it declares none.
std::string_view fieldNumber(const std::vector<std::string_view> &statement)
{
    constexpr std::array<std::string_view, 3> kOthers{"option", "reserved", "extensions"};
    if (statement.empty() || std::ranges::contains(kOthers, statement.front()))
        return {};
    const auto equals = std::ranges::find(statement, "=");
    if (equals == statement.end() || equals + 1 == statement.end())
        return {};
    const std::string_view number = *(equals + 1);
    return number.find_first_not_of("0123456789") == std::string_view::npos ? number
                                                                            : std::string_view();
}

/// Finds what no compiler takes: braces without their partners, and two fields of a message with
/// one number. It is no compiler, as nothing here uses a proto; and what does not begin as a
/// proto's text, like a descriptor set in base64, passes.
std::optional<std::string> faultOf(std::string_view content)
{
    constexpr std::array<std::string_view, 8> kBeginnings{
        "syntax", "package", "import", "option", "message", "enum", "service", "extend"};
    enum class Block : std::uint8_t { Message, OneOf, Other };
    std::vector<Block> blocks;
    std::vector<std::set<std::string_view>> messages; // the numbers that each open one has
    std::vector<std::string_view> statement;
    bool begun = false;
    ProtoTokens tokens(content);
    for (std::string_view token = tokens.next(); !token.empty(); token = tokens.next()) {
        if (!std::exchange(begun, true) && !std::ranges::contains(kBeginnings, token))
            return std::nullopt;
        if (token == "{") {
            const std::string_view kind = statement.empty() ? std::string_view() : statement[0];
            blocks.push_back(kind == "message"     ? Block::Message
                                 : kind == "oneof" ? Block::OneOf
                                                   : Block::Other);
            if (blocks.back() == Block::Message)
                messages.emplace_back();
        } else if (token == "}") {
            if (blocks.empty()) {
                tokens.fault("there is no \"{\" before this \"}\"");
                break;
            }
            if (blocks.back() == Block::Message)
                messages.pop_back();
            blocks.pop_back();
        } else if (token == ";") {
            if (!blocks.empty() && blocks.back() != Block::Other && !messages.empty()) {
                const std::string_view number = fieldNumber(statement);
                if (!number.empty() && !messages.back().insert(number).second) {
                    tokens.fault(std::format("field number {} is taken already", number));
                    break;
                }
            }
        } else {
            statement.push_back(token);
            continue;
        }
        statement.clear();
    }
    if (!tokens.faultText() && !blocks.empty())
        tokens.fault("a \"}\" is missing");
    return tokens.faultText();
}

Result<void> checkProto(Json &proto, const Subject &, const CheckContext &)
{
    if (auto valid = checkSchema("proto", proto); !valid)
        return valid;
    if (const auto fault = faultOf(proto.stringOr("content", "")))
        return fail(Errc::Schema, "invalid content: " + *fault);
    return {};
}

} // namespace

// Nothing can refer to a proto: grpc-transcode, whose proto_id would, is no plugin here.
constexpr ResourceSpec protosResource{.type = "protos",
                                      .kind = "proto",
                                      .schema = "proto",
                                      .methods = ResourceSpec::Methods::NoPatch,
                                      .check = checkProto};

} // namespace postern::gateway
