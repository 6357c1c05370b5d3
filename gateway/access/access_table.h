// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gateway/access/access_matrix.h"

#include <cstddef>
#include <string>
#include <vector>

namespace postern::gateway {

/// What of a matrix is shown: indexes of its rows and columns, and of which method.
struct AccessView
{
    std::vector<std::size_t> rows, columns;
    std::string method = {}; ///< empty: what each route takes
};

/// All of it.
[[nodiscard]] AccessView wholeView(const AccessMatrix &matrix);

/// A row's name: the consumer's, or "(nobody)".
[[nodiscard]] std::string accessRowName(const AccessRow &row);
/// A cell for people: "✓ 3/30 s", "✓ anonymous", "✗ 403 label", "– no key", "~ 30 %".
[[nodiscard]] std::string accessCellText(const AccessCell &cell);

// The same table in the forms it is exported in.
[[nodiscard]] std::string accessCsv(AccessMatrix &matrix, const AccessView &view); ///< RFC 4180
[[nodiscard]] std::string accessMarkdown(AccessMatrix &matrix, const AccessView &view);
/// {"version":1,"method","routes":[…],"consumers":[…],"cells":[{"consumer","route","state",…}]}
[[nodiscard]] Json accessJson(AccessMatrix &matrix, const AccessView &view);

} // namespace postern::gateway
