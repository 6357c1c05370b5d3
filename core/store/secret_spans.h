// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

/// A secret member in a document's text: where its JSON text lies, quotes included.
struct SecretSpan
{
    std::size_t offset;
    std::size_t size;
    std::string path; ///< "plugins.jwt-auth.secret"
};

/// "/apisix/consumers/jack/credentials/x" -> "consumers": the collection a key lies in.
[[nodiscard]] std::string_view storageKind(std::string_view key) noexcept;

/// Every secret member of the document (core/model/secret_members.h), in the order of the text.
[[nodiscard]] std::vector<SecretSpan> secretSpans(std::string_view key, std::string_view value);

/// Rebuilds `value` with `replace(span, text)`, a Result<std::string>, in place of each span; all
/// other bytes stay as they are.
template <class Replace>
[[nodiscard]] Result<std::string>
rewriteSpans(std::string_view value, const std::vector<SecretSpan> &spans, const Replace &replace)
{
    std::string out;
    out.reserve(value.size() + spans.size() * 128);
    std::size_t done = 0;
    for (const SecretSpan &span : spans) {
        out.append(value.substr(done, span.offset - done));
        Result<std::string> text = replace(span, value.substr(span.offset, span.size));
        if (!text)
            return std::unexpected(std::move(text.error()));
        out.append(*text);
        done = span.offset + span.size;
    }
    out.append(value.substr(done));
    return out;
}

} // namespace postern
