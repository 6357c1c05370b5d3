// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/tokens/key_ring.h"

#include <QFrame>

#include <string>

class QComboBox;
class QLabel;
class QMimeData;
class QPushButton;

namespace postern::gui {

class SecretClipboard;
class SecretField;
class TokenDocument;

/// Which key the token is judged and signed with: a credential, a secret, or a file dropped here.
class KeyPanel : public QFrame
{
    Q_OBJECT
public:
    KeyPanel(TokenDocument &document, SecretClipboard &clipboard, QWidget *parent = nullptr);

    /// Chooses a credential; the consumer's first if it is not named.
    void choose(const std::string &consumer, const std::string &credential);
    /// Takes a key from a file's octets; asks for the passphrase of an encrypted one.
    /// \return false: no key; the reason is shown
    bool takeKey(const std::string &octets, const QString &name);
    /// Takes a dropped or pasted key file. \return false: there is none in it
    bool takeMime(const QMimeData &mime);
    void revealSecrets(bool shown);
    void setLocked(bool locked);
    [[nodiscard]] SecretField *secretField() const noexcept { return m_secret; }

Q_SIGNALS:
    void refused(const QString &reason); ///< a file that is no key

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void build();
    void fill();
    void takePicked();
    void takeSecret();
    void cleanSecret();
    void describe();
    void offerOwnKey();
    bool takeKey(const Secret &octets, const QString &name, const QString &passphrase);
    void askPassphrase(const Secret &octets, const QString &name, bool again);
    [[nodiscard]] QString secretNote(std::string_view octets) const;

    TokenDocument &m_document;
    QComboBox *m_picker, *m_kind;
    SecretField *m_secret;
    QLabel *m_note, *m_ownKey;
    QPushButton *m_clean, *m_pin;
    QWidget *m_secretRow, *m_ownRow;
    KeyChoice m_imported; ///< the last file's
    bool m_filling = false;
};

} // namespace postern::gui
