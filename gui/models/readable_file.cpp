// SPDX-License-Identifier: Apache-2.0
#include "gui/models/readable_file.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace postern::gui {

namespace {

QString tr(const char *text) { return QCoreApplication::translate("postern::gui", text); }

} // namespace

QString fileFault(const QString &path)
{
    const QFileInfo info(path);
    const QString name = info.fileName().isEmpty() ? path : info.fileName();
    if (!info.exists())
        return tr("%1 is not there any more.").arg(name);
    if (info.isDir())
        return tr("%1 is a folder; drop a file.").arg(name);
    if (!info.isFile())
        return tr("%1 is no file but a pipe, a socket or a device.").arg(name);
    if (!info.isReadable())
        return tr("%1 may not be read by you.").arg(name);
    if (info.size() == 0)
        return tr("%1 is empty.").arg(name);
    return {};
}

} // namespace postern::gui
