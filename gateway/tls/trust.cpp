// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls/trust.h"

#include "core/crypto/openssl_error.h"
#include "core/text/trim.h"

#include <mutex>
#include <string>
#include <vector>

#include <unistd.h>

namespace postern::gateway {
namespace {

constexpr std::string_view kSystem = "system";

std::vector<std::string> namesOf(std::string_view setting)
{
    std::vector<std::string> names;
    while (!setting.empty()) {
        const std::size_t comma = std::min(setting.find(','), setting.size());
        if (const std::string_view name = trimmed(setting.substr(0, comma)); !name.empty())
            names.emplace_back(name);
        setting.remove_prefix(std::min(comma + 1, setting.size()));
    }
    return names;
}

Result<void> addFile(X509_STORE *store, const std::string &name)
{
    if (::access(name.c_str(), R_OK) != 0)
        return fail(Errc::Config, "the file with trusted certificates cannot be read", name);
    if (X509_STORE_load_file(store, name.c_str()) == 1)
        return {};
    clearOpenSslErrors();
    return fail(Errc::Config, "the file with trusted certificates holds none in PEM", name);
}

} // namespace

Result<std::shared_ptr<X509_STORE>> systemTrust()
{
    static std::mutex mutex;
    static std::weak_ptr<X509_STORE> known;
    const std::scoped_lock lock(mutex);
    if (auto store = known.lock())
        return store;
    const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    if (!store || X509_STORE_set_default_paths(store.get()) != 1)
        return std::unexpected(openSslError(Errc::CertificateUnusable, "the system's authorities"));
    clearOpenSslErrors();
    known = store;
    return store;
}

Result<std::shared_ptr<X509_STORE>> readTrust(std::string_view setting)
{
    const std::vector<std::string> names = namesOf(setting);
    if (names.empty() || names == std::vector{std::string(kSystem)})
        return nullptr;
    std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    if (!store)
        return std::unexpected(openSslError(Errc::Crypto, "TLS cannot be set up"));
    for (const std::string &name : names) {
        if (name != kSystem) {
            if (const auto added = addFile(store.get(), name); !added)
                return std::unexpected(added.error());
        } else if (X509_STORE_set_default_paths(store.get()) != 1) {
            return std::unexpected(openSslError(Errc::Config, "the system's authorities"));
        }
    }
    clearOpenSslErrors();
    return store;
}

} // namespace postern::gateway
