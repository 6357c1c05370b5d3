// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/shortcut_file.h"

#include "core/config/yaml.h"
#include "core/config/yaml_format.h"
#include "gui/text/qt_bytes.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>
#include <format>

namespace postern::gui {

namespace {

constexpr qint64 kLongest = 1024LL * 1024;

/// "Ctrl+N" as Qt writes it; nullopt: these are no keys.
std::optional<QString> normalKeys(const YamlNode &node)
{
    if (node.kind != YamlNode::Kind::Scalar)
        return std::nullopt;
    if (node.scalar.isNull())
        return QString();
    const QString text =
        toText(node.scalar.isString() ? node.scalar.asString() : node.scalar.dump());
    const QString normal = QKeySequence::fromString(text, QKeySequence::PortableText)
                               .toString(QKeySequence::PortableText);
    if (normal.isEmpty() && !text.isEmpty())
        return std::nullopt;
    return normal;
}

} // namespace

Result<void> ShortcutFile::load()
{
    m_entries.clear();
    m_broken = false;
    QFile file(m_path);
    if (!file.exists())
        return {};
    m_broken = true;
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Io, toOctets(file.errorString()), toOctets(m_path));
    const std::string octets = file.read(kLongest).toStdString();
    const std::string name = toOctets(m_path);
    const auto root = parseYaml(octets, name, {});
    if (!root)
        return std::unexpected(root.error());
    const bool empty = root->kind == YamlNode::Kind::Scalar && root->scalar.isNull();
    if (root->kind != YamlNode::Kind::Mapping && !empty)
        return fail(Errc::Config, "commands and their keys are wanted: \"consumer.new: Ctrl+N\"",
                    formatPlace(name, root->place));
    std::vector<std::pair<QString, QString>> entries;
    for (const YamlNode::Member &member : root->members) {
        const auto keys = normalKeys(member.value);
        if (!keys)
            return fail(Errc::Config, std::format("what stands for {} are no keys", member.name),
                        formatPlace(name, member.value.place));
        entries.emplace_back(toText(member.name), *keys);
    }
    m_entries = std::move(entries);
    m_broken = false;
    return {};
}

std::optional<QKeySequence> ShortcutFile::keys(const QString &id) const
{
    const auto found = std::ranges::find(m_entries, id, &std::pair<QString, QString>::first);
    if (found == m_entries.end())
        return std::nullopt;
    return QKeySequence::fromString(found->second, QKeySequence::PortableText);
}

Result<void> ShortcutFile::set(const QString &id, std::optional<QKeySequence> keys)
{
    const auto found = std::ranges::find(m_entries, id, &std::pair<QString, QString>::first);
    if (!keys) {
        if (found == m_entries.end())
            return {};
        m_entries.erase(found);
    } else if (QString text = keys->toString(QKeySequence::PortableText);
               found == m_entries.end()) {
        m_entries.emplace_back(id, std::move(text));
    } else {
        found->second = std::move(text);
    }
    if (m_broken) {
        const QString aside = m_path + QStringLiteral(".broken");
        QFile::remove(aside);
        if (!QFile::rename(m_path, aside))
            return fail(Errc::Io, "the broken file cannot be put aside", toOctets(m_path));
        m_broken = false;
    }
    return write();
}

Result<void> ShortcutFile::write() const
{
    Json entries = Json::object();
    for (const auto &[id, text] : m_entries)
        entries.set(toOctets(id), toOctets(text));
    const std::string octets =
        "# Keys of commands, written by the sheet of shortcuts (Ctrl+/).\n" + formatYaml(entries);
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    QSaveFile file(m_path);
    const auto size = static_cast<qint64>(octets.size());
    if (!file.open(QIODevice::WriteOnly) || file.write(octets.data(), size) != size
        || !file.commit())
        return fail(Errc::Io, toOctets(file.errorString()), toOctets(m_path));
    return {};
}

} // namespace postern::gui
