// SPDX-License-Identifier: Apache-2.0
#include "gateway/upstream/python_text.h"

#include "core/bytes/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <format>
#include <iterator>
#include <random>
#include <vector>

namespace postern::gateway {

namespace {

struct CodePoint
{
    char32_t value;
    std::size_t size;
};

// `text` is well-formed UTF-8.
CodePoint decodeFirst(std::string_view text)
{
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto tail = [&](std::size_t at) { return static_cast<char32_t>(octet(at) & 0x3FU); };
    if (octet(0) < 0x80)
        return {octet(0), 1};
    if (octet(0) < 0xE0)
        return {static_cast<char32_t>(octet(0) & 0x1FU) << 6 | tail(1), 2};
    if (octet(0) < 0xF0)
        return {static_cast<char32_t>(octet(0) & 0x0FU) << 12 | tail(1) << 6 | tail(2), 3};
    return {static_cast<char32_t>(octet(0) & 0x07U) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3),
            4};
}

void appendEscape(std::string &out, char32_t value)
{
    const auto unit = [&](char32_t code) {
        std::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(code));
    };
    if (value < 0x10000) {
        unit(value);
        return;
    }
    unit(0xD800 + ((value - 0x10000) >> 10));
    unit(0xDC00 + ((value - 0x10000) & 0x3FF));
}

class Writer
{
public:
    Writer(std::string &out, PythonStyle style) : m_out(out), m_style(style) {}

    void write(const Json &value)
    {
        switch (value.type()) {
        case Json::Type::Null:
            m_out += "null";
            return;
        case Json::Type::Boolean:
            m_out += value.asBool() ? "true" : "false";
            return;
        case Json::Type::Number:
            m_out += value.lexeme();
            return;
        case Json::Type::String:
            writeString(value.asString());
            return;
        case Json::Type::Array:
            writeArray(value.items());
            return;
        case Json::Type::Object:
            writeObject(value.members());
            return;
        }
    }

private:
    void writeString(std::string_view text)
    {
        m_out += '"';
        while (!text.empty()) {
            const CodePoint point = decodeFirst(text);
            text.remove_prefix(point.size);
            writeCharacter(point.value);
        }
        m_out += '"';
    }

    void writeCharacter(char32_t value)
    {
        static constexpr std::string_view kNamed = "\"\\\n\r\t\f\b";
        static constexpr std::string_view kLetters = "\"\\nrtfb";
        if (value >= 0x7F || value < 0x20 || value == '"' || value == '\\') {
            const auto at = value < 0x7F ? kNamed.find(static_cast<char>(value)) : kNamed.npos;
            if (at != std::string_view::npos)
                (m_out += '\\') += kLetters[at];
            else if (value == 0x7F)
                m_out += '\x7F';
            else
                appendEscape(m_out, value);
            return;
        }
        m_out += static_cast<char>(value);
    }

    void writeArray(const Json::Array &items)
    {
        writeList('[', ']', items.size(), [&](std::size_t at) { write(items[at]); });
    }

    void writeObject(const Json::Object &members)
    {
        std::vector<const Json::Member *> order;
        order.reserve(members.size());
        for (const Json::Member &member : members)
            order.push_back(&member);
        if (m_style == PythonStyle::Pretty)
            std::ranges::sort(order, {}, [](const Json::Member *m) { return m->first; });
        writeList('{', '}', order.size(), [&](std::size_t at) {
            writeString(order[at]->first);
            m_out += ": ";
            write(order[at]->second);
        });
    }

    template <class WriteItem>
    void writeList(char open, char close, std::size_t count, WriteItem writeItem)
    {
        m_out += open;
        ++m_depth;
        for (std::size_t at = 0; at < count; ++at) {
            if (at > 0)
                m_out += m_style == PythonStyle::Pretty ? "," : ", ";
            newLine();
            writeItem(at);
        }
        --m_depth;
        if (count > 0)
            newLine();
        m_out += close;
    }

    void newLine()
    {
        if (m_style == PythonStyle::Pretty)
            m_out.append(1, '\n').append(m_depth * 2, ' ');
    }

    std::string &m_out;
    PythonStyle m_style;
    std::size_t m_depth = 0;
};

// CPython seeds its Mersenne twister by init_by_array() over the 32-bit words of the seed. std
// takes the state that a seed sequence generates, so this one generates exactly that state.
class PythonSeed
{
public:
    using result_type = std::uint32_t;

    explicit PythonSeed(std::uint64_t seed)
    {
        std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed),
                                         static_cast<std::uint32_t>(seed >> 32)};
        const std::size_t length = key[1] != 0 ? 2 : 1;
        m_state[0] = 19650218U;
        for (std::size_t i = 1; i < kSize; ++i)
            m_state[i] = 1812433253U * mixed(i) + static_cast<std::uint32_t>(i);
        std::size_t i = 1;
        std::size_t j = 0;
        for (std::size_t k = kSize; k > 0; --k) {
            m_state[i] =
                (m_state[i] ^ (mixed(i) * 1664525U)) + key[j] + static_cast<std::uint32_t>(j);
            advance(i);
            j = (j + 1) % length;
        }
        for (std::size_t k = kSize - 1; k > 0; --k) {
            m_state[i] = (m_state[i] ^ (mixed(i) * 1566083941U)) - static_cast<std::uint32_t>(i);
            advance(i);
        }
        m_state[0] = 0x80000000U;
    }

    template <class Iterator> void generate(Iterator begin, Iterator end) const
    {
        std::copy_n(m_state.begin(), std::min<std::ptrdiff_t>(end - begin, kSize), begin);
    }

private:
    static constexpr std::size_t kSize = 624;

    [[nodiscard]] std::uint32_t mixed(std::size_t i) const
    {
        return m_state[i - 1] ^ (m_state[i - 1] >> 30);
    }
    void advance(std::size_t &i)
    {
        if (++i >= kSize) {
            m_state[0] = m_state[kSize - 1];
            i = 1;
        }
    }

    std::array<std::uint32_t, kSize> m_state{};
};

} // namespace

std::string pythonJson(const Json &value, PythonStyle style)
{
    std::string out;
    Writer(out, style).write(value);
    out += '\n';
    return out;
}

std::string pythonRandomBytes(std::uint64_t seed, std::size_t count)
{
    PythonSeed sequence(seed);
    std::mt19937 generator(sequence);
    std::string octets;
    octets.reserve(count);
    while (octets.size() < count) {
        // randint(0, 255) asks for nine bits and tries again above 255.
        const std::uint32_t bits = static_cast<std::uint32_t>(generator()) >> 23;
        if (bits < 256)
            octets += static_cast<char>(bits);
    }
    return octets;
}

std::string headerTextToUtf8(std::string_view octets)
{
    if (isUtf8(octets))
        return std::string(octets);
    std::string out;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | (octet >> 6));
            out += static_cast<char>(0x80 | (octet & 0x3F));
        }
    }
    return out;
}

std::string lossyUtf8(std::string_view octets)
{
    if (isUtf8(octets))
        return std::string(octets);
    std::string out;
    while (!octets.empty()) {
        std::size_t size = 1;
        while (size <= 4 && size <= octets.size() && !isUtf8(octets.substr(0, size)))
            ++size;
        const bool good = size <= 4 && size <= octets.size();
        out += good ? octets.substr(0, size) : std::string_view("\xEF\xBF\xBD");
        octets.remove_prefix(good ? size : 1);
    }
    return out;
}

} // namespace postern::gateway
