// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/import_file.h"

#include <QDialog>

class QLabel;
class QListWidget;

namespace postern::gui {

/// What an import would bring: counts, warnings, the objects. "Import" writes it as one step.
class ImportDialog : public QDialog
{
    Q_OBJECT
public:
    ImportDialog(const ImportPreview &preview, const Workspace &workspace,
                 QWidget *parent = nullptr);
    void addWarnings(const QStringList &warnings); ///< what the gateway would refuse

private:
    QListWidget *m_warnings;
    QLabel *m_warningTitle;
};

} // namespace postern::gui
