// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/attach_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace postern::gui {

AttachDialog::AttachDialog(QWidget *parent)
    : QDialog(parent),
      m_control(new QLineEdit),
      m_key(new QLineEdit)
{
    setObjectName(QStringLiteral("attach"));
    setWindowTitle(tr("Attach to a gateway"));
    m_control->setObjectName(QStringLiteral("attachControl"));
    m_control->setAccessibleName(tr("Control API"));
    m_control->setPlaceholderText(tr("unix:/path/to/socket or http://127.0.0.1:9092"));
    m_key->setObjectName(QStringLiteral("attachKey"));
    m_key->setAccessibleName(tr("Admin key"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(tr("only for http"));
    auto *intro = new QLabel(tr("Works on the objects and the traffic of a gateway that runs in "
                                "another process: its socket, or its address with the admin key."));
    intro->setWordWrap(true);
    auto *form = new QFormLayout;
    form->addRow(tr("&Control API:"), m_control);
    form->addRow(tr("Admin &key:"), m_key);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton *attach = buttons->addButton(tr("&Attach"), QDialogButtonBox::AcceptRole);
    attach->setObjectName(QStringLiteral("attachNow"));
    attach->setEnabled(false);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addWidget(intro);
    column->addLayout(form);
    column->addWidget(buttons);
    connect(m_control, &QLineEdit::textChanged, attach,
            [attach](const QString &text) { attach->setEnabled(!text.trimmed().isEmpty()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(m_control->text().trimmed(), m_key->text());
        accept();
    });
    resize(fontMetrics().averageCharWidth() * 80, sizeHint().height());
    m_control->setFocus();
}

void AttachDialog::suggest(const QString &control)
{
    m_control->setText(control);
    m_control->selectAll();
}

} // namespace postern::gui
