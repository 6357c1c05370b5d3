// SPDX-License-Identifier: Apache-2.0
#include "gateway/lint/lint_sources.h"

#include "core/config/config.h"
#include "core/json/parse.h"
#include "gateway/admin/apisix/import.h"
#include "gateway/lint/empty_gateway.h"
#include "gateway/standalone/file.h"

#include <format>
#include <memory>
#include <utility>

namespace postern::gateway {
namespace {

constexpr std::string_view kRoot = "/apisix/";

// Lint tells both owners, wherever they stand.
bool isSharedLogin(const Error &fault)
{
    return fault.detail.starts_with("duplicate ") && fault.detail.contains(" found with ");
}

std::vector<Error> faultsOf(std::vector<ConfigObject> objects, std::string_view profile)
{
    EmptyGateway gateway(profile);
    const auto imported = importObjects(gateway.config(), std::move(objects));
    std::vector<Error> faults = imported ? std::vector<Error>() : imported.error();
    std::erase_if(faults, isSharedLogin);
    return faults;
}

Result<LintFile> readOwn(const std::filesystem::path &path)
{
    auto config = loadConfig(path);
    if (!config)
        return std::unexpected(config.error());
    LintFile file;
    file.faults = faultsOf(config->objects, config->profile);
    file.environment = readableVariables(config->secrets);
    const auto objects = std::make_shared<std::vector<ConfigObject>>(std::move(config->objects));
    for (ConfigObject &object : *objects) {
        auto value = takeValue(object);
        if (!value)
            return std::unexpected(value.error());
        // Its fault is told already; without a key nothing can refer to it.
        object.value = *value;
        file.objects.push_back({storageKeyOf(object).value_or(std::string()), std::move(*value)});
        object.value = Json();
    }
    file.placeOf = [objects](std::size_t object, std::string_view pointer) {
        return placeIn((*objects)[object], pointer);
    };
    return file;
}

Result<LintFile> readStandalone(const std::filesystem::path &path)
{
    EmptyGateway gateway;
    auto checked = checkStandaloneFile(gateway.config(), path);
    if (!checked)
        return std::unexpected(checked.error());
    LintFile file;
    file.faults = std::move(checked->faults);
    std::vector<std::string> pointers;
    for (const StandaloneItem &item : checked->items.items) {
        auto value = parseJson(item.value);
        if (!value)
            return std::unexpected(value.error());
        file.objects.push_back({item.key, std::move(*value)});
        pointers.push_back(std::format("/{}/{}", item.type, item.index));
    }
    file.placeOf = [pointers = std::move(pointers), placeOf = std::move(checked->placeOf)](
                       std::size_t object, std::string_view pointer) {
        return placeOf(pointers[object] + std::string(pointer));
    };
    return file;
}

} // namespace

ConfigFileKind kindOfConfigFile(const std::filesystem::path &path)
{
    return path.stem() == "apisix" ? ConfigFileKind::Standalone : ConfigFileKind::Postern;
}

Result<LintFile> readLintFile(const std::filesystem::path &path, ConfigFileKind kind)
{
    return kind == ConfigFileKind::Standalone ? readStandalone(path) : readOwn(path);
}

Result<std::vector<LintObject>> readLintObjects(Store &store)
{
    auto documents = store.list(kRoot);
    if (!documents)
        return std::unexpected(documents.error());
    std::vector<LintObject> objects;
    for (Document &document : *documents) {
        auto value = parseJson(document.value);
        if (!value)
            return fail(value.error().code, value.error().detail, document.key);
        objects.push_back({std::move(document.key), std::move(*value)});
    }
    return objects;
}

Result<std::vector<LintObject>> readLintObjects(AdminAccess &admin)
{
    auto feed = admin.objects(0);
    if (!feed)
        return std::unexpected(feed.error());
    std::vector<LintObject> objects;
    objects.reserve(feed->changes.size());
    for (ObjectChange &change : feed->changes)
        objects.push_back({std::format("/apisix{}", change.key), std::move(change.value)});
    return objects;
}

} // namespace postern::gateway
