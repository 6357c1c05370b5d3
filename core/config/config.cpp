// SPDX-License-Identifier: Apache-2.0
#include "core/config/config.h"

#include "core/config/json_config.h"
#include "core/config/setting_reader.h"
#include "core/json/parse.h"
#include "core/large_heap.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <format>
#include <fstream>
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

constexpr std::size_t kLargeFile = 1024U * 1024;
/// What a gateway makes of an octet of objects, about.
constexpr std::size_t kHeapPerOctet = 24;

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
    // In blocks: a pipe has no size, and a character at a time is slow for megabytes.
    constexpr std::size_t kBlock = 256U * 1024;
    std::string text;
    if (const auto size = std::filesystem::file_size(path, error); !error) {
        if (size >= kLargeFile)
            prepareLargeHeap(kHeapPerOctet * size);
        text.reserve(size + kBlock);
    }
    for (std::size_t at = 0; file; at += static_cast<std::size_t>(file.gcount())) {
        text.resize_and_overwrite(at + kBlock, [&](char *octets, std::size_t) {
            file.read(octets + at, kBlock);
            return at + static_cast<std::size_t>(file.gcount());
        });
    }
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

/// Of a part of the text.
TextPlace placeOf(std::string_view part, std::string_view text)
{
    const std::string_view before =
        text.substr(0, static_cast<std::size_t>(part.data() - text.data()));
    const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t start = before.rfind('\n') + 1; // npos + 1 is 0
    return {line, before.size() - start + 1};
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
    std::ranges::stable_sort(objects, {}, objectRank);
}

} // namespace

std::string placeIn(const ConfigObject &object, std::string_view pointer)
{
    if (object.source)
        return formatPlace(object.file->name, object.source->nearest(pointer).place);
    if (!object.text.empty())
        return formatPlace(object.file->name, placeOf(object.text, object.file->text));
    return object.file->name + ": " + object.kind + "/" + object.id;
}

Result<Json> takeValue(ConfigObject &object)
{
    if (object.text.empty() || !object.value.isNull())
        return std::exchange(object.value, {});
    auto value = parseJson(object.text);
    if (value)
        return value;
    // The parser counts from the object's start.
    TextPlace place = placeOf(object.text, object.file->text);
    TextPlace inside;
    if (std::sscanf(value.error().where.c_str(), "%zu:%zu", &inside.line, &inside.column) == 2)
        place = {place.line + inside.line - 1,
                 inside.line == 1 ? place.column + inside.column - 1 : inside.column};
    const std::string what = describe({value.error().code, value.error().detail, {}});
    return fail(Errc::Config, what, formatPlace(object.file->name, place));
}

namespace {

Result<Config> parseOwned(std::string &&owned, std::string_view file,
                          const VariableLookup &variables)
{
    const auto whole =
        std::make_shared<const ConfigFile>(ConfigFile{std::string(file), std::move(owned)});
    if (auto config = parseLargeJsonConfig(whole))
        return std::move(*config);
    const std::string_view text = whole->text;
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

} // namespace

// A pattern is a name, or the start of one with '*' behind it.
VariableLookup readableVariables(const Config::Secrets &settings)
{
    return
        [patterns = settings.environment](const std::string &name) -> std::optional<std::string> {
            const auto allowed = [&name](const std::string &pattern) {
                return pattern.ends_with('*')
                    ? name.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1))
                    : name == pattern;
            };
            const char *const value = std::getenv(name.c_str());
            if (value == nullptr || !std::ranges::any_of(patterns, allowed))
                return std::nullopt;
            return std::string(value);
        };
}

Result<Config> parseConfig(std::string_view text, std::string_view file,
                           const VariableLookup &variables)
{
    return parseOwned(std::string(text), file, variables);
}

Result<Config> loadConfig(const std::filesystem::path &path, const VariableLookup &variables)
{
    Result<std::string> text = readText(path);
    if (!text)
        return std::unexpected(text.error());
    Result<Config> config = parseOwned(std::move(*text), path.string(), variables);
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
