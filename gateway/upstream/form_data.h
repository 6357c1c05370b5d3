// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gateway {

/// Values of repeatable fields by name, in the order received; names sorted.
using FieldMap = std::map<std::string, std::vector<std::string>>;

/// Fields of a query string or an application/x-www-form-urlencoded body, decoded. A field without
/// '=' has an empty value. The octets are not checked for UTF-8.
[[nodiscard]] FieldMap parseUrlEncoded(std::string_view text);

struct FormFile
{
    std::string contentType; ///< "application/octet-stream" if the part names none
    std::string octets;
};

struct MultipartForm
{
    FieldMap fields;
    std::map<std::string, std::vector<FormFile>> files;
};

/// Reads a multipart/form-data body, RFC 7578. Parts without a name are skipped; a part with a
/// file name is a file. At most 1,000 parts are read.
/// \return nullopt if the body does not start or end with the boundary
[[nodiscard]] std::optional<MultipartForm> parseMultipart(std::string_view body,
                                                          std::string_view boundary);

/// A header value of the form `value; name=token; name="quoted"`: the parameter's text without
/// quotes and escapes, or nullopt. Names compare case-insensitively.
[[nodiscard]] std::optional<std::string> headerParameter(std::string_view value,
                                                         std::string_view name);

} // namespace postern::gateway
