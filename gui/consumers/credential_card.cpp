// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/credential_card.h"

#include "gui/models/consumer_edits.h"
#include "gui/models/object_lint.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/text/mnemonic.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"
#include "gui/widgets/flow_layout.h"
#include "gui/widgets/secret_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace postern::gui {

namespace {

constexpr int kPemLines = 4;

QWidget *findingLine(const gateway::ConfigFinding &finding)
{
    const bool isError = finding.level == LintLevel::Error;
    auto *label =
        new QLabel((isError ? QStringLiteral("✗ ") : QStringLiteral("! ")) + toText(finding.text));
    label->setObjectName(QStringLiteral("finding"));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setToolTip(toText(finding.fix));
    label->setProperty("finding", toText(finding.id));
    const auto paint = [label, isError] {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText,
                         Theme::instance().color(isError ? Role::Denied : Role::Warning));
        label->setPalette(palette);
    };
    paint();
    QObject::connect(&Theme::instance(), &Theme::changed, label, paint);
    return label;
}

} // namespace

CredentialCard::CredentialCard(Shell &shell, ObjectLint &lint, std::string key, std::string plugin,
                               QWidget *parent)
    : QFrame(parent),
      m_shell(shell),
      m_lint(lint),
      m_key(std::move(key)),
      m_plugin(std::move(plugin)),
      m_form(new QFormLayout),
      m_title(new QLabel),
      m_findings(new QVBoxLayout)
{
    setObjectName(QStringLiteral("credential-") + toText(idOf(m_key)));
    setFrameShape(QFrame::StyledPanel);
    build();
    refresh();
}

void CredentialCard::build()
{
    auto *column = new QVBoxLayout(this);
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // of a long id
    column->addWidget(m_title);
    m_form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    column->addLayout(m_form);
    const LoginKind *const kind = findLoginKind(m_plugin);
    if (kind) {
        int index = 0;
        for (const LoginField &field : kind->fields)
            addRow(field, index++);
    } else {
        auto *note = new QLabel(tr("Edit this login on the JSON tab."));
        note->setWordWrap(true);
        column->addWidget(note);
    }
    m_findings->setSpacing(4);
    column->addLayout(m_findings);
    addButtons(column);
}

void CredentialCard::addButtons(QVBoxLayout *column)
{
    auto *holder = new QWidget;
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    holder->setSizePolicy(policy);
    auto *row = new FlowLayout(holder);
    const auto add = [&](const char *name, const QString &text, const char *icon, auto run) {
        auto *button = new QPushButton(Theme::instance().icon(QLatin1String(icon)), text);
        button->setObjectName(QLatin1String(name));
        button->setAccessibleName(tr("%1, %2").arg(withoutMnemonic(text), toText(idOf(m_key))));
        connect(button, &QPushButton::clicked, this, run);
        row->addWidget(button);
    };
    if (findLoginKind(m_plugin)) {
        add("rotate", tr("Rotate"), "restart", [this] { rotate(); });
        add("generate", tr("Generate…"), "dice", [this] { Q_EMIT generateWanted(); });
    }
    if (m_plugin == "jwt-auth")
        add("mint", tr("Mint"), "mint", [this] {
            m_shell.mintFor(consumerOf(m_key),
                            m_key.contains("/credentials/") ? idOf(m_key) : std::string());
        });
    add("remove", tr("Delete"), "trash", [this] { Q_EMIT removeWanted(); });
    column->addWidget(holder);
}

void CredentialCard::addRow(const LoginField &field, int index)
{
    QWidget *const editor = makeEditor(field, index);
    QWidget *label = nullptr;
    if (field.kind == LoginField::Kind::Check) {
        m_form->addRow(QString(), editor);
    } else {
        auto *text = new QLabel(labelOf(field));
        auto *const secret = qobject_cast<SecretField *>(editor);
        text->setBuddy(secret ? secret->edit() : editor);
        label = text;
        m_form->addRow(text, editor);
    }
    m_rows.push_back({&field, editor, label});
}

QWidget *CredentialCard::makeEditor(const LoginField &field, int index)
{
    const QString name = toText(field.member);
    const QString spoken = withoutMnemonic(labelOf(field));
    QWidget *editor = nullptr;
    switch (field.kind) {
    case LoginField::Kind::Text: {
        auto *line = new QLineEdit;
        connect(line, &QLineEdit::textEdited, this,
                [this, &field, index](const QString &text) { edit(field, index, toOctets(text)); });
        editor = line;
        break;
    }
    case LoginField::Kind::Secret: {
        auto *secret = new SecretField(m_shell.clipboard(), spoken);
        secret->setReadOnly(false);
        connect(secret, &SecretField::edited, this,
                [this, &field, index](const QString &text) { edit(field, index, toOctets(text)); });
        m_secrets.push_back(secret);
        editor = secret;
        break;
    }
    case LoginField::Kind::Algorithm: {
        auto *box = new QComboBox;
        for (const std::string_view algorithm : loginAlgorithms())
            box->addItem(toText(algorithm));
        connect(box, &QComboBox::textActivated, this,
                [this, &field, index](const QString &text) { edit(field, index, toOctets(text)); });
        editor = box;
        break;
    }
    case LoginField::Kind::Check: {
        auto *check = new QCheckBox(labelOf(field));
        connect(check, &QCheckBox::clicked, this,
                [this, &field, index](bool on) { edit(field, index, on ? Json(true) : Json()); });
        editor = check;
        break;
    }
    case LoginField::Kind::Pem: {
        auto *text = new QPlainTextEdit;
        text->setTabChangesFocus(true);
        text->setFont(Theme::monospace());
        text->setFixedHeight(text->fontMetrics().lineSpacing() * kPemLines + 2 * kPemLines);
        connect(text, &QPlainTextEdit::textChanged, this, [this, text, &field, index] {
            if (text->hasFocus())
                edit(field, index, toOctets(text->toPlainText()));
        });
        editor = text;
        break;
    }
    }
    editor->setObjectName(name);
    editor->setAccessibleName(spoken);
    return editor;
}

const Json *CredentialCard::object() const { return m_shell.session().workspace().value(m_key); }

void CredentialCard::edit(const LoginField &field, int index, Json value)
{
    const Json *const current = object();
    if (!current)
        return;
    Json next = withMember(*current, {"plugins", m_plugin, field.member}, std::move(value));
    m_shell.session().workspace().stageTyping(tr("Edit credential %1").arg(toText(idOf(m_key))),
                                              {{m_key, std::move(next)}}, m_mergeId + index);
}

void CredentialCard::showValue(const Row &row, const Json &config)
{
    const QString text = toText(config.stringOr(row.field->member, ""));
    switch (row.field->kind) {
    case LoginField::Kind::Text:
        if (auto *line = static_cast<QLineEdit *>(row.editor); line->text() != text)
            line->setText(text);
        break;
    case LoginField::Kind::Secret:
        if (auto *secret = static_cast<SecretField *>(row.editor); secret->secret() != text)
            secret->setSecret(m_shell.isLocked() ? QString() : text);
        break;
    case LoginField::Kind::Algorithm:
        static_cast<QComboBox *>(row.editor)
            ->setCurrentText(text.isEmpty() ? QStringLiteral("HS256") : text);
        break;
    case LoginField::Kind::Check: {
        const Json *const value = config.find(row.field->member);
        static_cast<QCheckBox *>(row.editor)->setChecked(value && value->asBool());
        break;
    }
    case LoginField::Kind::Pem:
        if (auto *area = static_cast<QPlainTextEdit *>(row.editor); area->toPlainText() != text)
            area->setPlainText(text);
        break;
    }
}

void CredentialCard::refresh()
{
    const Json *const current = object();
    const Json *const config = current ? loginConfig(*current, m_plugin) : nullptr;
    if (!config)
        return;
    const bool onConsumer = !m_key.contains("/credentials/");
    const QString name =
        onConsumer ? tr("On the consumer") : Privacy::instance().name(toText(idOf(m_key)));
    m_title->setText(
        QStringLiteral("%1  ·  %2%3")
            .arg(name, toText(m_plugin),
                 m_shell.session().workspace().isStaged(m_key) ? tr("  ·  changed") : QString()));
    const bool hmac = config->stringOr("algorithm", "HS256").starts_with("HS");
    for (const Row &row : m_rows) {
        const bool shown = (!row.field->hmacOnly || hmac) && (!row.field->keyPairOnly || !hmac);
        m_form->setRowVisible(row.editor, shown);
        showValue(row, *config);
    }
    refreshFindings();
}

void CredentialCard::refreshFindings()
{
    const Error *const refusal = m_shell.session().workspace().refusal(m_key);
    std::vector<gateway::ConfigFinding> findings;
    if (refusal && !isToldBy(*refusal, m_lint.of(m_key))) {
        gateway::ConfigFinding &finding = findings.emplace_back();
        finding.id = "refused";
        finding.level = LintLevel::Error;
        finding.text = refusal->detail;
    }
    for (const gateway::ConfigFinding &finding : m_lint.of(m_key)) {
        if (finding.level != LintLevel::Info && finding.pointer.starts_with("/plugins/" + m_plugin))
            findings.push_back(finding);
    }
    QString shown;
    for (const gateway::ConfigFinding &finding : findings)
        shown += toText(finding.text + finding.other) + QLatin1Char('\n');
    if (shown == std::exchange(m_shownFindings, shown))
        return;
    while (QLayoutItem *const item = m_findings->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const gateway::ConfigFinding &finding : findings) {
        m_findings->addWidget(findingLine(finding));
        if (finding.other.empty())
            continue;
        auto *go = new QPushButton(tr("Go to the other"));
        go->setObjectName(QStringLiteral("goToOther"));
        go->setAccessibleName(tr("Go to the other: %1").arg(toText(idOf(finding.other))));
        connect(go, &QPushButton::clicked, this,
                [this, other = toText(finding.other)] { Q_EMIT goTo(other); });
        m_findings->addWidget(go, 0, Qt::AlignLeft);
    }
}

void CredentialCard::copySecret()
{
    for (SecretField *const secret : m_secrets) {
        if (m_form->isRowVisible(secret))
            secret->copy();
    }
}

void CredentialCard::rotate()
{
    const Json *const current = object();
    auto next = current ? rotated(*current, m_plugin) : Result<Json>(fail(Errc::NotFound));
    if (!next) {
        m_shell.notices().show(Notices::Kind::Error, toText(describe(next.error())));
        return;
    }
    m_shell.session().workspace().stage(tr("Rotate %1").arg(toText(idOf(m_key))),
                                        {{m_key, std::move(*next)}});
}

void CredentialCard::setSecret(const QString &secret)
{
    const Json *const current = object();
    const LoginKind *const kind = findLoginKind(m_plugin);
    if (!current || !kind)
        return;
    m_shell.session().workspace().stage(
        tr("New secret for %1").arg(toText(idOf(m_key))),
        {{m_key,
          withMember(*current, {"plugins", m_plugin, kind->secret}, Json(toOctets(secret)))}});
}

void CredentialCard::setKeyPair(const QString &privatePem, const QString &publicPem)
{
    if (const Json *const current = object())
        m_shell.session().workspace().stage(
            tr("New key pair for %1").arg(toText(idOf(m_key))),
            {{m_key, withKeyPair(*current, m_plugin, toOctets(privatePem), toOctets(publicPem))}});
}

void CredentialCard::setRevealed(bool revealed)
{
    for (SecretField *const secret : m_secrets)
        secret->setRevealed(revealed);
}

void CredentialCard::setLocked(bool locked)
{
    for (SecretField *const secret : m_secrets)
        secret->setLocked(locked);
    if (!locked && !m_secrets.empty())
        refresh();
}

void CredentialCard::setCurrent(bool current)
{
    setFrameShadow(current ? QFrame::Raised : QFrame::Plain);
    setLineWidth(current ? 2 : 1);
}

} // namespace postern::gui
