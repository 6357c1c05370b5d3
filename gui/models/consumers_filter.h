// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/text/filter.h"

#include <QSortFilterProxyModel>

namespace postern::gui {

/// Consumers that a filter lets through: a term may hold for the consumer or for one of its logins,
/// all terms together for one of them. Sorted by the model's SortRole.
class ConsumersFilter : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit ConsumersFilter(QObject *parent = nullptr);
    void setFilter(Filter filter);
    [[nodiscard]] bool isFiltering() const noexcept { return !m_filter.isEmpty(); }

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    class Texts;
    [[nodiscard]] bool matches(Texts &texts, const QModelIndex &login) const;
    Filter m_filter;
};

} // namespace postern::gui
