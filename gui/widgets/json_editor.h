// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"

#include <QPlainTextEdit>

namespace postern::gui {

/// A text area for JSON: coloured by role, marks the place of an error, zooms, and lets Ctrl+Tab
/// leave. What the text means is not its business.
class JsonEditor : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit JsonEditor(QWidget *parent = nullptr);

    /// Replaces the text without edited(); the cursor stays where it can. The undo history goes.
    void setText(const QString &text);
    /// Marks the place that `error.where` names ("LINE:COLUMN"), if any; its sentence becomes the
    /// tool tip and the accessible description.
    void setFault(const Error &error);
    void clearFault();
    [[nodiscard]] QString fault() const { return m_fault; } ///< empty: none
    void zoom(int steps); ///< 0: as it was

Q_SIGNALS:
    void edited(); ///< by the user
    void faultChanged(const QString &sentence);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void markFault();

    QString m_fault;
    int m_line = 0, m_column = 0; // from 1; 0: none
    int m_zoom = 0;
    bool m_setting = false;
};

} // namespace postern::gui
