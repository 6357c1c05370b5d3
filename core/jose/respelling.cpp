// SPDX-License-Identifier: Apache-2.0
#include "core/jose/why.h"
#include "core/json/parse.h"
#include "core/json/scan.h"

#include <algorithm>
#include <array>
#include <format>

namespace postern {

namespace {

/// How a serialiser prints.
struct Printer
{
    std::string_view how;
    bool sorted, spaced; ///< spaced: ", " and ": "
    std::size_t indent; ///< 0: one line
    bool slash, ascii; ///< "\/" and \uXXXX
};

constexpr std::array kPrinters = {
    Printer{"compact", false, false, 0, false, false},
    Printer{"with a space behind colons and commas (as Python prints it)", false, true, 0, false,
            false},
    Printer{"with sorted members", true, false, 0, false, false},
    Printer{"with sorted members and spaces", true, true, 0, false, false},
    Printer{"indented by two", false, false, 2, false, false},
    Printer{"indented by four", false, false, 4, false, false},
    Printer{"with sorted members, indented by two", true, false, 2, false, false},
    Printer{"with / written as \\/ (as PHP prints it)", false, false, 0, true, false},
    Printer{"with \\u escapes for letters beyond ASCII", false, false, 0, false, true},
    Printer{"with \\u escapes and spaces (as Python prints it)", false, true, 0, false, true},
    Printer{"with \\/ and \\u escapes (as PHP prints it)", false, false, 0, true, true},
};

class Writer
{
public:
    explicit Writer(const Printer &printer) : m_printer(printer) {}

    void write(const Json &value, std::size_t depth)
    {
        if (value.isObject())
            object(value, depth);
        else if (value.isArray())
            array(value, depth);
        else if (value.isString())
            string(value);
        else
            m_out += value.dump();
    }
    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    void line(std::size_t depth)
    {
        if (m_printer.indent > 0)
            m_out.append(1, '\n').append(depth * m_printer.indent, ' ');
    }
    void comma(bool first, std::size_t depth)
    {
        if (!first)
            m_out += m_printer.spaced ? ", " : ",";
        line(depth);
    }

    void object(const Json &value, std::size_t depth)
    {
        Json::Object members = value.members();
        if (m_printer.sorted)
            std::ranges::stable_sort(members, {}, &Json::Member::first);
        m_out += '{';
        bool first = true;
        for (const auto &[name, member] : members) {
            comma(first, depth + 1);
            first = false;
            string(Json(name));
            m_out += m_printer.spaced || m_printer.indent > 0 ? ": " : ":";
            write(member, depth + 1);
        }
        if (!first)
            line(depth);
        m_out += '}';
    }

    void array(const Json &value, std::size_t depth)
    {
        m_out += '[';
        bool first = true;
        for (const Json &item : value.items()) {
            comma(first, depth + 1);
            first = false;
            write(item, depth + 1);
        }
        if (!first)
            line(depth);
        m_out += ']';
    }

    void string(const Json &value)
    {
        const std::string text = value.dump();
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length =
                utf8SequenceLength(text.data() + i, text.data() + text.size());
            if (m_printer.slash && text[i] == '/')
                m_out += "\\/";
            else if (m_printer.ascii && length > 1)
                escape(std::string_view(text).substr(i, length));
            else
                m_out.append(text, i, std::max<std::size_t>(length, 1));
            i += std::max<std::size_t>(length, 1);
        }
    }

    void escape(std::string_view sequence)
    {
        char32_t scalar =
            static_cast<unsigned char>(sequence[0]) & (0xFFU >> (sequence.size() + 1));
        for (const char c : sequence.substr(1))
            scalar = scalar << 6 | (static_cast<unsigned char>(c) & 0x3FU);
        if (scalar >= 0x10000) {
            const char32_t offset = scalar - 0x10000;
            m_out += std::format("\\u{:04x}\\u{:04x}",
                                 static_cast<std::uint32_t>(0xD800 + (offset >> 10)),
                                 static_cast<std::uint32_t>(0xDC00 + (offset & 0x3FF)));
        } else {
            m_out += std::format("\\u{:04x}", static_cast<std::uint32_t>(scalar));
        }
    }

    const Printer &m_printer;
    std::string m_out;
};

/// Nobody who prints numbers anew keeps 1.0 or 1e3.
Json withPlainNumbers(const Json &value, std::size_t depth)
{
    if (value.isNumber()) {
        const std::optional<std::int64_t> integer = value.asInteger();
        return integer ? Json(*integer) : value;
    }
    Json out = value;
    if (depth > 64)
        return out;
    if (value.isArray()) {
        for (Json &item : out.items())
            item = withPlainNumbers(item, depth + 1);
    } else if (value.isObject()) {
        for (auto &[name, member] : out.members())
            member = withPlainNumbers(member, depth + 1);
    }
    return out;
}

} // namespace

std::vector<Respelling> respellings(const std::string &text)
{
    std::vector<Respelling> out;
    const auto add = [&](std::string spelled, std::string how) {
        const bool known = spelled == text
            || std::ranges::any_of(out, [&](const Respelling &one) { return one.text == spelled; });
        if (!known)
            out.push_back({std::move(spelled), std::move(how)});
    };
    add(text + '\n', "with a line break behind it");
    std::string trimmed = text;
    while (!trimmed.empty() && std::string_view(" \t\r\n").contains(trimmed.back()))
        trimmed.pop_back();
    add(trimmed, "without the white space behind it");
    std::string dosLines;
    for (const char c : text)
        dosLines += c == '\n' ? std::string("\r\n") : std::string(1, c);
    add(dosLines, "with CR LF line ends");
    const Result<Json> json = parseJson(text, {.lastDuplicateWins = true});
    if (!json)
        return out;
    const Json plain = withPlainNumbers(*json, 0);
    for (const Printer &printer : kPrinters) {
        for (const Json *value : {&*json, &plain}) {
            Writer writer(printer);
            writer.write(*value, 0);
            const std::string spelled = writer.take();
            add(spelled, std::string(printer.how));
            add(spelled + '\n', std::format("{} and a line break behind it", printer.how));
        }
    }
    return out;
}

} // namespace postern
