// SPDX-License-Identifier: Apache-2.0
#include "gateway/standalone/file.h"

#include "core/large_heap.h"

#include <QLoggingCategory>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <format>
#include <functional>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace postern::gateway {
namespace {

Q_LOGGING_CATEGORY(lcStandalone, "postern.standalone")

constexpr std::string_view kNoEndMark = "missing valid end flag in file";

constexpr std::size_t kLarge = 1024U * 1024;
/// What a gateway makes of an octet of items, about.
constexpr std::size_t kHeapPerOctet = 24;

std::unexpected<Error> failSystem(int code, const std::filesystem::path &path)
{
    const Errc kind = code == ENOENT || code == ENOTDIR ? Errc::NotFound
        : code == EACCES || code == EPERM               ? Errc::Permission
                                                        : Errc::Io;
    return fail(kind, std::strerror(code), path.string());
}

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

private:
    int m_descriptor;
};

Result<std::string> readAll(int descriptor, std::size_t expected, const std::filesystem::path &path)
{
    constexpr std::size_t kBlock = 256U * 1024;
    std::string text;
    text.reserve(expected + 1);
    for (std::size_t at = 0;;) {
        ssize_t got = 0;
        text.resize_and_overwrite(at + kBlock, [&](char *octets, std::size_t) {
            got = ::read(descriptor, octets + at, kBlock);
            return at + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        });
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failSystem(errno, path);
        if (got == 0)
            return text;
        at += static_cast<std::size_t>(got);
        if (at > kMaxStandaloneJson)
            return fail(
                Errc::Config,
                std::format("the file is longer than {} MiB", kMaxStandaloneJson / (1024U * 1024)),
                path.string());
    }
}

/// Whether nothing that happens from now on can have this time, too.
bool isPast(const std::timespec &time)
{
    constexpr std::chrono::milliseconds kLongestTick{100}; // a kernel's is 1 to 10 ms
    const auto at = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    return std::chrono::system_clock::now().time_since_epoch() - at > kLongestTick;
}

/// As the data plane's problems name what is left out.
std::string keyOf(const StandaloneFault &fault)
{
    if (!fault.index)
        return std::format("/apisix/{}", fault.type);
    return std::format("/apisix/{}/{}", fault.type,
                       fault.id.empty() ? std::format("arr_{}", *fault.index + 1) : fault.id);
}

Result<CheckedFile> checkText(ConfigService &config, std::string text,
                              const std::filesystem::path &path, const VariableLookup &variables)
{
    const StandaloneSyntax syntax = syntaxOf(path);
    if (syntax == StandaloneSyntax::Yaml && !hasEndMark(text))
        return fail(Errc::Config,
                    std::string(kNoEndMark)
                        + "; the last line must be #END, which tells that the file is complete",
                    path.string());
    auto document = parseStandalone(std::move(text), path.string(), syntax, variables);
    if (!document)
        return std::unexpected(document.error());
    CheckedFile checked;
    checked.items =
        readStandaloneItems(config, std::move(document->root), syntax == StandaloneSyntax::Yaml);
    for (const StandaloneFault &fault : checked.items.faults)
        checked.faults.push_back({Errc::Config, fault.text, document->placeOf(fault.pointer)});
    checked.placeOf = [places = std::make_shared<const StandaloneDocument>(std::move(*document))](
                          std::string_view pointer) { return places->placeOf(pointer); };
    return checked;
}

} // namespace

StandaloneSyntax syntaxOf(const std::filesystem::path &path)
{
    return path.extension() == ".json" ? StandaloneSyntax::Json : StandaloneSyntax::Yaml;
}

Result<CheckedFile> checkStandaloneFile(ConfigService &config, const std::filesystem::path &path,
                                        const VariableLookup &variables)
{
    return StandaloneFile::read(path).and_then([&](StandaloneFile::Content &&content) {
        return checkText(config, std::move(content.text), path, variables);
    });
}

bool StandaloneFile::Stamp::operator==(const Stamp &other) const noexcept
{
    const auto same = [](const std::timespec &a, const std::timespec &b) {
        return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
    };
    return device == other.device && inode == other.inode && size == other.size
        && same(modified, other.modified) && same(changed, other.changed);
}

StandaloneFile::StandaloneFile(ConfigService &config, std::filesystem::path path)
    : m_config(config),
      m_path(std::move(path)),
      m_state(config)
{
}

std::int64_t StandaloneFile::versionOf(std::string_view key) const
{
    const auto own = m_state.modified().find(key);
    return own == m_state.modified().end() ? m_version : own->second;
}

Result<StandaloneFile::Content> StandaloneFile::read(const std::filesystem::path &path)
{
    // Without waiting: what looks like a file may be a pipe that nobody writes to.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0)
        return failSystem(errno, path);
    struct stat status = {};
    if (::fstat(file.get(), &status) != 0)
        return failSystem(errno, path);
    if (!S_ISREG(status.st_mode))
        return fail(Errc::Io, "this is not a regular file", path.string());
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size >= kLarge && size <= kMaxStandaloneJson)
        prepareLargeHeap(kHeapPerOctet * size);
    const bool settled = isPast(status.st_ctim);
    return readAll(file.get(), std::min(size, kMaxStandaloneJson), path)
        .transform([&status, settled](std::string &&text) {
            return Content{
                std::move(text),
                {status.st_dev, status.st_ino, status.st_size, status.st_mtim, status.st_ctim},
                settled};
        });
}

std::optional<StandaloneFile::Stamp> StandaloneFile::stampOf(const std::filesystem::path &path)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    return Stamp{status.st_dev, status.st_ino, status.st_size, status.st_mtim, status.st_ctim};
}

Result<void> StandaloneFile::load()
{
    auto loaded = reload();
    if (!loaded && loaded.error().detail.starts_with(kNoEndMark)) {
        report(loaded.error());
        return {};
    }
    return loaded;
}

void StandaloneFile::poll()
{
    const auto stamp = stampOf(m_path);
    if (stamp && m_stamp == stamp && m_settled)
        return;
    if (const auto loaded = reload(); !loaded)
        report(loaded.error());
}

Result<void> StandaloneFile::reload()
{
    auto content = read(m_path);
    if (!content) {
        m_stamp.reset(); // whatever comes next is new
        return std::unexpected(content.error());
    }
    const std::size_t digest = std::hash<std::string_view>{}(content->text);
    const bool known = m_stamp == content->stamp && m_digest == digest;
    m_stamp = content->stamp;
    m_digest = digest;
    m_settled = content->settled;
    if (known)
        return {};
    auto checked = checkText(m_config, std::move(content->text), m_path, {});
    if (!checked)
        return std::unexpected(checked.error());
    const auto changes =
        m_state.apply(std::move(checked->items.items), {.kept = {}, .skipUnchanged = true});
    if (!changes)
        return std::unexpected(changes.error());
    m_config.setPlugins(std::move(checked->items.plugins));
    m_version = m_stamp->modified.tv_sec;
    m_itemFaults.clear();
    for (std::size_t i = 0; i < checked->faults.size(); ++i) {
        const Error &fault = checked->faults[i];
        const std::string key = keyOf(checked->items.faults[i]);
        qCWarning(lcStandalone, "%s is left out: %s", key.c_str(), describe(fault).c_str());
        m_itemFaults.push_back({key, fault});
    }
    if (m_loaded) {
        trimLargeHeap();
        qCInfo(lcStandalone, "%s: loaded again, %zu items new or changed, %zu removed",
               m_path.c_str(), changes->loaded, changes->removed);
    }
    m_loaded = true;
    report(std::nullopt);
    return {};
}

void StandaloneFile::report(std::optional<Error> fileFault)
{
    if (fileFault && fileFault != m_fileFault)
        qCWarning(lcStandalone, "%s%s", describe(*fileFault).c_str(),
                  m_loaded ? "; the version before stays active" : "");
    m_fileFault = std::move(fileFault);
    std::vector<CompileProblem> problems = m_itemFaults;
    if (m_fileFault)
        problems.push_back({m_path.filename().string(), *m_fileFault});
    m_config.setSourceProblems(std::move(problems));
}

} // namespace postern::gateway
