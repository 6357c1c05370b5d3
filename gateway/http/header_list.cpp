// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/header_list.h"

#include <algorithm>

namespace postern::gateway {

namespace {

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

} // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

const HeaderField *HeaderList::find(std::string_view name) const noexcept
{
    for (const HeaderField &field : m_fields) {
        if (equalsIgnoringCase(field.name, name))
            return &field;
    }
    return nullptr;
}

std::string_view HeaderList::value(std::string_view name) const noexcept
{
    const HeaderField *field = find(name);
    return field ? field->value : std::string_view();
}

void HeaderList::set(std::string_view name, std::string_view value)
{
    const auto first = std::ranges::find_if(m_fields, [name](const HeaderField &field) {
        return equalsIgnoringCase(field.name, name);
    });
    if (first == m_fields.end()) {
        m_fields.push_back({name, value});
        return;
    }
    *first = {name, value};
    m_fields.erase(std::remove_if(first + 1, m_fields.end(),
                                  [name](const HeaderField &field) {
                                      return equalsIgnoringCase(field.name, name);
                                  }),
                   m_fields.end());
}

std::size_t HeaderList::remove(std::string_view name) noexcept
{
    return std::erase_if(m_fields, [name](const HeaderField &field) {
        return equalsIgnoringCase(field.name, name);
    });
}

} // namespace postern::gateway
