// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>
#include <QTemporaryDir>

#include <string>
#include <string_view>

namespace postern::test {

/// A folder that goes with its test.
class TestFolder
{
public:
    [[nodiscard]] std::string path(const char *name) const
    {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    [[nodiscard]] std::string path() const { return m_folder.path().toStdString(); }
    /// \return the file's path; empty if it could not be written
    std::string write(const char *name, std::string_view content) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(content.data(), static_cast<qint64>(content.size()));
        return file.fileName().toStdString();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace postern::test
