// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jose/token_variants.h"
#include "core/jose/token_view.h"

#include <QWidget>

#include <string>

class QLabel;
class QTreeWidget;

namespace postern::gui {

class OctetEdit;
class TokenDocument;

/// A second token beside the first: how the verdicts part, which claims differ, and where the
/// octets do.
class CompareView : public QWidget
{
    Q_OBJECT
public:
    explicit CompareView(TokenDocument &document, QWidget *parent = nullptr);

    /// Shows another token. \param remark what it is, or what a verifier should answer
    void setOther(const std::string &token, const QString &remark = {});
    [[nodiscard]] std::string other() const;
    [[nodiscard]] OctetEdit *editor() const noexcept { return m_other; }

private:
    void compare();
    void showDifferences(const TokenView &theirs);
    [[nodiscard]] QString decisions() const;

    TokenDocument &m_document;
    OctetEdit *m_other;
    QLabel *m_remark, *m_decision;
    QTreeWidget *m_differences;
    std::string m_compared; ///< both tokens, as their differences are shown
};

/// What a variant is and what a correct verifier answers to it, in a sentence.
[[nodiscard]] QString remarkOn(const TokenVariant &variant);

} // namespace postern::gui
