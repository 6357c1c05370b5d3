// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/models/exchange_fields.h"

#include <QDialog>

#include <vector>

class QCheckBox;
class QLabel;
class QTreeWidget;

namespace postern::gui {

/// Two requests beside each other, the decision first. "≠" marks what differs.
class CompareDialog : public QDialog
{
    Q_OBJECT
public:
    CompareDialog(const QString &left, const QString &right, std::vector<ComparedRow> rows,
                  QWidget *parent = nullptr);

private:
    void fill();
    void paintMarks(); ///< in the theme's colour

    std::vector<ComparedRow> m_rows;
    QLabel *m_summary;
    QCheckBox *m_onlyDifferent;
    QTreeWidget *m_list;
};

} // namespace postern::gui
