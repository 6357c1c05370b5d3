// SPDX-License-Identifier: Apache-2.0
#include "gui/main_window.h"

#include <QApplication>

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Postern"));
    const QStringList arguments = QApplication::arguments();
    postern::gui::MainWindow window(arguments.size() > 1 ? arguments.at(1).toStdString()
                                                         : std::string());
    window.show();
    return QApplication::exec();
}
