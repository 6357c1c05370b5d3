// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/verdict_bar.h"

#include "core/jose/misfit.h"
#include "core/jose/verdict_table.h"
#include "gui/models/token_history.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/tokens/document.h"

#include <QAccessible>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace postern::gui {

namespace {

Role roleOf(TokenState state)
{
    switch (state) {
    case TokenState::Accepted:
        return Role::Allowed;
    case TokenState::Refused:
    case TokenState::NoToken:
    case TokenState::KeyMisfit:
        return Role::Denied;
    case TokenState::NoKey:
    case TokenState::Changed:
        return Role::Warning;
    case TokenState::Empty:
    case TokenState::Encrypted:
    case TokenState::Pending:
        return Role::Muted;
    }
    return Role::Muted;
}

QString iconOf(TokenState state)
{
    switch (roleOf(state)) {
    case Role::Allowed:
        return QStringLiteral("allowed");
    case Role::Denied:
        return QStringLiteral("denied");
    case Role::Warning:
        return QStringLiteral("warning");
    default:
        return QStringLiteral("info");
    }
}

QLabel *plainLabel(const QString &name)
{
    auto *label = new QLabel;
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

VerdictBar::VerdictBar(TokenDocument &document, QWidget *parent)
    : QFrame(parent),
      m_document(document),
      m_icon(new QLabel),
      m_sentence(plainLabel(QStringLiteral("tokenVerdict"))),
      m_detail(plainLabel(QStringLiteral("tokenReason"))),
      m_question(plainLabel(QStringLiteral("tokenQuestion"))),
      m_why(plainLabel(QStringLiteral("tokenWhy"))),
      m_resign(new QPushButton(tr("&Re-sign"))),
      m_find(new QPushButton(tr("Find out &why")))
{
    build();
    connect(m_resign, &QPushButton::clicked, this, &VerdictBar::resign);
    connect(m_find, &QPushButton::clicked, this, &VerdictBar::findOutWhy);
    connect(&document, &TokenDocument::answerChanged, this, &VerdictBar::update);
    connect(&document, &TokenDocument::textChanged, m_why, [this] { m_why->hide(); });
    connect(&document, &TokenDocument::whyFound, this, &VerdictBar::showWhy);
    connect(&Theme::instance(), &Theme::changed, this, &VerdictBar::update);
    update();
}

void VerdictBar::build()
{
    setObjectName(QStringLiteral("verdictBar"));
    setFrameShape(QFrame::StyledPanel);
    m_resign->setObjectName(QStringLiteral("tokenResign"));
    m_find->setObjectName(QStringLiteral("tokenFindWhy"));
    QFont bold = m_sentence->font();
    bold.setBold(true);
    m_sentence->setFont(bold);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(8, 6, 8, 6);
    grid->setVerticalSpacing(2);
    grid->addWidget(m_icon, 0, 0, Qt::AlignTop);
    grid->addWidget(m_sentence, 0, 1);
    grid->addWidget(m_find, 0, 2);
    grid->addWidget(m_resign, 0, 3);
    grid->addWidget(m_detail, 1, 1, 1, 3);
    grid->addWidget(m_question, 2, 1, 1, 3);
    grid->addWidget(m_why, 3, 1, 1, 3);
    grid->setColumnStretch(1, 1);
    m_why->hide();
}

QString VerdictBar::detail() const
{
    const TokenAnswer &answer = m_document.answer();
    QStringList parts;
    if (answer.state == TokenState::NoKey)
        parts.push_back(tr("Choose a consumer, type a secret, or drop a key file."));
    else if (!answer.reason.empty())
        parts.push_back(toText(answer.reason)
                        + QLatin1String(answer.reason.ends_with('.') ? "" : "."));
    if (!answer.signer.empty())
        parts.push_back(tr("Signed with %1.").arg(toText(answer.signer)));
    if (!answer.reply.empty() && answer.state == TokenState::Refused)
        parts.push_back(tr("The client gets %1.").arg(toText(answer.reply)));
    if (!answer.verdicts.empty() && verdictsDiffer(answer.verdicts))
        parts.push_back(tr("≠ The profiles do not agree; see the checks."));
    return parts.join(u' ');
}

QString VerdictBar::question() const
{
    const TokenAnswer &answer = m_document.answer();
    if (m_document.text().empty() || answer.state == TokenState::NoToken
        || answer.state == TokenState::Encrypted)
        return {};
    const QString time = toText(formatTime(answer.now));
    const QString clock =
        m_document.isClockSet() ? tr("clock set to %1").arg(time) : tr("clock %1").arg(time);
    return answer.key.empty() ? tr("No key; %1").arg(clock)
                              : tr("Key: %1; %2").arg(toText(answer.key), clock);
}

void VerdictBar::update()
{
    const TokenAnswer &answer = m_document.answer();
    const Theme &theme = Theme::instance();
    const Role role = roleOf(answer.state);
    const int size = fontMetrics().height() + 4;
    m_icon->setPixmap(
        theme.icon(iconOf(answer.state), role).pixmap(QSize(size, size), devicePixelRatioF()));
    const QString sentence = answer.state == TokenState::Empty
        ? tr("Paste a token, drop a file, or mint one for a consumer.")
        : TokenHistory::nameOf(answer.state);
    m_sentence->setText(sentence);
    QPalette palette = m_sentence->palette();
    palette.setColor(QPalette::WindowText, theme.color(role));
    m_sentence->setPalette(palette);
    m_detail->setText(detail());
    m_detail->setVisible(!m_detail->text().isEmpty());
    m_question->setText(question());
    m_question->setVisible(!m_question->text().isEmpty());
    QPalette muted = m_question->palette();
    muted.setColor(QPalette::WindowText, theme.color(Role::Muted));
    m_question->setPalette(muted);

    const Result<TokenSigner> signer = m_document.signer();
    m_resign->setVisible(signer.has_value() && m_document.canEditParts()
                         && !m_document.text().empty() && !answer.signatureFits);
    if (signer)
        m_resign->setText(tr("&Re-sign with %1").arg(toText(signer->name)));
    m_find->setVisible(!answer.verdicts.empty() && !answer.signatureFits);
    m_find->setEnabled(!m_document.isSearching());
    if (sentence != m_announced) {
        m_announced = sentence;
        QAccessibleAnnouncementEvent event(m_sentence, sentence);
        QAccessible::updateAccessibility(&event);
    }
}

void VerdictBar::resign()
{
    if (const Result<void> done = m_document.resign(); !done) {
        m_why->setText(tr("Cannot sign: %1").arg(toText(describe(done.error()))));
        m_why->show();
    }
}

void VerdictBar::findOutWhy()
{
    if (m_document.answer().verdicts.empty())
        return;
    m_document.findOutWhy();
    m_find->setEnabled(!m_document.isSearching());
    m_why->setText(tr("Searching…"));
    m_why->show();
}

void VerdictBar::showWhy(const Misfit &misfit)
{
    m_find->setEnabled(true);
    QStringList lines;
    if (misfit.fits)
        lines.push_back(tr("The signature fits %1.").arg(toText(misfit.key)));
    if (!misfit.obstacle.empty())
        lines.push_back(tr("Note: %1.").arg(toText(misfit.obstacle)));
    for (const WhyFinding &finding : misfit.report.found)
        lines.push_back(tr("Found: %1 [%2]").arg(toText(finding.sentence), toText(finding.id)));
    if (!misfit.fits && misfit.report.found.empty())
        lines.push_back(tr("Found: nothing explains it."));
    QStringList tried;
    for (const std::string &what : misfit.report.tried)
        tried.push_back(toText(what));
    lines.push_back(
        tr("Tried in %1 ms, %n signatures: %2.", nullptr, static_cast<int>(misfit.report.attempts))
            .arg(misfit.took.count())
            .arg(tried.join(QStringLiteral("; "))));
    if (misfit.report.outOfTime)
        lines.push_back(tr("Stopped before the end."));
    m_why->setText(lines.join(u'\n'));
    m_why->show();
}

} // namespace postern::gui
