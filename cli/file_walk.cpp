// SPDX-License-Identifier: Apache-2.0
#include "cli/file_walk.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace postern::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSniffed = 8192;
constexpr std::array<std::string_view, 12> kLeftOut{
    ".git",        ".hg",   ".svn",   "node_modules", "target", "dist",
    "__pycache__", ".venv", ".cache", ".tox",         "out",    "CMakeFiles",
};

/// Folders that tools write and nobody edits.
bool isLeftOut(const fs::path &folder)
{
    const std::string name = folder.filename().string();
    if (std::ranges::find(kLeftOut, name) != kLeftOut.end() || name == "build"
        || name.starts_with("build-") || name.starts_with("cmake-build"))
        return true;
    std::error_code code;
    return fs::exists(folder / "CMakeCache.txt", code) || fs::exists(folder / "CACHEDIR.TAG", code);
}

class Descriptor
{
public:
    explicit Descriptor(const fs::path &path)
        : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const noexcept { return m_fd; }

private:
    int m_fd;
};

class Walk
{
public:
    Walk(const WalkOptions &options, WalkCounts &counts,
         const std::function<void(const std::string &, std::string_view)> &visit,
         const std::function<void()> &pause)
        : m_options(options),
          m_counts(counts),
          m_visit(visit),
          m_pause(pause)
    {
    }

    void folder(const fs::path &root)
    {
        // A stack, not recursion: trees may be deep. Last in, first out, so names are sorted down.
        std::vector<fs::path> waiting{root};
        while (!waiting.empty()) {
            const fs::path at = std::move(waiting.back());
            waiting.pop_back();
            std::vector<fs::directory_entry> entries = entriesOf(at);
            std::ranges::sort(entries, std::ranges::greater(), [](const fs::directory_entry &one) {
                return one.path().filename().string();
            });
            for (const fs::directory_entry &entry : entries)
                place(entry, waiting);
            drain(waiting);
        }
    }

    void file(const fs::path &path)
    {
        const Descriptor file(path);
        struct stat status = {};
        if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
            ++m_counts.unreadable;
            return;
        }
        if (!S_ISREG(status.st_mode))
            return; // a pipe or device that came in between
        if (static_cast<std::uintmax_t>(status.st_size) > m_options.maxSize) {
            ++m_counts.tooLarge;
            return;
        }
        read(file.get(), static_cast<std::size_t>(status.st_size), path);
        m_pause();
    }

private:
    std::vector<fs::directory_entry> entriesOf(const fs::path &folder)
    {
        std::error_code code;
        fs::directory_iterator it(folder, code);
        if (code) {
            ++m_counts.unreadable;
            return {};
        }
        std::vector<fs::directory_entry> entries;
        for (const fs::directory_iterator end; it != end; it.increment(code)) {
            entries.push_back(*it);
            if (code)
                break;
        }
        return entries;
    }

    void place(const fs::directory_entry &entry, std::vector<fs::path> &waiting)
    {
        std::error_code code;
        const fs::file_status status = entry.symlink_status(code);
        if (code)
            ++m_counts.unreadable;
        else if (fs::is_directory(status)) {
            if (!m_options.everything && isLeftOut(entry.path()))
                ++m_counts.skippedFolders;
            else
                waiting.push_back(entry.path());
        } else if (fs::is_regular_file(status))
            waiting.push_back(entry.path());
    }

    /// Takes the files from the top of the stack; a folder ends it.
    void drain(std::vector<fs::path> &waiting)
    {
        std::error_code code;
        while (!waiting.empty() && !fs::is_directory(waiting.back(), code)) {
            const fs::path path = std::move(waiting.back());
            waiting.pop_back();
            file(path);
        }
        m_pause();
    }

    void read(int descriptor, std::size_t size, const fs::path &path)
    {
        m_text.resize(size);
        std::size_t have = 0;
        bool sniffed = false;
        while (have < size) {
            const ssize_t count = ::read(descriptor, m_text.data() + have, size - have);
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                break; // it became shorter
            have += static_cast<std::size_t>(count);
            if (!sniffed && std::memchr(m_text.data(), '\0', std::min(have, kSniffed)) != nullptr) {
                ++m_counts.binary;
                return;
            }
            sniffed = true;
        }
        ++m_counts.files;
        m_counts.bytes += have;
        m_visit(path.string(), std::string_view(m_text).substr(0, have));
    }

    const WalkOptions &m_options;
    WalkCounts &m_counts;
    const std::function<void(const std::string &, std::string_view)> &m_visit;
    const std::function<void()> &m_pause;
    std::string m_text; // keeps its capacity
};

} // namespace

Result<void>
walkFiles(const std::string &path, const WalkOptions &options, WalkCounts &counts,
          const std::function<void(const std::string &path, std::string_view text)> &visit,
          const std::function<void()> &pause)
{
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (!fs::exists(status))
        return fail(Errc::Io, code ? code.message() : "no such file or folder", path);
    Walk walk(options, counts, visit, pause);
    if (fs::is_directory(status))
        walk.folder(fs::path(path).lexically_normal());
    else
        walk.file(path);
    return {};
}

} // namespace postern::cli
