// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/consumer_edits.h"

#include <QDialog>

#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace postern::gui {

/// The labels of several consumers: a checked one has everybody, a half checked one stays with who
/// has it, an unchecked one goes; and a line for a new one.
class LabelsDialog : public QDialog
{
    Q_OBJECT
public:
    /// \param consumers keys; at least one
    LabelsDialog(const Workspace &workspace, const std::vector<std::string> &consumers,
                 QWidget *parent = nullptr);
    [[nodiscard]] LabelChange change() const;

private:
    void refresh();

    QListWidget *m_list;
    QLineEdit *m_new;
    QLabel *m_fault;
    QPushButton *m_apply;
    std::vector<std::pair<std::string, std::string>> m_labels; ///< a row each
};

} // namespace postern::gui
