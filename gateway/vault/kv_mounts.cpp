// SPDX-License-Identifier: Apache-2.0
#include "gateway/vault/kv_mounts.h"

#include "core/bytes/encoding.h"
#include "core/crypto/key_file.h"
#include "core/crypto/random.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>
#include <format>
#include <fstream>
#include <iterator>
#include <utility>

namespace postern::gateway {

namespace {

constexpr std::string_view kFormat = "postern-vault";
/// The server's own.
constexpr std::array<std::string_view, 4> kReserved{"sys/", "auth/", "identity/", "cubbyhole/"};

std::string randomHex(std::size_t octets)
{
    const auto random = randomOctets(octets);
    return random ? encodeHex(random->view()) : std::string(octets * 2, '0');
}

// "kv" and "/kv/" are "kv/".
std::string folder(std::string_view path)
{
    while (path.starts_with('/'))
        path.remove_prefix(1);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    return std::string(path) + "/";
}

} // namespace

Result<KvMounts> KvMounts::open(std::filesystem::path file)
{
    KvMounts made;
    made.m_file = std::move(file);
    if (const auto loaded = made.load(); !loaded)
        return std::unexpected(loaded.error());
    return made;
}

const std::pair<const std::string, KvMount> *KvMounts::mountOf(std::string_view path) const noexcept
{
    // The longest one: "kv/" and "kv/team/" may both be there.
    const std::pair<const std::string, KvMount> *best = nullptr;
    for (const auto &mount : m_mounts) {
        const std::string_view name = mount.first;
        if ((path.starts_with(name) || path == name.substr(0, name.size() - 1))
            && (!best || best->first.size() < name.size()))
            best = &mount;
    }
    return best;
}

Result<void> KvMounts::enable(std::string_view path, std::string_view description)
{
    const std::string name = folder(path);
    if (name == "/" || name.contains("//"))
        return fail(Errc::InvalidArgument, "a mount needs a path");
    for (const std::string_view reserved : kReserved) {
        if (name.starts_with(reserved))
            return fail(Errc::InvalidArgument, std::format("cannot mount under {}", reserved));
    }
    if (m_mounts.contains(name))
        return fail(Errc::Conflict, std::format("path is already in use at {}", name));
    m_mounts.emplace(name,
                     KvMount{std::string(description), "kv_" + randomHex(4),
                             randomUuid().value_or(std::string())});
    return save();
}

Result<void> KvMounts::disable(std::string_view path)
{
    const std::string name = folder(path);
    m_mounts.erase(name);
    std::erase_if(m_values, [&name](const auto &entry) { return entry.first.starts_with(name); });
    return save();
}

const Json *KvMounts::find(std::string_view path) const noexcept
{
    const auto found = m_values.find(path);
    return found == m_values.end() ? nullptr : &found->second;
}

std::vector<std::string> KvMounts::list(std::string_view path) const
{
    const std::string below = folder(path);
    std::vector<std::string> names;
    for (auto at = m_values.lower_bound(below);
         at != m_values.end() && at->first.starts_with(below); ++at) {
        const std::string_view rest = std::string_view(at->first).substr(below.size());
        std::string name(rest.substr(0, rest.find('/')));
        if (name.size() < rest.size())
            name += '/';
        if (!std::ranges::contains(names, name))
            names.push_back(std::move(name));
    }
    std::ranges::sort(names);
    return names;
}

Result<void> KvMounts::put(std::string_view path, Json value)
{
    m_values.insert_or_assign(std::string(path), std::move(value));
    return save();
}

Result<void> KvMounts::remove(std::string_view path)
{
    const auto found = m_values.find(path);
    if (found == m_values.end())
        return {};
    m_values.erase(found);
    return save();
}

Result<void> KvMounts::load()
{
    std::error_code code;
    if (m_file.empty() || !std::filesystem::exists(m_file, code))
        return {};
    std::ifstream in(m_file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in)
        return fail(Errc::Io, "cannot be read", m_file.string());
    const auto json = parseJson(text);
    if (!json)
        return fail(Errc::Config, describe(json.error()), m_file.string());
    const Json *mounts = json->find("mounts");
    const Json *values = json->find("values");
    if (json->stringOr("format", "") != kFormat || !mounts || !values)
        return fail(Errc::Config, "not a file of postern vault run", m_file.string());
    for (const auto &[name, mount] : mounts->members())
        m_mounts.emplace(name,
                         KvMount{std::string(mount.stringOr("description", "")),
                                 std::string(mount.stringOr("accessor", "")),
                                 std::string(mount.stringOr("uuid", ""))});
    for (const auto &[path, value] : values->members())
        m_values.emplace(path, value);
    return {};
}

Result<void> KvMounts::save() const
{
    if (m_file.empty())
        return {};
    Json mounts = Json::object();
    for (const auto &[name, mount] : m_mounts)
        mounts.set(name,
                   Json::object({{"description", mount.description},
                                 {"accessor", mount.accessor},
                                 {"uuid", mount.uuid}}));
    // Each name is there once already: appended, since set() looks every one up.
    Json values = Json::object();
    for (const auto &[path, value] : m_values)
        values.members().emplace_back(path, value);
    const Json json = Json::object(
        {{"format", kFormat}, {"mounts", std::move(mounts)}, {"values", std::move(values)}});
    return writeKeyFile(m_file, json.dump(2) + "\n", FileSecrecy::Private, true);
}

} // namespace postern::gateway
