// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/import_file.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"

#include <QModelIndex>

#include <string>
#include <vector>

class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace postern::gui {

class ConsumerPane;
class ConsumersFilter;
class ConsumersModel;
class EmptyState;
class FilterEdit;
class ObjectLint;
class SeenTimes;

/// Consumers, their credentials, plugins and labels.
class ConsumersPage : public Page
{
    Q_OBJECT
public:
    explicit ConsumersPage(Shell &shell, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("consumers"); }
    [[nodiscard]] QString title() const override { return tr("Consumers"); }

    void addCommands(Commands &commands) override;
    [[nodiscard]] std::vector<PaletteItem> find(const QString &text, int limit) override;
    void createNew() override;
    void duplicate() override;
    void removeSelected() override;
    void rename() override;
    void focusFilter() override;
    void mainAction() override; ///< saves
    void copyMain() override;
    void copyAs() override;
    void copyName() override;
    void copyUrl() override;
    void mint() override;
    void generate() override;
    void toggleInspector() override;
    void revealSecrets(bool shown) override;
    void zoom(int steps) override;
    bool openObject(const std::string &key) override;
    bool takeMime(const QMimeData &mime) override;
    void setLocked(bool locked) override;

    void loadSample(); ///< "petstore", as one step
    void import(const QString &path); ///< shows the preview, or why there is none
    void labelSelected(); ///< asks which labels the selected consumers get
    void exportSelected(); ///< asks where, and how secrets are written

private:
    void buildList(QSplitter *splitter);
    void buildEmptyStates();
    void connectModels();
    void select(const std::string &key, const std::string &plugin = {});
    void selectRow(const QModelIndex &index); ///< in the proxy; no other stays selected
    void showCurrent();
    void refreshList();
    void refreshSummary();
    void showMenu(const QPoint &position);
    void preview(const ImportPreview &preview);
    void moveCredentials(const QStringList &keys, const QString &consumer);
    void remove(const std::vector<std::pair<std::string, std::string>> &logins);
    [[nodiscard]] QModelIndex current() const; ///< in the model
    [[nodiscard]] std::vector<QModelIndex> selected() const; ///< in the model, one a row
    [[nodiscard]] std::vector<std::string> selectedConsumers() const; ///< keys, each once
    void refreshReasons();
    [[nodiscard]] Workspace &workspace() const;

    ObjectLint *m_lint;
    SeenTimes *m_seen;
    ConsumersModel *m_model;
    ConsumersFilter *m_proxy;
    FilterEdit *m_filter;
    QPushButton *m_new;
    QTreeView *m_tree;
    QLabel *m_summary;
    ConsumerPane *m_pane;
    QStackedWidget *m_left, *m_right;
    EmptyState *m_none, *m_noMatch, *m_noSelection;
    bool m_following = false; ///< the selection moves because a name is typed
};

} // namespace postern::gui
