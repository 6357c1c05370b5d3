// SPDX-License-Identifier: Apache-2.0
#include "gui/models/access_filter_model.h"

#include "gui/models/access_model.h"

#include <utility>

namespace postern::gui {
namespace {

QStringList labelList(const QAbstractItemModel &model, int row)
{
    return model.headerData(row, Qt::Vertical, AccessModel::LabelsRole)
        .toString()
        .split(u' ', Qt::SkipEmptyParts);
}

} // namespace

AccessFilterModel::AccessFilterModel(AccessModel *source, QObject *parent)
    : QSortFilterProxyModel(parent),
      m_source(source)
{
    setSourceModel(source);
    sort(0);
    connect(source, &AccessModel::recomputed, this, [this] {
        findFlipped();
        invalidateFilter();
    });
}

const std::vector<FilterField> &AccessFilterModel::consumerFields()
{
    static const std::vector<FilterField> fields{
        {QStringLiteral("name"), FilterField::Kind::Text, {}, tr("user name")},
        {QStringLiteral("label"), FilterField::Kind::Text, {}, tr("label, as team=platform")}};
    return fields;
}

const std::vector<FilterField> &AccessFilterModel::routeFields()
{
    static const std::vector<FilterField> fields{
        {QStringLiteral("route"), FilterField::Kind::Text, {}, tr("name or id")},
        {QStringLiteral("plugin"), FilterField::Kind::Text, {}, tr("plugin of the route")}};
    return fields;
}

void AccessFilterModel::setConsumerFilter(Filter filter)
{
    m_consumers = std::move(filter);
    invalidateRowsFilter();
}

void AccessFilterModel::setRouteFilter(Filter filter)
{
    m_routes = std::move(filter);
    invalidateColumnsFilter();
}

void AccessFilterModel::setGroupLabel(const QString &label)
{
    m_group = label;
    invalidate();
}

void AccessFilterModel::setOnlyFlipped(bool only)
{
    m_onlyFlipped = only;
    findFlipped();
    invalidateFilter();
}

void AccessFilterModel::findFlipped()
{
    m_flippedConsumers.clear();
    m_flippedRoutes.clear();
    if (!m_onlyFlipped)
        return;
    for (const AccessModel::Flip &flip : m_source->flips()) {
        m_flippedConsumers.insert(flip.consumer);
        m_flippedRoutes.insert(flip.route);
    }
}

QStringList AccessFilterModel::labels() const
{
    QStringList names;
    for (int row = 0; row < m_source->rowCount(); ++row) {
        for (const QString &label : labelList(*m_source, row)) {
            if (const QString name = label.section(u'=', 0, 0); !names.contains(name))
                names += name;
        }
    }
    names.sort();
    return names;
}

QVariant AccessFilterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QVariant value = QSortFilterProxyModel::headerData(section, orientation, role);
    if (role != Qt::DisplayRole || !value.isValid())
        return value;
    const int more =
        orientation == Qt::Vertical ? AccessModel::LabelsRole : AccessModel::PluginsRole;
    const QString second = QSortFilterProxyModel::headerData(section, orientation, more).toString();
    return second.isEmpty() ? value : QVariant(value.toString() + u'\n' + second);
}

bool AccessFilterModel::filterAcceptsRow(int row, const QModelIndex &) const
{
    const QString name = m_source->headerData(row, Qt::Vertical).toString();
    if (m_onlyFlipped && !m_flippedConsumers.contains(name))
        return false;
    return m_consumers.matches([this, row, &name](const QString &field) {
        if (field == QStringLiteral("name"))
            return QStringList(name);
        QStringList labels = labelList(*m_source, row);
        return field.isEmpty() ? QStringList(name) + labels : labels;
    });
}

bool AccessFilterModel::filterAcceptsColumn(int column, const QModelIndex &) const
{
    const QString name = m_source->headerData(column, Qt::Horizontal).toString();
    if (m_onlyFlipped && !m_flippedRoutes.contains(name))
        return false;
    const QString plugins =
        m_source->headerData(column, Qt::Horizontal, AccessModel::PluginsRole).toString();
    return m_routes.matches([this, column, &name, &plugins](const QString &field) {
        if (field == QStringLiteral("plugin"))
            return plugins.split(QStringLiteral(", "));
        const QStringList own{name, QString::fromStdString(m_source->routeAt(column))};
        return field.isEmpty() ? own + plugins.split(QStringLiteral(", ")) : own;
    });
}

QString AccessFilterModel::groupOf(int row) const
{
    const QString prefix = m_group + u'=';
    for (const QString &label : labelList(*m_source, row)) {
        if (label.startsWith(prefix))
            return label.sliced(prefix.size());
    }
    return {};
}

// Nobody stays last, consumers without the label come after those that have it.
bool AccessFilterModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    if (!m_group.isEmpty()) {
        const QString a = groupOf(left.row()), b = groupOf(right.row());
        if (a != b)
            return b.isEmpty() || (!a.isEmpty() && a < b);
    }
    return left.row() < right.row();
}

} // namespace postern::gui
