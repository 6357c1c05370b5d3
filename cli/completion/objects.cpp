// SPDX-License-Identifier: Apache-2.0
#include "cli/completion/objects.h"

#include "cli/gateway_options.h"
#include "cli/output.h"
#include "cli/target.h"
#include "core/config/config.h"
#include "core/model/keys.h"
#include "core/store/store_keys.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace postern::cli {
namespace {

// What keeps an answer below 50 ms: larger files are not read, later keys not looked at.
constexpr std::uintmax_t kMaxConfigSize = 512U * 1024;
constexpr std::size_t kMaxKeys = 20'000;
constexpr std::size_t kMaxNames = 1'000;

/// What is looked for, and what was found.
class Search
{
public:
    Search(std::string_view kind, std::string_view parent, std::string_view prefix)
        : m_kind(kind),
          m_parent(parent),
          m_prefix(prefix)
    {
    }

    void readConfig(const std::filesystem::path &path)
    {
        std::error_code code;
        if (std::filesystem::file_size(path, code) > kMaxConfigSize || code)
            return;
        // A variable that only the gateway's shell has is no reason to know nothing.
        const auto lookup = [](const std::string &name) -> std::optional<std::string> {
            return environment(name.c_str(), "-");
        };
        const Result<Config> config = loadConfig(path, lookup);
        if (!config)
            return;
        for (const ConfigObject &object : config->objects) {
            if (object.kind == m_kind && (m_parent.empty() || object.parent == m_parent))
                add(object.id);
        }
        readStore(config->store.uri, path.parent_path());
    }

    void readStore(std::string_view uri, const std::filesystem::path &directory)
    {
        constexpr std::string_view kSqlite = "sqlite:";
        if (!uri.starts_with(kSqlite))
            return;
        const std::filesystem::path file = directory / uri.substr(kSqlite.size());
        std::string start = storagePrefix(m_kind, m_parent);
        // Credentials of all consumers lie among these, not under a prefix of their own.
        if (m_kind != "credentials" || !m_parent.empty())
            start += m_prefix;
        const auto keys = storeKeys(std::string(kSqlite) + file.string(), start, kMaxKeys);
        if (!keys)
            return;
        for (const std::string &key : *keys) {
            const auto parts = parseStorageKey(key);
            if (parts && parts->kind == m_kind)
                add(parts->id);
        }
    }

    [[nodiscard]] std::vector<std::string> take()
    {
        std::ranges::sort(m_found);
        const auto again = std::ranges::unique(m_found);
        m_found.erase(again.begin(), again.end());
        if (m_found.size() > kMaxNames)
            m_found.resize(kMaxNames);
        return std::move(m_found);
    }

private:
    void add(std::string_view id)
    {
        if (id.starts_with(m_prefix))
            m_found.emplace_back(id);
    }

    std::string_view m_kind, m_parent, m_prefix;
    std::vector<std::string> m_found;
};

} // namespace

std::vector<std::string> objectsInReach(const ObjectReach &reach, std::string_view kind,
                                        std::string_view parent, std::string_view prefix)
{
    Search search(kind, parent, prefix);
    std::error_code code;
    const std::filesystem::path here = reach.directory.empty()
        ? std::filesystem::current_path(code)
        : std::filesystem::path(reach.directory);
    if (!reach.config.empty() || !reach.store.empty()) {
        if (!reach.config.empty())
            search.readConfig(here / reach.config);
        search.readStore(reach.store, here);
        return search.take();
    }
    const GatewayFiles files = runningGatewayFiles();
    if (!files.config.empty())
        search.readConfig(files.config);
    search.readStore(files.store, {});
    const std::filesystem::path named = environment("POSTERN_CONFIG");
    const std::filesystem::path config = named.empty() ? nearestConfig(here) : here / named;
    if (!config.empty() && config != files.config)
        search.readConfig(config);
    return search.take();
}

} // namespace postern::cli
