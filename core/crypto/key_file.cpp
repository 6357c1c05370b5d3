// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/key_file.h"

#include <cerrno>
#include <cstdio>
#include <format>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace postern {

namespace {

std::unexpected<Error> systemError(std::string_view what, const std::filesystem::path &path,
                                   int number)
{
    const bool refused = number == EACCES || number == EPERM || number == EROFS;
    return fail(refused ? Errc::Permission : Errc::Io,
                std::format("{}: {}", what, std::generic_category().message(number)),
                path.string());
}

/// A file under construction: gone unless it was given its name.
class NewFile
{
public:
    NewFile(const std::filesystem::path &target, mode_t mode)
        : m_name(target.string() + ".XXXXXX"),
          m_fd(::mkostemp(m_name.data(), O_CLOEXEC))
    {
        if (m_fd >= 0 && mode != (S_IRUSR | S_IWUSR))
            ::fchmod(m_fd, mode);
    }
    ~NewFile()
    {
        if (m_fd >= 0) {
            ::close(m_fd);
            ::unlink(m_name.c_str());
        }
    }
    NewFile(const NewFile &) = delete;
    NewFile &operator=(const NewFile &) = delete;

    [[nodiscard]] bool isOpen() const noexcept { return m_fd >= 0; }

    bool write(std::string_view octets) const
    {
        while (!octets.empty()) {
            const ssize_t written = ::write(m_fd, octets.data(), octets.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return false;
            octets.remove_prefix(static_cast<std::size_t>(written));
        }
        return ::fsync(m_fd) == 0;
    }
    /// \return 0 or the errno
    int becomes(const std::filesystem::path &target, bool replace)
    {
        const unsigned flags = replace ? 0U : RENAME_NOREPLACE;
        int done = ::renameat2(AT_FDCWD, m_name.c_str(), AT_FDCWD, target.c_str(), flags);
        // Some file systems know no flags; a link fails as well where the name is taken.
        if (done != 0 && errno == EINVAL && !replace && ::link(m_name.c_str(), target.c_str()) == 0)
            done = ::unlink(m_name.c_str());
        if (done != 0)
            return errno;
        ::close(std::exchange(m_fd, -1));
        return 0;
    }

private:
    std::string m_name;
    int m_fd;
};

void syncFolder(const std::filesystem::path &path)
{
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    ::fsync(fd);
    ::close(fd);
}

mode_t publicMode()
{
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) & ~mask;
}

} // namespace

Result<void> writeKeyFile(const std::filesystem::path &path, std::string_view octets,
                          FileSecrecy secrecy, bool replace)
{
    NewFile file(path, secrecy == FileSecrecy::Private ? S_IRUSR | S_IWUSR : publicMode());
    if (!file.isOpen())
        return systemError("cannot be written", path, errno);
    if (!file.write(octets))
        return systemError("cannot be written", path, errno);
    const int number = file.becomes(path, replace);
    if (number == EEXIST)
        return fail(Errc::FileExists, "it is left alone; --force replaces it", path.string());
    if (number != 0)
        return systemError("cannot be written", path, number);
    syncFolder(path);
    return {};
}

std::optional<std::string> exposureOf(const std::filesystem::path &path)
{
    struct stat about{};
    if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)
        || (about.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return std::nullopt;
    const bool others = (about.st_mode & S_IRWXO) != 0;
    return std::format("mode {:04o}: {} can read it", about.st_mode & 07777U,
                       others ? "others" : "its group");
}

} // namespace postern
