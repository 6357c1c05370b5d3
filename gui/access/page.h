// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/shell/page.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTimer;

namespace postern::gui {

class AccessFilterModel;
class AccessModel;
class EmptyState;
class FilterEdit;
class MatrixView;

/// Who may use which route, as the engine decides it: consumers × routes, what staged edits would
/// change, and a real request to check a cell.
class AccessPage : public Page
{
    Q_OBJECT
public:
    explicit AccessPage(Shell &shell, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("access"); }
    [[nodiscard]] QString title() const override { return tr("Access"); }
    void addCommands(Commands &commands) override;
    void setLocked(bool) override { updateCommands(); } // nothing is sent without secrets
    void takeFocus() override;
    void focusFilter() override;
    void mainAction() override; ///< sends the selected cell for real
    void copyMain() override; ///< the explanation
    void copyAs() override; ///< the matrix as Markdown

    /// Sends every visible cell for real, one after the other, and says where the answers differ.
    void sendAll();
    /// Stages the edit that turns the selected cell around.
    void toggleRule();

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QWidget *makeTools();
    [[nodiscard]] QWidget *makeDetails();
    void explain();
    void showFlips();
    void updateCommands();
    void recomputed();
    void sendSelected();
    void sendNext();
    void finishSending();
    void exportTo(const QString &path);
    void chooseExport();
    [[nodiscard]] QModelIndex selected() const; ///< of the source model

    AccessModel *m_model;
    AccessFilterModel *m_shown;
    MatrixView *m_view;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QComboBox *m_method, *m_group;
    QCheckBox *m_whatIf, *m_onlyFlipped;
    FilterEdit *m_consumerFilter, *m_routeFilter;
    QLabel *m_heading, *m_summary, *m_flips;
    QPlainTextEdit *m_text;
    QPushButton *m_send, *m_toggle, *m_open, *m_sendAll;
    QTimer *m_search; ///< goes on looking for flips
    std::pair<std::string, std::string> m_selected; ///< consumer and route, kept over a change

    struct Batch
    {
        std::vector<std::pair<std::string, std::string>> left; ///< consumer and route
        std::size_t total = 0, sent = 0, failed = 0;
        QStringList disagreements;
        bool running = false;
    };
    Batch m_batch;
};

} // namespace postern::gui
