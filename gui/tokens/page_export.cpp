// SPDX-License-Identifier: Apache-2.0
// What the token page puts elsewhere: the clipboard, broken variants, commands.
#include "core/jose/token_lines.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/tokens/compare_view.h"
#include "gui/tokens/document.h"
#include "gui/tokens/octet_edit.h"
#include "gui/tokens/page.h"
#include "gui/tokens/verdict_bar.h"
#include "gui/widgets/copy_secrets.h"

#include <QCheckBox>
#include <QMenu>
#include <QTabWidget>

#include <map>

namespace postern::gui {

void TokensPage::fillBreakMenu()
{
    m_break->clear();
    const TokenView &view = m_document->view();
    const AlgInfo *const alg = findAlg(view.jws.alg);
    if (view.shape != TokenShape::Jws || alg == nullptr) {
        m_break->addAction(tr("Needs a whole, signed token"))->setEnabled(false);
        return;
    }
    VariantBase base{
        .alg = alg->alg,
        .key = {},
        .headerText = view.jws.headerText,
        .payloadText = view.jws.payloadText,
        .signature = view.jws.signature,
        .now =
            std::chrono::floor<std::chrono::seconds>(m_document->now()).time_since_epoch().count(),
        .keyClaim = view.payload.contains("key") ? "key" : ""};
    if (const Result<TokenSigner> signer = m_document->signer())
        base.key = signer->key;
    std::map<std::string_view, QMenu *> groups;
    for (const TokenVariant &variant : makeVariants(base)) {
        const std::string_view stage = variant.strict.valid ? "valid" : variant.strict.stage;
        QMenu *&group = groups[stage];
        if (group == nullptr)
            group =
                m_break->addMenu(variant.strict.valid ? tr("Still accepted")
                                                      : tr("Refused at: %1").arg(toText(stage)));
        group->setToolTipsVisible(true);
        QAction *const action = group->addAction(toText(variant.sentence));
        action->setObjectName(toText(variant.id));
        action->setToolTip(remarkOn(variant));
        connect(action, &QAction::triggered, this, [this, variant] { showVariant(variant); });
    }
}

void TokensPage::showVariant(const TokenVariant &variant)
{
    m_compare->setOther(variant.token, remarkOn(variant));
    m_tabs->setCurrentIndex(CompareTab);
}

QMenu *TokensPage::copyMenu()
{
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("tokenCopyMenu"));
    const auto add = [this, menu](const QString &name, const QString &text, CopyForm form) {
        QAction *const action = menu->addAction(text);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, [this, form] { copy(form); });
    };
    add(QStringLiteral("copyToken"), tr("&Token"), CopyForm::Token);
    add(QStringLiteral("copyHeaderLine"), tr("&Header line"), CopyForm::HeaderLine);
    add(QStringLiteral("copyCurl"), tr("&curl line"), CopyForm::Curl);
    add(QStringLiteral("copyEnvironment"), tr("&Environment line"), CopyForm::Environment);
    add(QStringLiteral("copyCommand"), tr("&postern token mint …"), CopyForm::Command);
    return menu;
}

void TokensPage::copy(CopyForm form)
{
    SecretClipboard &clipboard = shell().clipboard();
    const std::string &token = m_document->text();
    if (form == CopyForm::Command)
        return clipboard.copyPlain(toText(mintCommand(m_document->ring(), m_mint->request())));
    if (token.empty())
        return shell().notices().show(Notices::Kind::Info, tr("There is no token to copy yet."));
    switch (form) {
    case CopyForm::HeaderLine:
        return clipboard.copySecret(toText(headerLine(token)));
    case CopyForm::Curl:
        if (copiesVariables(shell().settings()))
            return clipboard.copyPlain(
                toText(curlLineWithVariable("TOKEN", toOctets(m_mint->url()))));
        return clipboard.copySecret(toText(curlLine(token, toOctets(m_mint->url()))));
    case CopyForm::Environment:
        return clipboard.copySecret(toText(environmentLine("TOKEN", token)));
    default:
        return clipboard.copySecret(toText(token));
    }
}

void TokensPage::addCommands(Commands &commands)
{
    auto *const copyMenu = findChild<QMenu *>(QStringLiteral("tokenCopyMenu"));
    copyMenu->addSeparator();
    copyMenu->addAction(copyVariablesAction(shell()));
    const auto add = [this, &commands](const char *name, const QString &text, const char *icon,
                                       auto run) {
        commands.add({.id = QLatin1String(name),
                      .text = text,
                      .menu = QStringLiteral("Token"),
                      .shortcut = {},
                      .icon = QLatin1String(icon)},
                     [this, run] {
                         shell().showPage(id());
                         run();
                     });
    };
    add("token.copy", tr("&Copy token"), "copy", [this] { copy(CopyForm::Token); });
    add("token.copyHeader", tr("Copy token as &header line"), "copy",
        [this] { copy(CopyForm::HeaderLine); });
    add("token.copyCurl", tr("Copy token as c&url line"), "copy", [this] { copy(CopyForm::Curl); });
    add("token.copyCommand", tr("Copy as &postern token mint"), "copy",
        [this] { copy(CopyForm::Command); });
    add("token.resign", tr("&Re-sign"), "key", [this] { m_verdict->resign(); });
    add("token.fix", tr("Apply the fix of the chosen re&mark"), "wrench", [this] {
        m_tabs->setCurrentIndex(RemarksTab);
        applyFix();
    });
    add("token.why", tr("Find out &why the signature does not fit"), "search",
        [this] { m_verdict->findOutWhy(); });
    add("token.compare", tr("C&ompare with another token"), "diff", [this] {
        m_tabs->setCurrentIndex(CompareTab);
        m_compare->editor()->setFocus(Qt::OtherFocusReason);
    });
    add("token.pretty", tr("Indent header and pa&yload"), "list", [this] { m_pretty->toggle(); });
    add("token.now", tr("Judge at the session's &time"), "clock",
        [this] { m_document->setClock({}); });
}

} // namespace postern::gui
