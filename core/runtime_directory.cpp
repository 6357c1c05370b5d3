// SPDX-License-Identifier: Apache-2.0
#include "core/runtime_directory.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace postern {

namespace {

namespace fs = std::filesystem;

fs::path variable(const char *name)
{
    const char *value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets it
    return value ? fs::path(value) : fs::path();
}

Result<fs::path> makePrivate(const fs::path &directory)
{
    const std::string where = directory.string();
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(Errc::Io, std::strerror(errno), where);
    // In /tmp anybody may have been first: neither a link nor another user's directory will do.
    struct stat found{};
    if (::lstat(directory.c_str(), &found) != 0)
        return fail(Errc::Io, std::strerror(errno), where);
    if (!S_ISDIR(found.st_mode) || found.st_uid != ::geteuid())
        return fail(Errc::Permission, "is not a directory of this user", where);
    if ((found.st_mode & 0077) != 0 && ::chmod(directory.c_str(), 0700) != 0)
        return fail(Errc::Permission, std::strerror(errno), where);
    return directory;
}

} // namespace

Result<fs::path> runtimeDirectory()
{
    if (const fs::path home = variable("POSTERN_HOME"); !home.empty()) {
        std::error_code error;
        const fs::path absolute = fs::absolute(home, error);
        fs::create_directories(absolute, error);
        if (error)
            return fail(Errc::Io, error.message(), absolute.string());
        return makePrivate(absolute / "run");
    }
    // The variable often outlives its directory: sudo, containers.
    if (const fs::path base = variable("XDG_RUNTIME_DIR"); base.is_absolute()) {
        if (auto directory = makePrivate(base / "postern"))
            return directory;
    }
    return makePrivate("/tmp/postern-" + std::to_string(::geteuid()));
}

} // namespace postern
