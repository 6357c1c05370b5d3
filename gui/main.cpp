// SPDX-License-Identifier: Apache-2.0
#include "core/version.h"
#include "gui/desktop/lock_signals.h"
#include "gui/desktop/single_instance.h"
#include "gui/desktop/window_service.h"
#include "gui/shell/language.h"
#include "gui/shell/main_window.h"
#include "gui/shell/settings_keys.h"
#include "gui/shell/terminate.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUrl>

using namespace postern;

namespace {

QString directory(QStandardPaths::StandardLocation location)
{
    const QString path = QStandardPaths::writableLocation(location) + QStringLiteral("/postern");
    if (QDir().mkpath(path))
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return path;
}

/// The store of the last time, if it is still there, else the user's first one.
std::string storeToOpen(const QSettings &settings)
{
    const QString last = settings.value(gui::setting::kStore).toString();
    if (QFileInfo::exists(last.section(QLatin1Char(':'), 1)))
        return last.toStdString();
    return "sqlite:" + directory(QStandardPaths::GenericDataLocation).toStdString()
        + "/default.postern";
}

QStringList absolute(const QStringList &files)
{
    QStringList paths;
    for (const QString &file : files)
        paths.append(file.contains(QStringLiteral("://")) ? QUrl(file).toLocalFile()
                                                          : QFileInfo(file).absoluteFilePath());
    return paths;
}

} // namespace

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Postern"));
    QApplication::setApplicationVersion(QString::fromUtf8(kVersion));
    QApplication::setDesktopFileName(QString::fromLatin1(gui::SingleInstance::kId));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "A local API gateway and a token workbench."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption attach(
        QStringLiteral("attach"),
        QApplication::translate("main",
                                "Work on a running gateway (unix:/path, http://host:port)."),
        QStringLiteral("URI"));
    const QCommandLineOption fresh(
        QStringLiteral("new-instance"),
        QApplication::translate("main", "Open a window of its own beside the one that is there."));
    const QCommandLineOption action(
        QStringLiteral("action"),
        QApplication::translate("main", "mint-token, debug-clipboard or start-gateway."),
        QStringLiteral("NAME"));
    parser.addOptions({attach, fresh, action});
    parser.addPositionalArgument(
        QStringLiteral("file"),
        QApplication::translate("main", "A store (*.postern), or a file to look into."),
        QStringLiteral("[file…]"));
    parser.process(application);
    const QStringList files = absolute(parser.positionalArguments());

    gui::SingleInstance instance;
    if (!parser.isSet(fresh) && !parser.isSet(attach) && instance.handOver(files))
        return 0;
    auto settings = std::make_unique<QSettings>(directory(QStandardPaths::GenericConfigLocation)
                                                    + QStringLiteral("/gui.ini"),
                                                QSettings::IniFormat);
    gui::useLanguage(settings->value(gui::setting::kLanguage).toString());
    const std::string store = storeToOpen(*settings);
    gui::MainWindow window(std::move(settings));
    const gui::WindowService service(instance, window);
    const gui::LockSignals locks;
    QObject::connect(&locks, &gui::LockSignals::lockRequested, &window,
                     [&window] { window.setLocked(true); });
    const gui::TerminateWatch watch([&window] { window.quitNow(); });
    window.show();
    if (parser.isSet(attach))
        window.attach(parser.value(attach).toStdString());
    else
        window.openStore(store);
    for (const QString &file : files)
        window.openFile(file);
    if (parser.isSet(action))
        window.runDesktopAction(parser.value(action));
    return QApplication::exec();
}
