// SPDX-License-Identifier: Apache-2.0
#include "core/runtime_directory.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

using namespace postern;
namespace fs = std::filesystem;

class tst_RuntimeDirectory : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_base;

private Q_SLOTS:
    void init()
    {
        m_base = fs::path(m_temporary.path().toStdString()) / QTest::currentTestFunction();
        fs::create_directory(m_base);
        qunsetenv("POSTERN_HOME");
        qunsetenv("XDG_RUNTIME_DIR");
    }

    void prefersPosternHome()
    {
        qputenv("POSTERN_HOME", (m_base / "a/b").c_str());
        qputenv("XDG_RUNTIME_DIR", m_base.c_str());
        QCOMPARE(runtimeDirectory().value_or(""), m_base / "a/b/run");
        QVERIFY(fs::is_directory(m_base / "a/b/run"));
    }

    void isPrivate()
    {
        qputenv("XDG_RUNTIME_DIR", m_base.c_str());
        fs::create_directory(m_base / "postern");
        ::chmod((m_base / "postern").c_str(), 0755);
        QCOMPARE(runtimeDirectory().value_or(""), m_base / "postern");
        QCOMPARE(fs::status(m_base / "postern").permissions(), fs::perms::owner_all);
    }

    void refusesALink()
    {
        fs::create_directory(m_base / "elsewhere");
        fs::create_directory_symlink(m_base / "elsewhere", m_base / "run");
        qputenv("POSTERN_HOME", m_base.c_str());
        const auto directory = runtimeDirectory();
        QVERIFY(!directory);
        QCOMPARE(directory.error().code, Errc::Permission);
    }

    void fallsBackWhereTheVariableLies()
    {
        qputenv("XDG_RUNTIME_DIR", (m_base / "gone").c_str());
        QCOMPARE(runtimeDirectory().value_or(""),
                 fs::path("/tmp/postern-" + std::to_string(::geteuid())));
    }
};

QTEST_GUILESS_MAIN(tst_RuntimeDirectory)
#include "tst_runtime_directory.moc"
