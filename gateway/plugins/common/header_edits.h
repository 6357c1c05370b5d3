// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "core/json/json.h"
#include "gateway/http/header_list.h"
#include "gateway/pipeline/variables.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Header operations of a configuration, compiled: what `{add, set, remove}` or the older flat form
/// (all set) say, in the order add, set, remove. Values are templates; a list of them makes several
/// fields of one name. An empty value removes the field that it would set. Immutable; any worker.
class HeaderEdits
{
public:
    /// Whose fields: those of a request may have a list for one name, which makes several, and
    /// their characters are checked.
    enum class Of : std::uint8_t { Response, Request };

    /// \param headers nullptr: nothing to do. `add` is an object or a list of "Name: value".
    [[nodiscard]] static HeaderEdits compile(const Json *headers);
    /// \return the text that APISIX gives for the flat form, whose values its schema does not check
    [[nodiscard]] static Result<void> checkFlat(const Json *headers, Of of = Of::Response);

    [[nodiscard]] bool empty() const noexcept { return m_edits.empty(); }
    /// Edits the fields; texts live in these edits or in the exchange's arena.
    void apply(HeaderList &fields, Exchange &exchange) const;

private:
    enum class Kind : std::uint8_t { Add, Set, Remove };
    struct Edit
    {
        Kind kind;
        std::string name;
        Template value;
    };
    void addAll(Kind kind, const Json *fields);
    void addList(Kind kind, const std::string &name, const Json &values);
    std::vector<Edit> m_edits;
};

/// A string as it is, a number as it was written.
[[nodiscard]] std::string plainText(const Json &value);

} // namespace postern::gateway
