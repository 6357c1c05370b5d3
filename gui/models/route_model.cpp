// SPDX-License-Identifier: Apache-2.0
#include "gui/models/route_model.h"

#include "core/json/json.h"
#include "gui/session/workspace.h"
#include "gui/text/qt_bytes.h"

#include <QStringList>

#include <algorithm>
#include <string_view>

namespace postern::gui {

namespace {

constexpr std::string_view kCollection = "/routes";

QStringList textsOf(const Json &object, std::string_view one, std::string_view many)
{
    QStringList texts;
    if (const std::string_view text = object.stringOr(one, ""); !text.empty())
        texts += toText(text);
    if (const Json *list = object.find(many)) {
        for (const Json &each : list->items())
            texts += toText(each.asString());
    }
    return texts;
}

QString namesOf(const Json *members)
{
    QStringList names;
    if (members) {
        for (const auto &[name, value] : members->members())
            names += toText(name);
    }
    return names.join(QStringLiteral(", "));
}

QString upstreamOf(const Json &route)
{
    for (const std::string_view reference : {"upstream_id", "service_id"}) {
        if (const Json *id = route.find(reference); id && !id->isNull())
            return toText(reference.substr(0, reference.find('_'))) + u' '
                + toText(id->isString() ? id->asString() : id->dump());
    }
    const Json *upstream = route.find("upstream");
    const Json *nodes = upstream ? upstream->find("nodes") : nullptr;
    if (!nodes)
        return {};
    if (nodes->isObject())
        return namesOf(nodes);
    QStringList names;
    for (const Json &node : nodes->items()) {
        const Json *port = node.find("port");
        names +=
            toText(node.stringOr("host", "")) + (port ? u':' + toText(port->lexeme()) : QString());
    }
    return names.join(QStringLiteral(", "));
}

/// A path that the pattern takes: "/petstore/*" → "/petstore/".
QString samplePath(const Json &route)
{
    const QStringList uris = textsOf(route, "uri", "uris");
    const QString uri = uris.value(0, QStringLiteral("/"));
    return uri.endsWith(u'*') ? uri.chopped(1) : uri;
}

} // namespace

RouteModel::RouteModel(Workspace &workspace, QObject *parent)
    : QAbstractTableModel(parent),
      m_workspace(workspace)
{
    reload();
    connect(&workspace, &Workspace::changed, this, &RouteModel::takeChanges);
    connect(&workspace, &Workspace::cleared, this, &RouteModel::reload);
}

void RouteModel::reload()
{
    beginResetModel();
    m_keys = m_workspace.keys(kCollection);
    endResetModel();
}

void RouteModel::takeChanges(const std::vector<std::string> &keys)
{
    const bool routes = std::ranges::any_of(
        keys, [](const std::string &key) { return key.starts_with("/routes/"); });
    if (!routes)
        return;
    if (m_workspace.keys(kCollection) != m_keys) {
        reload();
        return;
    }
    for (const std::string &key : keys) {
        if (const int row = rowOf(key); row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
}

int RouteModel::rowOf(const std::string &key) const
{
    const auto found = std::ranges::find(m_keys, key);
    return found == m_keys.end() ? -1 : static_cast<int>(found - m_keys.begin());
}

std::string RouteModel::key(int row) const { return m_keys[static_cast<std::size_t>(row)]; }

int RouteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
}

int RouteModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RouteModel::display(int row, int column) const
{
    const std::string &key = m_keys[static_cast<std::size_t>(row)];
    const Json *route = m_workspace.value(key);
    if (!route)
        return {};
    switch (column) {
    case Id: {
        const QString id = toText(std::string_view(key).substr(kCollection.size() + 1));
        return m_workspace.isStaged(key) ? tr("%1 (changed)").arg(id) : id;
    }
    case Match:
        return (textsOf(*route, "host", "hosts") + textsOf(*route, "uri", "uris"))
            .join(QStringLiteral(", "));
    case Methods: {
        const QStringList methods = textsOf(*route, "", "methods");
        return methods.isEmpty() ? tr("any") : methods.join(QStringLiteral(", "));
    }
    case Plugins:
        return namesOf(route->find("plugins"));
    case Upstream:
        return upstreamOf(*route);
    default:
        return {};
    }
}

QVariant RouteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return display(index.row(), index.column());
    case KeyRole:
        return toText(key(index.row()));
    case UrlPathRole: {
        const Json *route = m_workspace.value(key(index.row()));
        return route ? samplePath(*route) : QString();
    }
    default:
        return {};
    }
}

QVariant RouteModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Id:
        return tr("Route");
    case Match:
        return tr("Host and path");
    case Methods:
        return tr("Methods");
    case Plugins:
        return tr("Plugins");
    case Upstream:
        return tr("Upstream");
    default:
        return {};
    }
}

} // namespace postern::gui
