// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = POSTERN_SOURCE_DIR;

/// Rooms a room may include from, itself apart.
const std::map<std::string, std::set<std::string>> kAllowed{
    {"core", {}},
    {"gateway", {"core"}},
    {"cli", {"core", "gateway"}},
    {"gui", {"core", "gateway"}},
};

/// Qt headers that a room must not see, by prefix of the include.
const std::map<std::string, std::vector<std::string>> kForbiddenQt{
    {"core",
     {"QTcp", "QNetwork", "QtNetwork", "QAbstractSocket", "QtGui", "QtWidgets", "QWidget",
      "QApplication"}},
    {"gateway", {"QtWidgets", "QWidget", "QApplication", "QtGui"}},
    {"cli", {"QtWidgets", "QWidget", "QApplication", "QtGui"}},
};

struct Include
{
    fs::path file;
    std::size_t line;
    std::string target;
    bool project; ///< "..." rather than <...>
};

std::vector<Include> includesOf(const std::string &room)
{
    std::vector<Include> found;
    if (!fs::exists(kRoot / room))
        return found;
    for (const auto &entry : fs::recursive_directory_iterator(kRoot / room)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".h" && extension != ".cpp")
            continue;
        std::ifstream file(entry.path());
        std::string text;
        for (std::size_t line = 1; std::getline(file, text); ++line) {
            const std::size_t start = text.find_first_not_of(" \t");
            if (start == std::string::npos || text.compare(start, 8, "#include") != 0)
                continue;
            const std::size_t open = text.find_first_of("\"<", start);
            const std::size_t close = text.find_first_of("\">", open + 1);
            if (open == std::string::npos || close == std::string::npos)
                continue;
            found.push_back(
                {entry.path(), line, text.substr(open + 1, close - open - 1), text[open] == '"'});
        }
    }
    return found;
}

QByteArray place(const Include &include)
{
    return QByteArray::fromStdString(fs::relative(include.file, kRoot).string() + ":"
                                     + std::to_string(include.line) + " includes "
                                     + include.target);
}

} // namespace

class tst_Layering : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void includesPointOneWay_data();
    void includesPointOneWay();
    void includesAreWrittenFromTheRoot();
    void theTokenPageHasNoNetwork();
};

void tst_Layering::includesPointOneWay_data()
{
    QTest::addColumn<QString>("room");
    for (const auto &[room, allowed] : kAllowed)
        QTest::newRow(room.c_str()) << QString::fromStdString(room);
}

void tst_Layering::includesPointOneWay()
{
    QFETCH(QString, room);
    const std::string from = room.toStdString();
    const auto includes = includesOf(from);
    if (fs::exists(kRoot / from / "CMakeLists.txt"))
        QVERIFY2(!includes.empty(), "no include found: is the test looking at the right folder?");
    for (const Include &include : includes) {
        const std::string to = include.target.substr(0, include.target.find('/'));
        const bool isRoom = include.project && kAllowed.contains(to);
        QVERIFY2(!isRoom || to == from || kAllowed.at(from).contains(to), place(include));
        if (!kForbiddenQt.contains(from))
            continue;
        for (const std::string &prefix : kForbiddenQt.at(from))
            QVERIFY2(include.project || !include.target.starts_with(prefix), place(include));
    }
}

void tst_Layering::includesAreWrittenFromTheRoot()
{
    for (const auto &[room, allowed] : kAllowed) {
        for (const Include &include : includesOf(room)) {
            const bool generated = include.target.ends_with(".moc");
            const bool table = include.target.ends_with(".def");
            if (include.project && !generated && !table)
                QVERIFY2(kAllowed.contains(include.target.substr(0, include.target.find('/'))),
                         place(include));
            QVERIFY2(include.target.find("..") == std::string::npos, place(include));
        }
    }
}

void tst_Layering::theTokenPageHasNoNetwork()
{
    const std::vector<std::string> senders{
        "QTcp",     "QNetwork",        "QtNetwork",        "QLocalSocket",  "QUdp",
        "QProcess", "gateway/control", "gateway/upstream", "gateway/remote"};
    const auto includes = includesOf("gui/tokens");
    QVERIFY(!includes.empty());
    for (const Include &include : includes) {
        for (const std::string &prefix : senders)
            QVERIFY2(!include.target.starts_with(prefix), place(include));
        std::ifstream file(include.file);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        QVERIFY2(!text.contains(".ask(") && !text.contains(".askControl("), place(include));
    }
}

QTEST_GUILESS_MAIN(tst_Layering)
#include "tst_layering.moc"
