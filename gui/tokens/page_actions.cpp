// SPDX-License-Identifier: Apache-2.0
// What the token page shows of its document, and which edits it takes.
#include "core/bytes/encoding.h"
#include "core/jose/claim_table.h"
#include "core/jose/jws_header.h"
#include "core/jose/token_text.h"
#include "core/json/parse.h"
#include "gateway/request/curl_line.h"
#include "gui/models/checks_model.h"
#include "gui/models/claims_model.h"
#include "gui/models/token_history.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/text/mnemonic.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/tokens/clock_slider.h"
#include "gui/tokens/compare_view.h"
#include "gui/tokens/document.h"
#include "gui/tokens/key_panel.h"
#include "gui/tokens/octet_edit.h"
#include "gui/tokens/page.h"
#include "gui/tokens/verdict_bar.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPixmap>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTabWidget>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <string>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::size_t kMaxPasted = 1024UL * 1024; // octets that are searched for a token

/// The names of TokenPart, for translators.
[[maybe_unused]] constexpr const char *kPartNames[]{
    QT_TRANSLATE_NOOP("TokenParts", "header"),
    QT_TRANSLATE_NOOP("TokenParts", "payload"),
    QT_TRANSLATE_NOOP("TokenParts", "signature"),
    QT_TRANSLATE_NOOP("TokenParts", "encrypted key"),
    QT_TRANSLATE_NOOP("TokenParts", "initialization vector"),
    QT_TRANSLATE_NOOP("TokenParts", "ciphertext"),
    QT_TRANSLATE_NOOP("TokenParts", "authentication tag")};

QString partName(std::string_view name)
{
    return QCoreApplication::translate("TokenParts", std::string(name).c_str());
}

QString levelText(LintLevel level)
{
    switch (level) {
    case LintLevel::Error:
        return QCoreApplication::translate("postern::gui::TokensPage", "✗ error");
    case LintLevel::Warning:
        return QCoreApplication::translate("postern::gui::TokensPage", "! warning");
    case LintLevel::Info:
        return QCoreApplication::translate("postern::gui::TokensPage", "· note");
    }
    return {};
}

Role roleOf(LintLevel level)
{
    return level == LintLevel::Error  ? Role::Denied
        : level == LintLevel::Warning ? Role::Warning
                                      : Role::Muted;
}

/// Whether printing the JSON gives back the octets it was read from.
bool printsAsWritten(const Json &json, std::string_view octets)
{
    return !json.isNull() && json.dump() == octets;
}

/// Where a request is sent that needs a token: a route with jwt-auth.
std::string samplePath(const Workspace &workspace)
{
    for (const std::string &key : workspace.keys("/routes")) {
        const Json *const route = workspace.value(key);
        const Json *const plugins = route ? route->find("plugins") : nullptr;
        if (plugins == nullptr || !plugins->contains("jwt-auth"))
            continue;
        std::string path(route->stringOr("uri", ""));
        const Json *const paths = route->find("uris");
        if (path.empty() && paths && paths->size() > 0)
            path = paths->items().front().asString();
        std::erase(path, '*');
        return path;
    }
    return "/get";
}

} // namespace

void TokensPage::takeFocus() { m_encoded->setFocus(Qt::OtherFocusReason); }

void TokensPage::showText()
{
    m_encoded->setOctets(m_document->text());
    showParts();
    showFault();
    showSizes();
    showSignature();
    m_claims->setClaims(m_document->view().payload, m_document->now());
    m_slider->setTicks(ticksOf(m_document->view().payload), m_document->now());
    m_slider->setTime(m_document->now());
}

void TokensPage::showPart(OctetEdit &edit, std::string_view octets, const Json &json)
{
    const bool pretty = m_pretty->isChecked() && !json.isNull();
    const bool editable = m_document->canEditParts() && (!pretty || printsAsWritten(json, octets));
    if (pretty) {
        // What the user is typing means the same already: leave blanks and cursor alone.
        const Result<Json> shown = parseJson(edit.octets());
        if (!edit.hasFocus() || !shown || shown->dump() != json.dump())
            edit.setOctets(json.dump(2));
    } else {
        edit.setOctets(octets);
    }
    edit.setEditable(editable);
}

void TokensPage::showParts()
{
    const TokenView &view = m_document->view();
    if (view.shape == TokenShape::JwsJson) {
        std::string headers;
        for (const JsonSignature &one : view.form.signatures)
            headers += (headers.empty() ? "" : "\n") + one.jws.headerText;
        showPart(*m_header, headers, Json());
        showPart(*m_payload, view.form.payloadText, Json());
        return;
    }
    showPart(*m_header, view.headerText(), view.header);
    showPart(*m_payload, view.shape == TokenShape::Jwe ? std::string_view() : view.payloadText(),
             view.payload);
}

void TokensPage::showFault()
{
    const TokenView &view = m_document->view();
    m_encoded->setFault({});
    m_header->setFault({});
    m_payload->setFault({});
    m_fault->setVisible(!view.faults.empty() && !view.text.empty());
    if (view.faults.empty() || view.text.empty())
        return;
    const TokenFault &fault = view.faults.front();
    const QString reason = toText(describe(fault.error));
    const QString sentence = fault.offset ? tr("✗ Offset %1: %2").arg(*fault.offset).arg(reason)
                                          : tr("✗ %1").arg(reason);
    m_fault->setText(sentence);
    m_encoded->setFault(fault.offset, sentence);
    const auto part = std::ranges::find(view.parts, fault.part, &TokenPart::name);
    if (part == view.parts.end() || m_pretty->isChecked())
        return;
    OctetEdit *const edit = fault.part == "header" ? m_header
        : fault.part == "payload"                  ? m_payload
                                                   : nullptr;
    if (edit) // decoding ends where the first wrong character is
        edit->setFault(fault.octet.value_or(part->octets.size()), sentence);
}

void TokensPage::showSizes()
{
    const TokenView &view = m_document->view();
    QStringList parts;
    for (const TokenPart &part : view.parts)
        parts.push_back(tr("%1 %2").arg(partName(part.name)).arg(part.size));
    QString text = tr("%n bytes", nullptr, static_cast<int>(view.text.size()));
    if (!view.text.empty() && parts.size() > 1)
        text = tr("%1 (%2)").arg(text, parts.join(QStringLiteral(", ")));
    const std::string_view remark = sizeRemark(view.text.size());
    if (view.text.size() > kMaxTokenSize)
        text =
            tr("! %1: longer than any token that is read (%2 bytes)").arg(text).arg(kMaxTokenSize);
    else if (!remark.empty())
        text = tr("! %1: %2").arg(text, toText(remark));
    m_size->setText(text);
}

void TokensPage::showSignature()
{
    const TokenView &view = m_document->view();
    QString text;
    if (view.shape == TokenShape::Jwe)
        text = tr("Encrypted: key by %1 (%2), content by %3. Nothing of it can be read without the "
                  "key.")
                   .arg(toText(view.jwe.family), toText(view.jwe.alg), toText(view.jwe.enc));
    else if (view.shape == TokenShape::JwsJson)
        text =
            tr("JSON form, %n signatures", nullptr, static_cast<int>(view.form.signatures.size()));
    else if (!view.jws.alg.empty())
        text = tr("Signature: %1, %n bytes", nullptr, static_cast<int>(view.jws.signature.size()))
                   .arg(toText(view.jws.alg));
    if (m_document->isNewlySigned())
        text = tr("%1 – new").arg(text);
    m_signature->setText(text);
    QPalette palette = m_signature->palette();
    palette.setColor(QPalette::WindowText, Theme::instance().color(Role::JwtSignature));
    m_signature->setPalette(palette);
}

void TokensPage::showAnswer()
{
    const TokenAnswer &answer = m_document->answer();
    m_checks->setVerdicts(answer.verdicts);
    showLint();
    if (answer.state == TokenState::Pending)
        return;
    const TokenSource source = m_document->source();
    const bool typing = source == TokenSource::Typed || source == TokenSource::Edited
        || source == TokenSource::Minted;
    if (typing)
        m_quiet->start();
    else
        noteInHistory();
}

void TokensPage::showLint()
{
    const TokenAnswer &answer = m_document->answer();
    QStringList texts;
    for (const LintFinding &finding : answer.lint)
        texts.push_back(
            tr("%1: %2 [%3]")
                .arg(levelText(finding.level), toText(finding.text), toText(finding.id)));
    if (texts == m_lintTexts)
        return showFix();
    m_lintTexts = texts;
    const QSignalBlocker quiet(m_lint);
    m_lint->clear();
    for (const LintFinding &finding : answer.lint) {
        auto *item = new QListWidgetItem(texts.takeFirst(), m_lint);
        item->setForeground(Theme::instance().color(roleOf(finding.level)));
        item->setToolTip(toText(finding.place));
    }
    // the first that something can be done about
    const auto fixable =
        std::ranges::find_if(answer.fixes, [](const auto &fix) { return fix.has_value(); });
    m_lint->setCurrentRow(
        fixable == answer.fixes.end() ? 0 : static_cast<int>(fixable - answer.fixes.begin()));
    m_tabs->setTabText(RemarksTab, tr("Remarks (%1)").arg(m_lint->count()));
    showFix();
}

void TokensPage::showFix()
{
    constexpr int kLongest = 60; // characters; names of claims may be any length
    const auto &fixes = m_document->answer().fixes;
    QPixmap nothing(m_lint->fontMetrics().height(), m_lint->fontMetrics().height());
    nothing.fill(Qt::transparent); // so that the texts begin below each other
    for (int row = 0; row < m_lint->count(); ++row) {
        const auto at = static_cast<std::size_t>(row);
        m_lint->item(row)->setIcon(at < fixes.size() && fixes[at]
                                       ? Theme::instance().icon(QStringLiteral("wrench"))
                                       : QIcon(nothing));
    }
    const auto current = static_cast<std::size_t>(m_lint->currentRow()); // -1 is beyond all
    const bool known = current < fixes.size() && fixes[current].has_value();
    QString sentence = known ? toText(fixes[current]->sentence) : QString();
    if (sentence.size() > kLongest)
        sentence = sentence.left(kLongest) + u'…';
    m_fix->setText(known ? tr("Fi&x: %1").arg(sentence.replace(u'&', QStringLiteral("&&")))
                         : tr("No fi&x for this remark"));
    m_fix->setAccessibleName(withoutMnemonic(m_fix->text()));
    m_fix->setToolTip(known ? tr("Changes the token so, and signs it anew where a key can")
                            : QString());
    m_fix->setEnabled(known);
    m_fix->setVisible(m_lint->count() > 0);
}

void TokensPage::applyFix()
{
    const auto &fixes = m_document->answer().fixes;
    const auto current = static_cast<std::size_t>(m_lint->currentRow());
    if (current >= fixes.size() || !fixes[current])
        return;
    const LintFix fix = *fixes[current]; // the answer is another one after it
    m_document->applyFix(fix);
}

void TokensPage::showClock()
{
    const Timestamp now = m_document->now();
    if (!m_slider->isSliderDown() && !m_document->isClockSet())
        m_slider->setTicks(m_slider->ticks(), now);
    m_slider->setTime(now);
    const QString time = toText(formatTime(now));
    if (!m_time->isModified())
        m_time->setText(time);
    m_slider->setAccessibleDescription(time);
    m_now->setEnabled(m_document->isClockSet());
    m_claims->setClaims(m_document->view().payload, now);
}

void TokensPage::takeTime()
{
    std::string text = toOctets(m_time->text().trimmed());
    if (text.size() == std::string_view("2024-12-15").size() && text[4] == '-')
        text += "T00:00:00Z"; // a date alone begins at midnight
    const Result<Timestamp> time = parseTime(text, m_document->now());
    if (!time)
        return shell().notices().show(Notices::Kind::Error, toText(describe(time.error())));
    m_time->setModified(false);
    if (text == "now")
        return m_document->setClock({});
    m_document->setClock(*time);
}

void TokensPage::editPart(OctetEdit &edit, bool header)
{
    const TokenView &view = m_document->view();
    const Json &json = header ? view.header : view.payload;
    std::string octets = edit.octets();
    if (m_pretty->isChecked() && !json.isNull()) {
        const Result<Json> parsed = parseJson(octets);
        if (!parsed) {
            edit.setFault(octets.size(), toText(describe(parsed.error())));
            m_fault->setText(tr("✗ Not taken over: %1").arg(toText(describe(parsed.error()))));
            m_fault->show();
            return;
        }
        octets = parsed->dump();
        showFault();
    }
    header ? m_document->setHeaderText(octets) : m_document->setPayloadText(octets);
}

void TokensPage::paste(const std::string &text)
{
    if (text.size() > kMaxPasted)
        return m_document->setText(text, TokenSource::Pasted);
    const std::vector<FoundToken> found = findTokens(text);
    if (found.empty())
        return m_document->setText({}, TokenSource::Pasted);
    m_document->setText(found.front().token, TokenSource::Pasted);
    m_encoded->setOctets(m_document->text()); // also when the same token was pasted again
    if (!found.front().cut.empty())
        shell().notices().show(Notices::Kind::Info,
                               tr("Cut off: %1").arg(toText(found.front().cut)));
    if (found.size() > 1)
        m_compare->setOther(found[1].token, tr("The second token of what was pasted"));
}

void TokensPage::noteInHistory()
{
    const TokenAnswer &answer = m_document->answer();
    if (answer.state != TokenState::Empty && answer.state != TokenState::Pending)
        m_history->add(m_document->text(), m_document->source(), answer.state, m_document->now());
}

void TokensPage::openHistory(int row)
{
    if (row >= 0 && row < m_history->rowCount())
        m_document->setText(std::string(m_history->token(row)), TokenSource::Pasted);
}

void TokensPage::cycleTimes()
{
    using Times = ClaimsModel::Times;
    m_claims->setTimes(m_claims->times() == Times::Number    ? Times::Utc
                           : m_claims->times() == Times::Utc ? Times::Local
                                                             : Times::Number);
}

void TokensPage::refreshKeys()
{
    if (shell().isLocked())
        return;
    m_document->setRing(keyRingOf(shell().session().workspace()));
    refreshUrl();
}

void TokensPage::refreshUrl()
{
    Session &session = shell().session();
    const gateway::GatewayAddresses *const addresses = session.addresses();
    const std::string base = addresses ? addresses->proxyUrl() : "http://127.0.0.1:9080";
    m_mint->setUrl(toText(base + samplePath(session.workspace())));
}

void TokensPage::mintFor(const std::string &consumer, const std::string &credential)
{
    if (m_ringTimer->isActive()) {
        m_ringTimer->stop();
        refreshKeys();
    }
    m_tabs->setCurrentIndex(MintTab);
    m_document->setClock({});
    m_keys->choose(consumer, credential);
    m_mint->mintFor(consumer, credential);
    m_mint->focusFirst();
}

void TokensPage::debugToken(const std::string &token, std::optional<Timestamp> at)
{
    m_document->setClock(at);
    m_document->setText(token, TokenSource::Traffic);
    m_tabs->setCurrentIndex(ChecksTab);
    m_encoded->setFocus(Qt::OtherFocusReason);
}

void TokensPage::createNew()
{
    m_document->setText({}, TokenSource::Typed);
    m_encoded->setFocus(Qt::OtherFocusReason);
}

void TokensPage::focusFilter() { m_encoded->setFocus(Qt::ShortcutFocusReason); }

void TokensPage::mainAction() { copy(CopyForm::Token); }

void TokensPage::copyMain() { copy(CopyForm::Token); }

void TokensPage::copyAs() { copy(CopyForm::Curl); }

void TokensPage::mint()
{
    const KeyChoice &choice = m_document->keyChoice();
    const auto &all = m_document->ring().credentials();
    if (choice.kind == KeyChoice::Kind::Credential || all.empty())
        mintFor(choice.consumer, choice.credential);
    else
        mintFor(all.front().consumer, {});
}

void TokensPage::revealSecrets(bool shown) { m_keys->revealSecrets(shown); }

void TokensPage::zoom(int steps)
{
    for (OctetEdit *const edit : {m_encoded, m_header, m_payload, m_compare->editor()})
        edit->zoom(steps);
}

bool TokensPage::takeMime(const QMimeData &mime)
{
    if (shell().isLocked())
        return false;
    QString name = tr("pasted text");
    std::string text = toOctets(mime.text());
    if (mime.hasUrls()) {
        QFile file(mime.urls().constFirst().toLocalFile());
        if (file.size() > static_cast<qint64>(kMaxPasted) || !file.open(QIODevice::ReadOnly))
            return false;
        name = QFileInfo(file).fileName();
        text = file.readAll().toStdString();
    }
    if (text.empty() || text.size() > kMaxPasted)
        return false;
    if (!mime.hasUrls() && gateway::looksLikeCurl(text))
        return false; // the composer's, also with a token in it
    const std::vector<FoundToken> found = findTokens(text);
    const TokenShape shape =
        found.empty() ? TokenShape::None : viewToken(found.front().token).shape;
    if (shape == TokenShape::Jws || shape == TokenShape::Jwe || shape == TokenShape::JwsJson) {
        paste(text);
        return true;
    }
    const Result<KeyChoice> key = importChoice(text, toOctets(name));
    const bool isKey = key || key.error().code == Errc::KeyPassphrase;
    return isKey && m_keys->takeKey(text, name);
}

void TokensPage::setLocked(bool locked)
{
    m_keys->setLocked(locked);
    if (!locked)
        return refreshKeys();
    m_document->forget();
    m_history->clear();
    m_compare->setOther({});
    m_mint->forget();
}

} // namespace postern::gui
