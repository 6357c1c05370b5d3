// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/route_model.h"

#include <QWidget>

#include <string>

class QPushButton;
class QStackedWidget;
class QTableView;

namespace postern::gui {

class JsonEditor;
class Shell;

/// The routes with their plugins; one of them as JSON.
class RoutesView : public QWidget
{
    Q_OBJECT
public:
    explicit RoutesView(Shell &shell, QWidget *parent = nullptr);

    /// \return false: there is no such route
    bool open(const std::string &key);
    [[nodiscard]] int count() const;

Q_SIGNALS:
    void countChanged(int count);
    void requestWanted(const QString &path); ///< a request to this path

private:
    void showCurrent();
    void countRows();

    Shell &m_shell;
    RouteModel *m_model;
    QTableView *m_table;
    JsonEditor *m_json;
    QPushButton *m_request, *m_copy;
    QStackedWidget *m_stack;
};

} // namespace postern::gui
