// SPDX-License-Identifier: Apache-2.0
#include "gui/consumers/export_dialog.h"

#include "gui/shell/page.h"
#include "gui/shell/secret_clipboard.h"
#include "gui/text/qt_bytes.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSaveFile>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace postern::gui {

ExportDialog::ExportDialog(Shell &shell, std::vector<gateway::ObjectChange> objects,
                           QWidget *parent)
    : QDialog(parent),
      m_shell(shell),
      m_objects(std::move(objects)),
      m_references(new QRadioButton(tr("&References to environment variables: the file holds no "
                                       "secret"))),
      m_values(new QRadioButton(tr("&Real values: whoever reads the file can use them"))),
      m_kind(new QComboBox),
      m_hint(new QLabel),
      m_save(new QPushButton(tr("&Save as…"))),
      m_copy(new QPushButton(tr("&Copy")))
{
    setObjectName(QStringLiteral("exportDialog"));
    const auto consumers =
        static_cast<int>(std::ranges::count_if(m_objects, [](const gateway::ObjectChange &object) {
            return !object.key.contains("/credentials/");
        }));
    setWindowTitle(tr("Export %n consumer(s)", nullptr, consumers));
    auto *column = new QVBoxLayout(this);
    column->addWidget(new QLabel(
        tr("With %n credential(s).", nullptr, static_cast<int>(m_objects.size()) - consumers)));
    auto *secrets = new QGroupBox(tr("Secrets are written as"));
    auto *choices = new QVBoxLayout(secrets);
    m_references->setObjectName(QStringLiteral("secretReferences"));
    m_values->setObjectName(QStringLiteral("secretValues"));
    m_values->setEnabled(!shell.isLocked());
    m_values->setToolTip(shell.isLocked() ? tr("Secrets are locked.") : QString());
    for (QRadioButton *const button : {m_references, m_values}) {
        choices->addWidget(button);
        connect(button, &QRadioButton::toggled, this, &ExportDialog::refresh);
    }
    column->addWidget(secrets);
    m_kind->setObjectName(QStringLiteral("exportKind"));
    m_kind->setAccessibleName(tr("File"));
    m_kind->addItem(tr("postern.yaml, for Postern"));
    m_kind->addItem(tr("apisix.yaml, for APISIX without a store"));
    auto *form = new QFormLayout;
    auto *kindLabel = new QLabel(tr("&File"));
    kindLabel->setBuddy(m_kind);
    form->addRow(kindLabel, m_kind);
    column->addLayout(form);
    m_hint->setObjectName(QStringLiteral("exportHint"));
    m_hint->setWordWrap(true);
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setMinimumHeight(fontMetrics().lineSpacing() * 3);
    m_hint->setAlignment(Qt::AlignTop);
    column->addWidget(m_hint, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save->setObjectName(QStringLiteral("exportSave"));
    m_copy->setObjectName(QStringLiteral("exportCopy"));
    buttons->addButton(m_copy, QDialogButtonBox::ActionRole);
    buttons->addButton(m_save, QDialogButtonBox::ActionRole);
    column->addWidget(buttons);
    m_save->setDefault(true); // it must know its dialog
    connect(m_copy, &QPushButton::clicked, this, &ExportDialog::copy);
    connect(m_save, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    refresh();
    resize(fontMetrics().averageCharWidth() * 66, sizeHint().height());
}

std::optional<gateway::SecretForm> ExportDialog::form() const
{
    if (m_references->isChecked())
        return gateway::SecretForm::References;
    if (m_values->isChecked() && !m_shell.isLocked())
        return gateway::SecretForm::Values;
    return std::nullopt;
}

gateway::ConfigFileKind ExportDialog::kind() const
{
    return m_kind->currentIndex() == 0 ? gateway::ConfigFileKind::Postern
                                       : gateway::ConfigFileKind::Standalone;
}

gateway::ExportedConfig ExportDialog::config() const
{
    const auto secrets = form();
    return secrets ? gateway::exportConsumers(m_objects, kind(), *secrets)
                   : gateway::ExportedConfig();
}

void ExportDialog::refresh()
{
    const auto secrets = form();
    m_save->setEnabled(secrets.has_value());
    m_copy->setEnabled(secrets.has_value());
    if (!secrets) {
        m_hint->setText(tr("Choose how secrets are written."));
        return;
    }
    const gateway::ExportedConfig file = config();
    QStringList names;
    for (const std::string &name : file.variables)
        names << toText(name);
    m_hint->setText(*secrets == gateway::SecretForm::Values
                        ? tr("Only you will be able to read the file.")
                        : names.isEmpty() ? tr("Nothing in it is secret.")
                                          : tr("The gateway must have %n variable(s): %1", nullptr,
                                               static_cast<int>(names.size()))
                                                .arg(names.join(QStringLiteral(", "))));
}

void ExportDialog::copy()
{
    const auto secrets = form();
    if (!secrets)
        return;
    const QString text = toText(config().text);
    if (*secrets == gateway::SecretForm::Values)
        m_shell.clipboard().copySecret(text);
    else
        m_shell.clipboard().copyPlain(text);
    accept();
}

void ExportDialog::chooseFile()
{
    auto *dialog = new QFileDialog(this, windowTitle(), {}, tr("Configurations (*.yaml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("exportFile"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("yaml"));
    dialog->selectFile(kind() == gateway::ConfigFileKind::Standalone
                           ? QStringLiteral("apisix.yaml")
                           : QStringLiteral("postern.yaml"));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::save);
    dialog->open();
}

void ExportDialog::save(const QString &path)
{
    const auto secrets = form();
    if (!secrets)
        return;
    const QByteArray text = QByteArray::fromStdString(config().text);
    QSaveFile file(path);
    bool written = file.open(QIODevice::WriteOnly);
    if (written && *secrets == gateway::SecretForm::Values)
        written = file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    written = written && file.write(text) == text.size() && file.commit();
    const QString name = QFileInfo(path).fileName();
    if (!written) {
        m_shell.notices().show(Notices::Kind::Error, tr("%1 could not be written.").arg(name),
                               path + QLatin1Char('\n') + file.errorString());
        return;
    }
    m_shell.notices().show(Notices::Kind::Success, tr("Exported to %1").arg(name), path);
    accept();
}

} // namespace postern::gui
