// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/request/recorded_exchange.h"
#include "gui/models/field_model.h"
#include "gui/models/trace_model.h"

#include <QList>
#include <QWidget>

#include <array>
#include <string>

class QAction;
class QLabel;
class QListView;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;
class QTableView;

namespace postern::gui {

class FlowLayout;
class Shell;

/// Lines of a message and its body below.
class MessagePane : public QWidget
{
    Q_OBJECT
public:
    MessagePane(const QString &name, const QString &title, QWidget *parent = nullptr);

    void setRows(std::vector<FieldRow> rows);
    /// Marks the lines with these keys and shows the first. \return how many there are
    int mark(const QStringList &keys);
    [[nodiscard]] QString currentKey() const; ///< of the selected line
    [[nodiscard]] FieldModel &model() const noexcept { return *m_model; }

Q_SIGNALS:
    void keySelected(const QString &key); ///< by the user

private:
    FieldModel *m_model;
    QTableView *m_table;
    QPlainTextEdit *m_body;
};

/// One request: why it was decided so on the left, what was said over the wire on the right. A
/// step marks the lines that fed it, a line the steps that looked at it. Secrets are never shown.
class Inspector : public QWidget
{
    Q_OBJECT
public:
    explicit Inspector(Shell &shell, QWidget *parent = nullptr);

    /// \param number in the list
    void show(const gateway::RecordedExchange &exchange, quint64 number, quint64 repeatOf);
    void clear();
    /// Buttons below the trace.
    void setActions(const QList<QAction *> &actions);
    void focusTrace(); ///< on the step that refused

Q_SIGNALS:
    void numberWanted(quint64 number); ///< the request that this one repeats

private:
    enum Tab { Request, Response, Upstream, Timing, Token, TabCount };
    void buildTrace();
    void buildTabs();
    void selectStep();
    void selectKey(const QString &key);
    void revealFix(); ///< what refused, and what mends it
    void showRaw(const gateway::RecordedExchange &exchange);
    [[nodiscard]] QString headline(const Json &trace, quint64 number) const;

    Shell &m_shell;
    QLabel *m_title, *m_hint;
    QPushButton *m_original, *m_openRoute, *m_openConsumer, *m_debug;
    QListView *m_steps;
    TraceModel *m_trace;
    FlowLayout *m_buttons;
    QTabWidget *m_tabs;
    std::array<MessagePane *, TabCount> m_panes{};
    QPlainTextEdit *m_raw;
    quint64 m_repeatOf = 0;
    std::string m_token;
    bool m_linking = false;
};

} // namespace postern::gui
