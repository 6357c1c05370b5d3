// SPDX-License-Identifier: Apache-2.0
#include "gui/models/consumers_filter.h"

#include "gui/models/consumers_model.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace postern::gui {

/// What a consumer has, each field asked for once for all of its logins.
class ConsumersFilter::Texts
{
public:
    Texts(const ConsumersModel &model, const QModelIndex &consumer)
        : m_model(model),
          m_consumer(consumer)
    {
    }
    [[nodiscard]] const QStringList &of(const QString &field)
    {
        const auto known = std::ranges::find(m_fields, field, &Field::first);
        if (known != m_fields.end())
            return known->second;
        return m_fields.emplace_back(field, m_model.filterValues(m_consumer, field)).second;
    }
    [[nodiscard]] QStringList with(const QModelIndex &login, const QString &field)
    {
        return login.isValid() ? of(field) + m_model.filterValues(login, field) : of(field);
    }

private:
    using Field = std::pair<QString, QStringList>;
    const ConsumersModel &m_model;
    QModelIndex m_consumer;
    std::vector<Field> m_fields; ///< few
};

ConsumersFilter::ConsumersFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(ConsumersModel::SortRole);
    setDynamicSortFilter(true);
}

void ConsumersFilter::setFilter(Filter filter)
{
    m_filter = std::move(filter);
    invalidateFilter();
}

bool ConsumersFilter::matches(Texts &texts, const QModelIndex &login) const
{
    return m_filter.matches([&](const QString &field) { return texts.with(login, field); });
}

bool ConsumersFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_filter.isEmpty())
        return true;
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto &model = static_cast<const ConsumersModel &>(*sourceModel());
    Texts texts(model, parent.isValid() ? parent : index);
    if (parent.isValid())
        return matches(texts, index) || matches(texts, {});
    if (matches(texts, {}))
        return true;
    for (int i = 0, count = sourceModel()->rowCount(index); i < count; ++i) {
        if (matches(texts, sourceModel()->index(i, 0, index)))
            return true;
    }
    return false;
}

} // namespace postern::gui
