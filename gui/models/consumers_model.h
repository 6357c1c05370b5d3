// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/text/filter.h"

#include <QAbstractItemModel>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

class ObjectLint;
class SeenTimes;
class Session;
class Workspace;

/// Consumers and, below each, its logins: credentials and what stands on the consumer itself.
/// Staged edits included. Main thread.
class ConsumersModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Name, Credentials, Labels, Seen, State, ColumnCount };
    enum Role {
        KeyRole = Qt::UserRole, ///< of the object: "/consumers/jack/credentials/x"
        PluginRole, ///< of a login: "jwt-auth"; empty: a consumer
        SortRole,
        StagedRole, ///< bool
        LabelsRole, ///< QStringList: "team=platform"
    };
    /// The worst that is to be said of a row comes first.
    enum class Condition : std::uint8_t {
        Refused, ///< the Admin API would not take it
        Duplicate,
        Expired,
        Unresolved,
        Weak,
        NoLogin,
        Warned, ///< by a rule that has no word of its own here
        Unknown, ///< it has not been looked at yet
        Disabled,
        Unused,
        Active
    };
    static constexpr int kUnusedDays = 30;

    ConsumersModel(Session &session, ObjectLint &lint, SeenTimes &seen, QObject *parent = nullptr);
    ~ConsumersModel() override;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex & = {}) const override { return ColumnCount; }
    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index,
                                int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// The first row of an object; of a login if `plugin` is given.
    [[nodiscard]] QModelIndex find(std::string_view key, std::string_view plugin = {}) const;
    [[nodiscard]] std::string keyOf(const QModelIndex &index) const;
    [[nodiscard]] std::string pluginOf(const QModelIndex &index) const;
    [[nodiscard]] std::vector<Condition> conditionsOf(const QModelIndex &index) const;
    [[nodiscard]] static QString wordOf(Condition condition); ///< "weak"
    [[nodiscard]] static QString signOf(Condition condition); ///< "!"

    /// What the list can be filtered by.
    [[nodiscard]] static std::vector<FilterField> filterFields();
    /// The values of a row for Filter::matches().
    [[nodiscard]] QStringList filterValues(const QModelIndex &index, const QString &field) const;

    // Dragging a credential to another consumer moves it; consumers dragged out of the window are
    // YAML, their secrets as references.
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData *mimeData(const QModelIndexList &indexes) const override;
    [[nodiscard]] bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row,
                                       int column, const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] Qt::DropActions supportedDragActions() const override
    {
        return Qt::CopyAction | Qt::MoveAction;
    }

Q_SIGNALS:
    /// Credentials were dropped on a consumer.
    void moveWanted(const QStringList &credentials, const QString &consumer);

private:
    struct Login
    {
        std::string key, plugin;
        bool operator==(const Login &) const = default;
    };
    struct Consumer
    {
        std::string key;
        std::vector<Login> logins;
        QString sortName{}; ///< lower case
        /// Where words of a filter are looked for: its own texts, then those of each login. Kept,
        /// as a filter asks for all of them with every letter typed.
        std::vector<QStringList> words{};
    };
    [[nodiscard]] std::unique_ptr<Consumer> read(const std::string &key) const;
    [[nodiscard]] int rowOf(const Consumer *consumer) const;
    void reset();
    void update(const std::vector<std::string> &keys);
    void updateConsumer(const std::string &key);
    /// \param from the first column that shows something else now
    void refresh(const std::vector<std::string> &keys, Column from = Name);
    [[nodiscard]] QVariant display(const QModelIndex &index) const;
    [[nodiscard]] QVariant sortValue(const QModelIndex &index) const;
    /// \param plugin empty: of a consumer
    [[nodiscard]] static QStringList wordsOf(std::string_view key, const Json &value,
                                             std::string_view plugin);
    [[nodiscard]] QStringList labels(const QModelIndex &index) const;
    [[nodiscard]] QString stateText(const QModelIndex &index) const;
    [[nodiscard]] QString toolTip(const QModelIndex &index) const;
    [[nodiscard]] const Consumer *consumerAt(const QModelIndex &index) const;
    [[nodiscard]] const Login *loginAt(const QModelIndex &index) const;
    void addConditions(std::vector<Condition> &all, const Login &login) const;
    [[nodiscard]] bool isUnused(const std::string &key) const;

    Session &m_session;
    Workspace &m_workspace;
    ObjectLint &m_lint;
    SeenTimes &m_seen;
    std::vector<std::unique_ptr<Consumer>> m_consumers; ///< by key
};

} // namespace postern::gui
