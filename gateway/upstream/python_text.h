// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace postern::gateway {

enum class PythonStyle {
    Pretty, ///< two spaces, names sorted, line feed at the end: Flask's jsonify in httpbin
    Line, ///< `{"a": 1, "b": 2}`, order kept: json.dumps
};

/// JSON text as Python writes it: everything but ASCII escaped.
[[nodiscard]] std::string pythonJson(const Json &value, PythonStyle style);

/// The octets that `random.seed(seed); bytes(random.randint(0, 255) ...)` gives in Python 3, so
/// that `/bytes/{n}?seed=1` answers the same octets here and on any other httpbin.
/// \param seed Python takes the absolute value of a negative one
[[nodiscard]] std::string pythonRandomBytes(std::uint64_t seed, std::size_t count);

/// The text as UTF-8: unchanged if it is, else read as ISO 8859-1, as WSGI does with header fields.
[[nodiscard]] std::string headerTextToUtf8(std::string_view octets);
/// The text as UTF-8, offending octets replaced by U+FFFD.
[[nodiscard]] std::string lossyUtf8(std::string_view octets);

} // namespace postern::gateway
