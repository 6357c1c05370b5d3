// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/compare_view.h"

#include "core/jose/token_diff.h"
#include "core/jose/verdict_table.h"
#include "gui/text/qt_bytes.h"
#include "gui/tokens/document.h"
#include "gui/tokens/octet_edit.h"

#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace postern::gui {

namespace {

constexpr std::size_t kMaxCompared = 64UL * 1024; // octets; a diff of more helps nobody

/// The stretch of a part that is not as in the other token: behind the common beginning, before
/// the common end.
std::vector<std::pair<std::size_t, std::size_t>> marksOf(const TokenView &good,
                                                         const TokenView &other)
{
    std::vector<std::pair<std::size_t, std::size_t>> marks;
    for (std::size_t i = 0; i < other.parts.size(); ++i) {
        const TokenPart &part = other.parts[i];
        const std::string_view theirs = std::string_view(other.text).substr(part.begin, part.size);
        const std::string_view ours = i < good.parts.size()
            ? std::string_view(good.text).substr(good.parts[i].begin, good.parts[i].size)
            : std::string_view();
        if (ours == theirs || theirs.empty())
            continue;
        const auto same =
            static_cast<std::size_t>(std::ranges::mismatch(ours, theirs).in2 - theirs.begin());
        std::size_t tail = 0;
        const std::size_t most =
            std::min(ours.size(), theirs.size()) - std::min({same, ours.size(), theirs.size()});
        while (tail < most && ours[ours.size() - 1 - tail] == theirs[theirs.size() - 1 - tail])
            ++tail;
        marks.emplace_back(part.begin + same,
                           std::max<std::size_t>(theirs.size() - same - tail, 1));
    }
    return marks;
}

QString valueText(const Json &value)
{
    return value.isNull() ? QStringLiteral("–") : toText(value.dump());
}

QString verdictWord(bool valid)
{
    return valid ? CompareView::tr("accepted") : CompareView::tr("refused");
}

} // namespace

CompareView::CompareView(TokenDocument &document, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_other(new OctetEdit(std::nullopt)),
      m_remark(new QLabel),
      m_decision(new QLabel),
      m_differences(new QTreeWidget)
{
    m_other->setObjectName(QStringLiteral("otherToken"));
    m_other->setAccessibleName(tr("The other token"));
    m_other->setPlaceholderText(tr("Paste a second token here, or choose one from Break."));
    m_remark->setObjectName(QStringLiteral("otherRemark"));
    m_remark->setWordWrap(true);
    m_remark->setTextFormat(Qt::PlainText);
    m_decision->setObjectName(QStringLiteral("otherDecision"));
    m_decision->setWordWrap(true);
    m_decision->setTextFormat(Qt::PlainText);
    m_differences->setObjectName(QStringLiteral("tokenDifferences"));
    m_differences->setAccessibleName(tr("Differences"));
    m_differences->setHeaderLabels(
        {tr("Part"), tr("Place"), tr("Kind"), tr("This token"), tr("The other")});
    m_differences->setRootIsDecorated(false);
    m_differences->header()->setStretchLastSection(true);

    auto *left = new QWidget;
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins({});
    column->addWidget(m_other, 1);
    column->addWidget(m_remark);
    auto *right = new QWidget;
    auto *second = new QVBoxLayout(right);
    second->setContentsMargins({});
    second->addWidget(m_decision);
    second->addWidget(m_differences, 1);
    auto *splitter = new QSplitter;
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(splitter);
    connect(m_other, &OctetEdit::edited, this, &CompareView::compare);
    connect(m_other, &OctetEdit::replaced, this, [this] {
        m_remark->clear();
        compare();
    });
    connect(&document, &TokenDocument::answerChanged, this, &CompareView::compare);
}

void CompareView::setOther(const std::string &token, const QString &remark)
{
    m_other->setOctets(token);
    m_remark->setText(remark);
    compare();
}

std::string CompareView::other() const { return m_other->octets(); }

QString CompareView::decisions() const
{
    TokenQuestion asked = m_document.question();
    asked.token = m_other->octets();
    const TokenAnswer theirs = judge(asked);
    QStringList lines;
    for (const ProfileVerdict &ours : m_document.answer().verdicts) {
        const auto same =
            std::ranges::find(theirs.verdicts, ours.profile, &ProfileVerdict::profile);
        if (same == theirs.verdicts.end())
            continue;
        const JwtCheck *const decisive = same->verdict.decisive();
        lines.push_back(
            (ours.verdict.valid == same->verdict.valid ? tr("%1: this %2, the other %3")
                                                       : tr("≠ %1: this %2, the other %3"))
                .arg(toText(ours.profile->name), verdictWord(ours.verdict.valid),
                     verdictWord(same->verdict.valid))
            + (decisive ? QStringLiteral(" [%1]").arg(toText(slug(decisive->reason))) : QString()));
    }
    if (lines.isEmpty() && !theirs.reason.empty())
        lines.push_back(toText(theirs.reason));
    return lines.join(u'\n');
}

void CompareView::compare()
{
    const std::string &token = m_other->octets();
    if (token.empty() || token.size() > kMaxCompared || m_document.text().size() > kMaxCompared) {
        m_differences->clear();
        m_compared.clear();
        m_decision->setText(token.empty() ? QString() : tr("Too long to compare."));
        return;
    }
    m_decision->setText(decisions());
    std::string both = m_document.text() + '\n' + token;
    if (both == m_compared)
        return; // another time or key: the texts differ as before
    m_compared = std::move(both);
    showDifferences(viewToken(token));
}

void CompareView::showDifferences(const TokenView &theirs)
{
    m_differences->clear();
    m_other->setMarks(marksOf(m_document.view(), theirs));
    const TokenDiff diff = diffTokens(m_document.view().jws, theirs.jws);
    for (const TokenDifference &one : diff.differences)
        new QTreeWidgetItem(m_differences,
                            {toText(one.part), toText(one.path), toText(nameOf(one.kind)),
                             valueText(one.before), valueText(one.after)});
    if (!diff.signatureSame)
        new QTreeWidgetItem(m_differences,
                            {tr("signature"), QString(), tr("changed"), QString(), QString()});
    for (int i = 0; i < 3; ++i)
        m_differences->resizeColumnToContents(i);
}

QString remarkOn(const TokenVariant &variant)
{
    const QString strict = variant.strict.valid
        ? CompareView::tr("accepts it")
        : CompareView::tr("refuses it at the %1: %2")
              .arg(toText(variant.strict.stage), toText(variant.strict.reason));
    QString text =
        CompareView::tr("%1. A strict verifier %2.").arg(toText(variant.sentence), strict);
    if (variant.apisix)
        text += CompareView::tr(" APISIX answers %1.").arg(variant.apisix->status);
    if (variant.kong)
        text += CompareView::tr(" Kong answers %1.").arg(variant.kong->status);
    return text;
}

} // namespace postern::gui
