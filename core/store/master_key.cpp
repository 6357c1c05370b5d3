// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/random.h"
#include "core/store/seal.h"

#include <openssl/evp.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <format>

namespace postern {
namespace {

constexpr std::size_t kKeySize = 32;

class Descriptor
{
public:
    explicit Descriptor(int descriptor) noexcept : m_descriptor(descriptor) {}
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const noexcept { return m_descriptor; }
    [[nodiscard]] bool valid() const noexcept { return m_descriptor >= 0; }

private:
    int m_descriptor;
};

std::unexpected<Error> systemError(std::string_view what, const std::filesystem::path &path)
{
    const int code = errno;
    const Errc kind =
        code == EACCES || code == EPERM || code == EROFS ? Errc::Permission : Errc::Io;
    return fail(kind, std::format("{}: {}", what, std::strerror(code)), path.string());
}

Result<void> writeDurably(const std::filesystem::path &path, std::string_view octets)
{
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid())
        return systemError("the key file cannot be made", path);
    if (::write(file.get(), octets.data(), octets.size()) != static_cast<ssize_t>(octets.size())
        || ::fsync(file.get()) != 0)
        return systemError("the key file cannot be written", path);
    return {};
}

void syncFolder(const std::filesystem::path &folder)
{
    const Descriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.valid())
        ::fsync(opened.get());
}

} // namespace

Result<Secret> readKeyFile(const std::filesystem::path &path)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid() && errno == ENOENT)
        return fail(Errc::StoreSeal,
                    "the key file is missing; put it back, sealed values are lost without it",
                    path.string());
    if (!file.valid())
        return systemError("the key file cannot be read", path);
    struct stat status = {};
    if (::fstat(file.get(), &status) != 0)
        return systemError("the key file cannot be read", path);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(Errc::Permission, "the key file is open to other users; run chmod 600 on it",
                    path.string());
    std::array<char, kKeySize + 1> octets{};
    const ssize_t count = ::read(file.get(), octets.data(), octets.size());
    if (count < 0)
        return systemError("the key file cannot be read", path);
    if (count != static_cast<ssize_t>(kKeySize))
        return fail(Errc::StoreSeal, "a key file holds exactly 32 octets", path.string());
    Secret key(std::string_view(octets.data(), kKeySize));
    explicit_bzero(octets.data(), octets.size());
    return key;
}

Result<Secret> makeKeyFile(const std::filesystem::path &path)
{
    std::error_code error;
    if (std::filesystem::exists(path, error))
        return readKeyFile(path);
    const Result<Secret> octets = randomOctets(kKeySize);
    if (!octets)
        return octets;
    // Written aside and linked: whoever comes second finds a whole key, never half of one.
    const std::filesystem::path part = path.string() + std::format(".{}.part", ::getpid());
    ::unlink(part.c_str());
    const Result<void> written = writeDurably(part, octets->view());
    if (!written) {
        ::unlink(part.c_str());
        return std::unexpected(written.error());
    }
    const int linked = ::link(part.c_str(), path.c_str());
    const int reason = errno;
    ::unlink(part.c_str());
    errno = reason;
    if (linked != 0 && reason != EEXIST)
        return systemError("the key file cannot be made", path);
    syncFolder(path.parent_path());
    return readKeyFile(path);
}

Result<Secret> keyFromPassphrase(std::string_view passphrase, std::string_view salt)
{
    constexpr std::uint64_t kCost = 1U << 15U;
    constexpr std::uint64_t kBlockSize = 8;
    constexpr std::uint64_t kParallel = 1;
    constexpr std::uint64_t kMemory = 64U * 1024 * 1024;
    std::array<unsigned char, kKeySize> key{};
    const int done = EVP_PBE_scrypt(
        passphrase.data(), passphrase.size(), reinterpret_cast<const unsigned char *>(salt.data()),
        salt.size(), kCost, kBlockSize, kParallel, kMemory, key.data(), key.size());
    if (done != 1)
        return fail(Errc::Crypto, "scrypt failed");
    Secret secret(std::string_view(reinterpret_cast<const char *>(key.data()), key.size()));
    explicit_bzero(key.data(), key.size());
    return secret;
}

} // namespace postern
