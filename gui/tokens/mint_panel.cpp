// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/mint_panel.h"

#include "core/jose/profile.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/tokens/document.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

#include <array>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::array<int, 5> kLifetimes{30, 300, 3600, 86400, 0}; // seconds; 0: none

} // namespace

MintPanel::MintPanel(TokenDocument &document, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_consumer(new QComboBox),
      m_credential(new QComboBox),
      m_profile(new QComboBox),
      m_lifetimes(new QButtonGroup(this)),
      m_claims(new QPlainTextEdit),
      m_url(new QLineEdit),
      m_fault(new QLabel),
      m_mint(new QPushButton(tr("&Mint again")))
{
    build();
    connect(m_consumer, &QComboBox::currentIndexChanged, this, [this] {
        if (m_filling)
            return;
        fillCredentials();
        mint();
    });
    connect(m_credential, &QComboBox::currentIndexChanged, this, &MintPanel::mint);
    connect(m_profile, &QComboBox::currentIndexChanged, this, &MintPanel::mint);
    connect(m_lifetimes, &QButtonGroup::idClicked, this, &MintPanel::mint);
    connect(m_claims, &QPlainTextEdit::textChanged, this, &MintPanel::mint);
    connect(m_mint, &QPushButton::clicked, this, &MintPanel::mint);
    connect(&document, &TokenDocument::keyChanged, this, &MintPanel::fill);
    fill();
}

QHBoxLayout *MintPanel::chips()
{
    const std::array<QString, kLifetimes.size()> names{tr("30 s"), tr("5 min"), tr("1 h"),
                                                       tr("1 d"), tr("no end")};
    auto *line = new QHBoxLayout;
    for (std::size_t i = 0; i < kLifetimes.size(); ++i) {
        auto *chip = new QToolButton;
        chip->setText(names.at(i));
        chip->setCheckable(true);
        chip->setObjectName(QStringLiteral("lifetime%1").arg(kLifetimes.at(i)));
        chip->setAccessibleName(tr("Lifetime: %1").arg(names.at(i)));
        chip->setFocusPolicy(Qt::StrongFocus);
        chip->setMinimumSize(24, 24);
        m_lifetimes->addButton(chip, kLifetimes.at(i));
        line->addWidget(chip);
    }
    m_lifetimes->button(300)->setChecked(true);
    line->addStretch();
    return line;
}

QWidget *MintPanel::field(const QString &label, QWidget *editor)
{
    auto *name = new QLabel(label);
    name->setBuddy(editor);
    return name;
}

void MintPanel::build()
{
    setObjectName(QStringLiteral("mintPanel"));
    m_consumer->setObjectName(QStringLiteral("mintConsumer"));
    m_consumer->setAccessibleName(tr("Consumer"));
    m_credential->setObjectName(QStringLiteral("mintCredential"));
    m_credential->setAccessibleName(tr("Credential"));
    m_profile->setObjectName(QStringLiteral("mintProfile"));
    m_profile->setAccessibleName(tr("Made for"));
    for (const TokenProfile &profile : tokenProfiles()) {
        if (profile.isGateway)
            m_profile->addItem(
                tr("%1: claim %2").arg(toText(profile.name), toText(profile.keyClaim)),
                toText(profile.name));
    }
    m_claims->setObjectName(QStringLiteral("mintClaims"));
    m_claims->setAccessibleName(tr("Claims"));
    m_claims->setFont(Theme::monospace());
    m_claims->setTabChangesFocus(true);
    m_claims->setPlaceholderText(tr("One claim a line: role=user, admin:=true, exp=+90s"));
    m_claims->setMaximumHeight(m_claims->fontMetrics().height() * 7);
    m_url->setObjectName(QStringLiteral("mintUrl"));
    m_url->setAccessibleName(tr("URL of the curl line"));
    m_url->setFont(Theme::monospace());
    m_fault->setObjectName(QStringLiteral("mintFault"));
    m_fault->setWordWrap(true);
    m_mint->setObjectName(QStringLiteral("mintAgain"));
    auto *copy = new QPushButton(Theme::instance().icon(QStringLiteral("copy")), tr("C&opy token"));
    copy->setObjectName(QStringLiteral("mintCopy"));
    copy->setToolTip(tr("Ctrl+Enter"));
    connect(copy, &QPushButton::clicked, this, &MintPanel::copyRequested);

    auto *grid = new QGridLayout(this);
    grid->addWidget(field(tr("Cons&umer"), m_consumer), 0, 0);
    grid->addWidget(m_consumer, 0, 1);
    grid->addWidget(field(tr("Cre&dential"), m_credential), 1, 0);
    grid->addWidget(m_credential, 1, 1);
    grid->addLayout(chips(), 2, 1);
    grid->addWidget(field(tr("Li&fetime"), m_lifetimes->button(300)), 2, 0);
    grid->addWidget(field(tr("Made fo&r"), m_profile), 3, 0);
    grid->addWidget(m_profile, 3, 1);
    grid->addWidget(field(tr("C&laims"), m_claims), 0, 2);
    grid->addWidget(m_claims, 0, 3, 3, 1);
    grid->addWidget(field(tr("UR&L"), m_url), 3, 2);
    grid->addWidget(m_url, 3, 3);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_fault, 1);
    buttons->addWidget(m_mint);
    buttons->addWidget(copy);
    grid->addLayout(buttons, 4, 0, 1, 4);
    grid->setColumnStretch(1, 2);
    grid->setColumnStretch(3, 3);
    grid->setRowStretch(5, 1);
}

void MintPanel::fill()
{
    const QString chosen = m_consumer->currentText();
    m_filling = true;
    m_consumer->clear();
    for (const gateway::JwtCredential &one : m_document.ring().credentials()) {
        if (m_consumer->findText(toText(one.consumer)) < 0)
            m_consumer->addItem(toText(one.consumer));
    }
    m_consumer->setCurrentIndex(std::max(m_consumer->findText(chosen), 0));
    m_filling = false;
    fillCredentials();
    m_fault->setText(
        m_consumer->count() > 0 ? QString() : tr("No consumer has a JWT credential to sign with."));
}

void MintPanel::fillCredentials()
{
    const QVariant chosen = m_credential->currentData();
    m_filling = true;
    m_credential->clear();
    for (const gateway::JwtCredential &one : m_document.ring().credentials()) {
        if (toText(one.consumer) == m_consumer->currentText())
            m_credential->addItem(tr("%1 (%2)").arg(one.id.empty() ? tr("inline") : toText(one.id),
                                                    toText(info(one.alg).name)),
                                  toText(one.id));
    }
    m_credential->setCurrentIndex(std::max(m_credential->findData(chosen), 0));
    m_filling = false;
}

MintRequest MintPanel::request() const
{
    MintRequest request;
    request.consumer = toOctets(m_consumer->currentText());
    request.credential = toOctets(m_credential->currentData().toString());
    if (const int seconds = m_lifetimes->checkedId(); seconds > 0)
        request.lifetime = seconds;
    for (const QString &line : m_claims->toPlainText().split(u'\n', Qt::SkipEmptyParts))
        request.claims.push_back(toOctets(line.trimmed()));
    request.profile = toOctets(m_profile->currentData().toString());
    return request;
}

void MintPanel::mint()
{
    if (m_filling || m_consumer->count() == 0)
        return;
    Result<std::string> token = mintToken(m_document.ring(), request(), m_document.now());
    m_fault->setText(token ? QString() : tr("✗ %1").arg(toText(describe(token.error()))));
    if (!token)
        return;
    m_document.setText(std::move(*token), TokenSource::Minted);
}

void MintPanel::mintFor(const std::string &consumer, const std::string &credential)
{
    m_filling = true;
    m_consumer->setCurrentIndex(m_consumer->findText(toText(consumer)));
    m_filling = false;
    fillCredentials();
    m_filling = true;
    if (!credential.empty())
        m_credential->setCurrentIndex(m_credential->findData(toText(credential)));
    m_filling = false;
    if (m_consumer->currentIndex() < 0)
        m_fault->setText(consumer.empty()
                             ? tr("No consumer has a JWT credential to sign with.")
                             : tr("%1 has no JWT credential to sign with.").arg(toText(consumer)));
    else
        mint();
}

void MintPanel::focusFirst() { m_consumer->setFocus(Qt::OtherFocusReason); }

void MintPanel::forget() { m_claims->clear(); }

void MintPanel::setUrl(const QString &url)
{
    if (!m_url->isModified())
        m_url->setText(url);
}

QString MintPanel::url() const { return m_url->text(); }

} // namespace postern::gui
