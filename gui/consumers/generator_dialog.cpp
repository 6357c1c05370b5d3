// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/generator_dialog.h"

#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/secret_field.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace postern::gui {

GeneratorDialog::GeneratorDialog(SecretClipboard &clipboard, SecretKind kind, bool canUse,
                                 QWidget *parent)
    : QDialog(parent),
      m_kind(new QComboBox),
      m_secret(new SecretField(clipboard, tr("New secret"))),
      m_entropy(new QLabel),
      m_use(new QPushButton(tr("&Use it")))
{
    setObjectName(QStringLiteral("generator"));
    setWindowTitle(tr("Generate a secret"));
    auto *column = new QVBoxLayout(this);
    auto *form = new QFormLayout;
    column->addLayout(form);
    m_kind->setObjectName(QStringLiteral("secretKind"));
    m_kind->setAccessibleName(tr("Kind"));
    for (const SecretKindInfo &info : secretKinds())
        m_kind->addItem(toText(info.name), static_cast<int>(info.kind));
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(kind)));
    m_secret->setObjectName(QStringLiteral("newSecret"));
    m_secret->setMinimumWidth(fontMetrics().averageCharWidth() * 50);
    m_entropy->setObjectName(QStringLiteral("entropy"));
    auto *kindLabel = new QLabel(tr("&Kind"));
    kindLabel->setBuddy(m_kind);
    auto *secretLabel = new QLabel(tr("&Secret"));
    secretLabel->setBuddy(m_secret->edit());
    form->addRow(kindLabel, m_kind);
    form->addRow(secretLabel, m_secret);
    form->addRow(QString(), m_entropy);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *repeat = new QPushButton(Theme::instance().icon(QStringLiteral("repeat")), tr("A&gain"));
    repeat->setObjectName(QStringLiteral("again"));
    repeat->setShortcut(QKeySequence(QStringLiteral("Ctrl+R")));
    m_use->setObjectName(QStringLiteral("useSecret"));
    m_use->setEnabled(canUse);
    m_use->setToolTip(canUse ? QString() : tr("Select a credential first."));
    buttons->addButton(repeat, QDialogButtonBox::ActionRole);
    buttons->addButton(m_use, QDialogButtonBox::AcceptRole);
    column->addWidget(buttons);
    m_use->setDefault(canUse); // it must know its dialog
    connect(m_kind, &QComboBox::currentIndexChanged, this, &GeneratorDialog::again);
    connect(repeat, &QPushButton::clicked, this, &GeneratorDialog::again);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT used(m_secret->secret());
        accept();
    });
    again();
    m_secret->setRevealed(true);
}

void GeneratorDialog::again()
{
    const auto secret = generateSecret(static_cast<SecretKind>(m_kind->currentData().toInt()));
    if (!secret) {
        m_entropy->setText(toText(describe(secret.error())));
        return;
    }
    const bool revealed = m_secret->isRevealed();
    m_secret->setSecret(toText(secret->text.view()));
    m_secret->setRevealed(revealed);
    m_entropy->setText(tr("%n bit(s) of entropy", nullptr, static_cast<int>(secret->bits)));
}

} // namespace postern::gui
