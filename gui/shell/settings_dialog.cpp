// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/settings_dialog.h"

#include "gui/shell/language.h"
#include "gui/shell/settings_keys.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLocale>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace postern::gui {

namespace {

QSpinBox *number(const QString &name, const QString &accessible, int most, int value)
{
    auto *box = new QSpinBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setRange(0, most);
    box->setValue(value);
    return box;
}

} // namespace

SettingsDialog::SettingsDialog(QSettings &settings, QWidget *parent)
    : QDialog(parent),
      m_settings(settings),
      m_theme(new QComboBox),
      m_language(new QComboBox),
      m_clipboard(number(QStringLiteral("settingsClipboard"), tr("Seconds on the clipboard"), 120,
                         settings.value(setting::kClipboardSeconds, 10).toInt())),
      m_lock(number(QStringLiteral("settingsLock"), tr("Minutes until secrets are locked"), 240,
                    settings.value(setting::kLockMinutes, 0).toInt()))
{
    setObjectName(QStringLiteral("settings"));
    setWindowTitle(tr("Settings"));
    m_theme->setObjectName(QStringLiteral("settingsTheme"));
    m_theme->setAccessibleName(tr("Colours"));
    m_theme->addItems({tr("As the desktop"), tr("Light"), tr("Dark")});
    m_theme->setCurrentIndex(settings.value(setting::kTheme, 0).toInt());
    m_language->setObjectName(QStringLiteral("settingsLanguage"));
    m_language->setAccessibleName(tr("Language"));
    m_language->setToolTip(tr("From the next start on"));
    m_language->addItem(tr("As the desktop"), QString());
    const QStringList names = languages();
    for (const QString &name : names)
        m_language->addItem(QLocale(name).nativeLanguageName(), name);
    m_language->setCurrentIndex(
        std::max(0, m_language->findData(settings.value(setting::kLanguage).toString())));
    m_clipboard->setSuffix(tr(" s"));
    m_clipboard->setSpecialValueText(tr("until something else is copied"));
    m_lock->setSuffix(tr(" min"));
    m_lock->setSpecialValueText(tr("never"));
    m_lock->setSingleStep(5);

    auto *look = new QGroupBox(tr("Appearance"));
    auto *lookForm = new QFormLayout(look);
    lookForm->addRow(tr("&Colours:"), m_theme);
    lookForm->addRow(tr("L&anguage, from the next start on:"), m_language);
    auto *secrets = new QGroupBox(tr("Secrets"));
    auto *secretsForm = new QFormLayout(secrets);
    secretsForm->addRow(tr("Cl&ear the clipboard after:"), m_clipboard);
    secretsForm->addRow(tr("&Lock when nothing happens for:"), m_lock);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addWidget(look);
    column->addWidget(secrets);
    column->addStretch();
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_theme, &QComboBox::currentIndexChanged, this, &SettingsDialog::store);
    connect(m_language, &QComboBox::currentIndexChanged, this, &SettingsDialog::store);
    connect(m_clipboard, &QSpinBox::valueChanged, this, &SettingsDialog::store);
    connect(m_lock, &QSpinBox::valueChanged, this, &SettingsDialog::store);
    resize(fontMetrics().averageCharWidth() * 70, sizeHint().height());
}

void SettingsDialog::store()
{
    m_settings.setValue(setting::kTheme, m_theme->currentIndex());
    m_settings.setValue(setting::kLanguage, m_language->currentData());
    m_settings.setValue(setting::kClipboardSeconds, m_clipboard->value());
    m_settings.setValue(setting::kLockMinutes, m_lock->value());
    Q_EMIT changed();
}

} // namespace postern::gui
