// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/access/access_matrix.h"

#include <QAbstractTableModel>
#include <QString>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace postern::gui {

class Workspace;

/// Consumers × routes as the engine decides them, on the workspace's objects: as stored, or with
/// the staged edits. Cells are worked out when they are looked at. Main thread.
class AccessModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        StateRole = Qt::UserRole, ///< gateway::AccessState
        FlippedRole, ///< staged edits change this cell
        BeforeRole, ///< its text without them
        DisagreedRole, ///< sent for real, it was answered otherwise
        LabelsRole, ///< of a consumer (vertical header): "team=platform role=guest"
        PluginsRole ///< of a route (horizontal header): "key-auth, acl"
    };
    /// A cell that staged edits change.
    struct Flip
    {
        QString consumer, route, before, after;
    };

    explicit AccessModel(QObject *parent = nullptr);
    ~AccessModel() override;

    void setWorkspace(Workspace *workspace);
    /// \param clock the time to decide at
    void setClock(std::function<Timestamp()> clock);
    void setMethod(const QString &method); ///< empty: one that each route takes
    void setStaged(bool staged); ///< what if the staged edits were saved
    [[nodiscard]] bool isStaged() const noexcept { return m_staged; }
    /// Works everything out anew, at the clock's time now.
    void refresh();

    /// Everything behind a cell; nullopt: there is no such cell.
    [[nodiscard]] std::optional<gateway::AccessDetail> explain(const QModelIndex &index);
    [[nodiscard]] std::string consumerAt(int row) const; ///< empty: nobody
    [[nodiscard]] std::string routeAt(int column) const;
    /// Where a cell is now, by its names, which outlive a reset; invalid: nowhere.
    [[nodiscard]] QModelIndex find(const std::string &consumer, const std::string &route) const;
    /// Goes on looking for cells that the staged edits change, which works out every cell there is.
    /// \param atMost returns soon after \return true: flips() has them all
    bool findFlips(std::chrono::milliseconds atMost);
    /// All of them, by consumer; finishes what findFlips() has not done yet.
    [[nodiscard]] const std::vector<Flip> &flips();
    /// Remembers what a real request was answered. \return true: as the cell says
    bool compare(const QModelIndex &index, int status);
    [[nodiscard]] QString csv(QChar separator = u',');
    [[nodiscard]] QString markdown();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const final;

    /// A cell in a few words, with its sign: "✓", "✗ 403 label", "– no key".
    [[nodiscard]] static QString textOf(const gateway::AccessCell &cell);
    /// The same as a sentence for screen readers.
    [[nodiscard]] static QString spoken(const gateway::AccessCell &cell);

Q_SIGNALS:
    void recomputed(); ///< cells, rows or columns may be others now

private:
    using Place = std::pair<std::size_t, std::size_t>;
    struct PlaceHash
    {
        std::size_t operator()(const Place &place) const noexcept
        {
            return place.first * 1'000'003 + place.second;
        }
    };
    /// The engine on one state of the objects, and the cells that were looked at.
    struct Side
    {
        gateway::AccessMatrix matrix;
        std::unordered_map<Place, gateway::AccessCell, PlaceHash> cells;
    };

    void queueRefresh();
    void rebuild();
    [[nodiscard]] Side load(bool staged) const;
    void take(Side &side, bool staged, const std::set<std::string> &keys) const;
    [[nodiscard]] Side &shown() const;
    [[nodiscard]] const gateway::AccessCell &cell(Side &side, int row, int column) const;
    /// The stored cell of the same consumer and route; nullptr: there is none.
    [[nodiscard]] const gateway::AccessCell *storedCell(int row, int column) const;
    void compareRow(int row);
    [[nodiscard]] QString beforeText(int row, int column) const;
    [[nodiscard]] QString table(const std::function<QString(const QStringList &, bool)> &line);

    Workspace *m_workspace = nullptr;
    std::function<Timestamp()> m_clock;
    std::string m_method;
    bool m_staged = true;
    bool m_queued = false, m_everything = true;
    std::set<std::string> m_touched; ///< keys that changed since the last rebuild
    mutable std::unique_ptr<Side> m_stored;
    mutable std::unique_ptr<Side> m_withStaged; ///< nullptr: nothing is staged
    std::set<std::pair<std::string, std::string>> m_disagreed;

    /// How far the search for flips has come.
    struct Search
    {
        std::vector<std::optional<std::size_t>> columns; ///< where each is among the stored ones
        std::vector<Flip> found;
        int row; ///< the next one
    };
    std::optional<Search> m_search; ///< nullopt: not begun since the last rebuild
};

} // namespace postern::gui
