// SPDX-License-Identifier: Apache-2.0
#include "gui/shell/layout_memory.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QSettings>
#include <QSplitter>

namespace postern::gui {

namespace {

const QString kGroup = QStringLiteral("layout");

} // namespace

bool LayoutMemory::restore(const Part &part, const QByteArray &state)
{
    if (part.splitter)
        return part.splitter->restoreState(state);
    return part.header && part.header->restoreState(state);
}

void LayoutMemory::add(const QString &id, const QWidget &page)
{
    const auto keep = [this](Part part) {
        const QByteArray kept = m_settings.value(part.key).toByteArray();
        if (!kept.isEmpty())
            restore(part, kept);
        m_parts.push_back(std::move(part));
    };
    const auto splitters = page.findChildren<QSplitter *>();
    for (qsizetype index = 0; index < splitters.size(); ++index) {
        QSplitter *splitter = splitters.at(index);
        const QString name = splitter->objectName().isEmpty()
            ? QStringLiteral("splitter%1").arg(index)
            : splitter->objectName();
        keep({QStringLiteral("%1/%2/%3").arg(kGroup, id, name), splitter, nullptr,
              splitter->saveState()});
    }
    const auto headers = page.findChildren<QHeaderView *>();
    for (QHeaderView *header : headers) {
        const QString view = header->parent()->objectName();
        const bool fixedColumns = header->orientation() == Qt::Horizontal && header->count() > 0;
        if (!view.isEmpty() && fixedColumns)
            keep({QStringLiteral("%1/%2/%3").arg(kGroup, id, view), nullptr, header,
                  header->saveState()});
    }
}

void LayoutMemory::save() const
{
    for (const Part &part : m_parts) {
        if (part.splitter)
            m_settings.setValue(part.key, part.splitter->saveState());
        else if (part.header)
            m_settings.setValue(part.key, part.header->saveState());
    }
}

void LayoutMemory::reset()
{
    m_settings.remove(kGroup);
    for (const Part &part : m_parts)
        restore(part, part.built);
}

} // namespace postern::gui
