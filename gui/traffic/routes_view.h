// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json/json.h"
#include "gui/models/route_model.h"

#include <QWidget>

#include <string>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace postern::gui {

class JsonEditor;
class Shell;
class Workspace;

/// The routes with their plugins; one of them as a form and as JSON, two views of one value. Edits
/// are staged.
class RoutesView : public QWidget
{
    Q_OBJECT
public:
    explicit RoutesView(Shell &shell, QWidget *parent = nullptr);

    /// \return false: there is no such route
    bool open(const std::string &key);
    [[nodiscard]] int count() const;
    void takeFocus(); ///< where work begins: the list, or the button of the empty state

    void createNew();
    void duplicate(); ///< the selected one
    void removeSelected();
    void rename(); ///< the id's field has the focus
    void copyName() const;
    void copyJson() const;
    void setLocked(bool locked);
    void zoom(int steps);

Q_SIGNALS:
    void countChanged(int count);
    void requestWanted(const QString &path); ///< a request to this path

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QWidget *makeForm();
    [[nodiscard]] QWidget *makeButtons();
    [[nodiscard]] Workspace &workspace() const;
    void showCurrent();
    void showForm(const Json &route);
    void showJson(const Json &route);
    void showFault();
    void selectAgain();
    void select(const std::string &key);
    void typeId(const QString &text);
    void typePath(const QString &text);
    void typeNode(const QString &text);
    void typeJson();
    void chooseGuard(int index);
    void stageTyping(Json value, int field);

    Shell &m_shell;
    RouteModel *m_model;
    QTableView *m_table;
    QLineEdit *m_id, *m_path, *m_node;
    QComboBox *m_guard;
    JsonEditor *m_json;
    QLabel *m_fault;
    QPushButton *m_new, *m_duplicate, *m_remove, *m_request, *m_copy;
    QStackedWidget *m_stack;
    QWidget *m_form = nullptr;
    QPushButton *m_first = nullptr; ///< of the empty state
    std::string m_key; ///< of the route shown
    int m_row = 0, m_editing = 0;
    bool m_typing = false; ///< as it is in the editor that has the focus, it was typed
    bool m_locked = false;
};

} // namespace postern::gui
