// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/convert/config_export.h"

#include <QDialog>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QRadioButton;

namespace postern::gui {

class Shell;

/// Consumers as a file or on the clipboard. How secrets are written has to be chosen first.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// \param objects consumers and their credentials
    ExportDialog(Shell &shell, std::vector<gateway::ObjectChange> objects,
                 QWidget *parent = nullptr);

private:
    void refresh();
    void copy();
    void chooseFile();
    void save(const QString &path);
    [[nodiscard]] std::optional<gateway::SecretForm> form() const; ///< nullopt: not chosen yet
    [[nodiscard]] gateway::ConfigFileKind kind() const;
    [[nodiscard]] gateway::ExportedConfig config() const;

    Shell &m_shell;
    std::vector<gateway::ObjectChange> m_objects;
    QRadioButton *m_references, *m_values;
    QComboBox *m_kind;
    QLabel *m_hint;
    QPushButton *m_save, *m_copy;
};

} // namespace postern::gui
