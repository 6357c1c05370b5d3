// SPDX-License-Identifier: Apache-2.0
#include "core/bytes/secret.h"

#include <qca_core.h>

#include <openssl/crypto.h>

#include <cstring>

namespace postern {
namespace {

// QCA's secure allocator exists only while QCA is initialised. The reference taken first is given
// back by the post routine that QCA::init registers with QCoreApplication; the second one is kept,
// so that a Secret may outlive the application object. Providers are not scanned by this.
bool secureMemoryReady()
{
    static const bool ready = [] {
        constexpr int kPreallocatedKiB = 64;
        QCA::init(QCA::Practical, kPreallocatedKiB);
        QCA::init(QCA::Practical, kPreallocatedKiB);
        return true;
    }();
    return ready;
}

QCA::SecureArray secureCopy(const void *octets, std::size_t size)
{
    if (size == 0 || !secureMemoryReady())
        return {};
    QCA::SecureArray copy(static_cast<int>(size));
    std::memcpy(copy.data(), octets, size);
    return copy;
}

} // namespace

Secret::Secret(std::string_view octets) : m_octets(secureCopy(octets.data(), octets.size())) {}

Secret::Secret(std::span<const std::byte> octets)
    : m_octets(secureCopy(octets.data(), octets.size()))
{
}

std::string_view Secret::view() const noexcept
{
    return empty() ? std::string_view() : std::string_view(m_octets.constData(), size());
}

std::span<const unsigned char> Secret::bytes() const noexcept
{
    return {reinterpret_cast<const unsigned char *>(view().data()), size()};
}

std::size_t Secret::size() const noexcept { return static_cast<std::size_t>(m_octets.size()); }

bool Secret::operator==(const Secret &other) const noexcept
{
    return equalConstantTime(view(), other.view());
}

bool equalConstantTime(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string &text) noexcept
{
    // What the string held before it was shortened is wiped as well; this never reallocates.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

} // namespace postern
