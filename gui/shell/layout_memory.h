// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QPointer>
#include <QString>

#include <vector>

class QHeaderView;
class QSettings;
class QSplitter;
class QWidget;

namespace postern::gui {

/// Keeps how the user has pulled splitters and columns of the pages, from one start to the next.
class LayoutMemory
{
public:
    explicit LayoutMemory(QSettings &settings) : m_settings(settings) {}
    /// Every splitter and header that has a name in `page`; what was kept is restored.
    void add(const QString &id, const QWidget &page);
    void save() const;
    void reset(); ///< as it was built, and forgotten

private:
    struct Part
    {
        QString key;
        QPointer<QSplitter> splitter; ///< this, or the header
        QPointer<QHeaderView> header;
        QByteArray built; ///< its state before anything was restored
    };
    static bool restore(const Part &part, const QByteArray &state);

    QSettings &m_settings;
    std::vector<Part> m_parts;
};

} // namespace postern::gui
