// SPDX-License-Identifier: Apache-2.0
#include "core/config/config.h"

#include "core/config/json_config.h"
#include "core/config/setting_reader.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <format>
#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

namespace postern {
namespace {

std::optional<std::string> processEnvironment(const std::string &name)
{
    const char *value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

Result<YamlNode> parseRoot(std::string_view text, std::string_view file,
                           const VariableLookup &variables)
{
    Result<YamlNode> root =
        parseYaml(text, file, variables ? variables : VariableLookup(processEnvironment));
    const bool empty = root && root->kind == YamlNode::Kind::Scalar && root->scalar.isNull();
    if (root && !empty && root->kind != YamlNode::Kind::Mapping)
        return fail(Errc::Config, "the file is a mapping, as in \"version: 1\"",
                    formatPlace(file, root->place));
    return root;
}

Result<std::string> readText(const std::filesystem::path &path)
{
    errno = 0;
    std::error_code error;
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path, error)) {
        const int code = file ? EISDIR : errno;
        return fail(code == ENOENT       ? Errc::NotFound
                        : code == EACCES ? Errc::Permission
                                         : Errc::Io,
                    std::strerror(code), path.string());
    }
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad())
        return fail(Errc::Io, "reading failed", path.string());
    return text;
}

/// The files a pattern names, sorted. A name without wildcards must exist.
Result<std::vector<std::filesystem::path>>
expand(const std::filesystem::path &folder, const std::string &pattern, std::string_view where)
{
    const std::string whole = (folder / pattern).string();
    glob_t found = {};
    const int code = ::glob(whole.c_str(), 0, nullptr, &found);
    std::vector<std::filesystem::path> files;
    files.reserve(found.gl_pathc);
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
        files.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    if (code != 0 && code != GLOB_NOMATCH)
        return fail(Errc::Io, std::format("include \"{}\" cannot be read", pattern),
                    std::string(where));
    if (files.empty() && pattern.find_first_of("*?[") == std::string::npos)
        return fail(Errc::NotFound, std::format("include \"{}\" does not exist", pattern),
                    std::string(where));
    return files;
}

Result<std::vector<ConfigObject>> loadIncluded(const std::filesystem::path &path,
                                               const VariableLookup &variables)
{
    const Result<std::string> text = readText(path);
    if (!text)
        return std::unexpected(text.error());
    const std::string file = path.string();
    const Result<YamlNode> root = parseRoot(*text, file, variables);
    if (!root)
        return std::unexpected(root.error());
    for (const YamlNode::Member &member : root->members) {
        if (!std::ranges::contains(objectListNames(), member.name) && member.name != "version"
            && !member.name.starts_with("x-"))
            return fail(
                Errc::Config,
                std::format("an included file holds object lists only, not \"{}\"", member.name),
                formatPlace(file, member.place));
    }
    return readObjects(*root, file);
}

std::size_t rankOf(const ConfigObject &object) noexcept
{
    const std::string_view list = object.kind == "secrets" ? "secrets_managers"
        : object.kind == "credentials"                     ? "consumers"
                                                           : std::string_view(object.kind);
    return static_cast<std::size_t>(std::ranges::find(objectListNames(), list)
                                    - objectListNames().begin());
}

/// Of two objects with one identity the later wins, at the place of the first.
void overlay(std::vector<ConfigObject> &objects, std::vector<ConfigObject> more)
{
    std::map<std::tuple<std::string, std::string, std::string>, std::size_t> index;
    for (std::size_t i = 0; i < objects.size(); ++i)
        index[{objects[i].kind, objects[i].parent, objects[i].id}] = i;
    for (ConfigObject &object : more) {
        const auto known = index.find({object.kind, object.parent, object.id});
        if (known != index.end())
            objects[known->second] = std::move(object);
        else
            objects.push_back(std::move(object));
    }
    std::ranges::stable_sort(objects, {}, rankOf);
}

} // namespace

std::string placeIn(const ConfigObject &object, std::string_view pointer)
{
    if (object.source.place.line == 0)
        return object.file + ": " + object.kind + "/" + object.id;
    return formatPlace(object.file, object.source.nearest(pointer).place);
}

Result<Config> parseConfig(std::string_view text, std::string_view file,
                           const VariableLookup &variables)
{
    if (auto config = parseLargeJsonConfig(text, file))
        return std::move(*config);
    const Result<YamlNode> root = parseRoot(text, file, variables);
    if (!root)
        return std::unexpected(root.error());
    Config config;
    if (const auto read = readSettings(*root, file, config); !read)
        return std::unexpected(read.error());
    Result<std::vector<ConfigObject>> objects = readObjects(*root, file);
    if (!objects)
        return std::unexpected(std::move(objects.error()));
    config.objects = std::move(*objects);
    if (const YamlNode *kong = root->find("kong"))
        config.kong = kong->toJson();
    return config;
}

Result<Config> loadConfig(const std::filesystem::path &path, const VariableLookup &variables)
{
    const Result<std::string> text = readText(path);
    if (!text)
        return std::unexpected(text.error());
    Result<Config> config = parseConfig(*text, path.string(), variables);
    if (!config)
        return config;
    for (const std::string &pattern : config->include) {
        const auto files = expand(path.parent_path(), pattern, path.string());
        if (!files)
            return std::unexpected(files.error());
        for (const std::filesystem::path &file : *files) {
            Result<std::vector<ConfigObject>> objects = loadIncluded(file, variables);
            if (!objects)
                return std::unexpected(std::move(objects.error()));
            overlay(config->objects, std::move(*objects));
        }
    }
    return config;
}

} // namespace postern
