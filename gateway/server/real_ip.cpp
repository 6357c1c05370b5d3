// SPDX-License-Identifier: Apache-2.0
#include "gateway/server/real_ip.h"

#include "gateway/http/header_list.h"
#include "gateway/pipeline/arena.h"
#include "gateway/server/socket.h"

#include <charconv>
#include <ranges>

namespace postern::gateway {
namespace {

constexpr std::string_view kForwardedFor = "x-forwarded-for";

/// An address as nginx writes it: IPv6 in its shortest form. Empty: it is none.
std::string_view written(std::string_view text, Arena &arena)
{
    if (!IpAddress::parse(text))
        return {};
    if (!text.contains(':'))
        return text;
    const auto address = SocketAddress::fromNumeric(std::string(text), 0);
    return address ? arena.copy(address->host()) : text;
}

/// `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]:80`
std::optional<RealAddress> readAddress(std::string_view text, Arena &arena)
{
    if (const std::string_view address = written(text, arena); !address.empty())
        return RealAddress{address};
    const bool bracketed = text.starts_with('[');
    const std::size_t end = text.find(bracketed ? ']' : ':');
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view rest = text.substr(end + (bracketed ? 1 : 0));
    if (!rest.starts_with(':'))
        return std::nullopt;
    rest.remove_prefix(1);
    RealAddress found{written(text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0)), arena)};
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), found.port);
    if (found.address.empty() || error != std::errc() || stop != rest.data() + rest.size()
        || found.port == 0)
        return std::nullopt;
    return found;
}

/// Takes the last address of a list away. Blanks and commas part them alike.
std::string_view takeLast(std::string_view &list)
{
    constexpr std::string_view kBetween = " ,";
    list = list.substr(0, list.find_last_not_of(kBetween) + 1); // npos + 1 is 0
    const std::size_t from = list.find_last_of(kBetween) + 1;
    const std::string_view last = list.substr(from);
    list = list.substr(0, from);
    return last;
}

/// Goes through the lists from the end, one address after the other.
class Walk
{
public:
    Walk(const RealIpOptions &options, Arena &arena) : m_options(options), m_arena(arena) {}

    /// \return false once the search is over
    [[nodiscard]] bool through(std::string_view list)
    {
        do {
            const auto address = readAddress(takeLast(list), m_arena);
            if (!address)
                return false;
            m_found = address;
            if (!m_options.recursive || !m_options.trusts(address->address))
                return false;
        } while (!list.empty());
        return true;
    }
    [[nodiscard]] std::optional<RealAddress> found() const noexcept { return m_found; }

private:
    const RealIpOptions &m_options;
    Arena &m_arena;
    std::optional<RealAddress> m_found;
};

} // namespace

std::vector<IpRange> RealIpOptions::thisMachine() { return {*IpRange::parse("127.0.0.1")}; }

bool RealIpOptions::trusts(std::string_view peer) const noexcept
{
    return peer == "unix" ? fromUnixSockets : anyContains(from, peer);
}

std::optional<RealAddress> realAddress(const RealIpOptions &options, const HeaderList &headers,
                                       Arena &arena)
{
    const HeaderField *const first = headers.find(options.header);
    if (!first)
        return std::nullopt;
    Walk walk(options, arena);
    if (!equalsIgnoringCase(options.header, kForwardedFor)) {
        static_cast<void>(walk.through(first->value));
        return walk.found();
    }
    for (const HeaderField &field : headers.fields() | std::views::reverse) {
        if (equalsIgnoringCase(field.name, kForwardedFor) && !walk.through(field.value))
            break;
    }
    return walk.found();
}

} // namespace postern::gateway
