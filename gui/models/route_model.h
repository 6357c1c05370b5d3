// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <string>
#include <vector>

namespace postern::gui {

class Workspace;

/// The routes of the workspace, staged edits included. Main thread.
class RouteModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Id, Match, Methods, Plugins, Upstream, ColumnCount };
    enum Role { KeyRole = Qt::UserRole, UrlPathRole /**< a path to call it with */ };

    explicit RouteModel(Workspace &workspace, QObject *parent = nullptr);

    [[nodiscard]] int rowOf(const std::string &key) const; ///< "/routes/1"; -1: there is none
    [[nodiscard]] std::string key(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const final;

private:
    void reload();
    void takeChanges(const std::vector<std::string> &keys);
    [[nodiscard]] QString display(int row, int column) const;

    Workspace &m_workspace;
    std::vector<std::string> m_keys;
};

} // namespace postern::gui
