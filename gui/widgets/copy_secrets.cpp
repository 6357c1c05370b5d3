// SPDX-License-Identifier: Apache-2.0
#include "gui/widgets/copy_secrets.h"

#include "gui/shell/page.h"
#include "gui/shell/settings_keys.h"

#include <QCoreApplication>
#include <QSettings>

namespace postern::gui {

bool copiesVariables(const QSettings &settings)
{
    return settings.value(QLatin1String(setting::kCopyVariables), false).toBool();
}

QAction *copyVariablesAction(Shell &shell)
{
    const QString id = QStringLiteral("copy.variables");
    if (QAction *const known = shell.commands().action(id))
        return known;
    const QString text =
        QCoreApplication::translate("CopySecrets", "Copied commands: secrets as $&VARIABLES");
    QAction *const action = shell.commands().add(
        {.id = id, .text = text, .menu = QStringLiteral("Edit"), .shortcut = {}, .icon = {}},
        [&shell, id] {
            shell.settings().setValue(QLatin1String(setting::kCopyVariables),
                                      shell.commands().action(id)->isChecked());
        });
    action->setCheckable(true);
    action->setChecked(copiesVariables(shell.settings()));
    return action;
}

} // namespace postern::gui
