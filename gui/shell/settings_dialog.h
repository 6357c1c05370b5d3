// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

class QComboBox;
class QSettings;
class QSpinBox;

namespace postern::gui {

/// What the user may choose, taken over at once. Keys are in settings_keys.h.
class SettingsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit SettingsDialog(QSettings &settings, QWidget *parent = nullptr);

Q_SIGNALS:
    void changed();

private:
    void store();

    QSettings &m_settings;
    QComboBox *m_theme, *m_language;
    QSpinBox *m_clipboard, *m_lock;
};

} // namespace postern::gui
