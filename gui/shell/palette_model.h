// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/commands.h"

#include <QAbstractListModel>

#include <vector>

namespace postern::gui {

/// What the command palette offers for a text, best first. Main thread.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { HintRole = Qt::UserRole, KeysRole, ReasonRole };
    struct Row
    {
        QString text, hint, keys, icon;
        QString reason; ///< why it cannot be run; empty: it can
        QString command; ///< id; empty: no command
        std::function<void()> run;
    };
    static constexpr int kLimit = 60;

    explicit PaletteModel(const Commands &commands, QObject *parent = nullptr);
    /// \param found what the pages offer for the text without its prefix
    /// \param recent ids of commands, last used first
    void search(const QString &text, std::vector<PaletteItem> found, const QStringList &recent);
    /// The text without its prefix, and the prefix.
    [[nodiscard]] static std::pair<QString, QString> split(const QString &text);
    [[nodiscard]] const Row &row(int index) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;

private:
    const Commands &m_commands;
    std::vector<Row> m_rows;
};

} // namespace postern::gui
