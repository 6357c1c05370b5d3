// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/session/workspace.h"

#include <QDialog>

#include <vector>

class QListWidget;
class QPlainTextEdit;

namespace postern::gui {

class JsonEditor;

/// What "Save" would send: each call of the Admin API with its body, and what it changes.
class PreviewDialog : public QDialog
{
    Q_OBJECT
public:
    explicit PreviewDialog(Workspace &workspace, QWidget *parent = nullptr);

private:
    void showCall(int row);
    void showDiff(const QString &before, const QString &after);
    void copyAll() const;

    Workspace &m_workspace;
    std::vector<AdminCall> m_calls;
    QListWidget *m_list;
    JsonEditor *m_body;
    QPlainTextEdit *m_diff;
};

} // namespace postern::gui
