// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace postern::gui {

class SecretClipboard;

/// A secret in one line: a fixed number of dots, an eye and a copy button. Revealed until the focus
/// leaves; copying does not need revealing. Typing over the dots replaces the whole secret.
class SecretField : public QWidget
{
    Q_OBJECT
public:
    /// \param what it is, for people and screen readers: "Secret", "Password"
    explicit SecretField(SecretClipboard &clipboard, const QString &what,
                         QWidget *parent = nullptr);

    void setSecret(const QString &secret);
    [[nodiscard]] QString secret() const { return m_secret; }
    void setReadOnly(bool readOnly); ///< as it is at first
    void setPlaceholderText(const QString &text); ///< while there is no secret
    void setRevealed(bool revealed);
    [[nodiscard]] bool isRevealed() const noexcept { return m_revealed; }
    /// Out of reach: forgets the secret, shows dots, and neither reveals nor copies.
    void setLocked(bool locked);
    void makeRoom(); ///< at least as wide as what it holds, which is one line
    void copy(); ///< to the secret clipboard
    [[nodiscard]] QLineEdit *edit() const noexcept { return m_edit; } ///< as a label's buddy

Q_SIGNALS:
    void edited(const QString &secret); ///< by the user

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void display();
    void takeTyped(const QString &text);

    SecretClipboard &m_clipboard;
    QString m_what, m_secret;
    QLineEdit *m_edit;
    QToolButton *m_eye, *m_copy;
    bool m_revealed = false, m_locked = false, m_typing = false;
};

} // namespace postern::gui
