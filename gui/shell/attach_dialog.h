// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

class QLineEdit;

namespace postern::gui {

/// Asks where a running gateway is.
class AttachDialog : public QDialog
{
    Q_OBJECT
public:
    explicit AttachDialog(QWidget *parent = nullptr);
    /// A gateway that is known to run: filled in, selected. \param control as of chosen()
    void suggest(const QString &control);

Q_SIGNALS:
    /// \param control "unix:/path" or "http://host:port"
    void chosen(const QString &control, const QString &adminKey);

private:
    QLineEdit *m_control, *m_key;
};

} // namespace postern::gui
