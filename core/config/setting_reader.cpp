// SPDX-License-Identifier: Apache-2.0
#include "core/config/setting_reader.h"

#include "core/text/suggest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <limits>

namespace postern {
namespace {

std::optional<std::uint64_t> wholeNumber(std::string_view text) noexcept
{
    std::uint64_t value = 0;
    const char *const textEnd = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), textEnd, value);
    if (text.empty() || error != std::errc() || end != textEnd)
        return std::nullopt;
    return value;
}

std::unexpected<Error> badAddress(std::string_view text)
{
    return fail(
        Errc::InvalidArgument,
        std::format("\"{}\" is not an address; write 127.0.0.1:9080, [::1]:9080 or a port", text));
}

} // namespace

Result<ListenAddress> parseListenAddress(std::string_view text)
{
    constexpr std::uint64_t kMaxPort = 65'535;
    ListenAddress address;
    std::string_view port = text;
    if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
        std::string_view host = text.substr(0, colon);
        port = text.substr(colon + 1);
        const bool bracketed = host.starts_with('[') && host.ends_with(']');
        if (bracketed)
            host = host.substr(1, host.size() - 2);
        // An IPv6 address without brackets would lose its last group to the port.
        if (host.empty() || bracketed != host.contains(':')
            || host.find_first_of("[]/ \t") != std::string_view::npos)
            return badAddress(text);
        address.host = host;
    }
    const std::optional<std::uint64_t> number = wholeNumber(port);
    if (!number || *number > kMaxPort)
        return badAddress(text);
    address.port = static_cast<std::uint16_t>(*number);
    return address;
}

std::string formatListenAddress(const ListenAddress &address)
{
    return address.host.contains(':') ? std::format("[{}]:{}", address.host, address.port)
                                      : std::format("{}:{}", address.host, address.port);
}

Result<std::uint64_t> parseSize(std::string_view text)
{
    struct Unit
    {
        std::string_view name;
        std::uint64_t octets;
    };
    constexpr std::array kUnits{Unit{"KiB", 1U << 10U},
                                Unit{"MiB", 1U << 20U},
                                Unit{"GiB", 1U << 30U},
                                Unit{"kB", 1'000},
                                Unit{"MB", 1'000'000},
                                Unit{"GB", 1'000'000'000},
                                Unit{"B", 1}};
    std::uint64_t octets = 1;
    std::string_view number = text;
    for (const Unit &unit : kUnits) {
        if (number.size() == text.size() && number.ends_with(unit.name)) {
            number.remove_suffix(unit.name.size());
            octets = unit.octets;
        }
    }
    while (number.size() < text.size() && number.ends_with(' '))
        number.remove_suffix(1);
    const std::optional<std::uint64_t> amount = wholeNumber(number);
    if (!amount || *amount > std::numeric_limits<std::int64_t>::max() / octets)
        return fail(Errc::InvalidArgument,
                    std::format("\"{}\" is not a size; write 512, 64KiB or 64MiB", text));
    return *amount * octets;
}

std::unexpected<Error> SettingReader::refuse(std::string detail) const
{
    return fail(Errc::Config, std::move(detail), formatPlace(m_file, m_node.place));
}

Result<std::string> SettingReader::spelled(std::string_view what) const
{
    if (m_node.kind == YamlNode::Kind::Scalar) {
        if (m_node.scalar.isString())
            return m_node.scalar.asString();
        if (m_node.scalar.isNumber() || m_node.scalar.isBool())
            return m_node.scalar.dump();
    }
    return refuse(std::format("expected {}", what));
}

Result<void> SettingReader::boolean(bool &out) const
{
    if (m_node.kind != YamlNode::Kind::Scalar || !m_node.scalar.isBool())
        return refuse("expected true or false");
    out = m_node.scalar.asBool();
    return {};
}

Result<void> SettingReader::text(std::string &out) const
{
    return spelled("text").transform([&out](std::string value) { out = std::move(value); });
}

Result<void> SettingReader::textOrOff(std::string &out) const
{
    return spelled("text or off").transform([&out](std::string value) {
        out = value == "off" || value == "false" ? std::string() : std::move(value);
    });
}

Result<void> SettingReader::count(std::uint64_t &out) const
{
    const std::optional<std::int64_t> value =
        m_node.kind == YamlNode::Kind::Scalar ? m_node.scalar.asInteger() : std::nullopt;
    if (!value || *value < 0)
        return refuse("expected a whole number, not negative");
    out = static_cast<std::uint64_t>(*value);
    return {};
}

Result<void> SettingReader::countOrAuto(std::uint64_t &out) const
{
    if (m_node.scalar.isString() && m_node.scalar.asString() == "auto") {
        out = 0;
        return {};
    }
    return count(out);
}

Result<void> SettingReader::size(std::uint64_t &out) const
{
    const Result<std::string> value = spelled("a size such as 64KiB");
    if (!value)
        return std::unexpected(value.error());
    const Result<std::uint64_t> read = parseSize(*value);
    if (!read)
        return refuse(read.error().detail);
    out = *read;
    return {};
}

Result<void> SettingReader::duration(Duration &out) const
{
    const Result<std::string> value = spelled("a duration such as 5s");
    if (!value)
        return std::unexpected(value.error());
    const Result<Duration> read = parseDuration(*value);
    if (!read)
        return refuse(read.error().detail);
    if (*read < Duration::zero())
        return refuse("a duration must not be negative");
    out = *read;
    return {};
}

Result<void> SettingReader::address(std::optional<ListenAddress> &out) const
{
    const Result<std::string> value = spelled("an address or off");
    if (!value)
        return std::unexpected(value.error());
    if (*value == "off" || *value == "false") {
        out.reset();
        return {};
    }
    const Result<ListenAddress> read = parseListenAddress(*value);
    if (!read)
        return refuse(read.error().detail);
    out = *read;
    return {};
}

Result<void> SettingReader::texts(std::vector<std::string> &out) const
{
    if (m_node.kind != YamlNode::Kind::Sequence)
        return refuse("expected a list");
    out.clear();
    for (const YamlNode &item : m_node.items) {
        if (const auto read = SettingReader(item, m_file).text(out.emplace_back()); !read)
            return read;
    }
    return {};
}

Result<void> SettingReader::pairs(std::vector<std::pair<std::string, std::string>> &out) const
{
    if (m_node.kind != YamlNode::Kind::Mapping)
        return refuse("expected a mapping of names to texts");
    out.clear();
    for (const YamlNode::Member &member : m_node.members) {
        auto &[name, value] = out.emplace_back(member.name, std::string());
        if (const auto read = SettingReader(member.value, m_file).text(value); !read)
            return read;
    }
    return {};
}

bool SettingReader::isNull() const noexcept
{
    return m_node.kind == YamlNode::Kind::Scalar && m_node.scalar.isNull();
}

Result<void> SettingReader::entries(
    const std::function<Result<void>(const YamlNode &, std::string_view file)> &read) const
{
    if (m_node.kind != YamlNode::Kind::Sequence)
        return refuse("expected a list");
    for (const YamlNode &item : m_node.items) {
        if (const auto done = read(item, m_file); !done)
            return done;
    }
    return {};
}

Result<void> SettingReader::word(std::span<const std::string_view> words, std::size_t &out) const
{
    const Result<std::string> value = spelled("a word");
    if (!value)
        return std::unexpected(value.error());
    const auto found = std::ranges::find(words, std::string_view(*value));
    if (found == words.end()) {
        std::string known;
        for (const std::string_view word : words)
            known.append(known.empty() ? "" : ", ").append(word);
        return refuse(
            std::format("\"{}\" is not one of {}{}", *value, known, didYouMean(*value, words)));
    }
    out = static_cast<std::size_t>(found - words.begin());
    return {};
}

} // namespace postern
