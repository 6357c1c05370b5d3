// SPDX-License-Identifier: Apache-2.0
#include "gateway/convert/export_faults.h"

#include "core/config/config.h"
#include "gateway/admin/apisix/import.h"
#include "gateway/lint/empty_gateway.h"
#include "gateway/standalone/items.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace postern::gateway {

std::vector<ExportFault> ownFaults(std::span<const ExportItem> items, std::string_view profile)
{
    std::vector<ConfigObject> objects;
    objects.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        // A fault's place begins with the name of the file: here the item's index.
        const auto file = std::make_shared<const ConfigFile>(ConfigFile{std::to_string(i), {}});
        objects.push_back(
            {items[i].kind, items[i].parent, items[i].id, items[i].value, {}, file, nullptr});
    }
    EmptyGateway gateway(profile);
    std::vector<ExportFault> faults;
    for (Error &error : importFaults(gateway.config(), std::move(objects))) {
        std::size_t index = items.size();
        std::from_chars(error.where.data(), error.where.data() + error.where.size(), index);
        if (index < items.size())
            faults.push_back({index, std::move(error.detail)});
    }
    return faults;
}

std::vector<ExportFault> standaloneFaults(Json root, std::span<const ListPositions> positions,
                                          std::string_view profile)
{
    EmptyGateway gateway(profile);
    std::vector<ExportFault> faults;
    const StandaloneItems read = readStandaloneItems(gateway.config(), std::move(root), true);
    for (const StandaloneFault &fault : read.faults) {
        const auto list = std::ranges::find(positions, fault.type, &ListPositions::list);
        if (fault.index && list != positions.end() && *fault.index < list->items.size())
            faults.push_back({list->items[*fault.index], fault.text});
    }
    return faults;
}

} // namespace postern::gateway
