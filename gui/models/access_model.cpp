// SPDX-License-Identifier: Apache-2.0
#include "gui/models/access_model.h"

#include "gui/models/verdict_words.h"
#include "gui/session/workspace.h"
#include "gui/text/privacy.h"
#include "gui/text/qt_bytes.h"

#include <QTimer>

#include <algorithm>
#include <array>
#include <utility>

namespace postern::gui {
namespace {

using gateway::AccessCell;
using gateway::AccessColumn;
using gateway::AccessRow;
using gateway::AccessState;

constexpr std::string_view kPrefix = "/apisix"; // of the store's keys
constexpr std::array<std::string_view, 9> kCollections{
    "/consumer_groups", "/consumers", "/global_rules", "/plugin_configs", "/plugin_metadata",
    "/protos",          "/routes",    "/services",     "/upstreams"};
constexpr std::size_t kMaxCells = 200'000; // remembered ones

std::string storageKey(std::string_view key) { return std::string(kPrefix).append(key); }

QString labelsOf(const AccessRow &row)
{
    QStringList labels;
    for (const auto &[name, value] : row.labels.members())
        labels += toText(name) + u'=' + toText(value.isString() ? value.asString() : value.dump());
    return labels.join(u' ');
}

QString joined(const std::vector<std::string> &texts)
{
    QStringList list;
    for (const std::string &text : texts)
        list += toText(text);
    return list.join(QStringLiteral(", "));
}

std::optional<std::size_t> rowOf(const std::vector<AccessRow> &rows, const std::string &consumer)
{
    const auto row = std::ranges::find(rows, consumer, &AccessRow::consumer);
    return row == rows.end() ? std::nullopt
                             : std::optional(static_cast<std::size_t>(row - rows.begin()));
}

std::optional<std::size_t> columnOf(const std::vector<AccessColumn> &columns,
                                    const std::string &route)
{
    const auto column = std::ranges::find(columns, route, &AccessColumn::id);
    return column == columns.end()
        ? std::nullopt
        : std::optional(static_cast<std::size_t>(column - columns.begin()));
}

QString quoted(QString field, QChar separator)
{
    if (field.contains(separator) || field.contains(u'"') || field.contains(u'\n'))
        field = u'"' + field.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return field;
}

QString withDetail(const QString &sign, int status, const std::string &word)
{
    QStringList parts{sign};
    if (status != 0)
        parts += QString::number(status);
    if (!word.empty())
        parts += accessWordText(word);
    return parts.join(u' ');
}

} // namespace

AccessModel::AccessModel(QObject *parent)
    : QAbstractTableModel(parent),
      m_clock([] { return Clock().now(); })
{
}

AccessModel::~AccessModel() = default;

QString AccessModel::textOf(const AccessCell &cell)
{
    switch (cell.state) {
    case AccessState::Allowed:
        return withDetail(QStringLiteral("✓"), 0, cell.limit);
    case AccessState::Anonymous:
        return tr("✓ anonymous", "let through without a login of its own");
    case AccessState::Denied:
        return withDetail(QStringLiteral("✗"), cell.status, cell.word);
    case AccessState::CannotAuthenticate:
        // Nobody has no login by nature: what counts is the refusal.
        return cell.word.empty() ? withDetail(QStringLiteral("✗"), cell.status, cell.word)
                                 : withDetail(QStringLiteral("–"), 0, cell.word);
    case AccessState::Depends:
        return withDetail(QStringLiteral("~"), 0, cell.limit.empty() ? cell.word : cell.limit);
    case AccessState::NotMatched:
        return QStringLiteral("·");
    }
    return {};
}

QString AccessModel::spoken(const AccessCell &cell)
{
    switch (cell.state) {
    case AccessState::Allowed:
        return cell.limit.empty() ? tr("allowed")
                                  : tr("allowed, at most %1").arg(toText(cell.limit));
    case AccessState::Anonymous:
        return tr("allowed as anonymous consumer %1").arg(toText(cell.consumer));
    case AccessState::Denied:
        return tr("refused with %1: %2").arg(cell.status).arg(accessWordText(cell.word));
    case AccessState::CannotAuthenticate:
        return tr("cannot authenticate: %1").arg(accessWordText(cell.word));
    case AccessState::Depends:
        return tr("depends: %1").arg(accessWordText(cell.word));
    case AccessState::NotMatched:
        return tr("no request of this method reaches the route");
    }
    return {};
}

void AccessModel::setWorkspace(Workspace *workspace)
{
    if (m_workspace)
        disconnect(m_workspace, nullptr, this, nullptr);
    m_workspace = workspace;
    if (workspace) {
        connect(workspace, &Workspace::changed, this, [this](const std::vector<std::string> &keys) {
            m_touched.insert(keys.begin(), keys.end());
            queueRefresh();
        });
        connect(workspace, &Workspace::cleared, this, [this] { refresh(); });
    }
    refresh();
}

void AccessModel::setClock(std::function<Timestamp()> clock)
{
    m_clock = std::move(clock);
    refresh();
}

void AccessModel::setMethod(const QString &method)
{
    m_method = toOctets(method);
    refresh();
}

void AccessModel::setStaged(bool staged)
{
    m_staged = staged;
    queueRefresh();
}

void AccessModel::refresh()
{
    m_everything = true;
    queueRefresh();
}

// Several changes of one turn of the event loop are worked out together.
void AccessModel::queueRefresh()
{
    if (!std::exchange(m_queued, true))
        QTimer::singleShot(0, this, &AccessModel::rebuild);
}

AccessModel::Side AccessModel::load(bool staged) const
{
    std::vector<Document> documents;
    const auto add = [&](const std::string &key) {
        const Json *const value = staged ? m_workspace->value(key) : m_workspace->stored(key);
        if (value)
            documents.push_back({storageKey(key), value->dump(), 0, 0});
    };
    for (const std::string_view collection : kCollections) {
        for (const std::string &key : m_workspace->keys(collection)) {
            add(key);
            if (collection != "/consumers")
                continue;
            for (const std::string &credential : m_workspace->keys(key + "/credentials"))
                add(credential);
        }
    }
    // What is staged for deletion is no key of the workspace any more.
    if (!staged) {
        for (const std::string &key : m_workspace->staged()) {
            if (m_workspace->value(key) == nullptr)
                add(key);
        }
    }
    gateway::AccessOptions options;
    options.now = m_clock();
    return {gateway::AccessMatrix(std::move(documents), std::move(options)), {}};
}

void AccessModel::take(Side &side, bool staged, const std::set<std::string> &keys) const
{
    std::vector<Document> puts;
    std::vector<std::string> deletes;
    for (const std::string &key : keys) {
        const Json *const value = staged ? m_workspace->value(key) : m_workspace->stored(key);
        if (value)
            puts.push_back({storageKey(key), value->dump(), 0, 0});
        else
            deletes.push_back(storageKey(key));
    }
    side.matrix.apply(std::move(puts), deletes);
    side.cells.clear();
}

void AccessModel::rebuild()
{
    m_queued = false;
    beginResetModel();
    m_search.reset();
    if (!m_workspace) {
        m_stored.reset();
        m_withStaged.reset();
    } else {
        const bool dirty = m_workspace->isDirty();
        if (m_everything || !m_stored)
            m_stored = std::make_unique<Side>(load(false));
        else
            take(*m_stored, false, m_touched);
        if (!dirty)
            m_withStaged.reset();
        else if (m_everything || !m_withStaged)
            m_withStaged = std::make_unique<Side>(load(true));
        else
            take(*m_withStaged, true, m_touched);
    }
    m_everything = false;
    m_touched.clear();
    m_disagreed.clear();
    endResetModel();
    Q_EMIT recomputed();
}

AccessModel::Side &AccessModel::shown() const
{
    return m_staged && m_withStaged ? *m_withStaged : *m_stored;
}

const AccessCell &AccessModel::cell(Side &side, int row, int column) const
{
    const Place place{static_cast<std::size_t>(row), static_cast<std::size_t>(column)};
    if (const auto known = side.cells.find(place); known != side.cells.end())
        return known->second;
    if (side.cells.size() >= kMaxCells)
        side.cells.clear();
    return side.cells.emplace(place, side.matrix.cell(place.first, place.second, m_method))
        .first->second;
}

const AccessCell *AccessModel::storedCell(int row, int column) const
{
    const auto storedRow = rowOf(m_stored->matrix.rows(), consumerAt(row));
    const auto storedColumn = columnOf(m_stored->matrix.columns(), routeAt(column));
    if (!storedRow || !storedColumn)
        return nullptr;
    return &cell(*m_stored, static_cast<int>(*storedRow), static_cast<int>(*storedColumn));
}

QString AccessModel::beforeText(int row, int column) const
{
    const AccessCell *const before = storedCell(row, column);
    return before ? textOf(*before) : tr("new");
}

std::string AccessModel::consumerAt(int row) const
{
    return shown().matrix.rows().at(static_cast<std::size_t>(row)).consumer;
}

std::string AccessModel::routeAt(int column) const
{
    return shown().matrix.columns().at(static_cast<std::size_t>(column)).id;
}

QModelIndex AccessModel::find(const std::string &consumer, const std::string &route) const
{
    if (!m_stored)
        return {};
    const auto row = rowOf(shown().matrix.rows(), consumer);
    const auto column = columnOf(shown().matrix.columns(), route);
    return row && column ? index(static_cast<int>(*row), static_cast<int>(*column)) : QModelIndex();
}

int AccessModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_stored ? 0 : static_cast<int>(shown().matrix.rows().size());
}

int AccessModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_stored ? 0 : static_cast<int>(shown().matrix.columns().size());
}

QVariant AccessModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const AccessCell &it = cell(shown(), index.row(), index.column());
    const auto flipped = [&] {
        return m_staged && m_withStaged && beforeText(index.row(), index.column()) != textOf(it);
    };
    switch (role) {
    case Qt::DisplayRole:
        return textOf(it);
    case Qt::ToolTipRole:
        return it.message.empty() ? spoken(it) : toText(it.message);
    case Qt::AccessibleTextRole:
        return tr("%1 on %2: %3")
            .arg(headerData(index.row(), Qt::Vertical).toString(),
                 headerData(index.column(), Qt::Horizontal).toString(), spoken(it));
    case Qt::AccessibleDescriptionRole:
        return flipped()
            ? tr("changed by staged edits; was %1").arg(beforeText(index.row(), index.column()))
            : QString();
    case StateRole:
        return static_cast<int>(it.state);
    case FlippedRole:
        return flipped();
    case BeforeRole:
        return beforeText(index.row(), index.column());
    case DisagreedRole:
        return m_disagreed.contains({consumerAt(index.row()), routeAt(index.column())});
    default:
        return {};
    }
}

QVariant AccessModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_stored || section < 0)
        return {};
    const auto at = static_cast<std::size_t>(section);
    if (orientation == Qt::Vertical) {
        const AccessRow &row = shown().matrix.rows().at(at);
        if (role == Qt::DisplayRole)
            return row.consumer.empty() ? tr("(nobody)")
                                        : Privacy::instance().name(toText(row.consumer));
        if (role == LabelsRole)
            return labelsOf(row);
        if (role == Qt::ToolTipRole)
            return row.logins.empty() ? tr("has no login")
                                      : tr("logins: %1").arg(joined(row.logins));
        return {};
    }
    const AccessColumn &column = shown().matrix.columns().at(at);
    if (role == Qt::DisplayRole)
        return toText(column.name.empty() ? column.id : column.name);
    if (role == PluginsRole)
        return joined(column.plugins);
    if (role == Qt::ToolTipRole)
        return tr("%1, %2").arg(joined(column.uris),
                                column.methods.empty() ? tr("all methods")
                                                       : joined(column.methods));
    return {};
}

std::optional<gateway::AccessDetail> AccessModel::explain(const QModelIndex &index)
{
    if (!m_stored || !index.isValid())
        return std::nullopt;
    return shown().matrix.explain(static_cast<std::size_t>(index.row()),
                                  static_cast<std::size_t>(index.column()), m_method);
}

bool AccessModel::findFlips(std::chrono::milliseconds atMost)
{
    const auto end = std::chrono::steady_clock::now() + atMost;
    if (!m_search) {
        m_search = Search{.columns = {}, .found = {}, .row = 0};
        for (int column = 0; column < columnCount(); ++column)
            m_search->columns.push_back(columnOf(m_stored->matrix.columns(), routeAt(column)));
    }
    if (!m_staged || !m_withStaged)
        return true;
    while (m_search->row < rowCount()) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        compareRow(m_search->row++);
    }
    return true;
}

const std::vector<AccessModel::Flip> &AccessModel::flips()
{
    while (!findFlips(std::chrono::hours(1))) {}
    return m_search->found;
}

void AccessModel::compareRow(int row)
{
    const auto storedRow = rowOf(m_stored->matrix.rows(), consumerAt(row));
    for (int column = 0; column < columnCount(); ++column) {
        const auto storedColumn = m_search->columns[static_cast<std::size_t>(column)];
        const AccessCell *const before = storedRow && storedColumn
            ? &cell(*m_stored, static_cast<int>(*storedRow), static_cast<int>(*storedColumn))
            : nullptr;
        const AccessCell &after = cell(*m_withStaged, row, column);
        if (before && *before == after)
            continue;
        const QString was = before ? textOf(*before) : tr("new"), is = textOf(after);
        if (was != is)
            m_search->found.push_back({headerData(row, Qt::Vertical).toString(),
                                       headerData(column, Qt::Horizontal).toString(), was, is});
    }
}

bool AccessModel::compare(const QModelIndex &index, int status)
{
    const AccessCell &it = cell(shown(), index.row(), index.column());
    const bool refused = status == 401 || status == 403 || status == 429;
    // An upstream may answer what it likes; whether the gateway refused is what is compared.
    const bool agrees = it.status != 0 ? status == it.status : !refused;
    const std::pair place{consumerAt(index.row()), routeAt(index.column())};
    if (agrees ? m_disagreed.erase(place) > 0 : m_disagreed.insert(place).second)
        Q_EMIT dataChanged(index, index, {DisagreedRole});
    return agrees;
}

QString AccessModel::table(const std::function<QString(const QStringList &, bool)> &line)
{
    QStringList fields{tr("consumer")};
    for (int column = 0; column < columnCount(); ++column)
        fields += headerData(column, Qt::Horizontal).toString();
    QString text = line(fields, true);
    for (int row = 0; row < rowCount(); ++row) {
        fields = {headerData(row, Qt::Vertical).toString()};
        for (int column = 0; column < columnCount(); ++column)
            fields += textOf(cell(shown(), row, column));
        text += line(fields, false);
    }
    return text;
}

QString AccessModel::csv(QChar separator)
{
    return table([separator](const QStringList &fields, bool) {
        QStringList cells;
        for (const QString &field : fields)
            cells += quoted(field, separator);
        return cells.join(separator) + QStringLiteral("\r\n");
    });
}

QString AccessModel::markdown()
{
    return table([](QStringList fields, bool head) {
        for (QString &field : fields)
            field.replace(u'|', QStringLiteral("\\|"));
        QString line =
            QStringLiteral("| ") + fields.join(QStringLiteral(" | ")) + QStringLiteral(" |\n");
        if (head)
            line += QStringLiteral("|") + QStringLiteral(" --- |").repeated(fields.size()) + u'\n';
        return line;
    });
}

} // namespace postern::gui
