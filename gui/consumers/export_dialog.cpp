// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/export_dialog.h"

#include "gui/models/consumer_edits.h"
#include "gui/models/whole_configuration.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"
#include "gui/theme/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

namespace {

/// Fewer are prepared at once: nobody sees the time.
constexpr std::size_t kMany = 500;
/// The beginning says it all.
constexpr qsizetype kShownLines = 2000;

/// The first lines of a text.
QString beginningOf(const std::string &text)
{
    std::size_t end = 0;
    for (qsizetype line = 0; line < kShownLines && end < text.size(); ++line)
        end = std::min(text.find('\n', end), text.size() - 1) + 1;
    QString shown = toText(std::string_view(text).substr(0, end));
    return end < text.size() ? shown + QStringLiteral("…") : shown;
}

} // namespace

ExportDialog::ExportDialog(Shell &shell, std::vector<std::string> selected, QWidget *parent)
    : QDialog(parent),
      m_shell(shell),
      m_selected(std::move(selected)),
      m_scope(new QComboBox),
      m_format(new QComboBox),
      m_references(new QRadioButton(tr("&References to environment variables: the file holds no "
                                       "secret"))),
      m_values(new QRadioButton(tr("Real &values: whoever reads the file can use them"))),
      m_count(new QLabel),
      m_hint(new QLabel),
      m_leftOutLabel(new QLabel(tr("&Left out, since no gateway would load it from the file"))),
      m_leftOut(new QListWidget),
      m_preview(new QPlainTextEdit),
      m_save(new QPushButton(tr("&Save as…"))),
      m_copy(new QPushButton(tr("&Copy")))
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(m_selected.empty()
                       ? tr("Export configuration")
                       : tr("Export %n consumer(s)", nullptr, static_cast<int>(m_selected.size())));
    auto *column = new QVBoxLayout(this);
    auto *form = new QFormLayout;
    buildChoices(form);
    column->addLayout(form);
    auto *secrets = new QGroupBox(tr("Secrets are written as"));
    auto *choices = new QVBoxLayout(secrets);
    m_references->setObjectName(QStringLiteral("secretReferences"));
    m_values->setObjectName(QStringLiteral("secretValues"));
    m_values->setEnabled(!shell.isLocked());
    m_values->setToolTip(shell.isLocked() ? tr("Secrets are locked.") : QString());
    for (QRadioButton *const button : {m_references, m_values}) {
        choices->addWidget(button);
        connect(button, &QRadioButton::toggled, this, [this, button] {
            if (button->isChecked())
                refresh();
        });
    }
    column->addWidget(secrets);
    m_hint->setObjectName(QStringLiteral("exportHint"));
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setMinimumHeight(fontMetrics().lineSpacing() * 3);
    m_hint->setAlignment(Qt::AlignTop);
    column->addWidget(m_hint);
    buildPreview();
    buildButtons();
    count();
    refresh();
    resize(fontMetrics().averageCharWidth() * 90, sizeHint().height());
}

void ExportDialog::buildChoices(QFormLayout *form)
{
    const auto add = [form](const QString &text, QComboBox *box) {
        auto *label = new QLabel(text);
        label->setBuddy(box);
        box->setAccessibleName(QString(text).remove(QLatin1Char('&')));
        form->addRow(label, box);
    };
    m_scope->setObjectName(QStringLiteral("exportScope"));
    m_scope->addItem(tr("Everything"), static_cast<int>(Scope::Everything));
    m_scope->addItem(tr("All consumers"), static_cast<int>(Scope::Consumers));
    if (!m_selected.empty()) {
        m_scope->addItem(tr("The selected consumers"), static_cast<int>(Scope::Selected));
        m_scope->setCurrentIndex(m_scope->count() - 1);
    }
    add(tr("&What"), m_scope);
    m_count->setObjectName(QStringLiteral("exportCount"));
    form->addRow(QString(), m_count);
    m_format->setObjectName(QStringLiteral("exportKind"));
    m_format->addItem(tr("postern.yaml, for Postern"));
    m_format->addItem(tr("apisix.yaml, for APISIX without a store"));
    m_format->addItem(tr("apisix.json, for APISIX without a store"));
    add(tr("&File"), m_format);
    connect(m_scope, &QComboBox::currentIndexChanged, this, [this] {
        count();
        refresh();
    });
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
}

void ExportDialog::buildPreview()
{
    m_leftOut->setObjectName(QStringLiteral("exportLeftOut"));
    m_leftOut->setAccessibleName(tr("Left out"));
    m_leftOut->setMaximumHeight(fontMetrics().lineSpacing() * 5);
    m_leftOutLabel->setBuddy(m_leftOut);
    m_preview->setObjectName(QStringLiteral("exportPreview"));
    m_preview->setReadOnly(true);
    m_preview->setFont(Theme::monospace());
    m_preview->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_preview->setTabChangesFocus(true);
    m_preview->setMinimumHeight(fontMetrics().lineSpacing() * 12);
    auto *label = new QLabel(tr("&Preview, secrets masked"));
    label->setBuddy(m_preview);
    m_preview->setAccessibleName(tr("Preview, secrets masked"));
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->addWidget(m_leftOutLabel);
    column->addWidget(m_leftOut);
    column->addWidget(label);
    column->addWidget(m_preview, 1);
}

void ExportDialog::buildButtons()
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save->setObjectName(QStringLiteral("exportSave"));
    m_copy->setObjectName(QStringLiteral("exportCopy"));
    buttons->addButton(m_copy, QDialogButtonBox::ActionRole);
    buttons->addButton(m_save, QDialogButtonBox::ActionRole);
    layout()->addWidget(buttons);
    m_save->setDefault(true); // it must know its dialog
    connect(m_copy, &QPushButton::clicked, this, &ExportDialog::copy);
    connect(m_save, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

ExportDialog::Scope ExportDialog::scope() const
{
    return static_cast<Scope>(m_scope->currentData().toInt());
}

std::optional<gateway::SecretForm> ExportDialog::form() const
{
    if (m_references->isChecked())
        return gateway::SecretForm::References;
    if (m_values->isChecked() && !m_shell.isLocked())
        return gateway::SecretForm::Values;
    return std::nullopt;
}

gateway::ExportFormat ExportDialog::format() const
{
    return static_cast<gateway::ExportFormat>(m_format->currentIndex());
}

std::vector<gateway::ObjectChange> ExportDialog::objects() const
{
    const Workspace &workspace = m_shell.session().workspace();
    switch (scope()) {
    case Scope::Everything:
        return wholeConfiguration(workspace);
    case Scope::Consumers:
        return allConsumers(workspace);
    case Scope::Selected:
        return exportable(workspace, m_selected);
    }
    return {};
}

void ExportDialog::count(const std::vector<gateway::NotExported> &leftOut)
{
    int consumers = 0, credentials = 0, others = 0;
    for (const gateway::ObjectChange &object : objects()) {
        if (std::ranges::contains(leftOut, object.key, &gateway::NotExported::key))
            continue;
        if (!object.key.starts_with("/consumers/"))
            ++others;
        else
            ++(object.key.contains("/credentials/") ? credentials : consumers);
    }
    QStringList parts{tr("%n consumer(s)", nullptr, consumers),
                      tr("%n credential(s)", nullptr, credentials)};
    if (scope() == Scope::Everything)
        parts << tr("%n other object(s)", nullptr, others);
    QString text = parts.join(QStringLiteral(", "));
    if (m_shell.session().workspace().isDirty())
        text += QLatin1String("; ") + tr("with the changes that are not saved yet");
    m_count->setText(text);
}

void ExportDialog::refresh()
{
    const auto secrets = form();
    const int number = ++m_asked;
    m_prepared.reset();
    m_save->setEnabled(false);
    m_copy->setEnabled(false);
    m_leftOut->clear();
    m_leftOut->hide();
    m_leftOutLabel->hide();
    if (!secrets) {
        m_preview->clear();
        m_hint->setText(tr("Choose how secrets are written."));
        return;
    }
    gateway::ExportOptions options{.format = format(),
                                   .secrets = *secrets,
                                   .profile = m_shell.session().profile(),
                                   // sealed secrets are none that could be checked
                                   .partial = scope() != Scope::Everything || m_shell.isLocked()};
    auto prepare = [options = std::move(options), objects = objects()]() mutable {
        Prepared prepared{gateway::exportConfig(objects, options), {}};
        if (options.secrets != gateway::SecretForm::Values) {
            prepared.shown = beginningOf(prepared.config.text);
            return prepared;
        }
        std::erase_if(objects, [&prepared](const gateway::ObjectChange &object) {
            return std::ranges::contains(prepared.config.leftOut, object.key,
                                         &gateway::NotExported::key);
        });
        options.secrets = gateway::SecretForm::Masked;
        options.partial = true;
        prepared.shown = beginningOf(gateway::exportConfig(objects, options).text);
        return prepared;
    };
    if (objects().size() < kMany)
        return take(prepare());
    m_hint->setText(tr("Being made…"));
    QThreadPool::globalInstance()->start(
        [dialog = QPointer<ExportDialog>(this), number, prepare = std::move(prepare)]() mutable {
            auto prepared = std::make_shared<Prepared>(prepare());
            QMetaObject::invokeMethod(
                qApp,
                [dialog, number, prepared] {
                    if (dialog && dialog->m_asked == number)
                        dialog->take(std::move(*prepared));
                },
                Qt::QueuedConnection);
        });
}

void ExportDialog::take(Prepared prepared)
{
    const gateway::ExportedConfig &file = prepared.config;
    constexpr std::size_t kNamed = 12;
    QStringList names;
    for (const std::string &name : file.variables) {
        if (std::cmp_less(names.size(), kNamed))
            names << toText(name);
    }
    if (file.variables.size() > kNamed)
        names << QStringLiteral("…");
    m_hint->setText(form() == gateway::SecretForm::Values
                        ? tr("Only you will be able to read the file.")
                        : names.isEmpty() ? tr("Nothing in it is secret.")
                                          : tr("The gateway must have %n variable(s): %1", nullptr,
                                               static_cast<int>(file.variables.size()))
                                                .arg(names.join(QStringLiteral(", "))));
    if (file.objects == 0)
        m_hint->setText(tr("There is nothing to export."));
    for (const gateway::NotExported &left : file.leftOut)
        m_leftOut->addItem(toText(left.key) + QStringLiteral(": ") + toText(left.why));
    count(file.leftOut);
    m_leftOut->setVisible(!file.leftOut.empty());
    m_leftOutLabel->setVisible(!file.leftOut.empty());
    m_preview->setPlainText(prepared.shown);
    m_save->setEnabled(file.objects > 0);
    m_copy->setEnabled(file.objects > 0);
    m_prepared = std::move(prepared);
}

void ExportDialog::copy()
{
    const auto secrets = form();
    if (!secrets || !m_prepared)
        return;
    const QString text = toText(m_prepared->config.text);
    if (*secrets == gateway::SecretForm::Values)
        m_shell.clipboard().copySecret(text);
    else
        m_shell.clipboard().copyPlain(text);
    accept();
}

void ExportDialog::chooseFile()
{
    const QString name = toText(gateway::usualFileName(format()));
    const QString suffix = QFileInfo(name).suffix();
    auto *dialog = new QFileDialog(this, windowTitle(), {},
                                   tr("Configurations") + QStringLiteral(" (*.%1)").arg(suffix));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("exportFile"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::save);
    dialog->open();
}

void ExportDialog::save(const QString &path)
{
    const auto secrets = form();
    if (!secrets || !m_prepared)
        return;
    const QString name = QFileInfo(path).fileName();
    const auto saved = gateway::saveConfig(toOctets(path), m_prepared->config.text, *secrets);
    if (!saved) {
        m_shell.notices().show(Notices::Kind::Error, tr("%1 could not be written.").arg(name),
                               path + QLatin1Char('\n') + toText(saved.error().detail));
        return;
    }
    m_shell.notices().show(Notices::Kind::Success, tr("Exported to %1").arg(name), path);
    accept();
}

} // namespace postern::gui
