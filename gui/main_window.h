// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMainWindow>

#include <string>

class QLabel;
class QPlainTextEdit;
class QTableView;

namespace postern::gui {

class GatewayLink;
class TrafficModel;

/// The window: live traffic above, the explanation of the selected request below.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    /// \param uri of a gateway's control API; empty: the user's own (see GatewayLink)
    explicit MainWindow(const std::string &uri = {}, QWidget *parent = nullptr);
    ~MainWindow() override;

private:
    void addTrace(const QByteArray &json);
    void explainCurrent();

    TrafficModel *m_model;
    QTableView *m_table;
    QPlainTextEdit *m_explanation;
    QLabel *m_state;
    GatewayLink *m_link;
};

} // namespace postern::gui
