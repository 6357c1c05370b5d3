// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <QKeySequence>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace postern::gui {

/// The keys that the user gave to commands, in shortcuts.yaml:
///     consumer.new: Ctrl+Shift+N
///     edit.copyUrl: ""             # no keys
/// Names that no command has (of another version) are kept. Main thread.
class ShortcutFile
{
public:
    explicit ShortcutFile(QString path) : m_path(std::move(path)) {}
    /// Reads the file; one that is not there gives no keys.
    /// \return Io, or Config with the place "file:line:column"; then there are no keys at all
    [[nodiscard]] Result<void> load();
    /// nullopt: the command has its own. An empty one: it has none.
    [[nodiscard]] std::optional<QKeySequence> keys(const QString &id) const;
    /// Writes the file at once; one that could not be read is put aside as "….broken" first.
    /// \param keys nullopt: the command's own \return Io
    [[nodiscard]] Result<void> set(const QString &id, std::optional<QKeySequence> keys);
    [[nodiscard]] const QString &path() const noexcept { return m_path; }

private:
    [[nodiscard]] Result<void> write() const;

    QString m_path;
    std::vector<std::pair<QString, QString>> m_entries; ///< id, portable text; in the file's order
    bool m_broken = false;
};

} // namespace postern::gui
