// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/secret_generator.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;

namespace postern::gui {

class SecretClipboard;
class SecretField;

/// Makes secrets: a kind, the result and its entropy, "Again" (Ctrl+R), "Copy", "Use".
class GeneratorDialog : public QDialog
{
    Q_OBJECT
public:
    /// \param canUse whether there is a credential that the secret can go to
    GeneratorDialog(SecretClipboard &clipboard, SecretKind kind, bool canUse,
                    QWidget *parent = nullptr);

Q_SIGNALS:
    void used(const QString &secret);

private:
    void again();

    QComboBox *m_kind;
    SecretField *m_secret;
    QLabel *m_entropy;
    QPushButton *m_use;
};

} // namespace postern::gui
