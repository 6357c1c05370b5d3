// SPDX-License-Identifier: Apache-2.0
#include "gateway/plugins/common/header_edits.h"

#include "core/text/trim.h"

#include <algorithm>

namespace postern::gateway {

namespace {

bool isStructured(const Json &headers)
{
    const auto holds = [&headers](std::string_view name) {
        const Json *member = headers.find(name);
        return member && (member->isObject() || member->isArray());
    };
    return holds("add") || holds("set") || holds("remove");
}

bool isPlain(const Json &value) { return value.isString() || value.isNumber(); }

bool isNameCharacter(char c) noexcept { return c > ' ' && c <= '~' && c != ':'; }
bool isValueCharacter(char c) noexcept { return c >= ' ' && c <= '~'; }

/// Numbers have nothing that could be wrong.
bool isPrintable(const Json &value)
{
    return !value.isString() || std::ranges::all_of(value.asString(), isValueCharacter);
}

/// What would end the field and begin another one never gets into a message.
std::string_view oneLine(std::string_view value) noexcept
{
    const auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    return value.substr(
        0, static_cast<std::size_t>(std::ranges::find_if(value, breaks) - value.begin()));
}

} // namespace

std::string plainText(const Json &value)
{
    return value.isString() ? value.asString() : std::string(value.lexeme());
}

Result<void> HeaderEdits::checkFlat(const Json *headers, Of of)
{
    if (!headers || isStructured(*headers))
        return {};
    for (const auto &[name, value] : headers->members()) {
        const bool list = of == Of::Request && value.isArray() && value.size() > 0;
        if (list ? !std::ranges::all_of(value.items(), isPlain) : !isPlain(value))
            return fail(Errc::PluginConfig, "invalid type as header value");
        if (name.empty())
            return fail(Errc::PluginConfig, "invalid field length in header");
        if (of == Of::Response)
            continue;
        if (!std::ranges::all_of(name, isNameCharacter))
            return fail(Errc::PluginConfig, "invalid field character in header");
        if (list ? !std::ranges::all_of(value.items(), isPrintable) : !isPrintable(value))
            return fail(Errc::PluginConfig, "invalid value character in header");
    }
    return {};
}

HeaderEdits HeaderEdits::compile(const Json *headers)
{
    HeaderEdits made;
    if (!headers)
        return made;
    if (!isStructured(*headers)) {
        made.addAll(Kind::Set, headers);
        return made;
    }
    made.addAll(Kind::Add, headers->find("add"));
    made.addAll(Kind::Set, headers->find("set"));
    if (const Json *remove = headers->find("remove")) {
        for (const Json &name : remove->items())
            made.m_edits.push_back({Kind::Remove, name.asString(), {}});
    }
    return made;
}

void HeaderEdits::addAll(Kind kind, const Json *fields)
{
    if (!fields)
        return;
    for (const auto &[name, value] : fields->members()) {
        if (value.isArray())
            addList(kind, name, value);
        else
            m_edits.push_back({kind, name, Template(plainText(value))});
    }
    for (const Json &line : fields->items()) {
        const std::string_view text = line.asString();
        const std::size_t colon = std::min(text.find(':'), text.size());
        m_edits.push_back({kind, std::string(trimmed(text.substr(0, colon))),
                           Template(trimmed(text.substr(std::min(colon + 1, text.size()))))});
    }
}

/// Of a list that is set the first replaces what is there, and the others follow it.
void HeaderEdits::addList(Kind kind, const std::string &name, const Json &values)
{
    for (const Json &value : values.items()) {
        m_edits.push_back({kind, name, Template(plainText(value))});
        kind = Kind::Add;
    }
}

void HeaderEdits::apply(HeaderList &fields, Exchange &exchange) const
{
    for (const Edit &edit : m_edits) {
        const std::string_view value =
            edit.kind == Kind::Remove ? std::string_view() : oneLine(edit.value.evaluate(exchange));
        // As nginx: an empty field is none.
        if (edit.kind != Kind::Add && value.empty())
            fields.remove(edit.name);
        else if (edit.kind == Kind::Set)
            fields.set(edit.name, value);
        else if (!value.empty())
            fields.append(edit.name, value);
    }
}

} // namespace postern::gateway
