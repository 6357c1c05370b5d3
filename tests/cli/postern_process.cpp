// SPDX-License-Identifier: Apache-2.0
#include "postern_process.h"

#include <QFileInfo>
#include <QProcess>

namespace postern::test {
namespace {

constexpr int kPatienceMs = 60'000;

QString text(const std::string &octets) { return QString::fromStdString(octets); }

Ran finish(QProcess &process, const std::string &input)
{
    if (!process.waitForStarted(kPatienceMs))
        return {-1, {}, process.errorString().toStdString()};
    process.write(QByteArray::fromStdString(input));
    process.closeWriteChannel();
    if (!process.waitForFinished(kPatienceMs)) {
        process.kill();
        process.waitForFinished();
        return {-1, process.readAllStandardOutput().toStdString(), "did not end"};
    }
    const bool normal = process.exitStatus() == QProcess::NormalExit;
    return {normal ? process.exitCode() : -1, process.readAllStandardOutput().toStdString(),
            process.readAllStandardError().toStdString()};
}

} // namespace

QProcessEnvironment cleanEnvironment(const Environment &extra)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith(QLatin1String("POSTERN_")) || name == QLatin1String("CI")
            || name == QLatin1String("NO_COLOR"))
            environment.remove(name);
    }
    const QString folder = QFileInfo(QStringLiteral(POSTERN_BINARY)).absolutePath();
    environment.insert(QStringLiteral("PATH"),
                       folder + QLatin1Char(':') + environment.value(QStringLiteral("PATH")));
    for (const auto &[name, value] : extra)
        environment.insert(text(name), text(value));
    return environment;
}

Ran runPostern(const std::vector<std::string> &arguments, const std::string &input,
               const Environment &extra)
{
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment(extra));
    QStringList list;
    for (const std::string &argument : arguments)
        list << text(argument);
    process.start(QStringLiteral(POSTERN_BINARY), list);
    return finish(process, input);
}

Ran runShell(const std::string &line, const std::string &folder, const Environment &extra)
{
    QProcess process;
    process.setProcessEnvironment(cleanEnvironment(extra));
    process.setWorkingDirectory(text(folder));
    process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), text(line)});
    return finish(process, {});
}

} // namespace postern::test
