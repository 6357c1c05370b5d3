// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/tls/ssl_object.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace postern::gateway {

/// Every compiled `ssls` object: whose certificate a server name gets, and what the gateway shows
/// to upstreams. Part of the snapshot; immutable, any thread.
class TlsDirectory
{
public:
    using Objects = std::map<std::string, SslObject, std::less<>>; ///< by id

    explicit TlsDirectory(const Objects &objects);

    /// Whose certificate that name gets: the name itself, then wildcards, the longest first. A
    /// wildcard stands for one label, as in APISIX; a bare "*" for every name.
    /// \param name lower case, without a dot at its end
    /// \return nullptr if there is none
    [[nodiscard]] const ServedCertificate *find(std::string_view name) const;
    /// The client certificate of that id, or nullptr.
    [[nodiscard]] std::shared_ptr<const ClientIdentity> identity(std::string_view id) const;
    [[nodiscard]] bool serves() const noexcept { return !m_names.empty(); }

private:
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>()(text);
        }
    };
    std::unordered_map<std::string, std::shared_ptr<const ServedCertificate>, Hash, std::equal_to<>>
        m_names;
    std::map<std::string, std::shared_ptr<const ClientIdentity>, std::less<>> m_identities;
};

} // namespace postern::gateway
