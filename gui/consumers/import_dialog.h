// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/import_file.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QListWidget;
class QPushButton;

namespace postern::gui {

/// What an import would bring: counts, warnings, the objects. "Import" writes it as one step.
class ImportDialog : public QDialog
{
    Q_OBJECT
public:
    ImportDialog(const ImportPreview &preview, const Workspace &workspace,
                 QWidget *parent = nullptr);
    /// What the gateway's rules say. Until then, and if anything is refused, nothing can be
    /// imported, as an import is written whole or not at all; what is not valid in the file must be
    /// left out by choice.
    void setChecked(const QStringList &refusals);

private:
    /// \param blocking what stands in the way of the import
    void addRemarks(const QStringList &remarks, bool blocking);
    void refresh();

    QListWidget *m_warnings;
    QLabel *m_warningTitle, *m_state;
    QPushButton *m_import;
    QCheckBox *m_leaveOut;
    const Workspace &m_workspace;
    bool m_isEmpty, m_isChecked = false;
    int m_faults, m_refusals = 0;
    int m_blocking = 0, m_shownBlocking = 0, m_remarks = 0; ///< what addRemarks() was told
};

} // namespace postern::gui
