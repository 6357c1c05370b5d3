// SPDX-License-Identifier: Apache-2.0
#include "gui/models/import_file.h"

#include "core/config/config.h"
#include "core/config/yaml.h"
#include "core/model/keys.h"
#include "gateway/convert/foreign_config.h"
#include "gateway/lint/lint_sources.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/readable_file.h"
#include "gui/text/qt_bytes.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <map>

namespace postern::gui {

namespace {

constexpr qint64 kMaxFile = 16LL * 1024 * 1024;
constexpr std::size_t kRoot = std::string_view("/apisix").size();

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("postern::gui", text, nullptr, n);
}

/// What of a foreign file is not taken, as a sentence.
QString warningOf(const gateway::LeftOut &left)
{
    const QString name = toText(left.name);
    const auto number = static_cast<int>(left.count);
    switch (left.what) {
    case gateway::LeftOut::What::Services:
        return QCoreApplication::translate("postern::gui", "%n service(s) are not imported.",
                                           nullptr, number);
    case gateway::LeftOut::What::Routes:
        return QCoreApplication::translate("postern::gui", "%n route(s) are not imported.", nullptr,
                                           number);
    case gateway::LeftOut::What::List:
        return tr("\"%1\" is not imported.").arg(name);
    case gateway::LeftOut::What::Consumer:
        return tr("Consumer \"%1\" is left out: %2").arg(name, userNameFault(name));
    case gateway::LeftOut::What::Extras:
        return tr("Groups and plugins of %1 are not imported.").arg(name);
    }
    return {};
}

std::unexpected<Error> refuse(const QString &text)
{
    return fail(Errc::Unsupported, toOctets(text));
}

void count(ImportPreview &preview)
{
    static constexpr std::array<std::pair<std::string_view, const char *>, 9> kKinds{
        {{"consumers", QT_TRANSLATE_N_NOOP("postern::gui", "%n consumer(s)")},
         {"credentials", QT_TRANSLATE_N_NOOP("postern::gui", "%n credential(s)")},
         {"routes", QT_TRANSLATE_N_NOOP("postern::gui", "%n route(s)")},
         {"services", QT_TRANSLATE_N_NOOP("postern::gui", "%n service(s)")},
         {"upstreams", QT_TRANSLATE_N_NOOP("postern::gui", "%n upstream(s)")},
         {"ssls", QT_TRANSLATE_N_NOOP("postern::gui", "%n certificate(s)")},
         {"consumer_groups", QT_TRANSLATE_N_NOOP("postern::gui", "%n consumer group(s)")},
         {"plugin_configs", QT_TRANSLATE_N_NOOP("postern::gui", "%n plugin configuration(s)")},
         {"", QT_TRANSLATE_N_NOOP("postern::gui", "%n other object(s)")}}};
    std::map<std::size_t, int> counts;
    for (const Edit &edit : preview.edits) {
        const std::string full = "/apisix" + edit.key;
        const auto key = parseStorageKey(full);
        std::size_t row = 0;
        while (row + 1 < kKinds.size() && (!key || kKinds.at(row).first != key->kind))
            ++row;
        ++counts[row];
    }
    for (const auto &[row, number] : counts)
        preview.counts << tr(kKinds.at(row).second, number);
}

Result<void> readOwn(const QString &path, gateway::ConfigFileKind kind, ImportPreview &preview)
{
    auto file = gateway::readLintFile(toOctets(path), kind);
    if (!file)
        return std::unexpected(file.error());
    for (gateway::LintObject &object : file->objects)
        preview.edits.push_back({object.key.substr(kRoot), std::move(object.value)});
    for (const Error &fault : file->faults)
        preview.faults << toText(describe(fault));
    return {};
}

/// \return the text, or why it cannot be a configuration
Result<std::string> readText(const QFileInfo &info)
{
    if (const QString fault = fileFault(info.filePath()); !fault.isEmpty())
        return refuse(fault);
    if (info.size() > kMaxFile)
        return refuse(tr("%1 is larger than 16 MiB.").arg(info.fileName()));
    QFile file(info.filePath());
    if (!file.open(QIODevice::ReadOnly))
        return refuse(tr("%1 cannot be read: %2").arg(info.fileName(), file.errorString()));
    std::string text = file.read(kMaxFile).toStdString();
    if (file.error() != QFileDevice::NoError)
        return refuse(tr("%1 cannot be read: %2").arg(info.fileName(), file.errorString()));
    if (text.contains('\0') || text.starts_with("\x89PNG"))
        return refuse(tr("%1 is no configuration. What can be imported: postern.yaml, apisix.yaml, "
                         "apisix.json, kong.yml, adc.yaml.")
                          .arg(info.fileName()));
    return text;
}

} // namespace

Result<ImportPreview> readImport(const QString &path)
{
    const QFileInfo info(path);
    const auto text = readText(info);
    if (!text)
        return std::unexpected(text.error());
    ImportPreview preview;
    preview.name = info.fileName();
    const auto tree = parseYaml(*text, toOctets(info.fileName()), {});
    const Json root = tree ? tree->toJson() : Json();
    const auto kind = gateway::kindOfConfigFile(toOctets(path));
    if (tree && !root.isObject())
        return refuse(tr("%1 is no configuration.").arg(info.fileName()));
    const auto take = [&preview](gateway::ForeignConfig foreign) {
        for (gateway::ObjectChange &object : foreign.objects)
            preview.edits.push_back({std::move(object.key), std::move(object.value)});
        for (const gateway::LeftOut &left : foreign.leftOut)
            preview.warnings << warningOf(left);
    };
    if (gateway::isKongConfig(root)) {
        preview.kind = tr("declarative configuration of Kong");
        take(gateway::readKongConfig(root));
    } else if (gateway::isAdcConfig(root)) {
        preview.kind = tr("configuration of adc");
        take(gateway::readAdcConfig(root));
    } else {
        const bool standalone = kind == gateway::ConfigFileKind::Standalone;
        preview.kind =
            standalone ? tr("standalone configuration of APISIX") : tr("configuration of Postern");
        if (const auto read = readOwn(path, kind, preview); !read)
            return std::unexpected(read.error());
    }
    if (preview.edits.empty() && preview.warnings.isEmpty() && preview.faults.isEmpty())
        return refuse(tr("%1 holds nothing that could be imported.").arg(info.fileName()));
    count(preview);
    return preview;
}

Result<std::vector<Edit>> readSample(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::NotFound, toOctets(path));
    auto config = parseConfig(file.readAll().toStdString(), toOctets(path));
    if (!config)
        return std::unexpected(config.error());
    std::vector<Edit> edits;
    for (ConfigObject &object : config->objects) {
        auto value = takeValue(object);
        if (!value)
            return std::unexpected(value.error());
        edits.push_back({buildStorageKey({object.kind, object.parent, object.id}).substr(kRoot),
                         std::move(*value)});
    }
    return edits;
}

} // namespace postern::gui
