// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/generator_dialog.h"

#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/secret_field.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QThreadPool>
#include <QVBoxLayout>

#include <memory>
#include <string>
#include <utility>

namespace postern::gui {

namespace {

constexpr int kFirstPair = 1000; // in the data of the kinds; secrets are below
constexpr int kPublicLines = 7;
enum Form { Pem, Jwk };

/// The names of secretKinds(), for translators.
[[maybe_unused]] constexpr const char *kKindNames[]{
    QT_TRANSLATE_NOOP("SecretKinds", "API key"),
    QT_TRANSLATE_NOOP("SecretKinds", "HS256 secret"),
    QT_TRANSLATE_NOOP("SecretKinds", "HS384 secret"),
    QT_TRANSLATE_NOOP("SecretKinds", "HS512 secret"),
    QT_TRANSLATE_NOOP("SecretKinds", "HS256 secret, hex"),
    QT_TRANSLATE_NOOP("SecretKinds", "Password")};

} // namespace

GeneratorDialog::GeneratorDialog(SecretClipboard &clipboard, const Target &target, QWidget *parent)
    : QDialog(parent),
      m_clipboard(clipboard),
      m_target(target),
      m_kind(new QComboBox),
      m_form(new QComboBox),
      m_rows(new QFormLayout),
      m_secret(new SecretField(clipboard, tr("New secret"))),
      m_secretLabel(new QLabel),
      m_entropy(new QLabel),
      m_public(new QPlainTextEdit),
      m_use(new QPushButton(tr("&Use it"))),
      m_copyPublic(new QPushButton(tr("Copy the &public key")))
{
    setObjectName(QStringLiteral("generator"));
    setWindowTitle(tr("Generate a secret"));
    auto *column = new QVBoxLayout(this);
    column->addLayout(m_rows);
    buildKinds();
    buildResult(m_rows);
    buildButtons();
    connect(m_kind, &QComboBox::currentIndexChanged, this, &GeneratorDialog::again);
    connect(m_form, &QComboBox::currentIndexChanged, this, &GeneratorDialog::showPair);
    again();
}

void GeneratorDialog::buildKinds()
{
    m_kind->setObjectName(QStringLiteral("secretKind"));
    m_kind->setAccessibleName(tr("Kind"));
    for (const SecretKindInfo &info : secretKinds())
        m_kind->addItem(QCoreApplication::translate("SecretKinds", std::string(info.name).c_str()),
                        static_cast<int>(info.kind));
    m_kind->insertSeparator(m_kind->count());
    int pair = kFirstPair;
    for (const KeyPairKind &kind : keyPairKinds())
        m_kind->addItem(tr("%1 key pair").arg(toText(kind.name)), pair++);
    int wanted = static_cast<int>(m_target.secret);
    if (const KeyPairKind *const kind =
            m_target.pairFor ? keyPairKindFor(*m_target.pairFor) : nullptr)
        wanted = kFirstPair + static_cast<int>(kind - keyPairKinds().data());
    m_kind->setCurrentIndex(m_kind->findData(wanted));
    auto *label = new QLabel(tr("&Kind"));
    label->setBuddy(m_kind);
    m_rows->addRow(label, m_kind);
}

void GeneratorDialog::buildResult(QFormLayout *form)
{
    m_form->setObjectName(QStringLiteral("pairForm"));
    m_form->setAccessibleName(tr("Form"));
    m_form->addItem(QStringLiteral("PEM"));
    m_form->addItem(QStringLiteral("JWK"));
    auto *formLabel = new QLabel(tr("&Form"));
    formLabel->setBuddy(m_form);
    form->addRow(formLabel, m_form);
    m_secret->setObjectName(QStringLiteral("newSecret"));
    m_secret->setMinimumWidth(fontMetrics().averageCharWidth() * 50);
    m_secretLabel->setBuddy(m_secret->edit());
    form->addRow(m_secretLabel, m_secret);
    m_public->setObjectName(QStringLiteral("newPublicKey"));
    m_public->setAccessibleName(tr("Public key"));
    m_public->setReadOnly(true);
    m_public->setTabChangesFocus(true);
    m_public->setFont(Theme::monospace());
    m_public->setMinimumWidth(m_public->fontMetrics().averageCharWidth() * 70);
    m_public->setFixedHeight(m_public->fontMetrics().lineSpacing() * kPublicLines
                             + 2 * kPublicLines);
    auto *publicLabel = new QLabel(tr("Pu&blic key"));
    publicLabel->setBuddy(m_public);
    form->addRow(publicLabel, m_public);
    m_entropy->setObjectName(QStringLiteral("entropy"));
    form->addRow(QString(), m_entropy);
}

void GeneratorDialog::buildButtons()
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *repeat = new QPushButton(Theme::instance().icon(QStringLiteral("repeat")), tr("A&gain"));
    repeat->setObjectName(QStringLiteral("again"));
    repeat->setShortcut(QKeySequence(QStringLiteral("Ctrl+R")));
    m_copyPublic->setObjectName(QStringLiteral("copyPublicKey"));
    m_use->setObjectName(QStringLiteral("useSecret"));
    buttons->addButton(repeat, QDialogButtonBox::ActionRole);
    buttons->addButton(m_copyPublic, QDialogButtonBox::ActionRole);
    buttons->addButton(m_use, QDialogButtonBox::AcceptRole);
    layout()->addWidget(buttons);
    m_use->setDefault(m_target.exists); // it must know its dialog
    connect(repeat, &QPushButton::clicked, this, &GeneratorDialog::again);
    connect(m_copyPublic, &QPushButton::clicked, this,
            [this] { m_clipboard.copyPlain(m_public->toPlainText()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (m_pair)
            Q_EMIT usedPair(toText(m_pair->privatePem.view()), toText(m_pair->publicPem));
        else
            Q_EMIT used(m_secret->secret());
        accept();
    });
}

const KeyPairKind *GeneratorDialog::pairKind() const
{
    const int number = m_kind->currentData().toInt() - kFirstPair;
    return number < 0 ? nullptr : &keyPairKinds()[static_cast<std::size_t>(number)];
}

void GeneratorDialog::again()
{
    ++m_asked;
    m_pair.reset();
    const KeyPairKind *const kind = pairKind();
    m_rows->setRowVisible(m_form, kind != nullptr);
    m_rows->setRowVisible(m_public, kind != nullptr);
    m_copyPublic->setVisible(kind != nullptr);
    m_secretLabel->setText(kind ? tr("Pri&vate key") : tr("&Secret"));
    if (kind) {
        m_secret->setSecret({});
        m_public->clear();
        m_entropy->setText(tr("Being made…"));
        refreshUse();
        QThreadPool::globalInstance()->start(
            [dialog = QPointer<GeneratorDialog>(this), kind, number = m_asked] {
                auto pair = std::make_shared<Result<GeneratedKeyPair>>(generateKeyPair(*kind));
                QMetaObject::invokeMethod(
                    qApp,
                    [dialog, pair, number] {
                        if (dialog && dialog->m_asked == number)
                            dialog->takePair(*pair);
                    },
                    Qt::QueuedConnection);
            });
        return;
    }
    const auto secret = generateSecret(static_cast<SecretKind>(m_kind->currentData().toInt()));
    if (!secret) {
        m_entropy->setText(toText(describe(secret.error())));
        return;
    }
    m_secret->setSecret(toText(secret->text.view()));
    m_secret->setRevealed(true);
    m_secret->makeRoom();
    m_entropy->setText(tr("%n bit(s) of entropy", nullptr, static_cast<int>(secret->bits)));
    refreshUse();
}

void GeneratorDialog::takePair(const Result<GeneratedKeyPair> &pair)
{
    if (!pair) {
        m_entropy->setText(toText(describe(pair.error())));
        return;
    }
    m_pair = *pair;
    m_entropy->setText(tr("%n bit(s) of security; the public key is for everybody, the private key "
                          "for nobody else.",
                          nullptr, static_cast<int>(pairKind()->strength)));
    showPair();
    refreshUse();
}

void GeneratorDialog::showPair()
{
    if (!m_pair)
        return;
    const bool pem = m_form->currentIndex() == Pem;
    m_secret->setSecret(toText(pem ? m_pair->privatePem.view() : m_pair->privateJwk.view()));
    m_public->setPlainText(toText(pem ? m_pair->publicPem : m_pair->publicJwk));
}

void GeneratorDialog::refreshUse()
{
    const KeyPairKind *const kind = pairKind();
    QString reason;
    if (!m_target.exists)
        reason = tr("Select a credential first.");
    else if (!m_target.pairFor && kind)
        reason = tr("The credential takes no key pair.");
    else if (m_target.pairFor && (!kind || !fits(*kind, *m_target.pairFor)))
        reason = tr("%1 takes another kind of key.").arg(toText(info(*m_target.pairFor).name));
    m_use->setEnabled(reason.isEmpty() && (!kind || m_pair));
    m_use->setToolTip(reason);
    m_copyPublic->setEnabled(m_pair.has_value());
}

} // namespace postern::gui
