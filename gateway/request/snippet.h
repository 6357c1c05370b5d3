// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/request/redact.h"
#include "gateway/request/web_request.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace postern::gateway {

/// In which words a request is written down.
enum class SnippetKind : std::uint8_t {
    Curl,
    Httpie,
    Fetch, ///< JavaScript
    Python, ///< requests
    CppQt, ///< QNetworkAccessManager
    Raw, ///< as on the wire
    Postern, ///< `postern request`
    Hurl,
};

struct SnippetInfo
{
    SnippetKind kind;
    std::string_view id, name; ///< "curl", "cURL"
};
[[nodiscard]] std::span<const SnippetInfo> snippetKinds() noexcept;

/// How secrets stand in a snippet.
enum class SnippetSecrets : std::uint8_t {
    Value,
    Variable, ///< $APIKEY, $AUTHORIZATION, …: the value comes from the environment
};

/// A request in somebody's language; sends exactly these headers as far as the language lets it.
/// \param status of the answer seen, for kinds that expect one (Hurl); 0: not known
/// \param places of secrets besides the well-known headers and arguments
[[nodiscard]] std::string snippet(SnippetKind kind, const WebRequest &request,
                                  SnippetSecrets secrets = SnippetSecrets::Value, int status = 0,
                                  const SecretPlaces &places = {});

/// A word as a POSIX shell reads it back: in single quotes unless it needs none.
[[nodiscard]] std::string shellWord(std::string_view text);

} // namespace postern::gateway
