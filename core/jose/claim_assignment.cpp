// SPDX-License-Identifier: Apache-2.0
#include "core/jose/claim_assignment.h"

#include "core/crypto/random.h"
#include "core/json/parse.h"

#include <algorithm>
#include <charconv>
#include <format>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace postern {
namespace {

using Part = std::variant<std::string, std::size_t>; // member name, array index
using Path = std::vector<Part>;

/// Splits a path and stops at the first character that cannot belong to it: `=`, `:=` or `:@`.
class PathReader
{
public:
    explicit PathReader(std::string_view text) noexcept : m_rest(text) {}

    Result<Path> read()
    {
        Path path;
        std::string name;
        bool named = false;
        const auto finishName = [&] {
            if (named)
                path.emplace_back(std::move(name));
            name.clear();
            named = false;
        };
        while (!m_rest.empty() && !atOperator()) {
            const char c = m_rest.front();
            m_rest.remove_prefix(1);
            if (c == '.') {
                if (!named && path.empty())
                    return fail(Errc::InvalidArgument, "a path cannot start with a dot");
                finishName();
                if (m_rest.empty() || m_rest.front() == '.' || atOperator())
                    return fail(Errc::InvalidArgument, "a name is missing behind a dot");
            } else if (c == '[') {
                finishName();
                Result<Part> part = bracket();
                if (!part)
                    return std::unexpected(part.error());
                path.push_back(std::move(*part));
            } else {
                name += c == '\\' && !m_rest.empty() ? take() : c;
                named = true;
            }
        }
        finishName();
        if (path.empty())
            return fail(Errc::InvalidArgument, "a name is missing");
        return path;
    }
    [[nodiscard]] std::string_view rest() const noexcept { return m_rest; }

private:
    [[nodiscard]] bool atOperator() const noexcept
    {
        return m_rest.starts_with('=') || m_rest.starts_with(":=") || m_rest.starts_with(":@");
    }
    char take() noexcept
    {
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        return c;
    }
    // Behind '[': an index, or a JSON string, up to ']'.
    Result<Part> bracket()
    {
        if (m_rest.starts_with('"')) {
            std::size_t end = 1;
            while (end < m_rest.size() && m_rest[end] != '"')
                end += m_rest[end] == '\\' ? 2 : 1;
            const Result<Json> name = parseJson(m_rest.substr(0, end + 1));
            if (!name || end + 1 >= m_rest.size() || m_rest[end + 1] != ']')
                return fail(Errc::InvalidArgument, "a quoted name must end with \"]");
            m_rest.remove_prefix(end + 2);
            return Part(name->asString());
        }
        std::size_t index = 0;
        const auto [next, code] = std::from_chars(m_rest.begin(), m_rest.end(), index);
        if (code != std::errc() || next == m_rest.end() || *next != ']')
            return fail(Errc::InvalidArgument, "an index is a number in brackets, as in roles[0]");
        m_rest.remove_prefix(static_cast<std::size_t>(next - m_rest.begin()) + 1);
        return Part(index);
    }

    std::string_view m_rest;
};

// Walks to the path's place, making objects and arrays on the way.
Result<Json *> reach(Json &object, const Path &path)
{
    Json *place = &object;
    for (const Part &part : path) {
        if (const auto *const name = std::get_if<std::string>(&part)) {
            if (!place->isNull() && !place->isObject())
                return fail(
                    Errc::InvalidArgument,
                    std::format("'{}' is no member: the value above it is no object", *name));
            if (!place->contains(*name))
                place->set(*name, Json());
            place = place->find(*name);
            continue;
        }
        const std::size_t index = std::get<std::size_t>(part);
        if (!place->isNull() && !place->isArray())
            return fail(Errc::InvalidArgument,
                        std::format("[{}] is no item: the value above it is no array", index));
        if (index > place->size())
            return fail(
                Errc::InvalidArgument,
                std::format("[{}] would leave a gap; the next index is {}", index, place->size()));
        if (index == place->size())
            place->push_back(Json());
        place = &place->items().at(index);
    }
    return place;
}

bool isTimeClaim(const Path &path) noexcept
{
    if (path.size() != 1 || !std::holds_alternative<std::string>(path.front()))
        return false;
    const auto &name = std::get<std::string>(path.front());
    return name == "exp" || name == "nbf" || name == "iat";
}

/// What stands for `{name}` in a template.
Result<Json> computed(std::string_view name, Timestamp now, std::uint64_t number)
{
    if (name == "uuid")
        return randomUuid().transform([](std::string &&uuid) { return Json(std::move(uuid)); });
    if (name == "n")
        return Json(number);
    if (name == "now" || name.starts_with("now+") || name.starts_with("now-"))
        return numericDate(name == "now" ? name : name.substr(3), now);
    return fail(
        Errc::InvalidArgument,
        std::format("{{{}}} is unknown; there are {{uuid}}, {{now}}, {{now+30m}} and {{n}}", name));
}

Result<Json> fromTemplate(std::string_view text, Timestamp now, std::uint64_t number)
{
    std::string out;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t open = rest.find('{');
        out.append(rest.substr(0, open));
        if (open == std::string_view::npos)
            break;
        const std::size_t close = rest.find('}', open);
        if (close == std::string_view::npos)
            return fail(Errc::InvalidArgument, "a } is missing");
        Result<Json> value = computed(rest.substr(open + 1, close - open - 1), now, number);
        if (!value || (open == 0 && close + 1 == text.size()))
            return value;
        out.append(value->isString() ? value->asString() : value->lexeme());
        rest.remove_prefix(close + 1);
    }
    return Json(std::move(out));
}

Result<Json> valueOf(std::string_view text, const Path &path, Timestamp now, std::uint64_t number,
                     const ReadText &readFile)
{
    if (text.starts_with(":@"))
        return fromTemplate(text.substr(2), now, number);
    if (text.starts_with(":="))
        return parseJson(text.substr(2));
    text.remove_prefix(1);
    if (text.starts_with('@')) {
        if (!readFile)
            return fail(Errc::InvalidArgument, "files are not read here; write the text itself");
        Result<std::string> content = readFile(std::string(text.substr(1)));
        if (!content)
            return std::unexpected(content.error());
        return Json(std::move(*content));
    }
    if (isTimeClaim(path))
        return numericDate(text, now);
    return Json(text);
}

} // namespace

Result<Json> numericDate(std::string_view text, Timestamp now)
{
    const bool plain = !text.empty()
        && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos
        && text.front() != '+';
    // "-90" is 90 seconds ago in the common syntax, "1729132271.5" the number as it stands.
    if (plain && text.front() != '-') {
        if (Result<Json> number = parseJson(text); number && number->isNumber())
            return number;
    }
    const Result<Timestamp> time = parseTime(text, now);
    if (!time)
        return std::unexpected(time.error());
    return Json(
        std::int64_t{std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count()});
}

Result<void> assignClaim(Json &object, std::string_view specification, Timestamp now,
                         std::uint64_t number, const ReadText &readFile)
{
    PathReader reader(specification);
    Result<Path> path = reader.read();
    const std::string place(specification.substr(0, specification.size() - reader.rest().size()));
    if (!path) {
        path.error().where = place;
        return std::unexpected(path.error());
    }
    if (reader.rest().empty())
        return fail(Errc::Usage, "write name=text, name:=json, name=@file or name:@template",
                    place);
    Result<Json> value = valueOf(reader.rest(), *path, now, number, readFile);
    if (!value) {
        if (value.error().where.empty() || value.error().code != Errc::Io)
            value.error().where = place;
        return std::unexpected(value.error());
    }
    const Result<Json *> target = reach(object, *path);
    if (!target)
        return fail(target.error().code, target.error().detail, place);
    **target = std::move(*value);
    return {};
}

Result<void> unsetClaim(Json &object, std::string_view text)
{
    PathReader reader(text);
    Result<Path> path = reader.read();
    if (!path || !reader.rest().empty())
        return fail(Errc::InvalidArgument, "not a path", std::string(text));
    const Part last = std::move(path->back());
    path->pop_back();
    Json *place = &object;
    for (const Part &part : *path) {
        if (const auto *const name = std::get_if<std::string>(&part))
            place = place->find(*name);
        else if (const std::size_t index = std::get<std::size_t>(part);
                 index < place->size() && place->isArray())
            place = &place->items().at(index);
        else
            place = nullptr;
        if (place == nullptr)
            return {};
    }
    if (const auto *const name = std::get_if<std::string>(&last))
        place->erase(*name);
    else if (const std::size_t index = std::get<std::size_t>(last);
             place->isArray() && index < place->size())
        place->items().erase(place->items().begin() + static_cast<std::ptrdiff_t>(index));
    return {};
}

} // namespace postern
