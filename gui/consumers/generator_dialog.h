// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/crypto/secret_generator.h"
#include "core/error.h"
#include "core/jose/key_pair.h"

#include <QDialog>

#include <cstdint>
#include <optional>

class QComboBox;
class QFormLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace postern::gui {

class SecretClipboard;
class SecretField;

/// Makes secrets and key pairs: a kind, the result and its strength, "Again" (Ctrl+R), "Copy",
/// "Use". Key pairs are made in the pool.
class GeneratorDialog : public QDialog
{
    Q_OBJECT
public:
    /// The credential that the result can go to.
    struct Target
    {
        bool exists = false;
        SecretKind secret = SecretKind::ApiKey; ///< what it takes
        std::optional<Alg> pairFor = {}; ///< it takes a key pair for this algorithm instead
    };
    GeneratorDialog(SecretClipboard &clipboard, const Target &target, QWidget *parent = nullptr);

Q_SIGNALS:
    void used(const QString &secret);
    void usedPair(const QString &privatePem, const QString &publicPem);

private:
    void buildKinds();
    void buildResult(QFormLayout *form);
    void buildButtons();
    void again();
    void takePair(const Result<GeneratedKeyPair> &pair);
    void showPair();
    void refreshUse();
    [[nodiscard]] const KeyPairKind *pairKind() const; ///< nullptr: a secret is chosen

    SecretClipboard &m_clipboard;
    Target m_target;
    QComboBox *m_kind, *m_form;
    QFormLayout *m_rows;
    SecretField *m_secret;
    QLabel *m_secretLabel, *m_entropy;
    QPlainTextEdit *m_public;
    QPushButton *m_use, *m_copyPublic;
    std::optional<GeneratedKeyPair> m_pair;
    std::uint64_t m_asked = 0; ///< only the newest pair counts
};

} // namespace postern::gui
