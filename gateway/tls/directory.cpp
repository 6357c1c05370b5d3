// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/directory.h"

#include <algorithm>

namespace postern::gateway {

TlsDirectory::TlsDirectory(const Objects &objects)
{
    for (const auto &[id, object] : objects) {
        if (object.identity)
            m_identities.emplace(id, object.identity);
        if (!object.served)
            continue;
        for (const std::string &name : object.names)
            m_names.try_emplace(name, object.served); // of two objects the first id has the name
    }
}

const ServedCertificate *TlsDirectory::find(std::string_view name) const
{
    if (m_names.empty() || name.empty())
        return nullptr;
    const auto served = [this](std::string_view wanted) -> const ServedCertificate * {
        const auto found = m_names.find(wanted);
        return found == m_names.end() ? nullptr : found->second.get();
    };
    if (const ServedCertificate *exact = served(name))
        return exact;
    std::string wildcard;
    const std::size_t label = std::min(name.find('.'), name.size());
    for (std::size_t from = 1; from <= label && from < name.size(); ++from) {
        wildcard.assign("*").append(name.substr(from));
        if (const ServedCertificate *fits = served(wildcard))
            return fits;
    }
    return served("*");
}

std::shared_ptr<const ClientIdentity> TlsDirectory::identity(std::string_view id) const
{
    const auto found = m_identities.find(id);
    return found == m_identities.end() ? nullptr : found->second;
}

} // namespace postern::gateway
