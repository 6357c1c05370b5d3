// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace postern::gui {

/// Languages that the application's texts are translated into, English first: "en", "de", "zh_CN".
[[nodiscard]] QStringList languages();

/// Installs the texts of the application and of Qt for a language, and its layout direction. To be
/// called before the window is made. \param language empty: the system's
void useLanguage(const QString &language);

} // namespace postern::gui
