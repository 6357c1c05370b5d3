// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/tokens/minting.h"

#include <QWidget>

#include <memory>
#include <string>

class QButtonGroup;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;
class QPushButton;

namespace postern::gui {

class TokenDocument;

/// Mints: consumer, lifetime, claims; the token is made while typing and stands in the document.
class MintPanel : public QWidget
{
    Q_OBJECT
public:
    explicit MintPanel(TokenDocument &document, QWidget *parent = nullptr);

    /// Starts with a consumer. \param credential empty: its first
    void mintFor(const std::string &consumer, const std::string &credential);
    void focusFirst();
    void forget();
    [[nodiscard]] MintRequest request() const;
    /// Where a curl line sends the token.
    void setUrl(const QString &url);
    [[nodiscard]] QString url() const;

Q_SIGNALS:
    void copyRequested();

private:
    void build();
    [[nodiscard]] QHBoxLayout *chips();
    [[nodiscard]] QWidget *field(const QString &label, QWidget *editor);
    void fill();
    void fillCredentials();
    void mint();

    TokenDocument &m_document;
    QComboBox *m_consumer, *m_credential, *m_profile;
    QButtonGroup *m_lifetimes;
    QPlainTextEdit *m_claims;
    QLineEdit *m_url;
    QLabel *m_fault;
    QPushButton *m_mint;
    bool m_filling = false, m_started = false;
};

} // namespace postern::gui
