// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/text/filter.h"

#include <QSortFilterProxyModel>

#include <set>
#include <string>
#include <vector>

namespace postern::gui {

class AccessModel;

/// The part of the matrix that is looked at: consumers and routes by filter, sorted by a label, or
/// only what staged edits change. Headers say labels and plugins on a second line. Main thread.
class AccessFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit AccessFilterModel(AccessModel *source, QObject *parent = nullptr);

    [[nodiscard]] static const std::vector<FilterField> &consumerFields();
    [[nodiscard]] static const std::vector<FilterField> &routeFields();
    void setConsumerFilter(Filter filter);
    void setRouteFilter(Filter filter);
    void setGroupLabel(const QString &label); ///< empty: by name
    void setOnlyFlipped(bool only);
    /// Labels that consumers have, for the choice of a group.
    [[nodiscard]] QStringList labels() const;

    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    [[nodiscard]] bool filterAcceptsColumn(int column, const QModelIndex &parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    [[nodiscard]] QString groupOf(int row) const;
    void findFlipped();

    AccessModel *m_source;
    Filter m_consumers, m_routes;
    QString m_group;
    bool m_onlyFlipped = false;
    std::set<QString> m_flippedConsumers, m_flippedRoutes;
};

} // namespace postern::gui
