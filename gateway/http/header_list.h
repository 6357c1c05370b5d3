// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// One header field as it came: name and value are views into the message's buffer.
struct HeaderField
{
    std::string_view name;
    std::string_view value;
};

/// Case-insensitive comparison of ASCII text.
[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept;

/// Header fields in the order received; names compare case-insensitively. Views only: whoever adds
/// a field keeps its text alive (the Exchange's arena does). Keeps its capacity when cleared.
class HeaderList
{
public:
    void clear() noexcept { m_fields.clear(); }
    void append(std::string_view name, std::string_view value)
    {
        m_fields.push_back({name, value});
    }

    /// The first field of that name, or nullptr.
    [[nodiscard]] const HeaderField *find(std::string_view name) const noexcept;
    /// The first value of that name, or an empty view.
    [[nodiscard]] std::string_view value(std::string_view name) const noexcept;
    [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name); }

    /// Replaces every field of that name by one, at the place of the first (or at the end).
    void set(std::string_view name, std::string_view value);
    /// Removes every field of that name. \return how many there were
    std::size_t remove(std::string_view name) noexcept;

    [[nodiscard]] const std::vector<HeaderField> &fields() const noexcept { return m_fields; }
    [[nodiscard]] std::size_t size() const noexcept { return m_fields.size(); }

private:
    std::vector<HeaderField> m_fields;
};

} // namespace postern::gateway
