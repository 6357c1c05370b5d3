// SPDX-License-Identifier: Apache-2.0
#include "gui/tokens/key_panel.h"

#include "core/jose/key_data.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/tokens/document.h"
#include "gui/widgets/secret_field.h"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSignalBlocker>
#include <QUrl>

#include <utility>

namespace postern::gui {

namespace {

constexpr qint64 kMaxKeyFile = 1024LL * 1024;

/// What an entry of the picker stands for.
QVariant entry(KeyChoice::Kind kind, const QString &consumer = {}, const QString &credential = {})
{
    return QStringList{QString::number(static_cast<int>(kind)), consumer, credential};
}

} // namespace

KeyPanel::KeyPanel(TokenDocument &document, SecretClipboard &clipboard, QWidget *parent)
    : QFrame(parent),
      m_document(document),
      m_picker(new QComboBox),
      m_kind(new QComboBox),
      m_secret(new SecretField(clipboard, tr("Secret"))),
      m_note(new QLabel),
      m_ownKey(new QLabel),
      m_clean(new QPushButton(tr("Drop &quotes and blanks"))),
      m_pin(new QPushButton(tr("&Pin this key"))),
      m_secretRow(new QWidget),
      m_ownRow(new QWidget)
{
    setAcceptDrops(true);
    build();
    connect(m_picker, &QComboBox::currentIndexChanged, this, &KeyPanel::takePicked);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &KeyPanel::takeSecret);
    connect(m_secret, &SecretField::edited, this, &KeyPanel::takeSecret);
    connect(m_clean, &QPushButton::clicked, this, &KeyPanel::cleanSecret);
    connect(m_pin, &QPushButton::clicked, this, [this] {
        const Json *const jwk = m_document.view().header.find("jwk");
        if (jwk)
            takeKey(jwk->dump(), tr("the token's own key"));
    });
    connect(&document, &TokenDocument::keyChanged, this, &KeyPanel::fill);
    connect(&document, &TokenDocument::textChanged, this, &KeyPanel::offerOwnKey);
    connect(&document, &TokenDocument::answerChanged, this, &KeyPanel::describe);
    fill();
}

void KeyPanel::build()
{
    setObjectName(QStringLiteral("tokenKeys"));
    m_picker->setObjectName(QStringLiteral("tokenKey"));
    m_picker->setAccessibleName(tr("Key"));
    m_picker->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_picker->setMinimumContentsLength(18);
    m_picker->setToolTip(tr("A key file (PEM, JWK, JWKS, certificate) can be dropped here."));
    auto *label = new QLabel(tr("&Key"));
    label->setBuddy(m_picker);
    m_secret->setObjectName(QStringLiteral("tokenSecret"));
    m_secret->setReadOnly(false);
    m_secret->setPlaceholderText(tr("Type or paste the secret"));
    m_kind->setObjectName(QStringLiteral("tokenSecretKind"));
    m_kind->setAccessibleName(tr("How the secret is written"));
    m_kind->addItems({tr("text"), tr("base64"), tr("base64url"), tr("hex")});
    m_note->setObjectName(QStringLiteral("tokenKeyNote"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_clean->setObjectName(QStringLiteral("tokenCleanSecret"));
    m_pin->setObjectName(QStringLiteral("tokenPinKey"));

    auto *secretLine = new QHBoxLayout(m_secretRow);
    secretLine->setContentsMargins({});
    secretLine->addWidget(m_secret, 1);
    secretLine->addWidget(m_kind);
    secretLine->addWidget(m_clean);

    auto *ownLine = new QHBoxLayout(m_ownRow);
    ownLine->setContentsMargins({});
    auto *shield = new QLabel;
    const int size = fontMetrics().height();
    shield->setPixmap(Theme::instance()
                          .icon(QStringLiteral("shield"), Role::Warning)
                          .pixmap(QSize(size, size), devicePixelRatioF()));
    ownLine->addWidget(shield);
    ownLine->addWidget(m_ownKey, 1);
    ownLine->addWidget(m_pin);
    m_ownRow->hide();

    auto *line = new QHBoxLayout;
    line->addWidget(label);
    line->addWidget(m_picker, 2);
    line->addWidget(m_secretRow, 5);
    line->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addLayout(line);
    column->addWidget(m_note);
    column->addWidget(m_ownRow);
}

void KeyPanel::fill()
{
    const KeyChoice &choice = m_document.keyChoice();
    m_filling = true;
    m_picker->clear();
    m_picker->addItem(
        tr("All my keys (%n)", nullptr, static_cast<int>(m_document.ring().credentials().size())),
        entry(KeyChoice::Kind::AllMine));
    for (const gateway::JwtCredential &one : m_document.ring().credentials()) {
        m_picker->addItem(
            tr("%1 (%2)").arg(toText(gateway::nameOf(one)), toText(info(one.alg).name)),
            entry(KeyChoice::Kind::Credential, toText(one.consumer), toText(one.id)));
        if (choice.kind == KeyChoice::Kind::Credential && one.consumer == choice.consumer
            && (choice.credential.empty() || choice.credential == one.id)
            && m_picker->currentIndex() == 0)
            m_picker->setCurrentIndex(m_picker->count() - 1);
    }
    m_picker->addItem(tr("A secret…"), entry(KeyChoice::Kind::Secret));
    if (choice.kind == KeyChoice::Kind::Secret)
        m_picker->setCurrentIndex(m_picker->count() - 1);
    if (!m_imported.name.empty()) {
        m_picker->addItem(toText(m_imported.name), entry(KeyChoice::Kind::Imported));
        if (choice.kind == KeyChoice::Kind::Imported)
            m_picker->setCurrentIndex(m_picker->count() - 1);
    }
    m_filling = false;
    m_secretRow->setVisible(choice.kind == KeyChoice::Kind::Secret);
    describe();
}

void KeyPanel::takePicked()
{
    if (m_filling)
        return;
    const QStringList picked = m_picker->currentData().toStringList();
    if (picked.size() != 3)
        return;
    KeyChoice choice;
    choice.kind = static_cast<KeyChoice::Kind>(picked[0].toInt());
    if (choice.kind == KeyChoice::Kind::Secret)
        return takeSecret();
    if (choice.kind == KeyChoice::Kind::Imported)
        choice = m_imported;
    choice.consumer = toOctets(picked[1]);
    choice.credential = toOctets(picked[2]);
    m_document.setKeyChoice(std::move(choice));
}

void KeyPanel::takeSecret()
{
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::Secret;
    std::string text = toOctets(m_secret->secret());
    choice.secret = Secret(text);
    wipe(text);
    choice.secretKind = static_cast<SecretKind>(m_kind->currentIndex());
    m_document.setKeyChoice(std::move(choice));
}

void KeyPanel::cleanSecret()
{
    const std::string text = toOctets(m_secret->secret());
    m_secret->setSecret(toText(cleanedSecret(text)));
    takeSecret();
}

QString KeyPanel::secretNote(std::string_view octets) const
{
    const std::string alg(m_document.view().header.stringOr("alg", "HS256"));
    const AlgInfo *const known = findAlg(alg);
    QString note = known && known->minKeyBytes > 0
        ? tr("%1 of %2 bytes for %3").arg(octets.size()).arg(known->minKeyBytes).arg(toText(alg))
        : tr("%n bytes", nullptr, static_cast<int>(octets.size()));
    if (known && octets.size() < known->minKeyBytes)
        note = tr("! %1: short").arg(note);
    if (isSampleSecret(octets))
        note = tr("! a well-known sample secret; %1").arg(note);
    return note;
}

void KeyPanel::describe()
{
    const KeyChoice &choice = m_document.keyChoice();
    m_clean->setVisible(choice.kind == KeyChoice::Kind::Secret
                        && cleanedSecret(choice.secret.view()) != choice.secret.view());
    QString note;
    if (choice.kind == KeyChoice::Kind::Secret && !choice.secret.empty()) {
        Result<std::string> octets = secretOctets(choice.secret.view(), choice.secretKind);
        note = octets
            ? secretNote(*octets)
            : tr("✗ not %1: %2").arg(m_kind->currentText(), toText(octets.error().detail));
        if (octets)
            wipe(*octets);
    } else if (choice.kind == KeyChoice::Kind::AllMine && m_document.ring().credentials().empty()) {
        note = tr("No consumer has a JWT credential. Drop a key file here, or type a secret.");
    }
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void KeyPanel::offerOwnKey()
{
    const Json &header = m_document.view().header;
    QString text;
    const Json *const jwk = header.find("jwk");
    const Result<Key> key = jwk ? Key::fromJwk(*jwk) : fail(Errc::KeyMissing);
    if (key)
        text = tr("The token brings a key of its own (thumbprint %1). That proves nothing: anybody "
                  "can put one there.")
                   .arg(toText(key->thumbprint()));
    else if (header.contains("x5c") || header.contains("jku") || header.contains("x5u"))
        text = tr("The token says where its key is. That proves nothing, and nothing is fetched.");
    m_ownKey->setText(text);
    m_ownKey->setWordWrap(true);
    m_pin->setVisible(key.has_value());
    m_ownRow->setVisible(!text.isEmpty());
    if (m_document.keyChoice().kind == KeyChoice::Kind::Secret)
        describe();
}

void KeyPanel::choose(const std::string &consumer, const std::string &credential)
{
    KeyChoice choice;
    choice.kind = KeyChoice::Kind::Credential;
    choice.consumer = consumer;
    choice.credential = credential;
    m_document.setKeyChoice(std::move(choice));
}

bool KeyPanel::takeKey(const std::string &octets, const QString &name)
{
    return takeKey(Secret(octets), name, {});
}

bool KeyPanel::takeKey(const Secret &octets, const QString &name, const QString &passphrase)
{
    Result<KeyChoice> choice = importChoice(octets.view(), toOctets(name), toOctets(passphrase));
    if (choice) {
        m_imported = *choice;
        m_document.setKeyChoice(std::move(*choice));
        return true;
    }
    if (choice.error().code == Errc::KeyPassphrase) {
        askPassphrase(octets, name, !passphrase.isEmpty());
        return true;
    }
    Q_EMIT refused(tr("%1 holds no key: %2").arg(name, toText(postern::describe(choice.error()))));
    return false;
}

void KeyPanel::askPassphrase(const Secret &octets, const QString &name, bool again)
{
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("passphraseDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Encrypted key"));
    const QString shown = QString(name).replace(u'&', QStringLiteral("&&"));
    dialog->setLabelText(again ? tr("This passphrase does not open %1. &Passphrase:").arg(shown)
                               : tr("%1 is encrypted. &Passphrase:").arg(shown));
    dialog->setTextEchoMode(QLineEdit::Password);
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, octets, name](const QString &passphrase) { takeKey(octets, name, passphrase); });
    dialog->open();
}

bool KeyPanel::takeMime(const QMimeData &mime)
{
    for (const QUrl &url : mime.urls()) {
        QFile file(url.toLocalFile());
        if (!url.isLocalFile() || file.size() > kMaxKeyFile || !file.open(QIODevice::ReadOnly))
            continue;
        return takeKey(file.readAll().toStdString(), QFileInfo(file).fileName());
    }
    const QString text = mime.hasUrls() ? QString() : mime.text();
    if (text.contains(QLatin1String("-----BEGIN ")) || text.contains(QLatin1String("\"kty\"")))
        return takeKey(toOctets(text), tr("pasted text"));
    return false;
}

void KeyPanel::revealSecrets(bool shown) { m_secret->setRevealed(shown); }

void KeyPanel::setLocked(bool locked)
{
    m_secret->setLocked(locked);
    m_imported = {};
    for (QInputDialog *const dialog : findChildren<QInputDialog *>())
        dialog->close(); // it holds a key, if an encrypted one
    setEnabled(!locked);
}

void KeyPanel::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() || event->mimeData()->hasText())
        event->acceptProposedAction();
}

void KeyPanel::dropEvent(QDropEvent *event)
{
    if (takeMime(*event->mimeData()))
        event->acceptProposedAction();
}

} // namespace postern::gui
