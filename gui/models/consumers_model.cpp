// SPDX-License-Identifier: Apache-2.0
#include "gui/models/consumers_model.h"

#include "gateway/convert/config_export.h"
#include "gui/models/consumer_edits.h"
#include "gui/models/logins.h"
#include "gui/models/object_lint.h"
#include "gui/models/seen_times.h"
#include "gui/session/session.h"
#include "gui/session/workspace.h"
#include "gui/text/qt_bytes.h"

#include <QMimeData>

#include <algorithm>
#include <set>
#include <utility>

namespace postern::gui {

namespace {

constexpr std::size_t kManyChanges = 200; // a reset is cheaper than as many row changes

} // namespace

ConsumersModel::ConsumersModel(Session &session, ObjectLint &lint, SeenTimes &seen, QObject *parent)
    : QAbstractItemModel(parent),
      m_session(session),
      m_workspace(session.workspace()),
      m_lint(lint),
      m_seen(seen)
{
    connect(&m_workspace, &Workspace::changed, this, &ConsumersModel::update);
    connect(&m_workspace, &Workspace::cleared, this, &ConsumersModel::reset);
    connect(&lint, &ObjectLint::changed, this, [this](const std::vector<std::string> &keys) {
        refresh(keys, State); // a list sorted by name stays as it is
    });
    connect(&seen, &SeenTimes::seen, this, [this](const std::vector<std::string> &consumers) {
        std::vector<std::string> keys;
        keys.reserve(consumers.size());
        for (const std::string &name : consumers)
            keys.push_back(consumerKey(name));
        refresh(keys);
    });
    reset();
}

ConsumersModel::~ConsumersModel() = default;

std::unique_ptr<ConsumersModel::Consumer> ConsumersModel::read(const std::string &key) const
{
    const Json *const value = m_workspace.value(key);
    if (!value)
        return nullptr;
    auto consumer = std::make_unique<Consumer>();
    consumer->key = key;
    consumer->sortName = toText(idOf(key)).toLower();
    consumer->words.push_back(wordsOf(key, *value, {}));
    const auto add = [&consumer](const std::string &at, const Json &object, std::string plugin) {
        consumer->words.push_back(wordsOf(at, object, plugin));
        consumer->logins.push_back({at, std::move(plugin)});
    };
    for (std::string &plugin : loginsOf(*value))
        add(key, *value, std::move(plugin));
    for (const std::string &credential : m_workspace.keys(key + "/credentials")) {
        const Json &object = *m_workspace.value(credential);
        std::vector<std::string> plugins = loginsOf(object);
        // a credential that lets nobody in is shown all the same
        add(credential, object, plugins.empty() ? std::string() : std::move(plugins.front()));
    }
    return consumer;
}

void ConsumersModel::reset()
{
    beginResetModel();
    m_consumers.clear();
    for (const std::string &key : m_workspace.keys("/consumers"))
        m_consumers.push_back(read(key));
    endResetModel();
}

void ConsumersModel::update(const std::vector<std::string> &keys)
{
    std::set<std::string> consumers;
    for (const std::string &key : keys) {
        if (const std::string name = consumerOf(key); !name.empty())
            consumers.insert(consumerKey(name));
    }
    if (consumers.size() > kManyChanges) {
        reset();
        return;
    }
    for (const std::string &key : consumers)
        updateConsumer(key);
}

void ConsumersModel::updateConsumer(const std::string &key)
{
    const auto at = std::ranges::lower_bound(m_consumers, key, {}, &Consumer::key);
    const int row = static_cast<int>(at - m_consumers.begin());
    const bool known = at != m_consumers.end() && (*at)->key == key;
    std::unique_ptr<Consumer> now = read(key);
    if (!known && now) {
        beginInsertRows({}, row, row);
        m_consumers.insert(at, std::move(now));
        endInsertRows();
    } else if (known && !now) {
        beginRemoveRows({}, row, row);
        m_consumers.erase(at);
        endRemoveRows();
    } else if (known) {
        Consumer &consumer = **at;
        consumer.words = std::move(now->words);
        if (consumer.logins != now->logins) {
            const QModelIndex parent = index(row, 0);
            if (!consumer.logins.empty()) {
                beginRemoveRows(parent, 0, static_cast<int>(consumer.logins.size()) - 1);
                consumer.logins.clear();
                endRemoveRows();
            }
            if (!now->logins.empty()) {
                beginInsertRows(parent, 0, static_cast<int>(now->logins.size()) - 1);
                consumer.logins = std::move(now->logins);
                endInsertRows();
            }
        }
        refresh({key});
    }
}

void ConsumersModel::refresh(const std::vector<std::string> &keys, Column from)
{
    if (m_consumers.empty())
        return;
    if (keys.size() > kManyChanges) {
        Q_EMIT dataChanged(index(0, from),
                           index(static_cast<int>(m_consumers.size()) - 1, ColumnCount - 1));
        return;
    }
    for (const std::string &key : keys) {
        const QModelIndex changed = find(consumerKey(consumerOf(key)));
        if (!changed.isValid())
            continue;
        Q_EMIT dataChanged(changed.siblingAtColumn(from), changed.siblingAtColumn(ColumnCount - 1));
        if (const int children = rowCount(changed); children > 0)
            Q_EMIT dataChanged(index(0, from, changed),
                               index(children - 1, ColumnCount - 1, changed));
    }
}

int ConsumersModel::rowOf(const Consumer *consumer) const
{
    const auto at = std::ranges::lower_bound(m_consumers, consumer->key, {}, &Consumer::key);
    return static_cast<int>(at - m_consumers.begin());
}

int ConsumersModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_consumers.size());
    if (parent.internalPointer() || parent.column() != 0)
        return 0;
    return static_cast<int>(m_consumers[static_cast<std::size_t>(parent.row())]->logins.size());
}

QModelIndex ConsumersModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column,
                       parent.isValid() ? m_consumers[static_cast<std::size_t>(parent.row())].get()
                                        : nullptr);
}

QModelIndex ConsumersModel::parent(const QModelIndex &index) const
{
    const auto *const consumer = static_cast<const Consumer *>(index.internalPointer());
    return consumer ? createIndex(rowOf(consumer), 0, nullptr) : QModelIndex();
}

const ConsumersModel::Consumer *ConsumersModel::consumerAt(const QModelIndex &index) const
{
    if (!index.isValid())
        return nullptr;
    const auto *const owner = static_cast<const Consumer *>(index.internalPointer());
    return owner ? owner : m_consumers[static_cast<std::size_t>(index.row())].get();
}

const ConsumersModel::Login *ConsumersModel::loginAt(const QModelIndex &index) const
{
    const auto *const owner =
        index.isValid() ? static_cast<const Consumer *>(index.internalPointer()) : nullptr;
    return owner ? &owner->logins[static_cast<std::size_t>(index.row())] : nullptr;
}

std::string ConsumersModel::keyOf(const QModelIndex &index) const
{
    if (const Login *const login = loginAt(index))
        return login->key;
    const Consumer *const consumer = consumerAt(index);
    return consumer ? consumer->key : std::string();
}

std::string ConsumersModel::pluginOf(const QModelIndex &index) const
{
    const Login *const login = loginAt(index);
    return login ? login->plugin : std::string();
}

QModelIndex ConsumersModel::find(std::string_view key, std::string_view plugin) const
{
    const std::string owner = consumerKey(consumerOf(key));
    const auto at = std::ranges::lower_bound(m_consumers, owner, {}, &Consumer::key);
    if (at == m_consumers.end() || (*at)->key != owner)
        return {};
    const QModelIndex consumer = index(static_cast<int>(at - m_consumers.begin()), 0);
    if (key == owner && plugin.empty())
        return consumer;
    const auto &logins = (*at)->logins;
    for (std::size_t i = 0; i < logins.size(); ++i) {
        if (logins[i].key == key && (plugin.empty() || logins[i].plugin == plugin))
            return index(static_cast<int>(i), 0, consumer);
    }
    return {};
}

Qt::ItemFlags ConsumersModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    const Login *const login = loginAt(index);
    if (!index.isValid())
        return flags;
    if (!login)
        return flags | Qt::ItemIsDropEnabled | Qt::ItemIsDragEnabled;
    return login->key.find("/credentials/") != std::string::npos ? flags | Qt::ItemIsDragEnabled
                                                                 : flags;
}

QVariant ConsumersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Credentials:
        return tr("Credentials");
    case Labels:
        return tr("Labels");
    case Seen:
        return tr("Seen");
    case State:
        return tr("State");
    default:
        return {};
    }
}

QStringList ConsumersModel::mimeTypes() const
{
    return {QStringLiteral("application/x-postern-credentials")};
}

QMimeData *ConsumersModel::mimeData(const QModelIndexList &indexes) const
{
    QStringList keys;
    std::vector<std::string> consumers;
    for (const QModelIndex &index : indexes) {
        const Login *const login = loginAt(index);
        if (index.column() != 0)
            continue;
        if (!login)
            consumers.push_back(keyOf(index));
        else if (login->key.contains("/credentials/"))
            keys << toText(login->key);
    }
    auto *const data = new QMimeData; // the view's
    if (!keys.isEmpty())
        data->setData(mimeTypes().constFirst(), keys.join(QLatin1Char('\n')).toUtf8());
    if (!consumers.empty()) {
        // whoever takes it has not been asked whether secrets may go there
        const gateway::ExportedConfig config = gateway::exportConsumers(
            exportable(m_workspace, consumers), gateway::ConfigFileKind::Postern,
            gateway::SecretForm::References);
        const QByteArray yaml = QByteArray::fromStdString(config.text);
        data->setData(QStringLiteral("text/yaml"), yaml);
        data->setData(QStringLiteral("application/yaml"), yaml);
        data->setText(QString::fromUtf8(yaml));
    }
    return data;
}

bool ConsumersModel::canDropMimeData(const QMimeData *data, Qt::DropAction /*action*/, int /*row*/,
                                     int /*column*/, const QModelIndex &parent) const
{
    return parent.isValid() && data->hasFormat(mimeTypes().constFirst());
}

bool ConsumersModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                                  const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const QByteArray keys = data->data(mimeTypes().constFirst());
    Q_EMIT moveWanted(QString::fromUtf8(keys).split(QLatin1Char('\n'), Qt::SkipEmptyParts),
                      toText(consumerOf(keyOf(parent))));
    return false; // rows are moved by the edit, not by the view
}

} // namespace postern::gui
